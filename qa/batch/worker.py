"""A worker process: one task at a time, until the parent closes the pipe or dies."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from multiprocessing.connection import Connection

from qa.batch.task import Analyst, Answer, MakeAnalyst, Task, mishap
from qa.settings import Settings


def work(connection: Connection, make_analyst: MakeAnalyst, settings: Settings) -> None:
    """Answer tasks from `connection`. The entry point of the process."""
    live_with_parent()
    analyst: Analyst | None = None
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        started = time.monotonic()
        try:
            if analyst is None:
                analyst = make_analyst(settings)
            connection.send(answer(analyst, task))
        except BrokenPipeError:
            return
        except Exception as error:  # the analyst could not even be made
            connection.send(Answer(task, mishap(error), time.monotonic() - started))


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
