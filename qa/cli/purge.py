"""`qa purge`: delete what is kept of old calls."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options
from qa.errors import SettingsError

if TYPE_CHECKING:
    from qa.settings import Settings
    from qa.store import Store

SHOWN = 10
"""Call ids that a dry run lists."""


@click.command()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=1),
    required=True,
    metavar="DAYS",
    envvar="QA_PURGE_OLDER_THAN",
    show_envvar=True,
    help="Calls that began longer ago than this.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    envvar="QA_PURGE_DRY_RUN",
    show_envvar=True,
    help="Only say which calls it would be.",
)
@click.option(
    "--yes", is_flag=True, envvar="QA_PURGE_YES", show_envvar=True, help="Do not ask; for cron and scripts."
)
@options.from_settings("db")
@options.config
def purge(days: int, dry_run: bool, yes: bool, config: Path | None, **flags: Any) -> None:
    """Delete what was heard, scored and said about calls older than DAYS. Recordings are never touched.

    Transcripts, scorecards, reviews, comments, coaching and disputes of those calls go for good, also out of
    statistics, and so do the waveforms and browser copies that the desk keeps; a line in the audit log
    remains. Their recordings are not heard again.
    """
    from qa.batch.lock import held
    from qa.store import Store

    settings = options.load(config, flags)
    with Store.open(settings.db, create=False) as store:
        due = store.retention.due(datetime.now(UTC) - timedelta(days=days))
        if not dry_run:
            _forget_copies(settings, store)  # of calls that an interrupted purge had already deleted
        if dry_run or not due:
            more = f" … and {len(due) - SHOWN} more" if len(due) > SHOWN else ""
            click.echo(f"{len(due)} calls{': ' if due else ''}{', '.join(due[:SHOWN])}{more}")
            return
        if not yes and not click.confirm(f"Delete {len(due)} calls from {settings.db} for good?", err=True):
            raise SettingsError("nothing was deleted; --yes goes without asking, --dry-run shows the calls")
        with held(Path(settings.db)):
            store.retention.purge(due, f"qa purge ({getpass.getuser()})")
            _forget_copies(settings, store)
    click.echo(f"{len(due)} calls deleted")


def _forget_copies(settings: Settings, store: Store) -> None:
    """What browsers were given of the recordings of deleted calls goes too (waveforms go with the call)."""
    from qa.audio.copies import Copies

    Copies(Path(settings.audio_cache), settings.audio_cache_mb).forget(store.retention.recordings())
