"""Strings of sounds as numbers: what numpy can compare for thousands of phrases at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
Numbers = NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_MIX = 0xD6E8FEB86659FD93
_LEVELS = 8
"""Stretches of less than 2 ** 8 sounds can be told apart."""


def codes_of(sound: str) -> NDArray[np.uint32]:
    """The code points."""
    return np.frombuffer(sound.encode("utf-32-le"), dtype=np.uint32)


class Hashes:
    """Any stretch of a string as one number of 64 bits, the same wherever it stands.

    A polynomial hash (Rabin and Karp), modulo 2 ** 64. Two stretches that differ may share a number, though
    among a few million that is not to be expected.
    """

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        self._powers, self._inverse = _powers(1 << max(12, len(codes).bit_length()))
        mixed = (codes.astype(np.uint64) + np.uint64(1)) * np.uint64(_MIX)
        self._sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(mixed * self._powers[: len(codes)], out=self._sums[1:])

    def of(self, start: Numbers, length: Numbers | int) -> Bits:
        """The stretches of `length` sounds from each `start`."""
        found: Bits = (self._sums[start + length] - self._sums[start]) * self._inverse[start]
        return found

    def all_of(self, length: int) -> Bits:
        """All stretches of one length, in order."""
        places = max(0, len(self._sums) - length)
        found: Bits = (self._sums[length:] - self._sums[:places]) * self._inverse[:places]
        return found


@cache
def _powers(count: int) -> tuple[Bits, Bits]:
    """The powers of the base, from 1, and those of its inverse."""
    powers = np.ones((2, count), dtype=np.uint64)
    powers[:, 1:] = np.array([[_BASE], [pow(_BASE, -1, 1 << 64)]], dtype=np.uint64)
    base, inverse = np.cumprod(powers, axis=1, dtype=np.uint64)
    return base, inverse


class Windows:
    """Which sounds, and pairs of sounds, stand in any stretch of a string: 64 bits stand for all."""

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        wide = codes.astype(np.uint64)
        pair = wide * np.uint64(_BASE) + np.append(wide[1:], np.uint64(0)) * np.uint64(_MIX)
        self._end = len(codes)
        self._sounds = _doubled(np.uint64(1) << (wide & np.uint64(63)))
        self._pairs = _doubled(np.uint64(1) << (pair >> np.uint64(58)))

    def sounds(self, low: Numbers, high: Numbers) -> Bits:
        """The bits of the sounds from each `low` to each `high`; what is beyond the string is left out."""
        return self._of(self._sounds, low, high)

    def pairs(self, low: Numbers, high: Numbers) -> Bits:
        """The bits of the pairs that begin there."""
        return self._of(self._pairs, low, high)

    def _of(self, doubled: Bits, low: Numbers, high: Numbers) -> Bits:
        low, high = np.maximum(low, 0), np.minimum(high, self._end)
        width = np.clip(high - low, 0, len(_LEVEL) - 1)
        level = _LEVEL[width]
        last = np.maximum(high - (1 << level), low)
        rows = level * self._end
        there: Bits = (
            doubled[rows + np.minimum(low, self._end - 1)] | doubled[rows + np.minimum(last, self._end - 1)]
        )
        there[width == 0] = 0
        there[width == len(_LEVEL) - 1] = ~np.uint64(0)  # too long to tell
        return there


_LEVEL = (np.frexp(np.maximum(np.arange(1 << _LEVELS), 1))[1] - 1).astype(np.int64)
"""By the width of a stretch: it is covered by two of 2 ** level places."""


def _doubled(bits: Bits) -> Bits:
    """The bits of places i to i + 2 ** level for every i, one level after the other."""
    levels = [bits]
    for level in range(1, _LEVELS):
        step = 1 << (level - 1)
        wider = levels[-1].copy()
        wider[: max(0, len(bits) - step)] |= levels[-1][step:]
        levels.append(wider)
    return np.concatenate(levels)


def any_of(bits: Bits, group: Numbers, groups: int) -> Bits:
    """The bits of each of so many groups, together."""
    found = np.zeros(groups, dtype=np.uint64)
    np.bitwise_or.at(found, group, bits)
    return found


def expanded(first: Numbers, which: Numbers) -> tuple[Numbers, Numbers]:
    """The rows `first[w]` to `first[w + 1]` of each w in `which`, and by which of these they came."""
    counts = first[which + 1] - first[which]
    by = np.repeat(np.arange(len(which)), counts)
    rows = np.arange(len(by)) - np.repeat(np.cumsum(counts) - counts, counts) + first[which][by]
    return rows, by


def joined(sounds: Sequence[str]) -> tuple[NDArray[np.uint32], Numbers, Numbers]:
    """The code points of all strings after each other, where each begins, and how long each is."""
    size = np.fromiter(map(len, sounds), dtype=np.int64, count=len(sounds))
    return codes_of("".join(sounds)), np.cumsum(size) - size, size
