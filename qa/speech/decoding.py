"""Decoding a batch of Whisper features: tokens, word times, and a second try where the first is weak.

No random numbers anywhere (Whisper's own fallback draws them): the same chunk gives the same words.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.model import Span, Word

logger = logging.getLogger("qa.speech")

FRAMES_PER_SECOND = 100
"""Of the features."""
UNSPACED = ("ja",)
"""Languages written without spaces."""
_PROMPT_TOKENS = 180
"""Room for hints; Whisper's text window is 448 tokens, prompt and result together."""
_STYLE = {"ja": "はい、そうですね。では、続けます。", "en": "Okay, so, let's go on. Is that right? Yes."}
"""Said before each chunk, as it were: Whisper then goes on with punctuation, also in Japanese."""


@dataclass(frozen=True, slots=True)
class WhisperOptions:
    """How chunks are decoded."""

    beam_size: int = 5
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


class Decoder:
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

    def words_again(
        self, features: list[NDArray[np.float32]], seconds: list[float]
    ) -> list[tuple[Word, ...]]:
        """The words of chunks that came out empty before: no style to follow, a wider beam, no loops."""
        attempt = Attempt(5, hinted=False, no_repeat_ngram=5)
        return [decoded.words for decoded in self._decode(features, seconds, attempt)]

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
        frames = [int(np.ceil(length * FRAMES_PER_SECOND)) for length in seconds]
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
