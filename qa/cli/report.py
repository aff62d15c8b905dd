"""`qa report`: what an agent wants to read, and what a lead wants to know of the team."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa.cli import options
from qa.errors import AudioError, ReportError
from qa.model import Span

if TYPE_CHECKING:
    from qa.report.page import Clip, Clips
    from qa.store import Store

F = TypeVar("F", bound=Callable[..., Any])


def _to_file(flag: str, help: str) -> Callable[[F], F]:
    kind = click.Path(dir_okay=False, path_type=Path)
    name = f"QA_{flag[2:].upper()}"
    return click.option(flag, type=kind, metavar="FILE", envvar=name, show_envvar=True, help=help)


@click.group()
def report() -> None:
    """Reports: one agent's calls, or the team's."""


@report.command()
@click.argument("agent_id", metavar="ID")
@options.from_settings("db", "ui_language")
@options.config
@_to_file("--html", "Write one HTML file.")
@_to_file("--pdf", "Write a PDF (needs Chromium).")
@click.option(
    "--no-audio",
    is_flag=True,
    envvar="QA_NO_AUDIO",
    show_envvar=True,
    help="Leave the sound of the moments out of the HTML file.",
)
@options.as_json
def agent(
    agent_id: str,
    config: Path | None,
    html: Path | None,
    pdf: Path | None,
    no_audio: bool,
    as_json: bool,
    **flags: Any,
) -> None:
    """The report about agent ID: what went well, one thing to work on, and what is known of a change.

    Without --html or --pdf it is shown here. The HTML file holds everything, moments to listen to as well,
    and loads nothing from anywhere.
    """
    from qa.report import gather, page
    from qa.store import Store

    settings = options.load(config, flags)
    language = options.ui_language(settings)
    with Store.open(settings.db, create=False) as store:
        gather.settle(store, settings)
        made = gather.of_agent(store, agent_id, gather.guide_of(store), settings)
        if html is not None:
            listening = page.silent if no_audio else page.embedded(_clips(store))
            _write(html, page.agent_file(made, language, listening))
    if pdf is not None:
        from qa.report.pdf import write

        write(page.agent_file(made, language), pdf)
    if as_json:
        from qa.report.plain import agent_json

        click.echo(json.dumps(agent_json(made, language), ensure_ascii=False, indent=2))
    elif html is None and pdf is None:
        from qa.cli import render, reports

        render.console().print(reports.agent(made, language))


@report.command()
@options.from_settings("db", "ui_language")
@options.config
@_to_file("--html", "Write one HTML file.")
@_to_file("--pdf", "Write a PDF (needs Chromium).")
@options.as_json
def team(config: Path | None, html: Path | None, pdf: Path | None, as_json: bool, **flags: Any) -> None:
    """Every agent and criterion: means with intervals, change, and how many calls they rest on."""
    from qa.report import gather, page
    from qa.store import Store

    settings = options.load(config, flags)
    language = options.ui_language(settings)
    with Store.open(settings.db, create=False) as store:
        gather.settle(store, settings)
        texts = gather.guide_of(store)
        made = gather.of_team(store, texts, settings)

    def title(criterion: str) -> str:
        return texts.title(criterion).text(language)

    if html is not None:
        _write(html, page.team_file(made, language, title))
    if pdf is not None:
        from qa.report.pdf import write

        write(page.team_file(made, language, title), pdf)
    if as_json:
        from qa.report.plain import team_json

        click.echo(json.dumps(team_json(made), ensure_ascii=False, indent=2))
    elif html is None and pdf is None:
        from qa.cli import render, reports

        console = render.console()
        console.print(reports.team(made, language, title))


def _clips(store: Store) -> Clips:
    """Sound for the moments of a report, from the recordings that are still where they were."""
    from qa.audio.clips import clip
    from qa.report.page import Clip

    def cut(call_id: str, span: Span) -> Clip | None:
        path = store.moments.recording(call_id)
        if path is None:
            return None
        try:
            made = clip(path, span)
        except AudioError as error:
            click.echo(f"qa: {error}; this moment stays without sound", err=True)
            return None
        return Clip(made.media_type, made.data)

    return cut


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror}") from error
