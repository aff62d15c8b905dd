"""Phrase lists made ready for matching: forms taken apart, inflected and read aloud, once per rubric."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from qa import language as languages
from qa.language import Language
from qa.rubric.phrases import forms
from qa.rubric.phrases.annotate import sound_of

_TAILS_JA = {
    "suru": "シ|サ|ス|セ|イタシ|イタサ|イタス|ナサ|モオシ",
    "nai": "ナイ|ナク|ナカツ|ナケレ|ゴザイマセ|アリマセ",
    "desu": "デス|デシ|ダ|デゴザイ|ナノ|ナン|デ",
    "adjective": "イ|ク|カツ|ケレ|サ|ソオ",
    "ru": "ル|マ|テ|タ|ナ|ラ|リ|レ|ツ|ヨ|サセ|チヤ|ズ|ン",
}
_ROWS_JA = {
    "ク": "カ|キ|ク|ケ|コ|イ|ツ",
    "グ": "ガ|ギ|グ|ゲ|ゴ|イ",
    "ス": "サ|シ|ス|セ|ソ",
    "ツ": "タ|チ|ツ|テ|ト",
    "ヌ": "ナ|ニ|ヌ|ネ|ノ|ン",
    "ブ": "バ|ビ|ブ|ベ|ボ|ン",
    "ム": "マ|ミ|ム|メ|モ|ン",
    "ウ": "ワ|イ|ウ|エ|オ|ツ",
    "オ": "ワ|イ|ウ|エ|オ|ツ",
}
_TAIL_EN = r"(?:[bdgklmnprt])?(?:e|es|s|d|ed|ing|y|ies|ied)?(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class Literal:
    """Words as they sound. `tail`: what must follow directly, for an inflected last word."""

    sound: str
    tail: re.Pattern[str] | None
    edits: int
    """Sounds (katakana, letters) that may differ."""
    bounded: bool
    """Must begin (English: and end) where a word does."""
    closed: bool = False
    """Must end where a word does: one sound (の, か) at the end of a Japanese pattern is in any word."""

    @property
    def seeds(self) -> tuple[tuple[str, int], ...]:
        """`edits + 1` pieces with their offsets: with at most `edits` differences one of them is whole."""
        bounds = [round(i * len(self.sound) / (self.edits + 1)) for i in range(self.edits + 2)]
        return tuple((self.sound[a:b], a) for a, b in pairwise(bounds))


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What is said at one place of a pattern: any of these, in the form's order. Equal to itself only."""

    literals: tuple[Literal, ...]


Part = Segment | forms.Gap | forms.Slot


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of a form: segments in order; between, before or after them gaps and slots."""

    parts: tuple[Part, ...]
    anchor: int
    """Index of the segment that is looked for first: the one with the longest shortest literal."""
    form: int
    """Index of the form in its list."""
    opens_turn: bool = False
    """Only at the start of a turn, after no more than a word of listening."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """A compiled phrase list."""

    id: str
    language: str
    forms: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    near_misses: tuple[Pattern, ...]
    perhaps: tuple[Pattern, ...]
    """What may mean the same: never enough by itself, but its absence cannot be claimed."""
    drop_negated: bool
    drop_quoted: bool
    on_record: bool = False
    """The agent's name on record for the call counts too, in whatever words."""
    identity: str = ""
    """Hash of all that its matches hang on in the rubric; empty: they are not kept."""


def compile_patterns(written: Iterable[str], code: str, *, exact: bool = False) -> tuple[Pattern, ...]:
    """All patterns of these forms. Raises `forms.FormError`."""
    return tuple(
        pattern
        for number, form in enumerate(written)
        for pattern in compile_form(form, number, code, exact=exact)
    )


def compile_form(form: str, number: int, code: str, *, exact: bool = False) -> list[Pattern]:
    """The patterns of one form, the `number`th of its list. Raises `forms.FormError`."""
    rules = languages.get(code)
    opens = form.startswith("^")
    rows = forms.expand(form.removeprefix("^"))
    words = dict.fromkeys(
        (part, part is row[-1]) for row in rows for part in row if isinstance(part, forms.Words)
    )
    segments = {(each, last): _segment(each, rules, exact, last=last) for each, last in words}
    return [_pattern(row, segments, number, opens) for row in rows]


def _pattern(
    row: forms.Row, segments: Mapping[tuple[forms.Words, bool], Segment], number: int, opens: bool
) -> Pattern:
    parts = tuple(segments[part, part is row[-1]] if isinstance(part, forms.Words) else part for part in row)
    anchor = max(range(len(parts)), key=lambda i: (_shortest(parts[i]), i))
    return Pattern(parts, anchor, number, opens)


def _shortest(part: Part) -> int:
    return min(len(each.sound) for each in part.literals) if isinstance(part, Segment) else -1


def _segment(words: forms.Words, rules: Language, exact: bool, *, last: bool) -> Segment:
    """The wordings read aloud, those that sound alike once; an inflection may stand for several stems."""
    sounds = dict.fromkeys(sound for piece in words.pieces for sound in _sounds(piece, rules))
    return Segment(tuple(_literal(sound, tail, rules.code, exact, last) for sound, tail in sounds))


def _sounds(piece: forms.Piece, rules: Language) -> list[tuple[str, str]]:
    """(sound, what must follow directly) of a wording."""
    sound = speak(piece.text, rules)
    if not sound:
        raise forms.FormError(f"{piece.text!r} has no sound", 0)
    if not piece.inflected:
        return [(sound, "")]
    if rules.code == "en":
        return [(re.sub(r"(?<=[a-z]{2})[ey]$", "", sound), _TAIL_EN)]
    return _inflect(piece.text, sound, rules)


def _literal(sound: str, tail: str, code: str, exact: bool, last: bool) -> Literal:
    edits = 0 if exact else allowed_edits(len(sound), code)
    bounded = code == "en" or len(sound) <= 5
    closed = last and code == "ja" and not tail and len(sound) == 1
    return Literal(sound, re.compile(tail) if tail else None, edits, bounded, closed)


def speak(text: str, rules: Language) -> str:
    """The text as it stands in a `Voice`'s sound."""
    sound = rules.reading(text)
    return " ".join(sound_of(word, rules.code) for word in sound.split(" ")) if "'" in sound else sound


def _inflect(text: str, sound: str, rules: Language) -> list[tuple[str, str]]:
    """(stem, what may follow) of a Japanese predicate in its dictionary form."""
    last = rules.tokens(text)[-1]
    for ending, kind, cut in (
        ("する", "suru", 2),
        ("ない", "nai", 2),
        ("です", "desu", 2),
        ("だ", "desu", 1),
    ):
        if text.endswith(ending):
            return [(sound[:-cut], _TAILS_JA[kind])] if len(sound) > cut else [(sound, "")]
    if len(sound) == 1:
        return [(sound, "")]
    if last.pos == "adjective" and text.endswith("い"):
        return [(sound[:-1], _TAILS_JA["adjective"])]
    if text.endswith("る"):
        return [(sound[:-1], _TAILS_JA["ru"])]
    row = _ROWS_JA.get(sound[-1])
    return [(sound[:-1], row)] if row else [(sound, "")]


def allowed_edits(length: int, code: str) -> int:
    """How many sounds of a phrase of this length may differ: none in a short one.

    Katakana are about one mora each, so five of them are a word; letters carry about half as much.
    """
    steps = (6, 9, 13, 18) if code == "ja" else (9, 15, 22, 30)
    return sum(length >= step for step in steps)
