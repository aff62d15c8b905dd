"""Threads that wait for their own chunks decode everybody's: how calls share the recogniser.

A call's thread queues its chunks and waits. While it waits, it takes a batch from the queue, whosever
chunks those are, and decodes it, unless enough others are at that already. Where fewer wait than the device
has room for (one long call, the end of a night), threads are lent that go when the queue is empty. So
nobody decodes when nobody waits, and a failure surfaces where somebody is waiting for it.

What waits in the queue is bounded by what the callers hand in at once (`listen.CHUNKS_AT_ONCE` each).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from qa.speech.queue import Place, Waiting

logger = logging.getLogger("qa.speech")

Job = TypeVar("Job")
Result = TypeVar("Result")


class TooLarge(Exception):
    """Raised by `decode`: the batch does not fit the device's memory."""


@dataclass(slots=True, eq=False)
class _Ticket(Generic[Job, Result]):
    """A queued job and what became of it."""

    kind: Hashable
    place: Place
    job: Job
    result: Result | None = None
    error: BaseException | None = None
    done: bool = False


class Sharing(Generic[Job, Result]):
    """A queue of jobs for a device that does several of a kind at once.

    `decode` does a batch of one kind; it may be called from `slots` threads at the same time.
    """

    def __init__(
        self,
        decode: Callable[[Sequence[Job]], Sequence[Result]],
        batch_size: int,
        slots: int = 1,
        shrunk: Callable[[int], None] = lambda size: None,
        most: Callable[[Hashable], int] | None = None,
    ) -> None:
        """`shrunk` is told the new batch size whenever memory ran out.

        `most`: how many of a kind go together, where that is fewer than `batch_size`.
        """
        self._most = most
        self._shrunk = shrunk
        self._decode = decode
        self._batch_size = batch_size
        self._slots = self._free = slots
        self._callers = 0
        """Threads in `run`."""
        self._lent = 0
        """Threads that help them."""
        self._waiting: Waiting[_Ticket[Job, Result]] = Waiting()
        self._number = 0
        self._changed = threading.Condition()

    @property
    def batch_size(self) -> int:
        """Jobs done together at most; smaller once memory ran out."""
        return self._batch_size

    def most(self, kind: Hashable) -> int:
        """Jobs of a kind done together at most."""
        return self._batch_size if self._most is None else max(1, min(self._batch_size, self._most(kind)))

    @property
    def waiting(self) -> int:
        """Jobs that nobody has begun."""
        return len(self._waiting)

    def run(self, turn: int, jobs: Sequence[tuple[Hashable, Job]]) -> list[Result]:
        """The result of each (kind, job), in order. Lower `turn`s go first. Raises what a job of its raised.

        An error of one job does not reach the calls it shared a batch with.
        """
        with self._changed:
            self._callers += 1
            try:
                tickets = [self._enqueue(turn, kind, job) for kind, job in jobs]
                self._changed.notify_all()
                while not all(ticket.done for ticket in tickets):
                    self._lend()
                    if not self._take_one():
                        self._changed.wait()
            finally:
                self._callers -= 1
        for ticket in tickets:
            if ticket.error is not None:
                raise ticket.error
        return [ticket.result for ticket in tickets]  # type: ignore[misc]

    def _take_one(self) -> bool:
        """Decode a batch, if there is one and a slot is free."""
        if not self._free or not len(self._waiting):
            return False
        self._do(self._waiting.take(self.most, self._free))
        return True

    def _lend(self) -> None:
        """Enough threads for all slots, where there is more than one batch to do."""
        while self._callers + self._lent < min(self._slots, len(self._waiting)):
            self._lent += 1
            threading.Thread(target=self._help, name="decoding", daemon=True).start()

    def _help(self) -> None:
        with self._changed:
            try:
                while self._take_one():
                    pass
            finally:
                self._lent -= 1

    def _enqueue(self, turn: int, kind: Hashable, job: Job) -> _Ticket[Job, Result]:
        self._number += 1
        ticket: _Ticket[Job, Result] = _Ticket(kind, Place(turn, self._number), job)
        self._waiting.add(kind, ticket.place, ticket)
        return ticket

    def _do(self, batch: list[_Ticket[Job, Result]]) -> None:
        """Decode a batch with the lock let go."""
        self._free -= 1
        self._changed.release()
        try:
            outcome: Sequence[Result] | BaseException = self._decode([ticket.job for ticket in batch])
        except BaseException as error:
            outcome = error
        finally:
            self._changed.acquire()
            self._free += 1
        self._settle(batch, outcome)
        self._changed.notify_all()
        if isinstance(outcome, BaseException) and not isinstance(outcome, Exception):
            raise outcome

    def _settle(self, batch: list[_Ticket[Job, Result]], outcome: Sequence[Result] | BaseException) -> None:
        if not isinstance(outcome, BaseException):
            for ticket, result in zip(batch, outcome, strict=True):
                ticket.result, ticket.done = result, True
        elif len(batch) == 1 or not isinstance(outcome, Exception):
            for ticket in batch:
                ticket.error, ticket.done = outcome, True
        elif isinstance(outcome, TooLarge):
            self._batch_size = max(1, min(self._batch_size, len(batch) // 2))
            logger.warning("memory ran out; going on with batches of %d", self._batch_size)
            self._shrunk(self._batch_size)
            self._put_back(batch)
        else:
            # One of them is to blame: each by itself, so that only its own call hears of it.
            for ticket in batch:
                ticket.kind = (ticket.kind, ticket.place)
            self._put_back(batch)

    def _put_back(self, batch: list[_Ticket[Job, Result]]) -> None:
        for ticket in batch:
            self._waiting.add(ticket.kind, ticket.place, ticket)
