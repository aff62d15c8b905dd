"""From a recording's bytes to 16 kHz samples, facts about the sound, sounds on the line, and prosody.

Nothing heavy is imported before `open_track` is called for the first time.
"""

from qa.audio.decode import SAMPLE_RATE
from qa.audio.prosody import measure_prosody
from qa.audio.sounds import Sounds
from qa.audio.track import Track, open_track

__all__ = ["SAMPLE_RATE", "Sounds", "Track", "measure_prosody", "open_track"]
