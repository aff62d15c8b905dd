"""Where in a voice a phrase could be, for all phrases of a rubric in one pass.

A literal that may differ by k sounds is cut into k + 1 pieces: wherever it stands, one of them stands whole
(the pigeonhole principle). All pieces of all literals are looked up together; what is found is thrown away
unless enough of the literal's other sounds, and pairs of sounds, are around it. What remains is few and is
verified exactly by `qa.rubric.match`, so nothing here changes what is found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from qa.rubric.compiled import Literal, Pattern

LONGEST_GRAM = 5
"""Pieces are looked up by at most so many of their first sounds."""
_LEVELS = 8
"""Windows of up to 2 ** 7 sounds are looked at whole, longer ones in part."""

_HASH_BITS = 16

Bits = NDArray[np.uint64]
Numbers = NDArray[np.int64]


Seed = tuple[int, int, int]
"""A piece of a literal, found: where the literal would begin, where the piece begins and where it ends."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What one pass over a voice found."""

    of: Mapping[int, Sequence[Seed]]
    """`id` of a literal → its seeds, piece by piece, each in the voice's order."""
    due: Mapping[Hashable, Sequence[Pattern]]
    """Group → its patterns of which every literal has a seed, in the group's order."""

    def moved(self, shifts: Sequence[tuple[int, int]]) -> Seeds:
        """The same where everything from each offset on stands later by so much; pairs in ascending order."""
        firsts = [first for first, _ in shifts]

        def move(seed: Seed) -> Seed:
            by = shifts[bisect_right(firsts, seed[1]) - 1][1]
            return seed[0] + by, seed[1] + by, seed[2] + by

        return Seeds({key: list(map(move, found)) for key, found in self.of.items()}, self.due)


class Index:
    """The pieces of all literals in some groups of patterns (a phrase list, its near-misses, …)."""

    def __init__(self, groups: Mapping[Hashable, Sequence[Pattern]]) -> None:
        self._groups = groups
        self._literals: list[Literal] = []
        self._number: dict[int, int] = {}
        for patterns in groups.values():
            for pattern in patterns:
                self._add(pattern)
        self._anchored = self._anchors()
        pieces = self._pieces()
        self._grams = _grams(pieces)
        self._lay_out(pieces)
        self._masks = _masks([literal.sound for literal in self._literals])

    def _add(self, pattern: Pattern) -> None:
        for part in pattern.parts:
            if isinstance(part, Literal) and id(part) not in self._number:
                self._number[id(part)] = len(self._literals)
                self._literals.append(part)

    def _anchors(self) -> dict[int, list[tuple[Hashable, int, Pattern, tuple[int, ...]]]]:
        """`id` of an anchor → (group, place in it, pattern, ids of its other literals)."""
        anchored = defaultdict(list)
        for group, patterns in self._groups.items():
            for place, pattern in enumerate(patterns):
                others = tuple(
                    id(part)
                    for i, part in enumerate(pattern.parts)
                    if isinstance(part, Literal) and i != pattern.anchor
                )
                anchored[id(pattern.parts[pattern.anchor])].append((group, place, pattern, others))
        return dict(anchored)

    def _pieces(self) -> dict[str, list[tuple[int, int, int]]]:
        """Piece → (number of the literal, number of the piece in it, its offset there)."""
        pieces = defaultdict(list)
        for number, literal in enumerate(self._literals):
            for place, (piece, offset) in enumerate(literal.seeds):
                pieces[piece].append((number, place, offset))
        return dict(pieces)

    def _lay_out(self, pieces: Mapping[str, Sequence[tuple[int, int, int]]]) -> None:
        """The same as columns: rows `first[p]` to `first[p + 1]` belong to piece p."""
        sizes = [len(rows) for rows in pieces.values()]
        self._first: Numbers = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        rows = [row for each in pieces.values() for row in each]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        self._literal_of, self._place_of, self._offset_of = columns
        self._length_of: Numbers = np.array([len(piece) for piece in pieces], dtype=np.int64)
        self._edits: Numbers = np.array([literal.edits for literal in self._literals], dtype=np.int64)
        self._size: Numbers = np.array([len(literal.sound) for literal in self._literals], dtype=np.int64)

    def look(self, sound: str) -> Seeds:
        """The seeds in this sound, and the patterns that are worth fitting."""
        at, piece = _scan(sound, self._grams)
        if not at:
            return Seeds({}, {})
        of = self._kept(sound, np.array(at, dtype=np.int64), np.array(piece, dtype=np.int64))
        due: defaultdict[Hashable, list[tuple[int, Pattern]]] = defaultdict(list)
        for anchor in of.keys() & self._anchored.keys():
            for group, place, pattern, others in self._anchored[anchor]:
                if all(other in of for other in others):
                    due[group].append((place, pattern))
        ordered = {g: [p for _, p in sorted(found, key=lambda f: f[0])] for g, found in due.items()}
        return Seeds(of, ordered)

    def _kept(self, sound: str, at: Numbers, piece: Numbers) -> dict[int, Sequence[Seed]]:
        """The seeds around which the rest of the literal may be."""
        counts = self._first[piece + 1] - self._first[piece]
        hit = np.repeat(np.arange(len(at)), counts)
        row = np.arange(len(hit)) - np.repeat(np.cumsum(counts) - counts, counts) + self._first[piece][hit]
        literal = self._literal_of[row]
        start = at[hit] - self._offset_of[row]
        for test in (self._plausible, self._alike):
            good = test(sound, literal, start)
            hit, row, literal, start = hit[good], row[good], literal[good], start[good]
        order = np.lexsort((at[hit], self._place_of[row], literal))
        hit, literal = hit[order], literal[order]
        here = at[hit]
        ends = here + self._length_of[piece[hit]]
        seeds = list(zip(start[order].tolist(), here.tolist(), ends.tolist(), strict=True))
        bounds = [*np.flatnonzero(np.diff(literal, prepend=-1)).tolist(), len(seeds)]
        numbers = literal[bounds[:-1]].tolist()
        known = self._literals
        return {id(known[n]): seeds[a:b] for n, (a, b) in zip(numbers, pairwise(bounds), strict=True)}

    def _plausible(self, sound: str, literal: Numbers, start: Numbers) -> NDArray[np.bool_]:
        """True where at most `edits` of the literal's sounds, and twice as many pairs, are missing around."""
        edits = self._edits[literal]
        low = np.maximum(start - edits, 0)
        high = np.minimum(start + self._size[literal] + 2 * edits, len(sound))
        good = np.ones(len(literal), dtype=np.bool_)
        kept = np.arange(len(literal))
        for wanted, tree, allowed in zip(self._masks, map(_tree, _bits(sound)), (1, 2, 2), strict=True):
            there = _windows(tree, low[kept], high[kept])
            missing = np.bitwise_count(wanted[literal[kept]] & ~there)
            fine = missing <= allowed * edits[kept]
            good[kept[~fine]] = False
            kept = kept[fine]
        return good

    def _alike(self, sound: str, literal: Numbers, start: Numbers) -> NDArray[np.bool_]:
        """True where all but `edits` of the literal's sounds stand around in their order."""
        edits = self._edits[literal]
        good: NDArray[np.bool_] = edits == 0  # its only piece is the whole of it
        loose = np.flatnonzero(~good)
        if not len(loose):
            return good
        numbers = literal[loose]
        low = np.maximum(start[loose] - edits[loose], 0).tolist()
        high = (start[loose] + self._size[numbers] + edits[loose]).tolist()
        around = [sound[a:b] for a, b in zip(low, high, strict=True)]
        wanted = [self._literals[number].sound for number in numbers.tolist()]
        common = cpdist(wanted, around, scorer=LCSseq.similarity, dtype=np.int32)
        good[loose] = common >= self._size[numbers] - edits[loose]
        return good


@dataclass(frozen=True, slots=True)
class _Grams:
    """The first sounds of pieces that are looked up by `length` of them."""

    length: int
    known: Mapping[str, Sequence[tuple[int, str]]]
    """These sounds → (number of a piece, the piece itself if it is longer)."""
    marked: NDArray[np.bool_]
    """True for the hashes of `known` (see `_hashes`): most places of a voice need no other look."""


def _grams(pieces: Iterable[str]) -> list[_Grams]:
    grams: defaultdict[int, defaultdict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for number, piece in enumerate(pieces):
        head = piece[:LONGEST_GRAM]
        grams[len(head)][head].append((number, piece if len(piece) > LONGEST_GRAM else ""))
    found = []
    for length, known in sorted(grams.items()):
        marked = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
        marked[_hashes("".join(known), length)[::length]] = True
        found.append(_Grams(length, dict(known), marked))
    return found


def _hashes(sound: str, length: int) -> NDArray[np.uint32]:
    """For each place a number below 2 ** _HASH_BITS that stands for `length` sounds from there."""
    codes = np.frombuffer(sound.encode("utf-32-le"), dtype=np.uint32)
    places = max(0, len(codes) - length + 1)
    mixed = np.zeros(places, dtype=np.uint32)
    for offset in range(length):
        mixed = (mixed ^ codes[offset : offset + places]) * np.uint32(0x9E3779B1)
    return mixed >> np.uint32(32 - _HASH_BITS)


def _scan(sound: str, grams: Sequence[_Grams]) -> tuple[list[int], list[int]]:
    """Every piece in the sound: where it begins, and its number."""
    at: list[int] = []
    found: list[int] = []
    for each in grams:
        length, known = each.length, each.known
        for place in np.flatnonzero(each.marked[_hashes(sound, length)]).tolist():
            for number, whole in known.get(sound[place : place + length], ()):
                if not whole or sound.startswith(whole, place):
                    at.append(place)
                    found.append(number)
    return at, found


def _bits(sound: str) -> tuple[Bits, Bits, Bits]:
    """For each place one bit that stands for its sound, and one of 128 for it and the next."""
    codes = np.frombuffer(sound.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    one = np.uint64(1) << (codes & np.uint64(63))
    after = np.append(codes[1:], np.uint64(0))
    mixed = ((codes * np.uint64(0x9E3779B1) + after * np.uint64(0x85EBCA77)) >> np.uint64(13)) & np.uint64(
        127
    )
    pair = np.uint64(1) << (mixed & np.uint64(63))
    if len(pair):
        pair[-1] = 0
    lower = mixed < 64
    return one, np.where(lower, pair, np.uint64(0)), np.where(lower, np.uint64(0), pair)


def _masks(sounds: Sequence[str]) -> tuple[Bits, Bits, Bits]:
    """For each sound (of a literal) the bits of its sounds and pairs."""
    masks = np.zeros((3, len(sounds)), dtype=np.uint64)
    for number, sound in enumerate(sounds):
        for kind, bits in enumerate(_bits(sound)):
            masks[kind, number] = np.bitwise_or.reduce(bits)
    return masks[0], masks[1], masks[2]


def _tree(bits: Bits) -> Bits:
    """Level j, place i: the bits of places i to i + 2 ** j."""
    levels = [bits]
    for level in range(1, _LEVELS):
        step = 1 << (level - 1)
        below = levels[-1]
        wider = below.copy()
        wider[: max(0, len(bits) - step)] |= below[step:]
        levels.append(wider)
    return np.stack(levels)


def _windows(tree: Bits, low: Numbers, high: Numbers) -> Bits:
    """The bits of all places from `low` to `high`."""
    level = np.minimum(np.frexp(np.maximum(high - low, 1).astype(np.float64))[1] - 1, _LEVELS - 1)
    there: Bits = tree[level, low] | tree[level, np.maximum(high - (1 << level), low)]
    return there
