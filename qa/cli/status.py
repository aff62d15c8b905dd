"""`qa status`: how the database stands, and what needs somebody's attention."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from qa.store import Entry, RunRecord, Status


@click.command()
@options.from_settings("db", "ui_language")
@options.config
@options.as_json
def status(config: Path | None, as_json: bool, **flags: Any) -> None:
    """Show the last runs, what is due, and what failed or was quarantined, with the reasons."""
    from qa.store import Store

    settings = options.load(config, flags)
    with Store.open(settings.db, read_only=True) as store:
        found = store.status()
    if as_json:
        click.echo(json.dumps(_json(found), ensure_ascii=False, indent=2))
    else:
        _print(found, options.ui_language(settings))


def _json(found: Status) -> dict[str, Any]:
    return {
        "db": str(found.path),
        "bytes": found.size,
        "schema": found.schema,
        "recordings": found.recordings,
        "calls": found.calls,
        "needs_review": found.needs_review,
        "flagged": found.flagged,
        "runs": [_run(run) for run in found.runs],
        "open": [_entry(entry) for entry in found.open],
    }


def _run(run: RunRecord) -> dict[str, Any]:
    import dataclasses

    return {
        "run_id": run.id,
        "kind": run.kind,
        "state": run.state.value,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "device": run.device,
        "code": run.code,
        **dataclasses.asdict(run.tally),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "path": str(entry.path),
        "call_id": entry.call_id,
        "state": entry.state.value,
        "attempts": entry.attempts,
        "reason": entry.reason,
    }


def _print(found: Status, language: str) -> None:
    from qa.cli import render
    from qa.cli.words import label

    console = render.console()
    summary = label("summary", language).format(
        calls=found.calls, recordings=found.recordings, review=found.needs_review, flagged=found.flagged
    )
    console.print(f"{found.path}: {summary}", markup=False)
    for rows in (_runs(found.runs, language) if found.runs else None, entries(found.open, language)):
        if rows is not None:
            console.print()
            console.print(rows)


def _runs(runs: Iterable[RunRecord], language: str) -> Table:
    from qa.cli import render
    from qa.cli.words import STATES, label

    numbers = [label(name, language) for name in ("scored", "skipped", "failed", "quarantined", "rtfx")]
    made = render.table(label("started", language), label("state", language), *numbers, right=numbers)
    for run in runs:
        tally = run.tally
        rtfx = tally.audio_seconds / tally.wall_seconds if tally.wall_seconds and tally.audio_seconds else 0
        made.add_row(
            run.started_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            STATES[run.state].text(language),
            *(str(n) for n in (tally.scored, tally.skipped, tally.failed, tally.quarantined)),
            f"{rtfx:.1f} ×" if rtfx else "–",
        )
    return made


def entries(listed: Iterable[Entry], language: str) -> Table | None:
    """Recordings that are not done, with the reasons; None if there is none."""
    from qa.cli import render
    from qa.cli.words import STATES, label

    made = render.table(label("state", language), label("tries", language), label("file", language))
    made.columns[1].justify = "right"
    made.add_column(label("reason", language), ratio=1, overflow="fold")
    for entry in listed:
        made.add_row(
            STATES[entry.state].text(language),
            str(entry.attempts),
            render.text(entry.path.name),
            render.text(entry.reason),
        )
    return made if made.row_count else None
