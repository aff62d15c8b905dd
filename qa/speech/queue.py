"""Which of the waiting chunks are decoded together: those of one kind, the oldest call's first.

    call 1   [25 s ja] [25 s ja]            batch 1: both of call 1 and the first of call 2
    call 2   [25 s ja] [10 s ja]            batch 2: the 10 s of call 2
    call 3   [20 s en]                      batch 3: call 3

Pure: it knows nothing of threads, models or time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A chunk's place in the queue: calls in the order in which they came, their chunks in theirs."""

    turn: int
    number: int


class Waiting(Generic[Item]):
    """Chunks that wait, by kind: chunks of different kinds cannot be decoded together."""

    def __init__(self) -> None:
        self._kinds: dict[Hashable, list[tuple[Place, Item]]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, kind: Hashable, place: Place, item: Item) -> None:
        """Queue an item. No two have the same place."""
        heapq.heappush(self._kinds.setdefault(kind, []), (place, item))
        self._count += 1

    def take(self, most: Callable[[Hashable], int], takers: int = 1) -> list[Item]:
        """The oldest item and others of its kind, oldest first; of a kind, what `most` says at most.

        `takers`: how many would take a batch now. Those for whom there is no other kind share out what one
        batch could hold, so that nobody stands idle beside a long batch.
        """
        if not self._kinds:
            return []
        kind, items = min(self._kinds.items(), key=lambda pair: pair[1][0][0])
        sharers = max(1, takers - (len(self._kinds) - 1))
        count = min(most(kind), -(-len(items) // sharers))
        taken = [heapq.heappop(items)[1] for _ in range(count)]
        if not items:
            del self._kinds[kind]
        self._count -= count
        return taken
