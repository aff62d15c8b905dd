"""`qa rubric`: checking and explaining rubrics."""

from __future__ import annotations

import json

import click

from qa.cli import exits


@click.group()
def rubric() -> None:
    """Rubrics: lint, test, schema."""


@rubric.command()
@click.argument("folders", nargs=-1, metavar="[RUBRIC]...")
def lint(folders: tuple[str, ...]) -> int:
    """Check the files of each RUBRIC (a folder, or the name of a shipped one; default: all shipped).

    Names file, line, column and the nearest valid word. Exits 2 if anything is wrong.
    """
    from qa import rubric as rubrics

    problems = 0
    for folder in folders or tuple(rubrics.shipped()):
        found = rubrics.lint(folder)
        problems += len(found)
        for problem in found:
            click.echo(str(problem), err=True)
        if not found:
            click.echo(f"{folder}: ok")
    return exits.Exit.USAGE if problems else exits.Exit.DONE


@rubric.command()
@click.argument("folders", nargs=-1, metavar="[RUBRIC]...")
def test(folders: tuple[str, ...]) -> int:
    """Run the examples inside each RUBRIC (default: all shipped): no audio, no models, seconds.

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
def schema() -> None:
    """Print the JSON Schema of rubric.yaml, for completion in an editor."""
    from qa.rubric.schema import RubricFile

    click.echo(json.dumps(RubricFile.model_json_schema(by_alias=True), ensure_ascii=False, indent=2))
