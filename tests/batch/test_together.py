"""A worker that holds several calls: none is mixed up, held back or blamed for another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from qa.batch.executor import Executor, LocalExecutor
from qa.batch.fakes import FakeAnalyst
from qa.batch.progress import Begun, Came, Finished, Progress
from qa.batch.task import Task
from qa.intake import hash_file
from qa.model import Call, Recording
from qa.settings import Settings
from tests.batch.conftest import World, inline
from tests.batch.test_crash import states, wait_for, without_paths


def three_in_one(settings: Settings) -> Executor:
    """One worker that holds three calls."""
    return LocalExecutor(FakeAnalyst, settings, 1, 3)


def three_in_two(settings: Settings) -> Executor:
    """Two workers that hold three calls each."""
    return LocalExecutor(FakeAnalyst, settings, 2, 3)


def came(world: World) -> list[str]:
    """Calls in the order in which they were scored."""
    return [p.call_id for p in world.progress if isinstance(p, Finished) and p.came is Came.SCORED]


def test_calls_together_come_out_as_calls_alone(tmp_path: Path) -> None:
    alone, together = World(tmp_path / "alone"), World(tmp_path / "together")
    for world in (alone, together):
        for number in range(9):
            world.record(f"c{number}.wav", f"say {number} 番です")
    assert alone.night(inline).scored == together.night(three_in_two).scored == 9
    assert without_paths(alone) == without_paths(together)


def test_no_more_calls_are_in_work_than_the_workers_hold(world: World) -> None:
    for number in range(8):
        world.record(f"c{number}.wav", f"gate opened {number} 番です")
    db = world.calls.parent / "qa.db"
    seen: list[list[str]] = []

    def watch() -> None:
        wait_for(lambda: len(states(db)) >= 3)
        seen.append(states(db))
        (world.calls / "opened").touch()

    watcher = threading.Thread(target=watch)
    watcher.start()
    night = world.night(three_in_one)
    watcher.join()
    assert (seen, night.scored) == ([["running"] * 3], 8)


def test_a_call_that_takes_long_holds_nobody_up(world: World) -> None:
    """Five others come and go beside it; each is written down when it is done."""
    world.record("a.wav", "gate opened はい")
    for name in "bcdef":
        world.record(f"{name}.wav", f"say {name}")

    def report(progress: Progress) -> None:
        world.progress.append(progress)
        if len(came(world)) == 5:
            (world.calls / "opened").touch()

    assert world.night(three_in_one, report=report).scored == 6
    assert (sorted(came(world)[:5]), came(world)[5]) == (list("bcdef"), "a")


def test_a_bad_call_among_good_ones_fails_alone(world: World) -> None:
    for name, line in {"a": "say 一", "b": "bad", "c": "fail", "d": "say 二", "e": "growing"}.items():
        world.record(f"{name}.wav", line)
    night = world.night(three_in_one)
    assert (night.scored, night.quarantined, night.failed, len(night.left)) == (2, 1, 1, 1)
    assert sorted(came(world)) == ["a", "d"]


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_dead_worker_is_held_against_the_call_that_killed_it_only(world: World, attempts: int) -> None:
    """Whoever was beside it is heard again alone, and its attempts are as if nothing had been."""
    world.change(attempts=attempts)
    for name, line in {"a": "gate never 一", "b": "gate never 二", "c": "die"}.items():
        world.record(f"{name}.wav", line)

    def report(progress: Progress) -> None:
        if isinstance(progress, Begun) and progress.call_id == "c":
            (world.calls / "never").touch()

    night = world.night(three_in_one, report=report)
    rows = world.rows("SELECT call_id, state, attempts FROM ledger ORDER BY call_id")
    last = ("quarantined", 1) if attempts == 1 else ("failed", 2)
    assert rows == [("a", "done", 0), ("b", "done", 0), ("c", *last)]
    assert (night.scored, night.failed + night.quarantined) == (2, 1)


def test_a_call_that_failed_before_is_heard_alone(world: World) -> None:
    """It may be the one that kills: nobody is put beside it."""
    executor = LocalExecutor(FakeAnalyst, world.settings, 1, 3)
    try:
        for name, attempts in (("a", 1), ("b", 0), ("c", 0)):
            executor.submit(task(world.record(f"{name}.wav", f"gate {name}-opened {name}"), attempts))
        (world.calls / "b-opened").touch()
        (world.calls / "c-opened").touch()
        assert list(executor.answers(3.0)) == []
        (world.calls / "a-opened").touch()
        done: list[str] = []
        while len(done) < 3:
            done += [answer.task.call.id for answer in executor.answers(1.0)]
        assert done[0] == "a"
    finally:
        executor.close()


def task(path: Path, attempts: int) -> Task:
    """As the night makes them."""
    stat = path.stat()
    recording = Recording(hash_file(path), path, stat.st_size, stat.st_mtime)
    return Task(recording, Call(path.stem), attempts)
