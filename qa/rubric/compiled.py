"""Phrase lists made ready for matching: forms expanded, inflected and read aloud, once per rubric."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa import language as languages
from qa.language import Language
from qa.rubric import forms
from qa.rubric.annotate import sound_of

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
    seeds: tuple[tuple[str, int], ...]
    """Cut into `edits + 1` pieces with their offsets: with at most `edits` differences one piece is whole."""
    bounded: bool
    """Must begin (English: and end) where a word does."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One sequence: literals in order; between, before or after them gaps and slots."""

    parts: tuple[Literal | forms.Gap | forms.Slot, ...]
    anchor: int
    """Index of the longest literal: the one that is looked for first."""
    length: int
    """Sounds in all literals."""
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


def numbered(pattern: Pattern, form: int) -> Pattern:
    """The pattern as that of another form."""
    return dataclasses.replace(pattern, form=form)


def compile_patterns(written: Iterable[str], code: str, *, exact: bool = False) -> tuple[Pattern, ...]:
    """All patterns of these forms. Raises `forms.FormError`."""
    rules = languages.get(code)
    patterns: dict[tuple[object, ...], Pattern] = {}
    for index, form in enumerate(written):
        opens = form.startswith("^")
        for sequence in forms.expand(form.removeprefix("^")):
            for parts in _parts(sequence, rules, exact):
                pattern = _pattern(parts, index, opens)
                patterns.setdefault((opens, *(_key(part) for part in parts)), pattern)
    return tuple(patterns.values())


def _key(part: Literal | forms.Gap | forms.Slot) -> object:
    if isinstance(part, Literal):
        return (part.sound, part.tail.pattern if part.tail else None)
    return part


def _pattern(parts: tuple[Literal | forms.Gap | forms.Slot, ...], form: int, opens: bool) -> Pattern:
    lengths = [len(part.sound) if isinstance(part, Literal) else -1 for part in parts]
    anchor = max(range(len(parts)), key=lambda i: (lengths[i], i))
    return Pattern(parts, anchor, sum(n for n in lengths if n > 0), form, opens)


def _parts(
    sequence: Sequence[forms.Part], rules: Language, exact: bool
) -> list[tuple[Literal | forms.Gap | forms.Slot, ...]]:
    """The sequence with its pieces read aloud; an inflection may stand for several stems."""
    found: list[tuple[Literal | forms.Gap | forms.Slot, ...]] = [()]
    for part in sequence:
        if isinstance(part, forms.Piece):
            literals = _literals(part, rules, exact)
            found = [(*head, literal) for head in found for literal in literals]
        else:
            found = [(*head, part) for head in found]
    return [parts for parts in found if any(isinstance(p, Literal) for p in parts)]


def _literals(piece: forms.Piece, rules: Language, exact: bool) -> list[Literal]:
    sound = speak(piece.text, rules)
    if not sound:
        raise forms.FormError(f"{piece.text!r} has no sound", 0)
    if not piece.inflected:
        return [_literal(sound, None, rules.code, exact)]
    if rules.code == "en":
        stem = re.sub(r"(?<=[a-z]{2})[ey]$", "", sound)
        return [_literal(stem, _TAIL_EN, "en", exact)]
    return [_literal(stem, tail, "ja", exact) for stem, tail in _inflect(piece.text, sound, rules)]


def speak(text: str, rules: Language) -> str:
    """The text as it stands in a `Voice`'s sound."""
    space = " " if rules.code == "en" else ""
    return space.join(sound_of(token.reading, rules.code) for token in rules.tokens(text))


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
    if last.pos == "adjective" and text.endswith("い"):
        return [(sound[:-1], _TAILS_JA["adjective"])]
    if text.endswith("る"):
        return [(sound[:-1], _TAILS_JA["ru"])]
    row = _ROWS_JA.get(sound[-1])
    return [(sound[:-1], row)] if row else [(sound, "")]


@functools.lru_cache(maxsize=65536)
def _literal(sound: str, tail: str | None, code: str, exact: bool) -> Literal:
    edits = 0 if exact else allowed_edits(len(sound), code)
    bounded = code == "en" or len(sound) <= 5
    return Literal(sound, re.compile(tail) if tail else None, edits, _cut(sound, edits + 1), bounded)


def allowed_edits(length: int, code: str) -> int:
    """How many sounds of a phrase of this length may differ: none in a short one.

    Katakana are about one mora each, so five of them are a word; letters carry about half as much.
    """
    steps = (6, 9, 13, 18) if code == "ja" else (9, 15, 22, 30)
    return sum(length >= step for step in steps)


def _cut(sound: str, pieces: int) -> tuple[tuple[str, int], ...]:
    bounds = [round(i * len(sound) / pieces) for i in range(pieces + 1)]
    return tuple((sound[a:b], a) for a, b in pairwise(bounds))
