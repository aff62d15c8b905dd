"""The notation of a form, and its expansion into plain sequences.

    (a|b)      one of these            (a)?  or (a|)   may be left out
    …          a few other words       〈name〉          something of that kind (see qa.rubric.slots)
    ^…         only at the start of a turn
    お詫びする〜   the verb or adjective before it in any inflection (English: `apologize~`)

Nothing else is special. A form is expanded when the rubric is loaded, never while matching.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SLOTS = ("name", "agent", "company", "number", "any")
MOST = 600
"""Sequences that one form may stand for."""


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


@dataclass(frozen=True, slots=True)
class Gap:
    """A few other words."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that varies: a name, a number."""

    kind: str


Part = Piece | Gap | Slot
Sequence = tuple[Part, ...]

_TOKEN = re.compile(r"[(（]|[|｜]|[)）][?？]?|〈[^〉]*〉|<[^>]*>|…|\.\.\.|[〜~]|[^()（）|｜〈<…〜~.]+|\.")


def expand(form: str) -> tuple[Sequence, ...]:
    """All plain sequences that `form` stands for. Raises `FormError`."""
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(form)]
    if sum(len(text) for text, _ in tokens) != len(form):
        raise FormError("a bracket 〈 or < is not closed", max(form.find("〈"), form.find("<"), 0))
    alternatives, rest = _choices(tokens, 0, depth=0)
    if rest != len(tokens):
        raise FormError("a ) without its (", tokens[rest][1])
    sequences = tuple(dict.fromkeys(_tidy(parts) for parts in alternatives))
    if len(sequences) > MOST:
        raise FormError(f"stands for {len(sequences)} sequences, at most {MOST}: split it", 0)
    for sequence in sequences:
        if not any(isinstance(part, Piece) for part in sequence):
            raise FormError("has no words of its own", 0)
    return sequences


def _choices(tokens: list[tuple[str, int]], at: int, depth: int) -> tuple[list[list[Part]], int]:
    """The alternatives from `at` to the closing bracket (or the end), and where that is."""
    done: list[list[Part]] = []
    current: list[list[Part]] = [[]]
    while at < len(tokens):
        text, column = tokens[at]
        if text in "|｜" and depth == 0:
            raise FormError("a | outside brackets", column)
        if text[0] in ")）":
            if depth == 0:
                break
            return _close(done + current, text), at
        if text in "|｜":
            done, current = done + current, [[]]
        elif text in "(（":
            inner, end = _choices(tokens, at + 1, depth + 1)
            if end >= len(tokens):
                raise FormError("a ( is not closed", column)
            current = [[*head, *tail] for head in current for tail in inner]
            at = end
        else:
            current = [[*parts, *_single(text, column, parts)] for parts in current]
        if len(current) > 4 * MOST:
            raise FormError(f"stands for more than {MOST} sequences: split it", 0)
        at += 1
    if depth:
        return done + current, len(tokens)
    return current, at


def _close(found: list[list[Part]], bracket: str) -> list[list[Part]]:
    optional = len(bracket) > 1 and [] not in found
    return [*found, []] if optional else found


def _single(text: str, column: int, before: list[Part]) -> Iterator[Part]:
    if text[0] in "〈<" and len(text) > 1:
        kind = text[1:-1].strip()
        if kind not in SLOTS:
            raise FormError(f"no slot {text}; there are {', '.join(SLOTS)}", column)
        yield Slot(kind)
    elif text in ("…", "..."):
        yield Gap()
    elif text in "〜~":
        yield Piece("", inflected=True)
    else:
        yield Piece(text)


def _tidy(parts: list[Part]) -> Sequence:
    """Neighbouring pieces joined; gaps at the ends and doubled gaps dropped."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Piece) and isinstance(last, Piece) and not last.inflected:
            joined[-1] = Piece(last.text + part.text, part.inflected)
        elif not (isinstance(part, Gap) and (last is None or isinstance(last, Gap))):
            joined.append(part)
    while joined and isinstance(joined[-1], Gap):
        joined.pop()
    return tuple(part for part in joined if not (isinstance(part, Piece) and not part.text.strip()))
