"""The borders of the speech room: what an engine is given, and what it gives back.

Engines stand behind these protocols; `fakes.py` beside this file holds real small ones for tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.model import Quality, Span, SpeakerSpan, Word

SAMPLE_RATE = 16000
"""Hz: every engine here takes 16 kHz."""


class AudioSource(Protocol):
    """A recording that can be read piece by piece, 16 kHz float32 in -1..1. `qa.audio.Track` is one."""

    @property
    def duration(self) -> float:
        """Seconds."""

    @property
    def channels(self) -> int:
        """1 or 2."""

    @property
    def quality(self) -> Quality:
        """Facts about the sound."""

    def read(self, channel: int, span: Span) -> NDArray[np.float32]:
        """Samples of one channel, clamped to the recording."""

    def mix(self, span: Span) -> NDArray[np.float32]:
        """Mean of the live channels, clamped to the recording."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a recording inside a chunk: it starts `at` seconds into the chunk."""

    at: float
    span: Span
    """Where the stretch lies in the recording; its length is the same in the chunk."""

    @property
    def end(self) -> float:
        """Where it ends in the chunk, seconds."""
        return self.at + self.span.duration


@dataclass(frozen=True, slots=True)
class Layout:
    """How the speech of one channel is packed into one chunk: silence cut out, pieces in time order."""

    channel: int | None
    """None: the mix."""
    pieces: tuple[Piece, ...]

    def __post_init__(self) -> None:
        if not self.pieces:
            raise ValueError("a chunk holds at least one piece")
        for before, after in zip(self.pieces, self.pieces[1:], strict=False):
            if after.at < before.end or after.span.start < before.span.end:
                raise ValueError("the pieces of a chunk are in time order and do not overlap")

    @property
    def duration(self) -> float:
        """Length of the packed chunk, seconds."""
        return self.pieces[-1].end

    def piece_at(self, instant: float) -> Piece:
        """The piece that holds `instant` of the chunk; between two pieces, the nearer one."""
        return min(self.pieces, key=lambda piece: max(piece.at - instant, instant - piece.end, 0.0))

    def to_recording(self, span: Span) -> Span:
        """`span` of the chunk as time in the recording.

        A span that crosses from one piece into the next belongs to the piece that holds its middle and
        is cut there: no word spans the silence that was cut out.
        """
        piece = self.piece_at(span.middle)
        moved = span.shift(piece.span.start - piece.at)
        start = min(max(moved.start, piece.span.start), piece.span.end)
        return Span(start, max(start, min(moved.end, piece.span.end)))


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """At most 30 s of packed speech of one channel, read when a transcriber comes to it.

    Many chunks wait; only those at work hold sound.
    """

    read: Callable[[], NDArray[np.float32]]
    """Its samples, 16 kHz, in -1..1; any thread may ask."""
    layout: Layout

    @property
    def samples(self) -> NDArray[np.float32]:
        """Read anew each time."""
        return self.read()

    @property
    def seconds(self) -> float:
        """Of sound, in whole samples."""
        return round(self.layout.duration * SAMPLE_RATE) / SAMPLE_RATE

    @property
    def channel(self) -> int:
        """The channel its words belong to (the mix counts as channel 0)."""
        return self.layout.channel or 0


@dataclass(frozen=True, slots=True)
class Diarized:
    """Who spoke when, in a recording where the channel does not tell."""

    spans: tuple[SpeakerSpan, ...]
    """In time order; spans of different speakers may overlap. Speakers are "A", "B", …"""
    overlap: tuple[Span, ...] = ()
    """Where the segmentation model saw two voices at once."""


class Vad(Protocol):
    """Finds speech."""

    @property
    def identity(self) -> str:
        """Name and hash of the model and of what else changes its result."""

    def speech(self, source: AudioSource, channel: int | None) -> tuple[Span, ...]:
        """Spans of speech in `channel` (None: the mix), tight, in time order."""


class Transcriber(Protocol):
    """Turns speech into timed words."""

    @property
    def identity(self) -> str:
        """Name and hash of the model and of what else changes its result."""

    @property
    def device(self) -> str:
        """Where it runs, for people: `cpu (int8)`, `cuda (float16)`."""

    def detect_language(
        self, samples: Sequence[NDArray[np.float32]], among: tuple[str, ...]
    ) -> tuple[str, float]:
        """The likeliest of `among` over all of `samples`, and its probability among those."""

    def transcribe(
        self, chunks: Sequence[Chunk], language: str, hints: Sequence[str]
    ) -> list[tuple[Word, ...]]:
        """The words of each chunk, in recording time. A chunk's words do not depend on its company."""

    def transcribe_again(self, chunks: Sequence[Chunk], language: str) -> list[tuple[Word, ...]]:
        """As `transcribe`, with other settings: for speech in which the first attempt found no words."""

    def for_call(self, turn: int) -> Transcriber:
        """The same engine for one of several calls that share it; a lower `turn` goes first."""


class Diarizer(Protocol):
    """Tells voices apart."""

    @property
    def identity(self) -> Mapping[str, str]:
        """`segmentation` and `embedding`: name and hash of each model."""

    def diarize(
        self, source: AudioSource, speech: tuple[Span, ...], speakers: tuple[int, int] = (1, 4)
    ) -> Diarized:
        """Who spoke when in the mix of `source`, `speech` being where anyone speaks at all."""
