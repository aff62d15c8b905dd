"""A worker process: a few tasks at a time, each on a thread, until the parent closes the pipe or dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

from qa.batch.memory import keep_small, share_heaps
from qa.batch.task import Analyst, Answer, MakeAnalyst, Task, mishap
from qa.settings import Settings


def work(
    connection: Connection,
    make_analyst: MakeAnalyst,
    settings: Settings,
    together: int,
    gpu: str | None = None,
) -> None:
    """Answer tasks from `connection`, up to `together` at once. The entry point of the process.

    `gpu`: the only one that the engines will see.
    """
    live_with_parent()
    if gpu is not None:
        from qa.speech.gpus import VISIBLE

        os.environ[VISIBLE] = gpu
    share_heaps()
    keep_small()
    desk = _Desk(connection, make_analyst, settings)
    with ThreadPoolExecutor(together, thread_name_prefix="call") as pool:
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                os._exit(1)  # nobody wants the answers: do not hear the calls in work to their end
            pool.submit(desk.answer, task)


class _Desk:
    """Makes the analyst when the first task comes, and sends what it makes of each."""

    def __init__(self, connection: Connection, make_analyst: MakeAnalyst, settings: Settings) -> None:
        self._connection = connection
        self._make_analyst = make_analyst
        self._settings = settings
        self._analyst: Analyst | None = None
        self._making = threading.Lock()
        self._sending = threading.Lock()

    def answer(self, task: Task) -> None:
        started = time.monotonic()
        try:
            found = answer(self._get(), task)
        except Exception as error:  # the analyst could not even be made
            found = Answer(task, mishap(error), time.monotonic() - started)
        with self._sending, contextlib.suppress(BrokenPipeError):
            self._connection.send(found)

    def _get(self) -> Analyst:
        with self._making:
            if self._analyst is None:
                self._analyst = self._make_analyst(self._settings)
            return self._analyst


def answer(analyst: Analyst, task: Task) -> Answer:
    """Do one task; whatever goes wrong in it is an answer too."""
    started = time.monotonic()
    try:
        outcome = analyst.analyse(task)
    except Exception as error:
        return Answer(task, mishap(error), time.monotonic() - started)
    return Answer(task, outcome, time.monotonic() - started)


def live_with_parent() -> None:
    """Neither longer than the parent nor shorter."""
    # Ctrl-C and a service manager's SIGTERM reach the whole group: the parent decides, not we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """A call may take minutes: do not hear it to the end for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
