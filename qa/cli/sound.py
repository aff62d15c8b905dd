"""The desk's sound, made of the audio room: two rooms that do not know each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.audio.clips import clip
from qa.audio.copies import Copies
from qa.audio.files import find
from qa.audio.peaks import peaks
from qa.model import Recording, Span
from qa.review.sound import BrowserCopy, Clip, Sound
from qa.settings import Settings
from qa.store.peaks import Peaks


class Recordings:
    """`qa.review.sound.Sound` over the files of this machine."""

    def __init__(self, copies: Copies) -> None:
        self._copies = copies

    def find(self, names: Sequence[Recording]) -> Path:
        """Where a recording lies now."""
        return find(names)

    def peaks(self, recording: Path) -> Peaks:
        """Its waveform."""
        found = peaks(recording)
        return Peaks(found.channels, found.per_second, found.body)

    def browser_copy(self, recording: Path, recording_id: str) -> BrowserCopy:
        """Itself, or a copy out of the folder of copies."""
        found = self._copies.playable(recording_id, recording)
        return BrowserCopy(found.path, found.media_type)

    def clip(self, recording: Path, span: Span) -> Clip:
        """A moment of it."""
        found = clip(recording, span)
        return Clip(found.data, found.media_type, found.span)


def sound(settings: Settings, db: Path) -> Sound:
    """Sound for the desk over the database at `db`."""
    return Recordings(Copies(Path(settings.audio_cache), settings.audio_cache_mb))
