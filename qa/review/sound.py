"""What the desk needs of recordings; the command line brings it, since this room never opens audio itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.errors import AudioError, RecordingGone
from qa.model import Recording, Span
from qa.store.peaks import Peaks


@dataclass(frozen=True, slots=True)
class BrowserCopy:
    """A file that every browser plays."""

    path: Path
    media_type: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A moment as a small sound file of its own."""

    data: bytes
    media_type: str
    span: Span
    """What it holds of the recording."""


class Sound(Protocol):
    """Peaks, playable copies and clips of recordings. All raise `AudioError` with what is wrong."""

    def find(self, names: Sequence[Recording]) -> Path:
        """The name under which a recording still lies; `RecordingGone` where there is none."""
        ...

    def peaks(self, recording: Path) -> Peaks:
        """The waveform of a recording, for drawing."""
        ...

    def browser_copy(self, recording: Path, recording_id: str) -> BrowserCopy:
        """The recording itself where browsers play it, else a copy made once and kept within a bound."""
        ...

    def clip(self, recording: Path, span: Span) -> Clip:
        """A moment, cut to half a minute: small enough to put into a page."""
        ...


class Silence:
    """A desk without sound: what tests of everything else use."""

    def find(self, names: Sequence[Recording]) -> Path:
        """Raises `RecordingGone`."""
        raise RecordingGone(tuple(str(name.path) for name in names))

    def peaks(self, recording: Path) -> Peaks:
        """Raises `AudioError`."""
        raise AudioError(f"{recording}: this desk has no sound")

    def browser_copy(self, recording: Path, recording_id: str) -> BrowserCopy:
        """Raises `AudioError`."""
        raise AudioError(f"{recording}: this desk has no sound")

    def clip(self, recording: Path, span: Span) -> Clip:
        """Raises `AudioError`."""
        raise AudioError(f"{recording}: this desk has no sound")
