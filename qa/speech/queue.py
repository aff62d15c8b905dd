"""Which of the waiting chunks are decoded together: those of one kind, full batches first.

    call 1   [20 s en] [25 s ja]            batch 1: 25 s ja of calls 1 and 2, for it is full
    call 2   [25 s ja] [25 s ja]            batch 2: 20 s en of calls 1 and 3, the oldest that is left
    call 3   [10 s ja] [20 s en]            batch 3: the 10 s of call 3

What would not fill a batch waits while others do: meanwhile more of its kind may come. It waits for
`PATIENCE` batches at most, so that no call is held up by a long one beside it.

Pure: it knows nothing of threads, models or time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

PATIENCE = 8
"""Full batches that are taken before the oldest chunk, if it would not fill its own."""


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
        self._passed = 0
        """Batches taken since the oldest chunk was not among them."""

    def __len__(self) -> int:
        return self._count

    def add(self, kind: Hashable, place: Place, item: Item) -> None:
        """Queue an item. No two have the same place."""
        heapq.heappush(self._kinds.setdefault(kind, []), (place, item))
        self._count += 1

    def take(self, most: Callable[[Hashable], int], takers: int = 1) -> list[Item]:
        """Items of one kind, oldest first; of a kind, what `most` says at most.

        The kind: of those that fill a batch, the one with the oldest item; if there is none, or the oldest
        of all has waited long enough, the oldest item's.

        `takers`: how many would take a batch now. Those for whom there is no other kind share out what one
        batch could hold, so that nobody stands idle beside a long batch.
        """
        if not self._kinds:
            return []
        kind = self._choose(most)
        items = self._kinds[kind]
        sharers = max(1, takers - (len(self._kinds) - 1))
        count = min(most(kind), -(-len(items) // sharers))
        taken = [heapq.heappop(items)[1] for _ in range(count)]
        if not items:
            del self._kinds[kind]
        self._count -= count
        return taken

    def _choose(self, most: Callable[[Hashable], int]) -> Hashable:
        oldest = self._first(self._kinds)
        full = [kind for kind, items in self._kinds.items() if len(items) >= most(kind)]
        if not full or self._passed >= PATIENCE:
            self._passed = 0
            return oldest
        chosen = self._first(full)
        self._passed = self._passed + 1 if chosen != oldest else 0
        return chosen

    def _first(self, kinds: Iterable[Hashable]) -> Hashable:
        """The kind with the oldest item."""
        return min(kinds, key=lambda kind: self._kinds[kind][0][0])
