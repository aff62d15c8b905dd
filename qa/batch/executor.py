"""Who does the tasks: processes on this machine, or this very process.

The parent submits tasks, takes answers as they come, and is the only writer of the database. An
executor may hold many tasks at once (`capacity`), answer in any order, and run anywhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Protocol

from qa.batch.task import Analyst, Answer, Cure, MakeAnalyst, Mishap, Task
from qa.batch.worker import answer, work
from qa.settings import Settings


class Executor(Protocol):
    """Takes tasks, gives answers."""

    @property
    def capacity(self) -> int:
        """Tasks it can hold; submit no more."""

    def submit(self, task: Task) -> None:
        """Begin a task."""

    def answers(self, timeout: float) -> Sequence[Answer]:
        """What has come in; waits at most `timeout` seconds for the first. Each task gets one answer."""

    def close(self) -> None:
        """Stop at once; tasks in work are given up."""


class InlineExecutor:
    """Works in this process when answers are asked for. For tests, and for one call."""

    capacity = 1

    def __init__(self, analyst: Analyst) -> None:
        self._analyst = analyst
        self._tasks: list[Task] = []

    def submit(self, task: Task) -> None:
        """Keep the task until answers are asked for."""
        self._tasks.append(task)

    def answers(self, timeout: float) -> Sequence[Answer]:
        """Do what was submitted."""
        tasks, self._tasks = self._tasks, []
        return [answer(self._analyst, task) for task in tasks]

    def close(self) -> None:
        """Forget what was submitted."""
        self._tasks.clear()


@dataclasses.dataclass(slots=True)
class _Worker:
    """A process with the task it is at."""

    process: SpawnProcess
    connection: Connection
    task: Task | None = None
    since: float = 0.0


class LocalExecutor:
    """Worker processes, each with its own engines, started when there is work for them.

    A worker that dies (a crash in native code, the kernel's out-of-memory killer) costs its call one
    attempt; the next task gets a new worker.
    """

    def __init__(self, make_analyst: MakeAnalyst, settings: Settings, jobs: int) -> None:
        self._make_analyst = make_analyst
        self._settings = settings
        self._jobs = jobs
        self._workers: list[_Worker] = []

    @property
    def capacity(self) -> int:
        """One task a worker."""
        return self._jobs

    def submit(self, task: Task) -> None:
        """Give the task to an idle worker, or to a new one."""
        worker = next((w for w in self._workers if w.task is None), None) or self._start()
        worker.task = task
        worker.since = time.monotonic()
        with contextlib.suppress(OSError):  # it just died: `answers` finds that out, and says so
            worker.connection.send(task)

    def answers(self, timeout: float) -> Sequence[Answer]:
        """What the workers sent, and a mishap for each that died over its task."""
        busy = {worker.connection: worker for worker in self._workers if worker.task is not None}
        ready = multiprocessing.connection.wait(list(busy), timeout)
        return [self._take(busy[connection]) for connection in ready if isinstance(connection, Connection)]

    def close(self) -> None:
        """Kill the workers: they hold nothing that is not safe."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
            worker.process.close()
        self._workers.clear()

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")  # fork would copy the database connection
        ours, theirs = context.Pipe()
        process = context.Process(
            target=work, args=(theirs, self._make_analyst, self._settings), name="qa-worker", daemon=True
        )
        process.start()
        theirs.close()  # or a dead worker's pipe would never end
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _take(self, worker: _Worker) -> Answer:
        task = worker.task
        assert task is not None
        worker.task = None
        try:
            received: Answer = worker.connection.recv()
        except (EOFError, OSError):
            return self._bury(worker, task)
        return received

    def _bury(self, worker: _Worker, task: Task) -> Answer:
        worker.process.join()
        reason = f"the worker process died over it ({_death(worker.process.exitcode)})"
        worker.connection.close()
        worker.process.close()
        self._workers.remove(worker)
        return Answer(task, Mishap(Cure.RETRY, reason), time.monotonic() - worker.since)


def _death(code: int | None) -> str:
    """How a process ended, for people."""
    if code is None or code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}: out of memory?" if -code == signal.SIGKILL else name


def choose_jobs(settings: Settings) -> int:
    """How many workers: as set, else one for every two cores (an engine makes good use of two)."""
    return settings.jobs or max(1, (os.cpu_count() or 1) // 2)
