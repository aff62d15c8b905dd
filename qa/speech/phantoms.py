"""Sentences that Whisper makes up over silence, ring-back and hold music, and how they are told.

Pure functions over words and voice activity. Nothing is dropped for its wording alone: a known
phantom phrase goes only where the audio gives it no support. Each dropped sentence is counted by
reason: `no_speech`, `unsure`, `rate`, `repetition`, `phantom_phrase`, `prompt_echo`; `ring` once the sounds
of the call are known (see `sounded`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.model import Span, Word, merge_spans, overlapping, total_overlap

SENTENCE_GAP = 1.0
"""A pause longer than this ends a sentence, seconds."""
_ENDS = tuple("。．.!?！？")
_TOLERANCE = 0.2
"""Word times are this unsure, seconds."""
MIN_VOICED = 0.1
"""Seconds of speech that a sentence needs under it."""
MAX_RATE = {"ja": 20.0, "en": 40.0}
"""Letters a second that nobody speaks; fast talk is half of it."""
_RATE_FROM = 8
"""Letters: shorter sentences are not judged by rate, their times are too coarse."""
LOOPS = 6
"""A unit said this often in a row is a loop …"""
ALIKE = 3
"""… and so is a whole sentence said this often in a row, if it is long or unsure."""
UNSURE = 0.45
"""Mean word probability below which the audio hardly supports a sentence; each word of a known phantom
phrase must have as much."""
GUESS = 0.1
"""Mean word probability below which a sentence is a guess at noise, whatever it says."""
USUAL_RATE = {"ja": 9.0, "en": 16.0}
"""Letters a second of ordinary talk: how much voice a phrase should have under it."""

PHRASES: Mapping[str, tuple[str, ...]] = {
    "ja": (
        "ご視聴ありがとうございました",
        "ご視聴ありがとうございます",
        "ご清聴ありがとうございました",
        "最後までご視聴いただきありがとうございます",
        "最後までご視聴頂きありがとうございました",
        "最後まで見てくれてありがとう",
        "チャンネル登録をお願いいたします",
        "チャンネル登録よろしくお願いします",
        "チャンネル登録高評価よろしくお願いします",
        "高評価とチャンネル登録をお願いします",
        "また次の動画でお会いしましょう",
        "次の動画でお会いしましょう",
        "次回予告",
        "字幕視聴ありがとうございました",
        "字幕作成者",
        "字幕",
        "おやすみなさい",
        "おわり",
        "ご覧ください",
        "覧ください",
    ),
    "en": (
        "thank you for watching",
        "thanks for watching",
        "thank you so much for watching",
        "thank you for watching and see you next time",
        "please subscribe to my channel",
        "please subscribe",
        "like and subscribe",
        "dont forget to like and subscribe",
        "see you in the next video",
        "ill see you in the next video",
        "ill see you next time",
        "subtitles by the amaraorg community",
        "subtitles by",
        "transcription by castingwords",
        "transcribed by",
        "captions by",
        "you",
        "bye",
        "the end",
        "music",
        "applause",
    ),
}


@dataclass(frozen=True, slots=True)
class Screened:
    """Words worth believing, and how many sentences were dropped, by reason."""

    words: tuple[Word, ...]
    dropped: Mapping[str, int]


def screen(
    words: Sequence[Word], speech: Iterable[Span], language: str, hints: Sequence[str] = ()
) -> Screened:
    """Drop made-up sentences from the words of one channel, `speech` being its voice activity."""
    voiced = merge_spans(speech)
    kept: list[Word] = []
    dropped: Counter[str] = Counter()
    recent: list[str] = []
    for sentence in sentences(words):
        letters = plain(sentence)
        reason = why_made_up(sentence, voiced, language, hints) or _said_again(sentence, recent)
        recent.append(letters)
        if reason:
            dropped[reason] += 1
        else:
            kept += sentence
    return Screened(tuple(kept), dict(dropped))


def sentences(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Words in groups that end at a full stop or before a pause."""
    groups: list[list[Word]] = []
    for word in words:
        last = groups[-1][-1] if groups else None
        if last is None or last.text.endswith(_ENDS) or word.span.start - last.span.end > SENTENCE_GAP:
            groups.append([])
        groups[-1].append(word)
    return [tuple(group) for group in groups]


def why_made_up(
    sentence: Sequence[Word], voiced: tuple[Span, ...], language: str, hints: Sequence[str] = ()
) -> str | None:
    """The reason to disbelieve a sentence; None if there is none. `voiced`: merged speech spans."""
    letters = plain(sentence)
    seconds = voiced_seconds(sentence, voiced)
    checks = (
        ("no_speech", not letters or seconds < MIN_VOICED),
        ("unsure", certainty(sentence) < GUESS),
        ("rate", _too_fast(sentence, letters, language)),
        ("repetition", loops(letters)),
        ("phantom_phrase", _phantom(sentence, seconds, language)),
        ("prompt_echo", _echo(letters, hints)),
    )
    return next((reason for reason, found in checks if found), None)


def plain(sentence: Sequence[Word]) -> str:
    """The letters and digits of a sentence, lower-case, without spaces or punctuation."""
    text = unicodedata.normalize("NFKC", "".join(word.text for word in sentence)).lower()
    return "".join(character for character in text if character.isalnum())


def voiced_seconds(sentence: Sequence[Word], voiced: tuple[Span, ...]) -> float:
    """Seconds of speech under a sentence, its words taken a little wider than they were timed."""
    under = merge_spans(word.span.pad(_TOLERANCE) for word in sentence)
    return sum(total_overlap(span, overlapping(span, voiced)) for span in under)


def certainty(sentence: Sequence[Word]) -> float:
    """Mean word probability."""
    return sum(word.probability for word in sentence) / len(sentence)


def loops(letters: str) -> bool:
    """True if one unit of two or more letters, repeated in a row, is most of the text. Not for digits.

    >>> loops("ありがとう" * 6), loops("はいはいはい"), loops("0000000000000000")
    (True, False, False)
    """
    for match in re.finditer(rf"(.{{2,30}}?)\1{{{LOOPS - 1},}}", letters):
        if not match[1].isdigit() and len(match[0]) > 0.5 * len(letters):
            return True
    return False


def _too_fast(sentence: Sequence[Word], letters: str, language: str) -> bool:
    if len(letters) < _RATE_FROM:
        return False
    seconds = sentence[-1].span.end - sentence[0].span.start + _TOLERANCE
    return len(letters) / max(seconds, 0.01) > MAX_RATE.get(language, 40.0)


def is_phrase(sentence: Sequence[Word], language: str) -> bool:
    """True if a sentence is one of `PHRASES`, whatever the sound under it."""
    return plain(sentence) in _SQUEEZED.get(language, ())


def _phantom(sentence: Sequence[Word], seconds: float, language: str) -> bool:
    if not is_phrase(sentence, language):
        return False
    letters = plain(sentence)
    needed = 0.6 * len(letters) / USUAL_RATE.get(language, 12.0)
    return seconds < needed or min(word.probability for word in sentence) < UNSURE


_SQUEEZED = {
    language: frozenset(phrase.replace(" ", "") for phrase in phrases)
    for language, phrases in PHRASES.items()
}


def _echo(letters: str, hints: Sequence[str]) -> bool:
    """True if the sentence is nothing but two or more of the hints: the prompt, said back."""
    found = 0
    rest = letters
    for hint in sorted(map(_squeeze, hints), key=len, reverse=True):
        if hint and hint in rest:
            found += 1
            rest = rest.replace(hint, "")
    return found >= 2 and not rest


def _squeeze(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _said_again(sentence: Sequence[Word], recent: list[str]) -> str | None:
    """`repetition` if this sentence only says once more what the ones before it said."""
    letters = plain(sentence)
    same = 0
    for before in reversed(recent):
        if before != letters:
            break
        same += 1
    doubtful = len(letters) >= _RATE_FROM or certainty(sentence) < UNSURE
    return "repetition" if same >= ALIKE - 1 and doubtful else None


def snap(words: Iterable[Word], voiced: tuple[Span, ...], tolerance: float = _TOLERANCE) -> tuple[Word, ...]:
    """Words held to the speech they lie on: alignment stretches the first word after a pause over it.

    `voiced`: merged speech spans.

    word     |--------------はい|
    speech             |======|
    snapped          |------はい|      at most `tolerance` beyond the speech
    """
    return tuple(_snapped(word, voiced, tolerance) for word in words)


def _snapped(word: Word, voiced: tuple[Span, ...], tolerance: float) -> Word:
    touched = overlapping(word.span, voiced)
    if not touched:
        return word
    best = max(touched, key=lambda span: span.overlap(word.span))
    return Word(word.text, word.span & best.pad(tolerance), word.probability, word.channel)
