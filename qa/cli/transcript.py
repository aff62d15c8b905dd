"""`qa transcript`: what was said, in a format that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qa.cli import options

FORMATS = ("json", "txt", "vtt", "srt", "rttm")


@click.command()
@click.argument("call")
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="txt",
    envvar="QA_TRANSCRIPT_FORMAT",
    show_envvar=True,
    show_default=True,
    help="json (with word times), txt, vtt or srt (subtitles), rttm (who spoke when).",
)
@options.from_settings("db", "ui_language")
@options.config
def transcript(call: str, format: str, config: Path | None, **flags: Any) -> None:
    """Print what was said in CALL (a call id, or the start of one)."""
    from qa.report import transcripts
    from qa.store import Store

    settings = options.load(config, flags)
    with Store.open(settings.db, read_only=True) as store:
        conversation = store.conversation(store.resolve(call))
    click.echo(transcripts.write(conversation, format, options.ui_language(settings)), nl=False)
