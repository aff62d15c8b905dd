"""How like a phrase list's examples something sounds that none of its forms fits.

People say the same thing in more ways than anybody writes down. What is like the examples of a list, and
unlike everything else that is said in calls, may be another way to say it: never enough to find it, but
enough not to claim that it is missing.

A sentence is the set of its short runs of sounds, weighted by how rare they are. A list's examples are told
from all other sentences by kernel ridge regression (closed form: the same examples give the same weights).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qa import language as languages
from qa.rubric.compiled import speak

GRAMS = {"ja": (1, 4), "en": (2, 5)}
"""Lengths of the runs of sounds."""
WINDOW = {"ja": 36, "en": 72}
"""Sounds that are looked at together: about one sentence."""
SHORTEST = {"ja": 10, "en": 18}
"""Sounds: what is shorter is like too many things."""
_RIDGE = 0.3

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Things that people say, as examples of some lists."""

    of: frozenset[str]
    """Ids of the lists."""
    leave: frozenset[str]
    """Lists of which they are neither examples nor counter-examples."""
    hits: tuple[str, ...]
    misses: tuple[str, ...] = ()
    """What sounds near and is no example of them."""


@dataclass(frozen=True)
class Resemblance:
    """The sentences of one language, and the examples of its phrase lists."""

    code: str
    sentences: tuple[Sentences, ...] = ()
    examples: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    """List → its hits and misses, as plain text."""
    _weights: dict[str, Vector] = field(default_factory=dict, compare=False, repr=False)

    def knows(self, name: str) -> bool:
        """True if there are sentences beside a list's own examples to tell it from."""
        return bool(self.sentences) and name in self.examples

    def likeness(self, name: str, sound: str) -> float:
        """How like the examples of a list something sounds: 0 like everything else, 1 like them."""
        weights = self._trained(name)
        found = self._gram_weights(sound)
        norm = math.sqrt(sum(weight * weight for weight in found.values()))
        known = self._number
        total = sum(weight * float(weights[known[g]]) for g, weight in found.items() if g in known)
        return total / norm if norm else 0.0

    def _gram_weights(self, sound: str) -> dict[str, float]:
        rarity, rarest = self._rarity
        return {gram: rarity.get(gram, rarest) for gram in _grams(sound, self.code)}

    @cached_property
    def _sounds(self) -> tuple[str, ...]:
        """What the sentences sound like, hits and misses of each group in turn."""
        return tuple(self._sound(text) for group in self.sentences for text in (*group.hits, *group.misses))

    def _sound(self, text: str) -> str:
        return speak(text, languages.get(self.code))

    @cached_property
    def _rarity(self) -> tuple[Mapping[str, float], float]:
        """The weight of each run of sounds that the sentences hold, and of any other."""
        count = Counter(gram for sound in self._sounds for gram in _grams(sound, self.code))
        many = 1 + len(self._sounds)
        weights = {gram: math.log(many / (1 + seen)) + 1 for gram, seen in count.items() if seen > 1}
        return weights, math.log(many) + 1

    @cached_property
    def _number(self) -> Mapping[str, int]:
        return {gram: number for number, gram in enumerate(sorted(self._rarity[0]))}

    @cached_property
    def _shared(self) -> Vector:
        """The sentences as rows of unit length."""
        return self._rows(self._sounds)

    def _rows(self, sounds: Sequence[str]) -> Vector:
        rows = np.zeros((len(sounds), len(self._number)), dtype=np.float32)
        for row, sound in zip(rows, sounds, strict=True):
            found = self._gram_weights(sound)
            norm = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
            for gram, weight in found.items():
                if gram in self._number:
                    row[self._number[gram]] = weight / norm
        return rows

    def _trained(self, name: str) -> Vector:
        """Weights of the runs of sounds for one list."""
        if name not in self._weights:
            hits, misses = self.examples[name]
            own = self._rows([self._sound(text) for text in (*hits, *misses)])
            chosen, wanted = self._chosen(name)
            rows = np.concatenate([own, self._shared[chosen]])
            wanted = np.concatenate([np.ones(len(hits)), np.zeros(len(misses)), wanted])
            self._weights[name] = _fit(rows, wanted)
        return self._weights[name]

    def _chosen(self, name: str) -> tuple[list[int], NDArray[np.float64]]:
        """The sentences that say something about a list: their numbers, and 1 for its examples."""
        chosen: list[int] = []
        wanted: list[float] = []
        at = 0
        for group in self.sentences:
            hits = range(at, at + len(group.hits))
            misses = range(hits.stop, hits.stop + len(group.misses))
            at = misses.stop
            mine = name in group.of
            if mine or name not in group.leave:
                chosen += hits
                wanted += [float(mine)] * len(hits)
            if mine:
                chosen += misses
                wanted += [0.0] * len(misses)
        return chosen, np.array(wanted)


def _fit(rows: Vector, wanted: NDArray[np.float64]) -> Vector:
    """Weights that tell rows wanted 1 from rows wanted 0, which weigh the same, and from anything else."""
    share = np.where(wanted > 0, 0.5 / max(1.0, wanted.sum()), 0.5 / max(1.0, (1 - wanted).sum()))
    alike = (rows @ rows.T).astype(np.float64)
    np.fill_diagonal(alike, 1.0)
    dual = np.linalg.solve(alike + np.diag(_RIDGE / (share * len(wanted))), wanted)
    return (rows.T @ dual.astype(np.float32)).astype(np.float32)


def _grams(sound: str, code: str) -> set[str]:
    low, high = GRAMS[code]
    padded = f" {sound.strip()} "
    return {padded[i : i + n] for n in range(low, high + 1) for i in range(len(padded) - n + 1)}


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
