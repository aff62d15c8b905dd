"""`qa run`: the night."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import exits, options

if TYPE_CHECKING:
    from qa.batch import Fault, Night, Progress
    from qa.settings import Settings


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.from_settings(
    "rubric",
    "db",
    "metadata",
    "device",
    "model",
    "language",
    "jobs",
    "until",
    "executor",
    "models",
    "ui_language",
)
@options.config
@options.as_json
def run(paths: tuple[str, ...], config: Path | None, as_json: bool, **flags: Any) -> int:
    """Score the recordings in PATH: folders (with all below them), files, or quoted globs.

    What is done already is skipped; what a killed run left is done now. Recordings are only ever read.
    Progress goes to stderr, the result to stdout. Ctrl-C or SIGTERM ends the write in hand and stops.
    """
    from qa import batch
    from qa.cli import progress, signals

    settings = options.load(config, flags)
    language = options.ui_language(settings)
    scored: list[str] = []

    with signals.watched() as stop, progress.shown(language) as show:

        def report(step: Progress) -> None:
            show(step)
            if isinstance(step, batch.Finished) and step.came in (batch.Came.SCORED, batch.Came.RESCORED):
                scored.append(step.call_id)

        night = batch.run([Path(path) for path in paths], settings, report=report, stop=stop.event)
    if as_json:
        click.echo(json.dumps(night.as_json(), ensure_ascii=False))
    else:
        _print(night, scored, settings, language)
    return exits.SIGNALLED + stop.signal if stop.signal and night.stopped else night.exit_code


def _print(night: Night, scored: list[str], settings: Settings, language: str) -> None:
    from qa.cli import render
    from qa.cli.words import label
    from qa.store import Store

    console = render.console()
    if scored:
        with Store.open(settings.db, read_only=True) as store:
            console.print(render.calls(store.scored(sorted(scored)), language, console.width))
        console.print()
    for title, faults in (
        ("failed", night.failures),
        ("quarantined", [fault for fault in night.quarantine if fault.fresh]),
        ("left", night.left),
    ):
        for fault in faults:
            console.print(_fault(title, fault, language), markup=False, soft_wrap=True)
    console.print(label("night", language).format(**night.as_json()), markup=False, soft_wrap=True)
    if night.rtfx:
        console.print(_speed(night, night.rtfx, language), markup=False, soft_wrap=True)


def _speed(night: Night, rtfx: float, language: str) -> str:
    from qa.cli import render
    from qa.cli.words import label

    return label("night_heard", language).format(
        audio=render.minutes(night.audio_seconds),
        wall=render.minutes(night.wall_seconds),
        speed=f"{rtfx:.1f}",
        device=night.device,
    )


def _fault(title: str, fault: Fault, language: str) -> str:
    from qa.cli.words import label

    return f"{label(title, language)}: {fault.path}: {fault.reason}"
