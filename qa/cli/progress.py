"""Progress on stderr: a bar on a terminal, one `key=value` line a call otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from qa.batch import Finished, Progress

Report = Callable[["Progress"], None]


@contextmanager
def shown(language: str, *, terminal: bool | None = None) -> Iterator[Report]:
    """A function that shows each `Progress` it is given, until the block ends.

    `terminal`: draw a bar; None: if stderr is one.
    """
    if sys.stderr.isatty() if terminal is None else terminal:
        with _bar(language) as report:
            yield report
    else:
        yield lambda progress: _print_line(progress, language)


def _print_line(progress: Progress, language: str) -> None:
    text = line(progress, language)
    if text:
        click.echo(text, err=True)


def line(progress: Progress, language: str) -> str:
    """`progress` as one structured line, empty where cron need not know."""
    from qa.batch import Finished, Notice, Started

    if isinstance(progress, Started):
        return _pairs(event="started", run=progress.run_id, found=progress.found, known=progress.known)
    if isinstance(progress, Notice):
        return _pairs(event="notice", says=progress.message.text(language))
    if isinstance(progress, Finished):
        return _finished(progress)
    return ""


def _finished(progress: Finished) -> str:
    return _pairs(
        event=progress.came.value,
        call=progress.call_id,
        file=str(progress.path),
        score=progress.score,
        needs_review=progress.needs_review or None,
        audio=round(progress.audio_seconds, 1) or None,
        work=round(progress.work_seconds, 1) or None,
        done=f"{progress.done}/{progress.found}",
        reason=progress.reason or None,
    )


def _pairs(**values: object) -> str:
    """`key=value …`, leaving out what is None; text with spaces or quotes as JSON."""
    return " ".join(f"{key}={_value(value)}" for key, value in values.items() if value is not None)


def _value(value: object) -> str:
    text = str(value)
    plain = text and not any(c.isspace() or not c.isprintable() or c in '"=\\' for c in text)
    return text if plain else json.dumps(text, ensure_ascii=False)


@contextmanager
def _bar(language: str) -> Iterator[Report]:
    """A bar that shows the calls in work; what went wrong and notices stay above it."""
    from rich import progress as rich_progress

    from qa.batch import Begun, Finished, Notice, Started
    from qa.cli import render

    console = render.console(stderr=True)
    columns = (
        rich_progress.BarColumn(bar_width=24),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TextColumn("{task.fields[call]}", markup=False),
    )
    with rich_progress.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, call="")

        def report(progress: Progress) -> None:
            if isinstance(progress, Started):
                bar.update(task, total=progress.found, completed=progress.known)
            elif isinstance(progress, Begun):
                bar.update(task, call=progress.call_id)
            elif isinstance(progress, Notice):
                console.print(progress.message.text(language), markup=False)
            elif isinstance(progress, Finished):
                bar.update(task, completed=progress.done, total=progress.found)
                if progress.reason:
                    said = f"{progress.came.value}: {progress.path}: {progress.reason}"
                    console.print(said, markup=False)

        yield report
