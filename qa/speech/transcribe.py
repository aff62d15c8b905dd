"""Speech to text: Whisper in CTranslate2, chunks in batches, with word times and probabilities.

faster-whisper brings the model, the features, the tokenizer and the alignment. Its own batched
pipeline carries the last word's time from one chunk to the next, so that a chunk's result depends on
its company; the loop here does not. (A. Radford et al., Robust Speech Recognition via Large-Scale Weak
Supervision, 2022.)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import SpeechError
from qa.model import Word
from qa.speech.decoding import FRAMES_PER_SECOND, Decoder, WhisperOptions
from qa.speech.device import DeviceOptions, Placed, load
from qa.speech.protocols import SAMPLE_RATE, Chunk

logger = logging.getLogger("qa.speech")

Decode = Callable[[list[NDArray[np.float32]], list[float]], list[tuple[Word, ...]]]
"""(features, seconds) of a batch → the words of each chunk, in chunk time."""
WINDOW = 30
"""Seconds that Whisper can look at."""
_WINDOW_STEP = 5
_AIR = 1.0
"""Seconds of silence after the speech that Whisper is shown, at least."""
_DETECT_SECONDS = 10
"""Of each sample, for the language: as sure as 30 s, at a fifth of the cost."""


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
        self._batch_size = options.batch_size or (16 if placed.device == "cuda" else 8)

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
        """The likeliest of `among`: each sample's probabilities among those, averaged."""
        if len(among) == 1 or not samples:
            return among[0], 1.0 if len(among) == 1 else 0.0
        totals = dict.fromkeys(among, 0.0)
        for sample in samples:
            features = self._features(sample[: _DETECT_SECONDS * SAMPLE_RATE], _DETECT_SECONDS)
            ranked = self._model.model.detect_language(self._model.encode(features))[0]
            found = {token[2:-2]: probability for token, probability in ranked}
            whole = sum(found.get(language, 0.0) for language in among)
            for language in among:
                totals[language] += found.get(language, 0.0) / whole if whole else 1 / len(among)
        best = max(among, key=lambda language: totals[language])
        return best, totals[best] / len(samples)

    def transcribe(
        self, chunks: Sequence[Chunk], language: str, hints: Sequence[str]
    ) -> list[tuple[Word, ...]]:
        """The words of each chunk, in recording time. A chunk's words do not depend on its company."""
        return self._transcribe(chunks, Decoder(self._model, language, tuple(hints), self._options).words)

    def transcribe_again(self, chunks: Sequence[Chunk], language: str) -> list[tuple[Word, ...]]:
        """As `transcribe`, without hints and with a wider beam."""
        return self._transcribe(chunks, Decoder(self._model, language, (), self._options).words_again)

    def _transcribe(self, chunks: Sequence[Chunk], decode: Decode) -> list[tuple[Word, ...]]:
        found: dict[int, tuple[Word, ...]] = {}
        for window, waiting in _by_window(chunks).items():
            while waiting:
                batch = waiting[: self._batch_size]
                try:
                    heard = self._hear(decode, [chunks[index] for index in batch], window)
                except RuntimeError as error:
                    self._halve_batch(error)
                    continue
                found.update(zip(batch, heard, strict=True))
                waiting = waiting[len(batch) :]
        return [_place(found[index], chunk) for index, chunk in enumerate(chunks)]

    def _hear(self, decode: Decode, batch: list[Chunk], window: int) -> list[tuple[Word, ...]]:
        features = [self._features(chunk.samples, window) for chunk in batch]
        seconds = [len(chunk.samples) / SAMPLE_RATE for chunk in batch]
        return decode(features, seconds)

    def _features(self, samples: NDArray[np.float32], seconds: int) -> NDArray[np.float32]:
        """Log-mel features of `samples`, silence added up to `seconds`. Shape (mels, frames)."""
        padded = np.pad(samples, (0, max(0, seconds * SAMPLE_RATE - len(samples))))
        features = self._model.feature_extractor(padded, padding=0)[:, : seconds * FRAMES_PER_SECOND]
        return np.asarray(features, np.float32)

    def _halve_batch(self, error: RuntimeError) -> None:
        """After running out of GPU memory, go on with smaller batches; anything else is raised."""
        if "out of memory" not in str(error).lower() or self._batch_size == 1:
            raise SpeechError(f"transcription failed on {self.device}: {error}") from error
        self._batch_size = max(1, self._batch_size // 2)
        logger.warning("GPU memory ran out; going on with batches of %d", self._batch_size)


def _by_window(chunks: Sequence[Chunk]) -> dict[int, list[int]]:
    """Indexes of the chunks by the seconds of window each needs.

    The encoder's work grows faster than its window; the full 30 s for 8 s of speech is mostly wasted.
    The window follows from the chunk alone, so company changes nothing.
    """
    groups: dict[int, list[int]] = {}
    for index, chunk in enumerate(chunks):
        seconds = len(chunk.samples) / SAMPLE_RATE + _AIR
        window = min(WINDOW, int(np.ceil(seconds / _WINDOW_STEP)) * _WINDOW_STEP)
        groups.setdefault(window, []).append(index)
    return groups


def _place(words: tuple[Word, ...], chunk: Chunk) -> tuple[Word, ...]:
    """Words of a chunk in recording time."""
    return tuple(
        Word(word.text, chunk.layout.to_recording(word.span), word.probability, chunk.channel)
        for word in words
    )
