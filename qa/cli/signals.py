"""SIGTERM and Ctrl-C ask a run to stop; a second Ctrl-C insists."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

import click


@dataclass
class Stop:
    """What the run watches, and which signal set it."""

    event: threading.Event = field(default_factory=threading.Event)
    signal: int | None = None


@contextmanager
def watched() -> Iterator[Stop]:
    """A `Stop` that the first SIGTERM or SIGINT sets; the handlers are put back at the end."""
    stop = Stop()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.event.is_set():
            signal.default_int_handler(number, frame)
        stop.signal = number
        stop.event.set()
        click.echo("qa: stopping after the write in hand; once more to stop at once", err=True)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
