"""Decoding a batch of Whisper features: tokens, word times, and the ways to try again what came out weak.

No random numbers anywhere (Whisper's own fallback draws them): the same chunk gives the same words.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.model import Span, Word
from qa.speech.encoded import Encoded

FRAMES_PER_SECOND = 100
"""Of the features."""
UNSPACED = ("ja",)
"""Languages written without spaces."""
ENCODERS = 2
"""Threads that may encode at the same time, at least; of more than four, half. Each needs 70 MB for a full
window. With one of two, a core waited for the other a twentieth of the night."""
_PROMPT_TOKENS = 180
"""Room for hints; Whisper's text window is 448 tokens, prompt and result together."""
_STYLE = {
    "ja": "はい、承知いたしました。では、ご契約の明細をお調べいたします。",
    "en": "Okay, so, let's go on. Is that right? Yes.",
}
"""Said before each chunk, as it were: Whisper then goes on with punctuation, also in Japanese, and there in
the polite language of a desk."""


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


@dataclass(frozen=True, slots=True)
class Kind:
    """What chunks must have in common to be decoded together."""

    language: str
    frames: int
    """Of the features: the window."""
    prompt: int
    """Tokens of the prompt: CTranslate2 wants its start marker at one place in the whole batch."""
    beam_size: int
    no_repeat_ngram: int


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One chunk to be decoded in one way."""

    features: Callable[[], NDArray[np.float32]]
    """(mels, frames), made when its batch is decoded: what waits in the queue holds no sound."""
    seconds: float
    """Of sound; the rest of the window is silence."""
    prompt: tuple[int, ...]
    kind: Kind


def attempts(options: WhisperOptions) -> tuple[Attempt, ...]:
    """The ways to decode a chunk, in order, until one is not weak.

    After the first: without hints and with a wider beam, then with repetition forbidden.
    """
    return (
        Attempt(options.beam_size, hinted=True),
        Attempt(5, hinted=False),
        Attempt(5, hinted=False, no_repeat_ngram=5),
    )


def worth_trying(way: Attempt, tried: Mapping[Attempt, Decoded], options: WhisperOptions) -> bool:
    """True for the first way, and then if what came out last is weak and this one may give something else.

    What repeats nothing comes out the same where repetition is forbidden.
    """
    if not tried:
        return True
    if way in tried or not [*tried.values()][-1].weak(options):
        return False
    free = tried.get(replace(way, no_repeat_ngram=0))
    return free is None or repeats(free.tokens, way.no_repeat_ngram)


def repeats(tokens: Sequence[int], length: int) -> bool:
    """True if so many tokens in a row come twice.

    >>> repeats([7, 8, 9, 7, 8], 2), repeats([7, 8, 9, 7, 8], 3)
    (True, False)
    """
    runs = [tuple(tokens[place : place + length]) for place in range(len(tokens) - length + 1)]
    return len(set(runs)) < len(runs)


ANEW = Attempt(5, hinted=False, no_repeat_ngram=5)
"""For chunks that came out empty before: no style to follow, a wider beam, no loops."""


def choose(tried: Sequence[Decoded], options: WhisperOptions) -> Decoded:
    """The last attempt if it is not weak; else the best of all."""
    return max(tried, key=lambda one: one.rank(options)) if tried[-1].weak(options) else tried[-1]


class Decoder:
    """Decodes batches with one model. Several threads may use it at once."""

    def __init__(self, model: Any, device: str, slots: int = 1) -> None:
        """`slots`: how many threads decode at the same time."""
        self._model = model
        self._encoding = threading.Semaphore(max(ENCODERS, slots // 2))
        """Held for a whole batch: two that took turns chunk by chunk would go in step, and each wait for the
        other half the time."""
        self._encoded = Encoded()
        self._singly = device == "cpu"
        """A window's activations fill a core's cache: on a CPU, encoding and aligning one chunk after the
        other is a fifth faster than all at once. Only decoding, a token a step, gains from company."""
        self._tokenizers: dict[str, Any] = {}

    def job(
        self,
        features: Callable[[], NDArray[np.float32]],
        window: int,
        seconds: float,
        language: str,
        hints: tuple[str, ...],
        attempt: Attempt,
    ) -> Job:
        """A chunk made ready for one attempt: `seconds` of sound in `window` seconds of features."""
        prompt = self._prompt(language, hints if attempt.hinted else ())
        frames = window * FRAMES_PER_SECOND
        kind = Kind(language, frames, len(prompt), attempt.beam_size, attempt.no_repeat_ngram)
        return Job(features, seconds, prompt, kind)

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer,
                self._model.model.is_multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]

    def _prompt(self, language: str, hints: tuple[str, ...]) -> tuple[int, ...]:
        tokenizer = self._tokenizer(language)
        separator = "、" if language == "ja" else ", "
        named = f"{separator.join(hints)}{'。' if language == 'ja' else '. '}" if hints else ""
        names = tokenizer.encode(" " + named)[:_PROMPT_TOKENS] if named else []
        style = tokenizer.encode(" " + _STYLE.get(language, ""))
        return tuple(self._model.get_prompt(tokenizer, names + style, without_timestamps=True))

    def languages(self, features: NDArray[np.float32]) -> Mapping[str, float]:
        """How likely each language is, by the sound of a chunk."""
        with self._encoding:
            encoded = self._model.encode(features)
        if self._singly:
            self._encoded.put(features, encoded)
        ranked = self._model.model.detect_language(encoded)[0]
        return {token[2:-2]: probability for token, probability in ranked}

    def decode(self, jobs: Sequence[Job]) -> list[Decoded]:
        """What each of these jobs, all of one kind, comes to."""
        from faster_whisper.transcribe import get_suppressed_tokens

        kind = jobs[0].kind
        tokenizer = self._tokenizer(kind.language)
        encoded = self._encode([job.features() for job in jobs])
        results = self._model.model.generate(
            _joined(encoded),
            [list(job.prompt) for job in jobs],
            beam_size=kind.beam_size,
            no_repeat_ngram_size=kind.no_repeat_ngram,
            max_length=self._model.max_length,
            suppress_blank=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
            return_scores=True,
        )
        texts = [[t for t in result.sequences_ids[0] if t < tokenizer.eot] for result in results]
        frames = [int(np.ceil(job.seconds * FRAMES_PER_SECOND)) for job in jobs]
        aligned = self._align(tokenizer, texts, encoded, frames)
        return [
            _weigh(tokenizer, tokens, result.scores[0], timings, job)
            for tokens, result, timings, job in zip(texts, results, aligned, jobs, strict=True)
        ]

    def _encode(self, features: list[NDArray[np.float32]]) -> list[Any]:
        """The encoder's output, in as many parts as `_align` will look at."""
        if not self._singly:
            return [self._model.encode(np.stack(features))]
        kept = [self._encoded.take(one) for one in features]
        with self._encoding:
            return [
                self._model.encode(one) if done is None else done
                for one, done in zip(features, kept, strict=True)
            ]

    def _align(
        self, tokenizer: Any, texts: list[list[int]], encoded: list[Any], frames: list[int]
    ) -> list[list[dict[str, Any]]]:
        """When each word was said. A chunk without text has no words."""
        if not self._singly:
            return list(self._model.find_alignment(tokenizer, texts, encoded[0], frames))
        return [
            self._model.find_alignment(tokenizer, [text], part, [length])[0] if text else []
            for text, part, length in zip(texts, encoded, frames, strict=True)
        ]


def _joined(encoded: list[Any]) -> Any:
    """Encoder outputs of one chunk each as one batch."""
    if len(encoded) == 1:
        return encoded[0]
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.concatenate([np.asarray(part) for part in encoded]))


def _weigh(
    tokenizer: Any, tokens: list[int], logprob: float, timings: list[dict[str, Any]], job: Job
) -> Decoded:
    words = tuple(_words(timings, job.seconds, job.kind.language not in UNSPACED))
    text = tokenizer.decode(tokens).encode("utf-8")
    repetition = len(text) / len(zlib.compress(text)) if text else 0.0
    return Decoded(tuple(tokens), logprob, words, repetition, skipped_seconds(words, job.seconds))


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
