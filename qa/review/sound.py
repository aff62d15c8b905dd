"""What the desk needs of recordings; the command line brings it, since this room never opens audio itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.errors import AudioError
from qa.store.peaks import Peaks


@dataclass(frozen=True, slots=True)
class BrowserCopy:
    """A file that every browser plays."""

    path: Path
    media_type: str


class Sound(Protocol):
    """Peaks and playable copies of recordings. Both raise `AudioError` with what is wrong."""

    def peaks(self, recording: Path) -> Peaks:
        """The waveform of a recording, for drawing."""
        ...

    def browser_copy(self, recording: Path, recording_id: str) -> BrowserCopy:
        """The recording itself where browsers play it, else a copy made once and kept within a bound."""
        ...


class Silence:
    """A desk without sound: what tests of everything else use."""

    def peaks(self, recording: Path) -> Peaks:
        """Raises `AudioError`."""
        raise AudioError(f"{recording}: this desk has no sound")

    def browser_copy(self, recording: Path, recording_id: str) -> BrowserCopy:
        """Raises `AudioError`."""
        raise AudioError(f"{recording}: this desk has no sound")
