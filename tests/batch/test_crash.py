"""Workers that die, parents that are killed: at most the call in flight is lost, and it is heard again."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from qa.batch.lock import lock_path
from tests.batch.conftest import World, inline, nobody, workers

PATIENCE = 90.0
"""Seconds: spawning Python twice on a busy machine."""


def wait_for(condition: Callable[[], bool]) -> None:
    """Until `condition` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def states(db: Path) -> list[str]:
    """The ledger's states, as far as there is a ledger."""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(db, timeout=10)) as connection,
    ):
        return [state for (state,) in connection.execute("SELECT state FROM ledger")]
    return []


def start(folder: Path) -> subprocess.Popen[bytes]:
    """The run in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.batch.program", str(folder)],
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )


def test_workers_hear_what_one_process_hears(tmp_path: Path) -> None:
    alone, together = World(tmp_path / "alone"), World(tmp_path / "together")
    for world in (alone, together):
        for number in range(4):
            world.record(f"c{number}.wav", f"say {number} 番です")
    assert alone.night(inline).scored == together.night(workers).scored == 4
    assert without_paths(alone) == without_paths(together)
    assert multiprocessing.active_children() == []


def test_a_worker_that_dies_costs_its_call_one_attempt(world: World) -> None:
    world.record("a.wav", "die")
    world.record("b.wav", "die-once marker")
    world.record("c.wav", "say はい")
    night = world.night(workers)
    assert (night.scored, night.failed) == (2, 1)
    assert "the worker process died over it (SIGKILL: out of memory?)" in night.failures[0].reason
    assert world.rows("SELECT call_id, attempts FROM ledger WHERE state = 'failed'") == [("a", 2)]
    assert world.night(workers).quarantined == 1


def test_killed_in_the_middle_of_a_call_then_run_again(tmp_path: Path) -> None:
    """kill -9 of the whole group while two calls are in work; the next run ends as an undisturbed one."""
    struck, calm = World(tmp_path / "struck"), World(tmp_path / "calm")
    for world in (struck, calm):
        world.record("a.wav", "say 一")
        world.record("b.wav", "gate opened 二")
        world.record("c.wav", "gate opened 三")
        world.record("d.wav", "say 四")
    program = start(struck.calls.parent)
    wait_for(lambda: states(Path(struck.settings.db)) == ["done", "running", "running"])
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    assert struck.rows("SELECT id FROM calls") == [("a",)]
    for world in (struck, calm):
        (world.calls / "opened").touch()
    night = struck.night(inline)
    calm.night(inline)
    assert (night.scored, night.skipped) == (3, 1)
    assert struck.rows("SELECT state FROM runs ORDER BY rowid") == [("crashed",), ("done",)]
    assert struck.rows("SELECT count(*) FROM ledger WHERE state = 'running'") == [(0,)]
    assert struck.rows("SELECT count(*), count(DISTINCT call_id) FROM scorecards") == [(4, 4)]
    assert without_paths(struck) == without_paths(calm)
    assert struck.night(nobody).skipped == 4


def test_workers_do_not_outlive_their_parent(world: World) -> None:
    """Only the parent is killed: the workers notice, and nobody holds the lock."""
    world.record("a.wav", "gate opened はい")
    program = start(world.calls.parent)
    wait_for(lambda: states(Path(world.settings.db)) == ["running"])
    wait_for(lambda: len(children(program.pid)) >= 1)
    orphans = children(program.pid)
    program.kill()
    program.wait()
    wait_for(lambda: not any(map(alive, orphans)))
    assert lock_path(Path(world.settings.db)).exists()
    (world.calls / "opened").touch()
    assert world.night(inline).scored == 1


def test_stopping_does_not_wait_for_calls_in_work(world: World) -> None:
    world.record("a.wav", "gate opened はい")
    stop = threading.Event()
    watcher = threading.Thread(
        target=lambda: (wait_for(lambda: states(Path(world.settings.db)) == ["running"]), stop.set())
    )
    watcher.start()
    night = world.night(workers, stop=stop)
    watcher.join()
    assert (night.scored, [fault.path.name for fault in night.left], night.stopped) == (0, ["a.wav"], True)
    assert world.ledger() == {"a.wav": "due"}
    assert multiprocessing.active_children() == []


def without_paths(world: World) -> dict[str, list[tuple[object, ...]]]:
    """All results but the files' paths."""
    return {table: rows for table, rows in world.results().items() if table != "files"}


def children(pid: int) -> list[int]:
    """Processes started by `pid`."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    """True if the process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
