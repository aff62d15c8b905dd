"""Where in a voice a phrase could be, for all phrases of a rubric in one pass.

A literal that may differ by k sounds is cut into k + 1 pieces: wherever it stands, one of them stands whole
(the pigeonhole principle). All pieces of all literals are looked up together; what is found is thrown away
unless enough of the literal's other sounds, and pairs of sounds, are around it, and unless every other place
of its pattern may be filled in the same passage. What remains is few and is verified exactly by
`qa.rubric.phrases.match`, so nothing here changes what is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from qa.rubric.phrases.annotate import BREAK
from qa.rubric.phrases.compiled import Pattern, Segment
from qa.rubric.phrases.pieces import Pieces
from qa.rubric.phrases.sounds import (
    Hashes,
    Numbers,
    Windows,
    any_of,
    codes_of,
)

_FEW = 64
"""As many literals are looked for faster one by one, in most voices: few of them are there."""

Seed = tuple[int, int, bool]
"""Where a literal would begin, its number in its segment, and whether all of it stands there."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What one pass over a voice found."""

    of: Mapping[int, Sequence[Seed]]
    """`id` of a segment → the seeds of its literals, in the voice's order."""
    due: Mapping[Hashable, Sequence[Pattern]]
    """Group → its patterns of which every segment has a seed in one passage, in the group's order."""


class Index:
    """The pieces of all literals in some groups of patterns (a phrase list, its near-misses, …)."""

    def __init__(self, groups: Mapping[Hashable, Sequence[Pattern]]) -> None:
        self._patterns = [(group, pattern) for group, patterns in groups.items() for pattern in patterns]
        rows = [[part for part in p.parts if isinstance(part, Segment)] for _, p in self._patterns]
        self.segments = list({id(segment): segment for row in rows for segment in row}.values())
        number = {id(segment): n for n, segment in enumerate(self.segments)}
        sizes = [len(row) for row in rows]
        self.pattern_first = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        self.segment_in = np.array([number[id(s)] for row in rows for s in row], dtype=np.int64)
        counts = [len(segment.literals) for segment in self.segments]
        self._literal_first = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        self.segment_of = np.repeat(np.arange(len(counts)), counts)
        self.pieces = Pieces([each for segment in self.segments for each in segment.literals])
        self._few = _rows_of_pieces(rows) if sum(counts) <= _FEW else None

    def look(self, sound: str, shifts: Sequence[tuple[int, int]] = ()) -> Seeds:
        """The seeds in this sound, and the patterns that are worth fitting.

        `shifts`: from each offset in the sound on, how much later its seeds stand; pairs in ascending order.
        """
        if not sound or not self._patterns or not self._may_be_in(sound):
            return Seeds({}, {})
        found = _Found(self, sound)
        for test in (found.in_due, found.once, found.alike, found.in_due):
            found.keep(test())
        return Seeds(self._by_segment(found, shifts), self._due(found))

    def _may_be_in(self, sound: str) -> bool:
        """False if no pattern has a piece of each segment in it; known without numbers for a few."""
        if self._few is None:
            return True
        return any(all(any(piece in sound for piece in pieces) for pieces in row) for row in self._few)

    def _due(self, found: _Found) -> Mapping[Hashable, Sequence[Pattern]]:
        due: defaultdict[Hashable, list[Pattern]] = defaultdict(list)
        for number in np.flatnonzero(found.due).tolist():
            group, pattern = self._patterns[number]
            due[group].append(pattern)
        return due

    def _by_segment(self, found: _Found, shifts: Sequence[tuple[int, int]]) -> Mapping[int, Sequence[Seed]]:
        start = found.start
        if shifts:
            offsets, by = np.array(shifts, dtype=np.int64).T
            start = start + by[np.searchsorted(offsets, found.at, side="right") - 1]
        segment = self.segment_of[found.literal]
        order = np.lexsort((found.literal, start, segment))
        segment, literal = segment[order], found.literal[order]
        place = literal - self._literal_first[segment]
        seeds = list(zip(start[order].tolist(), place.tolist(), found.whole[order].tolist(), strict=True))
        bounds = [*np.flatnonzero(np.diff(segment, prepend=-1)).tolist(), len(seeds)]
        numbers = segment[bounds[:-1]].tolist()
        known = self.segments
        return {id(known[n]): seeds[a:b] for n, (a, b) in zip(numbers, pairwise(bounds), strict=True)}


def _rows_of_pieces(rows: Sequence[Sequence[Segment]]) -> list[list[list[str]]]:
    """Per pattern and segment, the pieces of which one stands whole wherever the segment does."""
    return [
        [[piece for literal in segment.literals for piece, _ in literal.seeds] for segment in row]
        for row in rows
    ]


class _Found:
    """Places where pieces of literals stand in one sound, as columns, and which patterns they may be of."""

    def __init__(self, index: Index, sound: str) -> None:
        self._index, self._sound = index, sound
        codes = codes_of(sound)
        self._hashes = Hashes(codes)
        self._passage: Numbers = np.cumsum(codes == ord(BREAK))
        self.literal, self.start, self.at = index.pieces.scan(self._hashes, Windows(codes), len(sound))
        self.whole = np.zeros(len(self.literal), dtype=np.bool_)
        self.due: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)

    def keep(self, good: NDArray[np.bool_]) -> None:
        """Throw the others away."""
        self.literal, self.start, self.at = self.literal[good], self.start[good], self.at[good]
        self.whole = self.whole[good]

    def in_due(self) -> NDArray[np.bool_]:
        """True in passages in which every segment of a pattern may be; says which patterns there are."""
        index = self._index
        bit = np.uint64(1) << (self._passage[self.at] & 63).astype(np.uint64)  # two passages may share one
        segment = index.segment_of[self.literal]
        there = any_of(bit, segment, len(index.segments))
        whole = np.bitwise_and.reduceat(there[index.segment_in], index.pattern_first[:-1])
        self.due = whole > 0
        wanted = any_of(np.repeat(whole, np.diff(index.pattern_first)), index.segment_in, len(index.segments))
        return (wanted[segment] & bit) > 0

    def once(self) -> NDArray[np.bool_]:
        """True for one of the pieces that tell of the same place; says where the whole literal stands."""
        pieces = self._index.pieces
        place = self.start * (1 + self._passage[-1]) + self._passage[self.at]
        _, first = np.unique(place * len(pieces.sounds) + self.literal, return_index=True)
        size = pieces.size[self.literal]
        inside = first[(self.start[first] >= 0) & ((self.start + size)[first] <= len(self._sound))]
        own = pieces.hash[self.literal[inside]]
        self.whole[inside] = self._hashes.of(self.start[inside], size[inside]) == own
        good = self.whole.copy()
        good[first] |= pieces.edits[self.literal[first]] > 0
        return good

    def alike(self) -> NDArray[np.bool_]:
        """True where all but `edits` of the literal's sounds stand around in their order."""
        pieces, good = self._index.pieces, self.whole.copy()
        loose = np.flatnonzero(~good)
        if not len(loose):
            return good
        literal, start = self.literal[loose], self.start[loose]
        size, edits = pieces.size[literal], pieces.edits[literal]
        low = np.maximum(start - edits, 0).tolist()
        high = (start + size + edits).tolist()
        around = [self._sound[a:b] for a, b in zip(low, high, strict=True)]
        wanted = [pieces.sounds[number] for number in literal.tolist()]
        common = cpdist(wanted, around, scorer=LCSseq.similarity, dtype=np.int32)
        good[loose] = common >= size - edits
        return good
