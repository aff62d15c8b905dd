"""`qa show`: one call with its scorecard, or all calls in a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options

if TYPE_CHECKING:
    from qa.store import Store


@click.command()
@click.argument("call", required=False)
@options.from_settings("db", "ui_language")
@options.config
@options.as_json
def show(call: str | None, config: Path | None, as_json: bool, **flags: Any) -> None:
    """Show the scorecard of CALL with its evidence; without CALL, every scored call in a table.

    CALL is a call id, the start of one, or the start of its recording's SHA-256. With --json and no CALL,
    one object a line.
    """
    from qa.store import Store

    settings = options.load(config, flags)
    language = options.ui_language(settings)
    with Store.open(settings.db, read_only=True) as store:
        if call is None:
            _all(store, language, as_json=as_json)
        else:
            _one(store, store.resolve(call), language, as_json=as_json)


def _one(store: Store, call_id: str, language: str, *, as_json: bool) -> None:
    conversation, scorecard = store.conversation(call_id), store.scorecard(call_id)
    if as_json:
        from qa.report import card

        shown = card.as_json(conversation, scorecard, language)
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        from qa.cli import render

        render.console().print(render.card(conversation, scorecard, language))


def _all(store: Store, language: str, *, as_json: bool) -> None:
    if as_json:
        from qa.report import card

        for conversation, scorecard in store.scored():
            click.echo(json.dumps(card.as_json(conversation, scorecard, language), ensure_ascii=False))
    else:
        from qa.cli import render
        from qa.cli.words import label

        console = render.console()
        ids = store.call_ids()
        if ids:
            console.print(render.calls(store.scored(ids), language, console.width))
        else:
            console.print(label("none_yet", language))
