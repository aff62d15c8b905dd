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
"""Windows of up to 2 ** 7 sounds are looked at whole, longer ones in part."""


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


def bits_of(codes: NDArray[np.uint32]) -> tuple[Bits, Bits, Bits]:
    """For each place one bit that stands for its sound, and one of 128 for it and the next."""
    wide = codes.astype(np.uint64)
    one = np.uint64(1) << (wide & np.uint64(63))
    after = np.append(wide[1:], np.uint64(0))
    mixed = ((wide * np.uint64(0x9E3779B1) + after * np.uint64(0x85EBCA77)) >> np.uint64(13)) & np.uint64(127)
    pair = np.uint64(1) << (mixed & np.uint64(63))
    lower = mixed < 64
    return one, np.where(lower, pair, np.uint64(0)), np.where(lower, np.uint64(0), pair)


def masks_of(codes: NDArray[np.uint32], first: Numbers, size: Numbers) -> tuple[Bits, Bits, Bits]:
    """For each string, from `first` and not empty, the bits of its sounds, and those of its pairs."""
    one, *pairs = bits_of(codes)
    last = first + size - 1
    for pair in pairs:
        pair[last] = 0
    lower, upper = (np.bitwise_or.reduceat(pair, first) for pair in pairs)
    return np.bitwise_or.reduceat(one, first), lower, upper


def tree_of(bits: Bits) -> Bits:
    """Level j, place i: the bits of places i to i + 2 ** j."""
    levels = [bits]
    for level in range(1, _LEVELS):
        step = 1 << (level - 1)
        below = levels[-1]
        wider = below.copy()
        wider[: max(0, len(bits) - step)] |= below[step:]
        levels.append(wider)
    return np.stack(levels)


def windows_of(tree: Bits, low: Numbers, high: Numbers) -> Bits:
    """The bits of all places from `low` to `high`."""
    level = np.minimum(np.frexp(np.maximum(high - low, 1).astype(np.float64))[1] - 1, _LEVELS - 1)
    there: Bits = tree[level, low] | tree[level, np.maximum(high - (1 << level), low)]
    return there


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
