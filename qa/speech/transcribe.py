"""Speech to text: Whisper in CTranslate2, chunks in batches, with word times and probabilities.

faster-whisper brings the model, the features, the tokenizer and the alignment. Its own batched
pipeline carries the last word's time from one chunk to the next, so that a chunk's result depends on
its company; the loop here does not, and so may fill a batch with the chunks of many calls.
(A. Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022.)
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import SpeechError
from qa.model import Word
from qa.speech.batch_size import BatchSizes, find_batch_size
from qa.speech.decoding import (
    ANEW,
    FRAMES_PER_SECOND,
    Attempt,
    Decoded,
    Decoder,
    Job,
    Kind,
    WhisperOptions,
    attempts,
    choose,
    worth_trying,
)
from qa.speech.device import DeviceOptions, Placed, load
from qa.speech.protocols import SAMPLE_RATE, Chunk, Transcriber
from qa.speech.sharing import Sharing, TooLarge

logger = logging.getLogger("qa.speech")

CPU_BATCH_SECONDS = 90
"""Of windows decoded together on a CPU: three full ones, four of 20 s, nine of 10 s. A fourth full one is a
twentieth faster; a second of window takes 1.2 MB in the decoder, its hypotheses as much again."""
CPU_BATCH = 16
"""Chunks, however short."""
WINDOW = 30
"""Seconds that Whisper can look at."""
_WINDOW_STEP = 5
_AIR = 1.0
"""Seconds of silence after the speech that Whisper is shown, at least."""


class WhisperTranscriber:
    """A Whisper model pack, loaded."""

    def __init__(
        self,
        folder: Path,
        identity: str,
        device: DeviceOptions,
        options: WhisperOptions,
    ) -> None:
        placed: Placed = load(folder, device)
        self._model = placed.model
        self._identity = identity
        self._device = placed.device
        self._compute_type = placed.compute_type
        self._options = options
        self._decoder = Decoder(placed.model, placed.device, placed.slots)
        sizes, key = BatchSizes(folder.parent), f"{placed.name}/{identity}/{placed.compute_type}"
        chosen = options.batch_size or (CPU_BATCH if placed.device == "cpu" else 0)
        batch_size = chosen or sizes.known_or(key, lambda: find_batch_size(self._try_batch))
        shrunk = functools.partial(sizes.note, key) if not chosen else lambda size: None
        by_window = fitting if placed.device == "cpu" and not options.batch_size else None
        self._sharing = Sharing(self._decode, batch_size, placed.slots, shrunk, by_window)

    @property
    def identity(self) -> str:
        """`pack@hash`."""
        return self._identity

    @property
    def device(self) -> str:
        """`cpu (int8)`, `cuda (float16)`."""
        return f"{self._device} ({self._compute_type})"

    def detect_language(
        self, samples: Sequence[NDArray[np.float32]], among: tuple[str, ...]
    ) -> tuple[str, float]:
        """The likeliest of `among`: each sample's probabilities among those, averaged.

        A sample that is a chunk is encoded once for this and for its words.
        """
        if len(among) == 1 or not samples:
            return among[0], 1.0 if len(among) == 1 else 0.0
        totals = dict.fromkeys(among, 0.0)
        for sample in samples:
            found = self._decoder.languages(self._features(sample, window(len(sample) / SAMPLE_RATE)))
            whole = sum(found.get(language, 0.0) for language in among)
            for language in among:
                totals[language] += found.get(language, 0.0) / whole if whole else 1 / len(among)
        best = max(among, key=lambda language: totals[language])
        return best, totals[best] / len(samples)

    def for_call(self, turn: int) -> Transcriber:
        """The same engine for one call among several: chunks of calls with a lower `turn` go first."""
        return _OfCall(self, turn)

    def transcribe(
        self, chunks: Sequence[Chunk], language: str, hints: Sequence[str], turn: int = 0
    ) -> list[tuple[Word, ...]]:
        """The words of each chunk, in recording time. A chunk's words do not depend on its company."""
        return self._hear(chunks, language, tuple(hints), attempts(self._options), turn)

    def transcribe_again(
        self, chunks: Sequence[Chunk], language: str, turn: int = 0
    ) -> list[tuple[Word, ...]]:
        """As `transcribe`, without hints and with a wider beam."""
        return self._hear(chunks, language, (), (ANEW,), turn)

    def _hear(
        self,
        chunks: Sequence[Chunk],
        language: str,
        hints: tuple[str, ...],
        ways: Sequence[Attempt],
        turn: int,
    ) -> list[tuple[Word, ...]]:
        """Each chunk in the first of `ways`, what is weak in the next. Blocks until all are decoded."""
        tried: list[dict[Attempt, Decoded]] = [{} for _ in chunks]
        for way in ways if hints else [replace(one, hinted=False) for one in ways]:
            places = [at for at, done in enumerate(tried) if worth_trying(way, done, self._options)]
            if again := sum(bool(tried[at]) for at in places):
                logger.debug("%d of %d chunks are tried again: %s", again, len(chunks), way)
            jobs = [self._job(chunks[at], language, hints, way) for at in places]
            decoded = self._sharing.run(turn, [(job.kind, job) for job in jobs])
            for at, one in zip(places, decoded, strict=True):
                tried[at][way] = one
        best = [choose([*done.values()], self._options) for done in tried]
        return [_place(one.words, chunk) for one, chunk in zip(best, chunks, strict=True)]

    def _job(self, chunk: Chunk, language: str, hints: tuple[str, ...], way: Attempt) -> Job:
        shown = window(chunk.seconds)

        def features() -> NDArray[np.float32]:
            return self._features(chunk.samples, shown)

        return self._decoder.job(features, shown, chunk.seconds, language, hints, way)

    def _decode(self, jobs: Sequence[Job]) -> list[Decoded]:
        try:
            return self._decoder.decode(jobs)
        except RuntimeError as error:
            if len(jobs) > 1 and "out of memory" in str(error).lower():
                raise TooLarge from error
            raise SpeechError(f"transcription failed on {self.device}: {error}") from error

    def _try_batch(self, size: int) -> None:
        """Decode a batch of so many full windows. Raises `TooLarge`."""
        noise = np.random.default_rng(0).normal(0.0, 0.1, WINDOW * SAMPLE_RATE).astype(np.float32)
        way = attempts(self._options)[0]
        features = self._features(noise, WINDOW)
        job = self._decoder.job(lambda: features, WINDOW, WINDOW, "en", (), way)
        self._decode([job] * size)

    def _features(self, samples: NDArray[np.float32], seconds: int) -> NDArray[np.float32]:
        """Log-mel features of `samples`, silence added up to `seconds`. Shape (mels, frames)."""
        padded = np.pad(samples, (0, max(0, seconds * SAMPLE_RATE - len(samples))))
        features = self._model.feature_extractor(padded, padding=0)[:, : seconds * FRAMES_PER_SECOND]
        return np.asarray(features, np.float32)


@dataclass(frozen=True, slots=True)
class _OfCall:
    """A `Transcriber` whose chunks queue at the place of their call."""

    engine: WhisperTranscriber
    turn: int

    @property
    def identity(self) -> str:
        return self.engine.identity

    @property
    def device(self) -> str:
        return self.engine.device

    def for_call(self, turn: int) -> Transcriber:
        return self.engine.for_call(turn)

    def detect_language(
        self, samples: Sequence[NDArray[np.float32]], among: tuple[str, ...]
    ) -> tuple[str, float]:
        return self.engine.detect_language(samples, among)

    def transcribe(
        self, chunks: Sequence[Chunk], language: str, hints: Sequence[str]
    ) -> list[tuple[Word, ...]]:
        return self.engine.transcribe(chunks, language, hints, self.turn)

    def transcribe_again(self, chunks: Sequence[Chunk], language: str) -> list[tuple[Word, ...]]:
        return self.engine.transcribe_again(chunks, language, self.turn)


def window(seconds: float) -> int:
    """Seconds of window that a chunk of so many seconds needs.

    The encoder's work grows faster than its window; the full 30 s for 8 s of speech is mostly wasted.
    The window follows from the chunk alone, so company changes nothing.
    """
    return min(WINDOW, int(np.ceil((seconds + _AIR) / _WINDOW_STEP)) * _WINDOW_STEP)


def fitting(kind: Hashable) -> int:
    """Chunks of a kind that a CPU decodes together."""
    return CPU_BATCH_SECONDS * FRAMES_PER_SECOND // kind.frames if isinstance(kind, Kind) else 1


def _place(words: tuple[Word, ...], chunk: Chunk) -> tuple[Word, ...]:
    """Words of a chunk in recording time."""
    return tuple(
        Word(word.text, chunk.layout.to_recording(word.span), word.probability, chunk.channel)
        for word in words
    )
