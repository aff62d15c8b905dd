"""The notation of a form, and the rows of words that it stands for.

    (a|b)      one of these            (a)?  or (a|)   may be left out
    …          a few other words       〈name〉          something of that kind (see qa.rubric.phrases.slots)
    ^…         only at the start of a turn
    お詫びする〜   the verb or adjective before it in any inflection (English: `apologize~`)

Nothing else is special. Alternatives stay together between gaps and slots: `(a|b)c…(d|e)` is one row of two
places, with two wordings each. Only words that follow each other directly are multiplied out, because how
much may differ from them hangs on how long they are together. Alternatives with a gap or a slot inside are
rows of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SLOTS = ("name", "person", "agent", "company", "number", "any")
MOST = 600
"""Wordings that one form may hold, all its places together."""


class FormError(ValueError):
    """A form that cannot be read; `column` counts from 0 within the form."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as written; `inflected`: its last word stands for all its inflections."""

    text: str
    inflected: bool = False

    @property
    def empty(self) -> bool:
        """True if there is nothing to say."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Words:
    """One of these wordings. While a form is read one of them may be empty: it may be left out."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A few other words."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that varies: a name, a number."""

    kind: str


Part = Words | Gap | Slot
Row = tuple[Part, ...]

_NOTHING = Piece("")
_TOKEN = re.compile(r"[(（]|[|｜]|[)）][?？]?|〈[^〉]*〉|<[^>]*>|…|\.\.\.|[〜~]|[^()（）|｜〈<…〜~.]+|\.")


def expand(form: str) -> tuple[Row, ...]:
    """All rows that `form` stands for. Raises `FormError`."""
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(form)]
    if sum(len(text) for text, _ in tokens) != len(form):
        raise FormError("a bracket 〈 or < is not closed", max(form.find("〈"), form.find("<"), 0))
    found, rest = _choices(tokens, 0, depth=0)
    if rest != len(tokens):
        raise FormError("a ) without its (", tokens[rest][1])
    rows = tuple(dict.fromkeys(_tidy(row) for each in found for row in _with_and_without(each)))
    wordings = sum(len(part.pieces) for row in rows for part in row if isinstance(part, Words))
    if wordings > MOST:
        raise FormError(f"holds {wordings} wordings, at most {MOST}: split it", 0)
    for row in rows:
        if not any(isinstance(part, Words) for part in row):
            raise FormError("has no words of its own", 0)
    return rows


def _choices(tokens: list[tuple[str, int]], at: int, depth: int) -> tuple[list[Row], int]:
    """The alternatives from `at` to the closing bracket (or the end), and where that is."""
    done: list[Row] = []
    current: list[Row] = [()]
    while at < len(tokens):
        text, column = tokens[at]
        if text in "|｜" and depth == 0:
            raise FormError("a | outside brackets", column)
        if text[0] in ")）":
            if depth == 0:
                break
            return _together(done + current, optional=len(text) > 1), at
        if text in "|｜":
            done, current = done + current, [()]
        elif text in "(（":
            inner, end = _choices(tokens, at + 1, depth + 1)
            if end >= len(tokens):
                raise FormError("a ( is not closed", column)
            current = [row for head in current for tail in inner for row in _joined(head, tail)]
            at = end
        else:
            part = _single(text, column)
            current = [row for head in current for row in _joined(head, (part,))]
        if sum(map(_size, current)) > 4 * MOST:
            raise FormError(f"holds more than {MOST} wordings: split it", 0)
        at += 1
    return done + current, at


def _single(text: str, column: int) -> Part:
    if text[0] in "〈<" and len(text) > 1:
        kind = text[1:-1].strip()
        if kind not in SLOTS:
            raise FormError(f"no slot {text}; there are {', '.join(SLOTS)}", column)
        return Slot(kind)
    if text in ("…", "..."):
        return Gap()
    if text in "〜~":
        return Words((Piece("", inflected=True),))
    return Words((Piece(text),))


def _size(row: Row) -> int:
    return sum(len(part.pieces) if isinstance(part, Words) else 1 for part in row)


def _together(rows: list[Row], *, optional: bool) -> list[Row]:
    """The alternatives of a bracket: those that are mere words as one row, the others as they are."""
    plain: dict[Piece, None] = {}
    others: list[Row] = []
    for row in [*rows, ()] if optional else rows:
        match row:
            case ():
                plain[_NOTHING] = None
            case (Words(pieces),):
                plain.update(dict.fromkeys(pieces))
            case _:
                others.append(row)
    return [(Words(tuple(plain)),), *others] if plain else others


def _joined(head: Row, tail: Row) -> list[Row]:
    """One row after the other: words that meet become longer ones, except after an inflection."""
    match head, tail:
        case (*before, Words(left)), (Words(right), *after):
            longer = [Piece(a.text + b.text, b.inflected) for a in left if not a.inflected for b in right]
            ended = tuple(piece for piece in left if piece.inflected)
            more = tuple(piece for piece in right if not piece.empty)
            if len(more) < len(right):
                longer += ended
            rows: list[Row] = []
            if longer:
                rows.append((*before, Words(tuple(dict.fromkeys(longer))), *after))
            if ended and more:
                rows.append((*before, Words(ended), Words(more), *after))
            return rows
    return [(*head, *tail)]


def _with_and_without(row: Row) -> list[Row]:
    """The row with the words that may be left out, and without them."""
    found: list[Row] = [()]
    for part in row:
        choices: list[Row] = [(part,)]
        if isinstance(part, Words):
            said = tuple(piece for piece in part.pieces if not piece.empty)
            choices = [(Words(said),)] if said else []
            choices += [()] if len(said) < len(part.pieces) else []
        found = [(*head, *choice) for head in found for choice in choices]
    return found


def _tidy(row: Row) -> Row:
    """Gaps at the ends and doubled gaps dropped."""
    kept: list[Part] = []
    for part in row:
        if not (isinstance(part, Gap) and (not kept or isinstance(kept[-1], Gap))):
            kept.append(part)
    while kept and isinstance(kept[-1], Gap):
        kept.pop()
    return tuple(kept)
