"""`qa export`: a table of results for a spreadsheet or another program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from qa.cli import options
from qa.errors import SettingsError

TABLES = (
    "calls",
    "scorecards",
    "findings",
    "evidence",
    "flags",
    "events",
    "turns",
    "measures",
    "runs",
    "ledger",
)
"""`qa.store.TABLES`, written again so that `--help` need not open the store's room; a test compares them."""
FORMATS = ("csv", "jsonl", "xlsx")


@click.command()
@click.argument("table", type=click.Choice(TABLES))
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="csv",
    envvar="QA_EXPORT_FORMAT",
    show_envvar=True,
    show_default=True,
    help="csv (UTF-8 with a mark that Excel understands), jsonl, or xlsx.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    envvar="QA_EXPORT_OUTPUT",
    show_envvar=True,
    show_default="stdout",
    help="Where to write it.",
)
@options.from_settings("db")
@options.config
def export(table: str, format: str, output: Path | None, config: Path | None, **flags: Any) -> None:
    """Write TABLE of the current results.

    Cells that a spreadsheet would run as a formula are written as text.
    """
    from qa.report import tables
    from qa.store import Store

    if output is None and format == "xlsx" and sys.stdout.isatty():
        raise SettingsError("an xlsx file does not belong on a terminal; name a file with --output")
    settings = options.load(config, flags)
    with Store.open(settings.db, read_only=True) as store:
        found = store.export(table)
        if output is None:
            tables.write(found.columns, found.rows, format, sys.stdout.buffer)
            return
        try:
            with output.open("wb") as out:
                count = tables.write(found.columns, found.rows, format, out)
        except OSError as error:
            raise SettingsError(f"{output}: cannot be written: {error.strerror}") from error
    click.echo(f"{output}: {count} rows", err=True)
