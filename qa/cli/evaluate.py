"""`qa evaluate`: how right the stored results are, beside references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluate import Reference, Result


@click.command()
@click.argument("references", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@options.from_settings("db", "ui_language")
@options.config
@options.as_json
def evaluate(references: tuple[Path, ...], config: Path | None, as_json: bool, **flags: Any) -> None:
    """Compare stored results with the scoring references in REFERENCES.

    REFERENCES are files, or folders searched for them: JSON, RTTM (speakers), STM and CTM (words).
    Prints, stereo and mono apart, with 95 % intervals: how right words, speakers, roles, events and
    criteria are, and how sure; then every wrong verdict. A figure that the references do not allow is
    left out.
    """
    from qa.cli import evaluation as shown
    from qa.evaluate import document, load_references
    from qa.evaluate import evaluate as compare

    settings = options.load(config, flags)
    truth = load_references(references)
    evaluation = compare(truth, _stored(Path(settings.db), truth))
    if as_json:
        click.echo(json.dumps(document(evaluation), ensure_ascii=False, indent=2))
    else:
        shown.show(evaluation, options.ui_language(settings))


def _stored(db: Path, truth: Sequence[Reference]) -> dict[str, Result]:
    from qa.evaluate import Result
    from qa.store import Store

    with Store.open(db, read_only=True) as store:
        known = set(store.call_ids())
        wanted = [reference.call_id for reference in truth if reference.call_id in known]
        return {c.call.id: Result(c, s) for c, s in store.scored(wanted)}
