"""Whose voices are heard in which part. No voice of one part is heard in the other.

Chosen with the speaker embedding (CAM++) over the telephone band: two sentences of one voice agree to
0.6-0.8 (cosine); a Japanese voice of one part and one of the other to at most 0.76. `hts_mei` is the
HTS voice of pyopenjtalk-plus, of another making than the rest.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from audio_samples.script import Speaker

VOICES: Mapping[tuple[str, str], tuple[Speaker, ...]] = {
    ("dev", "ja"): (
        Speaker("agent", "jf_alpha", 1.2),
        Speaker("agent", "jm_kumo:0.5+am_fenrir:0.5", 1.25),
        Speaker("agent", "jf_gongitsune", 1.25),
        Speaker("agent", "jm_kumo:0.4+zm_yunjian:0.6", 1.2, 0.93),
    ),
    ("dev", "en"): (
        Speaker("agent", "af_heart", 1.1),
        Speaker("agent", "am_fenrir", 1.1),
        Speaker("agent", "bf_emma", 1.1),
        Speaker("agent", "bm_george", 1.15),
        Speaker("agent", "af_sarah", 1.1),
        Speaker("agent", "am_puck", 1.1),
    ),
    ("heldout", "ja"): (
        Speaker("agent", "jf_tebukuro", 1.2),
        Speaker("agent", "jm_kumo:0.5+bm_lewis:0.5", 1.25),
        Speaker("agent", "hts_mei", 1.1),
        Speaker("agent", "jm_kumo:0.5+am_michael:0.5", 1.2),
    ),
    ("heldout", "en"): (
        Speaker("agent", "bf_isabella", 1.1),
        Speaker("agent", "am_michael", 1.1),
        Speaker("agent", "af_bella", 1.1),
        Speaker("agent", "bm_lewis", 1.1),
        Speaker("agent", "bf_alice", 1.1),
        Speaker("agent", "am_eric", 1.1),
    ),
}


def agent_voice(part: str, language: str, index: int) -> Speaker:
    """The voice of the agent with this place on the roster: a person keeps theirs from call to call."""
    voices = VOICES[part, language]
    return voices[index % len(voices)]


def customer_voices(part: str, language: str, agent: Speaker, scenario: str) -> tuple[Speaker, ...]:
    """The one or two that a caller of this agent with this trouble may have.

    Few callers a scenario, so that their lines are voiced once and heard in several calls.
    """
    voices = VOICES[part, language]
    first = zlib.crc32(scenario.encode())
    pair = dict.fromkeys(voices[(first + i) % len(voices)] for i in range(2))
    other = tuple(voice for voice in pair if voice != agent)
    return other or tuple(voice for voice in voices if voice != agent)[:1]
