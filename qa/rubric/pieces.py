"""The pieces of many literals, to be looked up in a voice all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.rubric.compiled import Literal
from qa.rubric.sounds import Bits, Hashes, Numbers, expanded, joined, masks_of

Narrow = NDArray[np.int32]

LONGEST_GRAM = 8
"""Pieces are looked up by at most so many of their first sounds."""
_HASH_BITS = 16
_AT_ONCE = 4096
"""Literals that are worked on together: few enough to need little memory."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Pieces as columns."""

    literal: Narrow
    offset: Narrow
    length: Narrow
    gram: Bits
    """The hash of the first `LONGEST_GRAM` sounds."""
    whole: Bits


@dataclass(frozen=True, slots=True)
class _Grams:
    """The pieces that are looked up by `length` of their sounds."""

    length: int
    known: Bits
    """The hashes of these, in ascending order."""
    first: Numbers
    """The rows of `Pieces` that begin with each are `first[n]` to `first[n + 1]`."""
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
        masks: list[tuple[Bits, Bits, Bits]] = []
        for at in range(0, len(literals), _AT_ONCE):
            codes, first, size = joined(self.sounds[at : at + _AT_ONCE])
            some = Hashes(codes)
            hashes.append(some.of(first, size))
            masks.append(masks_of(codes, first, size))
            cuts.append(_cut(some, first, size, self.edits[at : at + _AT_ONCE], at))
        self.hash = np.concatenate(hashes)
        self.masks = tuple(map(np.concatenate, zip(*masks, strict=True)))
        self._lay_out(_Cut(*(np.concatenate([getattr(c, n) for c in cuts]) for n in _Cut.__slots__)))

    def _lay_out(self, cut: _Cut) -> None:
        looked_up = np.minimum(cut.length, LONGEST_GRAM)
        order = np.lexsort((cut.gram, looked_up))
        self._literal, self._offset = cut.literal[order], cut.offset[order]
        self._length, self._whole = cut.length[order], cut.whole[order]
        self._grams = list(_grams(cut.gram[order], looked_up[order]))

    def scan(self, hashes: Hashes, end: int) -> tuple[Numbers, Numbers, Numbers]:
        """Every piece in a sound of length `end`: its literal, where that begins, where the piece does."""
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
        length = self._length[row].astype(np.int64)
        good = place + length <= end
        long = np.flatnonzero(good & (length > LONGEST_GRAM))
        good[long] = hashes.of(place[long], length[long]) == self._whole[row[long]]
        row, place = row[good], place[good]
        literal, start = self._literal[row].astype(np.int64), place - self._offset[row].astype(np.int64)
        return literal, start, place


def _cut(hashes: Hashes, first: Numbers, size: Numbers, edits: Numbers, at: int) -> _Cut:
    """The pieces of some literals, of which the first is number `at` (see `Literal.seeds`)."""
    parts = edits + 1
    bounds = np.concatenate(([0], np.cumsum(parts)))
    place, literal = expanded(bounds, np.arange(len(size)))
    place -= bounds[literal]
    low, high = (np.rint((place + n) * size[literal] / parts[literal]).astype(np.int64) for n in (0, 1))
    length = high - low
    begin = first[literal] + low
    gram = hashes.of(begin, np.minimum(length, LONGEST_GRAM))
    number, offset, width = (each.astype(np.int32) for each in (literal + at, low, length))
    return _Cut(number, offset, width, gram, hashes.of(begin, length))


def _grams(gram: Bits, length: Narrow) -> Iterator[_Grams]:
    for each in np.unique(length).tolist():
        low, high = np.searchsorted(length, [each, each + 1])
        known, first = np.unique(gram[low:high], return_index=True)
        marked = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
        marked[known >> np.uint64(64 - _HASH_BITS)] = True
        yield _Grams(each, known, np.append(first, high - low) + low, marked)
