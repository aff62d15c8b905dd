"""How like a phrase list's examples something sounds that none of its forms fits.

People say the same thing in more ways than anybody writes down. What is like the examples of a list, and
unlike everything else that is said in calls, is another way to say it, or may be one.

A sentence is the set of its short runs of sounds, weighted by how rare they are. A list's examples are told
from all other sentences by ridge regression: the same examples give the same weights.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.sparse.linalg import LinearOperator, cg

from qa import language as languages
from qa.rubric.phrases.compiled import speak

GRAMS = {"ja": (1, 4), "en": (2, 5)}
"""Lengths of the runs of sounds."""
WINDOW = {"ja": 36, "en": 72}
"""Sounds that are looked at together: about one sentence."""
SHORTEST = {"ja": 10, "en": 18}
"""Sounds: what is shorter is like too many things."""
_RIDGE = 0.1
_EXACT = 1e-3
"""Of the solution: relative error."""

_OWNER = np.uint64(40)
"""Bits of a hash; above them stands whose it is."""

Vector = NDArray[np.float32]
Numbers = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Things that people say, as examples of some lists."""

    of: frozenset[str]
    """Ids of the lists; none: they are examples of nothing."""
    leave: frozenset[str]
    """Lists of which they are neither examples nor counter-examples."""
    hits: tuple[str, ...]
    misses: tuple[str, ...] = ()
    """What sounds near and is no example of them."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The known runs of sounds of one sentence, by number, and their shares of it (norm at most 1)."""

    numbers: Numbers
    shares: Vector


@dataclass(frozen=True)
class Resemblance:
    """The sentences of one language, and the examples of its phrase lists."""

    code: str
    sentences: tuple[Sentences, ...] = ()
    examples: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    """List → its hits and misses, as plain text."""
    _weights: dict[str, Vector] = field(default_factory=dict, compare=False, repr=False)
    _identities: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def knows(self, name: str) -> bool:
        """True if there are sentences beside a list's own examples to tell it from."""
        return bool(self.sentences) and name in self.examples

    def identity(self, name: str) -> str:
        """Hash of all that likeness to a list hangs on in the rubric."""
        if name not in self._identities:
            text = f"{self.taught_by} {self.examples[name]!r}"
            self._identities[name] = hashlib.sha256(text.encode()).hexdigest()[:16]
        return self._identities[name]

    @cached_property
    def taught_by(self) -> str:
        """Hash of the sentences, the same in every process."""
        groups = [(sorted(g.of), sorted(g.leave), g.hits, g.misses) for g in self.sentences]
        return hashlib.sha256(repr([self.code, groups]).encode()).hexdigest()

    def read(self, sounds: Sequence[str]) -> list[Runs]:
        """The runs of each of these sounds, to ask about any list."""
        owner, numbers, shares = self._space.read(sounds)
        ends = np.searchsorted(owner, np.arange(1, len(sounds)))
        return list(map(Runs, np.split(numbers, ends), np.split(shares, ends)))

    def likeness(self, name: str, sentences: Sequence[Runs]) -> list[float]:
        """How like the examples of a list each of these sounds: 0 like everything else, 1 like them."""
        if not sentences:
            return []
        weights = self._trained(name)[np.concatenate([runs.numbers for runs in sentences])]
        shares = np.concatenate([runs.shares for runs in sentences])
        owner = np.repeat(np.arange(len(sentences)), [len(runs.numbers) for runs in sentences])
        found: list[float] = np.bincount(owner, weights * shares, minlength=len(sentences)).tolist()
        return found

    @cached_property
    def _sounds(self) -> list[str]:
        """What the sentences sound like: hits and misses of each group in turn."""
        return self._speak(text for group in self.sentences for text in (*group.hits, *group.misses))

    def _speak(self, texts: Iterable[str]) -> list[str]:
        rules = languages.get(self.code)
        return [speak(text, rules) for text in texts]

    @cached_property
    def _space(self) -> _Space:
        return _space(self._sounds, self.code)

    @cached_property
    def _shared(self) -> csr_array:
        """The sentences as rows."""
        return self._rows(self._sounds)

    def _rows(self, sounds: Sequence[str]) -> csr_array:
        owner, numbers, shares = self._space.read(sounds)
        return csr_array((shares, (owner, numbers)), shape=(len(sounds), len(self._space.known)))

    def _trained(self, name: str) -> Vector:
        """Weights of the runs of sounds for one list."""
        if name not in self._weights:
            hits, misses = self.examples[name]
            own = [1.0] * len(hits) + [0.0] * len(misses)
            rows = vstack([self._shared, self._rows(self._speak((*hits, *misses)))], format="csr")
            self._weights[name] = _fit(rows, np.array([*self._wanted(name), *own], dtype=np.float32))
        return self._weights[name]

    def _wanted(self, name: str) -> list[float]:
        """For each sentence 1 if it is an example of the list, 0 if it is none, nan if that is not known."""
        wanted: list[float] = []
        for group in self.sentences:
            mine = name in group.of
            said = 1.0 if mine else math.nan if name in group.leave else 0.0
            wanted += [said] * len(group.hits)
            wanted += [0.0 if mine else math.nan] * len(group.misses)
        return wanted


@dataclass(frozen=True, slots=True)
class _Space:
    """The runs of sounds that tell sentences apart: those that more than one of them holds."""

    code: str
    known: Keys
    """In ascending order."""
    rarity: NDArray[np.float64]
    rarest: float
    """The weight of any other run."""

    def read(self, sounds: Sequence[str]) -> tuple[Numbers, Numbers, Vector]:
        """The known runs of all these sounds: whose they are (ascending), their numbers and shares."""
        owner, keys = _runs(sounds, self.code)
        place = np.minimum(np.searchsorted(self.known, keys), len(self.known) - 1)
        known = self.known[place] == keys if len(self.known) else np.zeros(len(keys), dtype=np.bool_)
        weight = np.full(len(keys), self.rarest)
        weight[known] = self.rarity[place[known]]
        norm = np.sqrt(np.bincount(owner, weight * weight, minlength=len(sounds)))
        shares = weight[known] / norm[owner[known]]
        return owner[known], place[known], shares.astype(np.float32)


def _space(sounds: Sequence[str], code: str) -> _Space:
    _, keys = _runs(sounds, code)
    each, seen = np.unique(keys, return_counts=True)
    many = 1 + len(sounds)
    often = seen > 1
    return _Space(code, each[often], np.log(many / (1 + seen[often])) + 1, math.log(many) + 1)


def _runs(sounds: Sequence[str], code: str) -> tuple[Numbers, Keys]:
    """Every run of each sound once: whose it is (ascending), and a hash of 40 bits."""
    low, high = GRAMS[code]
    padded = [f" {sound.strip()} " for sound in sounds]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(padded)), [len(text) for text in padded])
    mixed = np.zeros(len(codes), dtype=np.uint64)
    owners, keys = [owner[:0]], [mixed[:0]]
    for length in range(1, min(high, len(codes)) + 1):
        places = len(codes) - length + 1
        mixed = (mixed[:places] + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= codes[length - 1 :] * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed ^= mixed >> np.uint64(29)
        if length >= low:
            whole = owner[:places] == owner[length - 1 :]
            owners.append(owner[:places][whole])
            keys.append(mixed[whole] >> (np.uint64(64) - _OWNER))
    packed = np.sort((np.concatenate(owners).astype(np.uint64) << _OWNER) | np.concatenate(keys))
    first = np.ones(len(packed), dtype=np.bool_)  # np.unique would hash, which is far slower
    first[1:] = packed[1:] != packed[:-1]
    packed = packed[first]
    return (packed >> _OWNER).astype(np.int64), packed & ((np.uint64(1) << _OWNER) - np.uint64(1))


def _fit(rows: csr_array, wanted: Vector) -> Vector:
    """Weights that tell rows wanted 1 from rows wanted 0, which weigh the same, and from anything else."""
    share = np.zeros(len(wanted), dtype=np.float32)
    known = int(np.count_nonzero(~np.isnan(wanted)))
    for kind in (1, 0):
        chosen = wanted == kind
        share[chosen] = 0.5 * known / max(1, int(np.count_nonzero(chosen))) / _RIDGE
    across = rows.T.tocsr()

    def balanced(weights: Vector) -> Vector:
        product: Vector = across @ (share * (rows @ weights)) + weights
        return product

    size = rows.shape[1]
    operator = LinearOperator((size, size), matvec=balanced, dtype=np.float32)
    weights, _ = cg(operator, across @ (share * (wanted == 1)), rtol=_EXACT, maxiter=500)
    found: Vector = np.asarray(weights, dtype=np.float32)
    return found


def windows(starts: Sequence[int], end: int, code: str) -> Iterable[tuple[int, int]]:
    """Stretches of about a sentence, as numbers of tokens (first, last), that together hold all of them.

    `starts`: where each token's sound begins; `end`: where that of the last one ends.
    """
    width, first = WINDOW[code], 0
    bounds = [*starts, end]
    while first < len(starts):
        last = first
        while last + 1 < len(starts) and bounds[last + 2] - bounds[first] <= width:
            last += 1
        yield first, last
        if last + 1 >= len(starts):
            return
        half = bounds[first] + width // 2
        first = max(first + 1, next(n for n in range(first, last + 2) if bounds[n] >= half or n == last + 1))
