"""Small real engines for tests: they hear what a script says, wherever there is any sound.

Each stands behind the same protocol as the real one and is held to the same tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qa.model import Quality, Span, SpeakerSpan, StereoKind, Word
from qa.speech.protocols import SAMPLE_RATE, AudioSource, Chunk, Diarized
from qa.speech.vad import reader


class FakeSource:
    """A recording made of arrays, one a channel."""

    sample_rate = SAMPLE_RATE

    def __init__(
        self,
        *channels: NDArray[np.float32],
        stereo: StereoKind | None = None,
        leakage_db: float | None = None,
    ) -> None:
        self._channels = channels
        count = len(channels)
        kind = stereo or (StereoKind.SEPARATE if count == 2 else StereoKind.MONO)
        self._quality = Quality(
            duration=self.duration,
            sample_rate=8000,
            channels=count,
            codec="pcm_s16le",
            stereo=kind,
            band="narrow",
            level_dbfs=(-20.0,) * count,
            snr_db=(30.0,) * count,
            clipped_share=(0.0,) * count,
            silence_share=0.0,
            leakage_db=leakage_db,
        )

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self._channels[0]) / SAMPLE_RATE

    @property
    def channels(self) -> int:
        """How many arrays it was made of."""
        return len(self._channels)

    @property
    def quality(self) -> Quality:
        """Facts, mostly made up."""
        return self._quality

    def read(self, channel: int, span: Span) -> NDArray[np.float32]:
        """Samples of one channel, clamped to the recording."""
        start, end = (max(0, round(instant * SAMPLE_RATE)) for instant in (span.start, span.end))
        return self._channels[channel][start:end]

    def mix(self, span: Span) -> NDArray[np.float32]:
        """Mean of the channels."""
        parts = [self.read(channel, span) for channel in range(self.channels)]
        mean: NDArray[np.float32] = np.mean(parts, axis=0).astype(np.float32)
        return mean


@dataclass(frozen=True, slots=True)
class FakeVad:
    """Speech is where a 20 ms frame is louder than `threshold` (peak, 0 to 1)."""

    threshold: float = 0.01
    identity: str = "fake-vad@0"

    def speech(self, source: AudioSource, channel: int | None) -> tuple[Span, ...]:
        """Loud stretches, those at most 0.15 s apart joined."""
        samples = reader(source, channel)(Span(0.0, source.duration))
        frame = SAMPLE_RATE // 50
        loud = (
            np.abs(np.pad(samples, (0, -len(samples) % frame))).reshape(-1, frame).max(axis=1)
            > self.threshold
        )
        spans: list[Span] = []
        for index in np.flatnonzero(loud):
            span = Span(index / 50, min(source.duration, (index + 1) / 50))
            if spans and span.start - spans[-1].end <= 0.15:
                spans[-1] = spans[-1] | span
            else:
                spans.append(span)
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class FakeTranscriber:
    """Hears the words of a script that lie in the chunks it is given."""

    script: tuple[Word, ...] = ()
    language: str = "ja"
    identity: str = "fake-asr@0"
    device: str = "cpu (fake)"
    second_script: tuple[Word, ...] = ()
    """What only a second attempt hears."""
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list, compare=False)
    """(language, hints) of each call."""

    def detect_language(
        self, samples: Sequence[NDArray[np.float32]], among: tuple[str, ...]
    ) -> tuple[str, float]:
        """The script's language if it may be; else the first."""
        return (self.language, 0.97) if self.language in among else (among[0], 0.5)

    def transcribe(
        self, chunks: Sequence[Chunk], language: str, hints: Sequence[str]
    ) -> list[tuple[Word, ...]]:
        """The script's words by channel and time."""
        self.asked.append((language, tuple(hints)))
        return [tuple(word for word in self.script if _within(word, chunk)) for chunk in chunks]

    def transcribe_again(self, chunks: Sequence[Chunk], language: str) -> list[tuple[Word, ...]]:
        """The second script's words by channel and time."""
        return [tuple(word for word in self.second_script if _within(word, chunk)) for chunk in chunks]

    def for_call(self, turn: int) -> FakeTranscriber:
        """Itself: it hears everybody at once."""
        return self


def _within(word: Word, chunk: Chunk) -> bool:
    inside = any(word.span.middle in piece.span for piece in chunk.layout.pieces)
    return inside and word.channel == chunk.channel


@dataclass(frozen=True, slots=True)
class FakeDiarizer:
    """Gives each span of speech to the speaker whose script covers most of it."""

    script: tuple[SpeakerSpan, ...] = ()
    overlap: tuple[Span, ...] = ()
    identity: Mapping[str, str] = field(
        default_factory=lambda: {"segmentation": "fake-segmentation@0", "embedding": "fake-embedding@0"}
    )

    def diarize(
        self, source: AudioSource, speech: tuple[Span, ...], speakers: tuple[int, int] = (1, 4)
    ) -> Diarized:
        """The script, kept inside `speech`; without a script everything is speaker A."""
        script = self.script or tuple(SpeakerSpan("A", span) for span in speech)
        parts = (
            SpeakerSpan(turn.speaker, turn.span & span, turn.confidence)
            for turn in script
            for span in speech
            if turn.span.overlap(span) > 0
        )
        return Diarized(tuple(sorted(parts, key=lambda part: part.span)), self.overlap)
