"""Speech to text: Whisper in CTranslate2, chunks in batches, with word times and probabilities.

faster-whisper brings the model, the features, the tokenizer and the alignment. Its own batched
pipeline carries the last word's time from one chunk to the next, so that a chunk's result depends on
its company; and its fallback draws random numbers. The loop here does neither: the same chunk always
gives the same words. (A. Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision.)
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import SpeechError
from qa.model import Span, Word
from qa.speech.device import DeviceOptions, Placed, load
from qa.speech.protocols import SAMPLE_RATE, Chunk

logger = logging.getLogger("qa.speech")

WINDOW = 30
"""Seconds that Whisper can look at."""
_WINDOW_STEP = 5
_AIR = 1.0
"""Seconds of silence after the speech that Whisper is shown, at least."""
_FRAMES_PER_SECOND = 100
_DETECT_SECONDS = 10
"""Of each sample, for the language: as sure as 30 s, at a fifth of the cost."""
UNSPACED = ("ja",)
"""Languages written without spaces."""
_PROMPT_TOKENS = 180
"""Room for hints; Whisper's text window is 448 tokens, prompt and result together."""
_STYLE = {"ja": "はい、そうですね。では、続けます。", "en": "Okay, so, let's go on. Is that right? Yes."}
"""Said before each chunk, as it were: Whisper then goes on with punctuation, also in Japanese."""


@dataclass(frozen=True, slots=True)
class WhisperOptions:
    """How chunks are decoded."""

    beam_size: int = 1
    batch_size: int = 0
    """Chunks decoded together; 0: by device."""
    compression_limit: float = 2.4
    """Text that compresses better than this is a repetition loop (Whisper's own threshold)."""
    logprob_limit: float = -1.0
    """A mean log probability below this is a guess (Whisper's own threshold)."""
    skipped_limit: float = 2.0
    """Seconds of a chunk that no word accounts for, beyond ordinary pauses and slow words."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to decode a chunk."""

    beam_size: int
    hinted: bool
    no_repeat_ngram: int = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a chunk came to."""

    tokens: tuple[int, ...]
    """Text tokens only."""
    logprob: float
    """Mean over tokens, natural log."""
    words: tuple[Word, ...]
    """In chunk time; channel not yet set."""
    repetition: float
    """Compression ratio of the text."""
    skipped: float
    """Seconds that no word accounts for."""

    def weak(self, options: WhisperOptions) -> bool:
        """True if it is worth trying again."""
        return (
            self.repetition > options.compression_limit
            or self.logprob < options.logprob_limit
            or self.skipped > options.skipped_limit
        )

    def rank(self, options: WhisperOptions) -> tuple[bool, float]:
        """Higher is better: no loop first, then what is sure and leaves little out."""
        return (self.repetition <= options.compression_limit, self.logprob - 0.1 * self.skipped)


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
        decoder = _Decoder(self._model, language, tuple(hints), self._options)
        found: dict[int, tuple[Word, ...]] = {}
        for window, waiting in _by_window(chunks).items():
            while waiting:
                batch = waiting[: self._batch_size]
                try:
                    heard = self._hear(decoder, [chunks[index] for index in batch], window)
                except RuntimeError as error:
                    self._halve_batch(error)
                    continue
                found.update(zip(batch, heard, strict=True))
                waiting = waiting[len(batch) :]
        return [_place(found[index], chunk) for index, chunk in enumerate(chunks)]

    def _hear(self, decoder: _Decoder, batch: list[Chunk], window: int) -> list[tuple[Word, ...]]:
        features = [self._features(chunk.samples, window) for chunk in batch]
        seconds = [len(chunk.samples) / SAMPLE_RATE for chunk in batch]
        return decoder.words(features, seconds)

    def _features(self, samples: NDArray[np.float32], seconds: int) -> NDArray[np.float32]:
        """Log-mel features of `samples`, silence added up to `seconds`. Shape (mels, frames)."""
        padded = np.pad(samples, (0, max(0, seconds * SAMPLE_RATE - len(samples))))
        features = self._model.feature_extractor(padded, padding=0)[:, : seconds * _FRAMES_PER_SECOND]
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


class _Decoder:
    """Decodes chunks in one language with one set of hints."""

    def __init__(self, model: Any, language: str, hints: tuple[str, ...], options: WhisperOptions) -> None:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        self._model = model
        self._options = options
        self._spaced = language not in UNSPACED
        self._tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]))
        self._hinted = self._prompt(language, hints)
        self._plain = self._prompt(language, ())

    def _prompt(self, language: str, hints: tuple[str, ...]) -> list[int]:
        separator = "、" if language == "ja" else ", "
        named = f"{separator.join(hints)}{'。' if language == 'ja' else '. '}" if hints else ""
        names = self._tokenizer.encode(" " + named)[:_PROMPT_TOKENS] if named else []
        style = self._tokenizer.encode(" " + _STYLE.get(language, ""))
        prompt: list[int] = self._model.get_prompt(self._tokenizer, names + style, without_timestamps=True)
        return prompt

    def words(self, features: list[NDArray[np.float32]], seconds: list[float]) -> list[tuple[Word, ...]]:
        """The words of each chunk, in chunk time. Weak results are tried again, each alone."""
        first = self._decode(features, seconds, Attempt(self._options.beam_size, hinted=True))
        return [
            (self._try_again(decoded, one, length) if decoded.weak(self._options) else decoded).words
            for decoded, one, length in zip(first, features, seconds, strict=True)
        ]

    def _try_again(self, decoded: Decoded, features: NDArray[np.float32], seconds: float) -> Decoded:
        """Without hints and with a wider beam, then with repetition forbidden; the best of all."""
        logger.debug(
            "a chunk of %.1f s is tried again: mean log probability %.2f, repetition %.2f, skipped %.1f s",
            seconds,
            decoded.logprob,
            decoded.repetition,
            decoded.skipped,
        )
        tried = [decoded]
        for attempt in (Attempt(5, hinted=False), Attempt(5, hinted=False, no_repeat_ngram=5)):
            tried += self._decode([features], [seconds], attempt)
            if not tried[-1].weak(self._options):
                return tried[-1]
        return max(tried, key=lambda one: one.rank(self._options))

    def _decode(
        self, features: list[NDArray[np.float32]], seconds: list[float], attempt: Attempt
    ) -> list[Decoded]:
        encoded = self._model.encode(np.stack(features))
        prompt = self._hinted if attempt.hinted else self._plain
        results = self._model.model.generate(
            encoded,
            [prompt] * len(features),
            beam_size=attempt.beam_size,
            no_repeat_ngram_size=attempt.no_repeat_ngram,
            max_length=self._model.max_length,
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            return_scores=True,
        )
        texts = [[t for t in result.sequences_ids[0] if t < self._tokenizer.eot] for result in results]
        frames = [int(np.ceil(length * _FRAMES_PER_SECOND)) for length in seconds]
        aligned = self._model.find_alignment(self._tokenizer, texts, encoded, frames)
        return [
            self._weigh(tokens, result.scores[0], timings, length)
            for tokens, result, timings, length in zip(texts, results, aligned, seconds, strict=True)
        ]

    def _weigh(
        self, tokens: list[int], logprob: float, timings: list[dict[str, Any]], length: float
    ) -> Decoded:
        words = tuple(_words(timings, length, self._spaced))
        text = self._tokenizer.decode(tokens).encode("utf-8")
        repetition = len(text) / len(zlib.compress(text)) if text else 0.0
        return Decoded(tuple(tokens), logprob, words, repetition, skipped_seconds(words, length))


def _words(timings: list[dict[str, Any]], length: float, spaced: bool) -> Iterator[Word]:
    """faster-whisper's timings as words; punctuation belongs to the word it follows.

    `spaced`: the language puts spaces between words, so what follows without one ("-house", ".m.")
    belongs to the word before.
    """
    from faster_whisper.transcribe import merge_punctuations

    merge_punctuations(timings, "\"'“¿([{-「『", "\"'.。,，!！?？:：”)]}、」』")
    waiting: list[dict[str, Any]] = []
    for timing in timings:
        if not timing["word"].strip():
            continue
        if waiting and not (spaced and timing["word"][0] != " "):
            yield _word(waiting, length)
            waiting = []
        waiting.append(timing)
    if waiting:
        yield _word(waiting, length)


def _word(parts: list[dict[str, Any]], length: float) -> Word:
    """One word from the parts it was aligned in."""
    start = min(max(0.0, float(parts[0]["start"])), length)
    end = min(max(start, float(parts[-1]["end"])), length)
    probability = sum(float(part["probability"]) for part in parts) / len(parts)
    return Word(
        "".join(part["word"] for part in parts).strip(), Span(start, end), min(1.0, max(0.0, probability))
    )


LONGEST_WORD = 1.5
"""Seconds: a word aligned to more than this hides something that was not written down."""
LONGEST_PAUSE = 1.0
"""Seconds: chunks have longer pauses cut out of them."""


def skipped_seconds(words: Sequence[Word], length: float) -> float:
    """Seconds of a chunk that no word accounts for: what pauses and words have in excess."""
    skipped, reached = 0.0, 0.0
    for word in words:
        skipped += max(0.0, word.span.start - reached - LONGEST_PAUSE)
        skipped += max(0.0, word.span.duration - LONGEST_WORD)
        reached = max(reached, word.span.end)
    return skipped + max(0.0, length - reached - LONGEST_PAUSE)


def _place(words: tuple[Word, ...], chunk: Chunk) -> tuple[Word, ...]:
    """Words of a chunk in recording time."""
    return tuple(
        Word(word.text, chunk.layout.to_recording(word.span), word.probability, chunk.channel)
        for word in words
    )
