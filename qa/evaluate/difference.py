"""What was said and what was recognised, word beside word, turn by turn of the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa import language as languages
from qa.evaluate.reference import Reference, ReferenceTurn
from qa.evaluate.spread import split
from qa.model import Conversation, Role, Turn


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that agree (`same`), or what was said and what was recognised in its place."""

    said: str
    heard: str
    same: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One turn of the reference; words recognised under a role that never speaks have a row of their own."""

    role: Role
    start: float
    pieces: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        """True if every word agrees."""
        return all(piece.same for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    sound: str
    place: int
    """Which turn of the role it is in."""


def differences(reference: Reference, conversation: Conversation) -> tuple[Row, ...]:
    """Rows in order of time. Each role's words are aligned as a whole, compared by their sound."""
    code = reference.language or conversation.language
    rows: list[Row] = []
    for role in Role:
        truth = [turn for turn in reference.turns or () if turn.role is role]
        heard = [turn for turn in conversation.turns if turn.role is role]
        rows += _rows(role, truth, heard, code)
    return tuple(sorted(rows, key=lambda row: row.start))


def _rows(role: Role, truth: Sequence[ReferenceTurn], heard: Sequence[Turn], code: str) -> list[Row]:
    if not truth:
        return [Row(role, turn.span.start, (Piece("", turn.text, False),)) for turn in heard]
    said = [token for place, turn in enumerate(truth) for token in _tokens(turn.text, place, code)]
    words = [token for place, turn in enumerate(heard) for token in _tokens(turn.text, place, code)]
    pieces: list[list[Piece]] = [[] for _ in truth]
    place = 0
    for step in Levenshtein.opcodes([t.sound for t in said], [t.sound for t in words]):
        left, right = said[step.src_start : step.src_end], words[step.dest_start : step.dest_end]
        if step.tag == "equal":
            for one, other in zip(left, right, strict=True):
                place = one.place
                _add(pieces[place], Piece(one.text, other.text, True))
            continue
        place = left[0].place if left else place
        alike = "".join(t.sound for t in left) == "".join(t.sound for t in right)
        places = list(dict.fromkeys(t.place for t in left)) or [place]
        heard_there = "".join(t.text for t in right)
        for part in places:
            text = "".join(t.text for t in left if t.place == part)
            _add(pieces[part], Piece(text, heard_there if part == places[0] else "", alike))
        place = places[-1]
    return [Row(role, t.span.start, tuple(p)) for t, p in zip(truth, pieces, strict=True)]


def _add(pieces: list[Piece], piece: Piece) -> None:
    """Join what agrees, and neighbours that do not."""
    if pieces and pieces[-1].same == piece.same:
        last = pieces.pop()
        piece = Piece(last.said + piece.said, last.heard + piece.heard, piece.same)
    pieces.append(piece)


def _tokens(text: str, place: int, code: str) -> list[_Token]:
    reading = languages.get(code).reading
    return [_Token(piece, reading(piece), place) for piece in split(text, code)]
