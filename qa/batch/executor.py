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
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Protocol

from qa.batch.task import Analyst, Answer, Cure, MakeAnalyst, Mishap, Task
from qa.batch.worker import answer, work
from qa.settings import Settings

SURROUNDINGS = {"OPENBLAS_NUM_THREADS": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Of a worker. numpy's and scipy's algebra has threads of its own, which wait for the next small product
by spinning: a fortieth of a night's processor time, on cores that the recogniser wants. The heap in pages of
2 MB, where glibc and the kernel have them: half as many page faults, and no more memory."""


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


@dataclasses.dataclass(slots=True, eq=False)
class _Worker:
    """A process with the tasks it holds, oldest first."""

    process: SpawnProcess
    connection: Connection
    gpu: str | None = None
    """The only one it sees; None: whatever is there."""
    tasks: dict[str, tuple[Task, float]] = dataclasses.field(default_factory=dict)
    """By recording: the task and when it was given."""
    taken: bool = False
    """True: it holds one task that is heard alone, and takes no other beside it."""


class LocalExecutor:
    """Worker processes, each with its own engines, started when there is work for them.

    A worker holds `together` tasks at once, so that they share batches and stages overlap. One that dies
    (a crash in native code, the kernel's out-of-memory killer) over several tasks is held against none of
    them: each is heard again, alone. Over a single one it costs that call an attempt. A call that failed
    before is heard alone from the start. Where there are `gpus`, each worker sees one of them.
    """

    def __init__(
        self,
        make_analyst: MakeAnalyst,
        settings: Settings,
        jobs: int,
        together: int = 1,
        gpus: Sequence[str] = (),
    ) -> None:
        self._gpus = gpus
        self._make_analyst = make_analyst
        self.settings = settings
        """Of each worker."""
        self._jobs = jobs
        self._together = together
        self._workers: list[_Worker] = []
        self._pending: list[Task] = []
        """Submitted, and waiting for a worker that may take them."""
        self._alone: set[str] = set()
        """Recordings over which a worker may have died."""

    @property
    def capacity(self) -> int:
        """`together` tasks a worker."""
        return self._jobs * self._together

    def submit(self, task: Task) -> None:
        """Give the task to the worker with the fewest, or to a new one."""
        if task.attempts:
            self._alone.add(task.recording.id)
        self._pending.append(task)
        self._hand_out()

    def answers(self, timeout: float) -> Sequence[Answer]:
        """What the workers sent, and a mishap for each task that a worker died over."""
        busy = {worker.connection: worker for worker in self._workers if worker.tasks}
        ready = multiprocessing.connection.wait(list(busy), timeout)
        taken = (self._take(busy[connection]) for connection in ready if isinstance(connection, Connection))
        found = [answer for answer in taken if answer is not None]
        self._hand_out()
        return found

    def close(self) -> None:
        """Kill the workers: they hold nothing that is not safe."""
        self._pending.clear()
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
            worker.process.close()
        self._workers.clear()

    def _hand_out(self) -> None:
        for task in list(self._pending):
            worker = self._worker_for(task)
            if worker is not None:
                self._pending.remove(task)
                worker.tasks[task.recording.id] = (task, time.monotonic())
                worker.taken = task.recording.id in self._alone
                with contextlib.suppress(OSError):  # it just died: `answers` finds that out, and says so
                    worker.connection.send(task)

    def _worker_for(self, task: Task) -> _Worker | None:
        """An idle worker, else a new one, else the one with the fewest tasks that has room."""
        idle = next((worker for worker in self._workers if not worker.tasks), None)
        if idle is not None:
            return idle
        if len(self._workers) < self._jobs:
            return self._start()
        if task.recording.id in self._alone:
            return None
        open_ones = [w for w in self._workers if not w.taken and len(w.tasks) < self._together]
        return min(open_ones, key=lambda worker: len(worker.tasks), default=None)

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")  # fork would copy the database connection
        ours, theirs = context.Pipe()
        gpu = self._idlest_gpu()
        process = context.Process(
            target=work,
            args=(theirs, self._make_analyst, self.settings, self._together, gpu),
            name="qa-worker",
            daemon=True,
        )
        with _environment(SURROUNDINGS):
            process.start()
        theirs.close()  # or a dead worker's pipe would never end
        worker = _Worker(process, ours, gpu)
        self._workers.append(worker)
        return worker

    def _idlest_gpu(self) -> str | None:
        """The one with the fewest workers."""
        taken = [worker.gpu for worker in self._workers]
        return min(self._gpus, key=taken.count, default=None)

    def _take(self, worker: _Worker) -> Answer | None:
        try:
            received: Answer = worker.connection.recv()
        except (EOFError, OSError):
            return self._bury(worker)
        del worker.tasks[received.task.recording.id]
        self._alone.discard(received.task.recording.id)
        return received

    def _bury(self, worker: _Worker) -> Answer | None:
        """The answer for a task that was alone in a dead worker; several are heard again, each alone."""
        worker.process.join()
        reason = f"the worker process died over it ({_death(worker.process.exitcode)})"
        worker.connection.close()
        worker.process.close()
        self._workers.remove(worker)
        held = list(worker.tasks.values())
        if len(held) > 1:
            self._alone.update(worker.tasks)
            self._pending = [*(task for task, _ in held), *self._pending]
            return None
        task, since = held[0]
        return Answer(task, Mishap(Cure.RETRY, reason), time.monotonic() - since)


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables that a process started meanwhile finds, unless the operator has set them."""
    added = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _death(code: int | None) -> str:
    """How a process ended, for people."""
    if code is None or code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}: out of memory?" if -code == signal.SIGKILL else name


def choose_jobs(settings: Settings, gpus: int = 0) -> int:
    """How many workers: as set, else one a GPU, else one for every two cores (an engine makes use of two)."""
    return settings.jobs or gpus or max(1, (os.cpu_count() or 1) // 2)


TOGETHER = 12
"""Calls a worker holds: enough to fill batches of a kind; each costs its audio and little else."""


def choose_together(settings: Settings) -> int:
    """How many calls a worker holds at once."""
    return settings.together or TOGETHER
