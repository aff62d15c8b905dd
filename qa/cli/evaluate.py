"""`qa evaluate`: how right the stored results are, beside references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluate import Reference, Remedy, Result
    from qa.settings import Settings

ORACLES = ("words", "speakers", "roles", "events", "everything")
"""`qa.evaluate.Oracle` without its control, which is always shown; written out so that help loads fast."""


@click.command()
@click.argument("references", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@options.from_settings("db", "ui_language")
@options.config
@options.as_json
@click.option(
    "--oracle",
    "oracles",
    multiple=True,
    type=click.Choice(ORACLES),
    envvar="QA_ORACLE",
    show_envvar=True,
    help="Take this stage's output from the reference, score again, and say how many outcomes become right. "
    "Can be given several times.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    envvar="QA_HTML",
    show_envvar=True,
    help="Also write one page with the wrong ones first: both timelines, the transcripts' differences, "
    "the audio (small recordings inside the page, others linked). It holds what customers said: keep it "
    "where the calls are kept.",
)
def evaluate(
    references: tuple[Path, ...],
    config: Path | None,
    as_json: bool,
    html: Path | None,
    oracles: tuple[str, ...],
    **flags: Any,
) -> None:
    """Compare stored results with the scoring references in REFERENCES.

    REFERENCES are files, or folders searched for them: JSON, RTTM (speakers), STM and CTM (words).
    Prints, stereo and mono apart, with 95 % intervals: how right words, speakers, roles, events and
    criteria are, and how sure; then every wrong verdict. A figure that the references do not allow is
    left out.
    """
    from qa.cli import evaluation as shown
    from qa.evaluate import document, load_references, write_page
    from qa.evaluate import evaluate as compare

    settings = options.load(config, flags)
    truth = load_references(references)
    stored = _stored(Path(settings.db), truth)
    evaluation = compare(truth, stored)
    found = _remedies(settings, truth, stored, oracles) if oracles else ()
    if html is not None:
        where = _recordings(Path(settings.db), stored)
        write_page(html, evaluation, truth, stored, where, options.ui_language(settings))
    if as_json:
        click.echo(json.dumps(document(evaluation, found), ensure_ascii=False, indent=2))
    else:
        shown.show(evaluation, found, options.ui_language(settings))


def _remedies(
    settings: Settings, truth: Sequence[Reference], stored: dict[str, Result], oracles: Sequence[str]
) -> tuple[Remedy, ...]:
    from qa.batch import Rebuilding
    from qa.evaluate import Oracle, remedies

    return remedies(truth, stored, [Oracle(name) for name in oracles], Rebuilding(settings))


def _stored(db: Path, truth: Sequence[Reference]) -> dict[str, Result]:
    from qa.evaluate import Result
    from qa.store import Store

    with Store.open(db, read_only=True) as store:
        known = set(store.call_ids())
        wanted = [reference.call_id for reference in truth if reference.call_id in known]
        return {c.call.id: Result(c, s) for c, s in store.scored(wanted)}


def _recordings(db: Path, stored: dict[str, Result]) -> dict[str, Path]:
    """Call id → its recording, where the file is still there."""
    from qa.store import Store

    with Store.open(db, read_only=True) as store:
        files = {known.recording_id: Path(path) for path, known in store.known_files().items()}
    found = {call: files.get(result.conversation.recording_id) for call, result in stored.items()}
    return {call: path for call, path in found.items() if path is not None and path.is_file()}
