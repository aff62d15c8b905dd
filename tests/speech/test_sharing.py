"""Calls on threads share one recogniser: each gets its own results, and only its own failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from qa.speech.sharing import Sharing, TooLarge

Decode = Callable[[Sequence[str]], list[str]]


class Recogniser:
    """Shouts back what it is given, and remembers in what company."""

    def __init__(self, most: int = 99) -> None:
        self.batches: list[list[str]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.open = threading.Event()
        self.open.set()
        self._most = most
        self._lock = threading.Lock()

    def decode(self, jobs: Sequence[str]) -> list[str]:
        with self._lock:
            self.batches.append(list(jobs))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.open.wait()
        time.sleep(0.001)
        with self._lock:
            self.at_once -= 1
        if len(jobs) > self._most:
            raise TooLarge
        if "bad" in jobs:
            raise ValueError("a chunk that nobody can decode")
        return [job.upper() for job in jobs]


def many(sharing: Sharing[str, str], calls: Sequence[Sequence[str]]) -> list[Future[list[str]]]:
    """All calls at once, each on its thread; kinds by the first letter."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [
            pool.submit(sharing.run, turn, [(job[0], job) for job in jobs]) for turn, jobs in enumerate(calls)
        ]


@pytest.mark.parametrize("slots", [1, 2, 4])
def test_results_find_their_way_back(slots: int) -> None:
    recogniser = Recogniser()
    sharing = Sharing(recogniser.decode, 4, slots)
    calls = [[f"{'ab'[n % 2]}{turn}-{n}" for n in range(turn % 5)] for turn in range(12)]
    for done, jobs in zip(many(sharing, calls), calls, strict=True):
        assert done.result() == [job.upper() for job in jobs]
    assert 1 <= recogniser.most_at_once <= slots
    assert max(map(len, recogniser.batches)) <= 4
    assert sum(map(len, recogniser.batches)) == sum(map(len, calls))


def queued_behind_one(recogniser: Recogniser, sharing: Sharing[str, str], calls: Sequence[str]) -> None:
    """While a first job is being decoded, calls queue up in the order given, turn = the letter's place."""
    recogniser.open.clear()
    with ThreadPoolExecutor(len(calls) + 1) as pool:
        pool.submit(sharing.run, 0, [("first", "first")])
        while not recogniser.batches:
            time.sleep(0.001)
        for count, call in enumerate(calls, start=1):
            pool.submit(sharing.run, ord(call[0]), [(call[1], call)])
            while sharing.waiting < count:
                time.sleep(0.001)
        recogniser.open.set()


def test_calls_share_batches_and_the_oldest_goes_first() -> None:
    recogniser = Recogniser()
    queued_behind_one(recogniser, Sharing(recogniser.decode, 8), ["dx", "cy", "bx", "ay"])
    assert recogniser.batches == [["first"], ["ay", "cy"], ["bx", "dx"]]


@pytest.mark.parametrize(("jobs", "at_once"), [(1, 1), (2, 2), (9, 3)])
def test_one_call_alone_has_all_slots_while_there_is_work_for_them(jobs: int, at_once: int) -> None:
    recogniser = Recogniser()
    recogniser.open.clear()
    sharing = Sharing(recogniser.decode, 3, slots=3)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(sharing.run, 0, [("a", f"a{n}") for n in range(jobs)])
        until = time.monotonic() + 10
        while recogniser.at_once < at_once and time.monotonic() < until:
            time.sleep(0.001)
        recogniser.open.set()
        assert done.result() == [f"A{n}" for n in range(jobs)]
    assert recogniser.most_at_once == at_once
    assert sum(map(len, recogniser.batches)) == jobs


def test_out_of_memory_halves_the_batch_and_goes_on() -> None:
    recogniser = Recogniser(most=3)
    sharing = Sharing(recogniser.decode, 8)
    jobs = [f"a{n}" for n in range(13)]
    assert sharing.run(0, [("a", job) for job in jobs]) == [job.upper() for job in jobs]
    assert [len(batch) for batch in recogniser.batches] == [8, 4, 2, 2, 2, 2, 2, 2, 1]
    assert sharing.batch_size == 2


def test_a_kind_may_have_fewer_than_the_batch_size_but_never_more() -> None:
    sharing = Sharing(Recogniser().decode, 8, most=lambda kind: {"long": 3, "endless": 0}.get(str(kind), 20))
    assert [sharing.most(kind) for kind in ("long", "endless", "short")] == [3, 1, 8]


def test_a_chunk_that_cannot_be_decoded_fails_its_own_call_only() -> None:
    recogniser = Recogniser()
    sharing = Sharing(recogniser.decode, 8)
    calls = [["b1"], ["b2", "bad"], ["b3", "b4"]]
    first, second, third = many(sharing, calls)
    assert (first.result(), third.result()) == (["B1"], ["B3", "B4"])
    with pytest.raises(ValueError, match="nobody can decode"):
        second.result()
    assert sharing.run(9, [("b", "b5")]) == ["B5"]


def test_an_interrupted_thread_leaves_nobody_waiting() -> None:
    def interrupted(jobs: Sequence[str]) -> list[str]:
        raise KeyboardInterrupt

    sharing: Sharing[str, str] = Sharing(interrupted, 8)
    with pytest.raises(KeyboardInterrupt):
        sharing.run(0, [("a", "a1"), ("a", "a2")])
    assert sharing.waiting == 0


def test_nothing_to_do_is_done_at_once() -> None:
    assert Sharing(Recogniser().decode, 8).run(0, []) == []
