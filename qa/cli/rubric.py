"""`qa rubric`: checking and explaining rubrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from qa.cli import exits, options

KINDS = ("rubric", "phrases", "context", "sentences")


@click.group()
def rubric() -> None:
    """Rubrics: lint, test, schema, diff, explain.

    RUBRIC is a folder, or the name of one that comes with qa.
    """


@rubric.command()
@click.argument("folders", nargs=-1, metavar="[RUBRIC]...")
def lint(folders: tuple[str, ...]) -> int:
    """Check the files of each RUBRIC (default: all that come with qa).

    Names file, line, column and the nearest valid word. Exits 2 if anything is wrong.
    """
    from qa import rubric as rubrics

    wrong = 0
    for folder in folders or tuple(rubrics.shipped()):
        problems = rubrics.lint(folder)
        wrong += len(problems)
        for problem in problems:
            click.echo(str(problem), err=True)
        if not problems:
            click.echo(f"{folder}: ok")
    return exits.Exit.USAGE if wrong else exits.Exit.DONE


@rubric.command()
@click.argument("folders", nargs=-1, metavar="[RUBRIC]...")
def test(folders: tuple[str, ...]) -> int:
    """Run the examples inside each RUBRIC (default: all that come with qa): no audio, no models.

    Each failure is shown as an annotated dialogue. Exits 2 if an example failed; examples that were held
    out while the patterns were written are only counted.
    """
    from qa import rubric as rubrics

    passed = True
    for folder in folders or tuple(rubrics.shipped()):
        report = rubrics.run_tests(folder)
        passed = passed and report.passed
        click.echo(report.text())
    return exits.Exit.DONE if passed else exits.Exit.USAGE


@rubric.command()
@click.argument("kind", type=click.Choice(KINDS), default="rubric")
def schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file (default: rubric), for completion in an editor."""
    from qa import rubric as rubrics

    click.echo(json.dumps(rubrics.json_schema(kind), ensure_ascii=False, indent=2))


@rubric.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@options.from_settings("ui_language")
@options.config
def diff(old: str, new: str, config: Path | None, **flags: Any) -> None:
    """Say in sentences what changed from rubric OLD to rubric NEW; nothing if both mean the same."""
    from qa import rubric as rubrics

    language = options.ui_language(options.load(config, flags))
    for sentence in rubrics.diff(old, new, language):
        click.echo(sentence)


@rubric.command()
@click.argument("criterion")
@options.from_settings("rubric", "ui_language")
@options.config
def explain(criterion: str, config: Path | None, **flags: Any) -> None:
    """Explain CRITERION: what it means, how it is checked, what to watch out for, examples.

    From --rubric; without one, from the rubric of your own language.
    """
    from qa import rubric as rubrics

    settings = options.load(config, flags)
    language = options.ui_language(settings)
    chosen = settings.rubric or settings.rubrics[language]
    click.echo(rubrics.explain(chosen, criterion, language))
