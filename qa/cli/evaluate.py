"""`qa evaluate`: how often the stored verdicts agree with references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options

if TYPE_CHECKING:
    from qa.evaluate import Confusion, Evaluation


@click.command()
@click.argument("references", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@options.from_settings("db")
@options.config
@options.as_json
def evaluate(references: tuple[Path, ...], config: Path | None, as_json: bool, **flags: Any) -> None:
    """Compare stored scorecards with the scoring references in REFERENCES (JSON files or folders).

    Prints for every criterion, stereo and mono apart: agreement where the machine decided, Cohen's kappa,
    precision and recall of not_met, and the share that needs review; then every wrong verdict.
    """
    from qa.evaluate import Result, load_references
    from qa.evaluate import evaluate as compare
    from qa.store import Store

    settings = options.load(config, flags)
    truth = load_references(references)
    with Store.open(settings.db, read_only=True) as store:
        wanted = [reference.call_id for reference in truth]
        known = set(store.call_ids())
        scored = store.scored([call_id for call_id in wanted if call_id in known])
        results = {c.call.id: Result(c, s) for c, s in scored}
    evaluation = compare(truth, results)
    if as_json:
        click.echo(json.dumps(evaluation.as_json(), ensure_ascii=False, indent=2))
    else:
        _print(evaluation)


def _print(evaluation: Evaluation) -> None:
    from rich.table import Table

    from qa.cli import render

    console = render.console()
    for group, criteria in evaluation.criteria.items():
        table = Table(title=f"{group}: {evaluation.calls[group]} calls", title_justify="left")
        table.add_column("criterion")
        for heading in ("calls", "agreement", "κ", "not_met precision", "not_met recall", "needs review"):
            table.add_column(heading, justify="right")
        for name in sorted(criteria):
            table.add_row(name, *_cells(criteria[name]))
        table.add_section()
        table.add_row("all", *_cells(evaluation.pooled(group)))
        console.print(table)
    for wrong in evaluation.disagreements:
        quotes = " / ".join(evidence.quote for evidence in wrong.evidence if evidence.quote)
        console.print(
            f"{wrong.call_id}  {wrong.criterion}: {wrong.machine}, should be {wrong.reference}. "
            f"{wrong.reason} {quotes}",
            markup=False,
            highlight=False,
        )
    if evaluation.missing:
        console.print(f"no scorecard for: {', '.join(evaluation.missing)}", markup=False)


def _cells(confusion: Confusion) -> tuple[str, ...]:
    rates = (
        confusion.agreement,
        confusion.kappa,
        confusion.not_met_precision,
        confusion.not_met_recall,
        confusion.needs_review_share,
    )
    return (str(confusion.total), *("-" if rate is None else f"{rate:.2f}" for rate in rates))
