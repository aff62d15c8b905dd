"""`qa rescore`: score what is stored again, without listening again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import exits, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from qa.batch import Rescored
    from qa.batch.comparison import Step
    from qa.model import Outcome


@click.command()
@options.from_settings("rubric", "db", "jobs", "ui_language")
@click.option(
    "--dry-run",
    is_flag=True,
    envvar="QA_DRY_RUN",
    show_envvar=True,
    help="Only show what would change: which criteria, for which agents, in which calls.",
)
@options.config
@options.as_json
def rescore(config: Path | None, dry_run: bool, as_json: bool, **flags: Any) -> int:
    """Score every stored call again with the rubric of now; old scorecards stay.

    No audio is read and no model is loaded. Ctrl-C stops it in order; running it again goes on.
    """
    from qa import batch
    from qa.cli import progress, signals

    settings = options.load(config, flags)
    language = options.ui_language(settings)
    with signals.watched() as stop, progress.shown(language) as show:
        done = batch.rescore(settings, dry_run, report=show, stop=stop.event)
    if as_json:
        click.echo(json.dumps(done.as_json(), ensure_ascii=False))
    else:
        _print(done, language)
    return exits.SIGNALLED + stop.signal if stop.signal and done.stopped else exits.Exit.DONE


def _print(done: Rescored, language: str) -> None:
    from qa.cli import render
    from qa.cli.words import label

    console = render.console()
    for made in _tables(done, language):
        if made.row_count:
            console.print(made)
            console.print()
    name = "rescored_dry" if done.dry_run else "rescored"
    summary = label(name, language).format(calls=done.calls, changed=done.changed, written=done.written)
    console.print(summary, markup=False)


def _tables(done: Rescored, language: str) -> Iterator[Table]:
    from qa.cli import render
    from qa.cli.words import label

    def says(name: str) -> str:
        return label(name, language)

    numbers = (says("calls"), says("before"), says("after"))
    moves = render.table(says("criterion"), says("before"), says("after"), says("calls"), right=numbers[:1])
    for move in done.moves:
        moves.add_row(
            move.criterion, _outcome(move.before, language), _outcome(move.after, language), str(move.calls)
        )
    yield moves
    shifts = render.table(says("agent"), *numbers, says("shift"), right=(*numbers, says("shift")))
    for shift in done.shifts:
        shifts.add_row(
            render.text(shift.agent_id),
            str(shift.calls),
            render.score(shift.before),
            render.score(shift.after),
            f"{shift.after - shift.before:+.1f}",
        )
    yield shifts
    changed = render.table(says("call"), *numbers[1:], right=numbers)
    changed.add_column(says("why"), ratio=1, overflow="fold")
    for call in done.most_changed:
        why = "\n".join(_step(step, language) for step in call.steps) or says("weights_changed")
        changed.add_row(
            render.text(call.call_id), render.score(call.before), render.score(call.after), render.text(why)
        )
    yield changed


def _step(step: Step, language: str) -> str:
    """`empathy (met → not met): …`."""
    before, after = _outcome(step.before, language), _outcome(step.after, language)
    return f"{step.criterion} ({before} → {after}): {step.reason.text(language)}"


def _outcome(outcome: Outcome | None, language: str) -> str:
    from qa.cli.words import OUTCOMES

    return OUTCOMES[outcome].text(language) if outcome else "–"
