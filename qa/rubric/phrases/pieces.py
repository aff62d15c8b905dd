"""The pieces of many literals, to be looked up in a voice all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from qa.rubric.phrases.compiled import Literal
from qa.rubric.phrases.sounds import Bits, Hashes, Numbers, Windows, expanded, joined

LONGEST_GRAM = 8
"""Pieces are looked up by at most so many of their first sounds."""
_HASH_BITS = 16
_AT_ONCE = 4096
"""Literals that are worked on together: few enough to need little memory."""

Narrow = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Cut:
    """Pieces as columns."""

    literal: Narrow
    offset: Narrow
    """Sounds of the literal before the piece."""
    length: Narrow
    rest: Narrow
    """Sounds of the literal after it."""
    edits: Narrow
    gram: Bits
    """The hash of the first `LONGEST_GRAM` sounds."""
    whole: Bits
    before: Bits
    """The sounds before it."""
    after: Bits
    """The sounds after it."""
    pairs_before: Bits
    """The pairs that begin before it."""
    pairs_after: Bits
    """The pairs that end after it."""

    def rows(self, chosen: NDArray[np.intp]) -> _Cut:
        """Some of the rows, in that order."""
        return _Cut(*(getattr(self, column.name)[chosen] for column in fields(self)))


@dataclass(frozen=True, slots=True)
class _Grams:
    """The pieces that are looked up by `length` of their sounds."""

    length: int
    known: Bits
    """The hashes of these, in ascending order."""
    first: Numbers
    """The rows that begin with each are `first[n]` to `first[n + 1]`."""
    marked: NDArray[np.bool_]
    """True for the first bits of `known`: most places of a voice need no other look."""


class Pieces:
    """Literals as columns, and their pieces as rows of a table sorted by what they begin with."""

    def __init__(self, literals: Sequence[Literal]) -> None:
        self.sounds = [literal.sound for literal in literals]
        self.edits: Numbers = np.array([literal.edits for literal in literals], dtype=np.int64)
        self.size: Numbers = np.array([len(sound) for sound in self.sounds], dtype=np.int64)
        cuts: list[_Cut] = []
        hashes: list[Bits] = []
        for at in range(0, len(literals), _AT_ONCE):
            codes, first, size = joined(self.sounds[at : at + _AT_ONCE])
            some = Hashes(codes)
            hashes.append(some.of(first, size))
            cuts.append(_cut(some, Windows(codes), first, size, self.edits[at : at + _AT_ONCE], at))
        self.hash = np.concatenate(hashes)
        cut = _Cut(*(np.concatenate([getattr(c, column.name) for c in cuts]) for column in fields(_Cut)))
        looked_up = np.minimum(cut.length, LONGEST_GRAM)
        order = np.lexsort((cut.gram, looked_up))
        self._cut = cut.rows(order)
        self._grams = list(_grams(self._cut.gram, looked_up[order]))

    def scan(self, hashes: Hashes, windows: Windows, end: int) -> tuple[Numbers, Numbers, Numbers]:
        """Pieces in a sound of length `end` around which the rest of their literals may be.

        The literal's number, where that begins, and where the piece does.
        """
        row, place = self._stand(hashes, end)
        good = self._surrounded(row, place, windows)
        row, place = row[good], place[good]
        return self._cut.literal[row].astype(np.int64), place - self._cut.offset[row], place

    def _stand(self, hashes: Hashes, end: int) -> tuple[Numbers, Numbers]:
        """Every row that is in the sound, and where."""
        rows, places = [], []
        for each in self._grams:
            here = hashes.all_of(each.length)
            at = np.flatnonzero(each.marked[here >> np.uint64(64 - _HASH_BITS)])
            number = np.minimum(np.searchsorted(each.known, here[at]), len(each.known) - 1)
            found = each.known[number] == here[at]
            row, by = expanded(each.first, number[found])
            rows.append(row)
            places.append(at[found][by])
        row, place = np.concatenate(rows), np.concatenate(places)
        length = self._cut.length[row].astype(np.int64)
        good = place + length <= end
        long = np.flatnonzero(good & (length > LONGEST_GRAM))
        good[long] = hashes.of(place[long], length[long]) == self._cut.whole[row[long]]
        return row[good], place[good]

    def _surrounded(self, row: Numbers, place: Numbers, windows: Windows) -> Numbers:
        """Those beside which at most `edits` of the other sounds, and twice as many pairs, are missing."""
        cut = self._cut
        edits = cut.edits[row]
        low, end = place - cut.offset[row] - edits, place + cut.length[row]
        high = end + cut.rest[row] + edits
        kept = np.arange(len(row))
        missing = np.zeros(len(row), dtype=np.uint8)
        for wanted, there, first, last, allowed in (
            (cut.before, windows.sounds, low, place, 1),
            (cut.after, windows.sounds, end, high, 1),
            (cut.pairs_before, windows.pairs, low, place, 2),
            (cut.pairs_after, windows.pairs, end - 1, high - 1, 2),
        ):
            if wanted is cut.pairs_before:
                missing[:] = 0
            missing[kept] += np.bitwise_count(wanted[row[kept]] & ~there(first[kept], last[kept]))
            kept = kept[missing[kept] <= allowed * edits[kept]]
        return kept


def _cut(hashes: Hashes, windows: Windows, first: Numbers, size: Numbers, edits: Numbers, at: int) -> _Cut:
    """The pieces of some literals, of which the first is number `at` (see `Literal.seeds`)."""
    parts = edits + 1
    bounds = np.concatenate(([0], np.cumsum(parts)))
    place, literal = expanded(bounds, np.arange(len(size)))
    place -= bounds[literal]
    low, high = (np.rint((place + n) * size[literal] / parts[literal]).astype(np.int64) for n in (0, 1))
    length, rest = high - low, size[literal] - high
    whole = first[literal], first[literal] + size[literal]
    begin, end = whole[0] + low, whole[0] + high
    return _Cut(
        (literal + at).astype(np.int32),
        low.astype(np.int32),
        length.astype(np.int32),
        rest.astype(np.int32),
        edits[literal].astype(np.int32),
        hashes.of(begin, np.minimum(length, LONGEST_GRAM)),
        hashes.of(begin, length),
        windows.sounds(whole[0], begin),
        windows.sounds(end, whole[1]),
        windows.pairs(whole[0], begin),
        windows.pairs(end - 1, whole[1] - 1),
    )


def _grams(gram: Bits, length: Narrow) -> Iterator[_Grams]:
    for each in np.unique(length).tolist():
        low, high = np.searchsorted(length, [each, each + 1])
        known, first = np.unique(gram[low:high], return_index=True)
        marked = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
        marked[known >> np.uint64(64 - _HASH_BITS)] = True
        yield _Grams(each, known, np.append(first, high - low) + low, marked)
