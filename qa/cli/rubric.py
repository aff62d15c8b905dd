"""`qa rubric`: checking and explaining rubrics."""

from __future__ import annotations

import click

from qa.cli import exits


@click.group()
def rubric() -> None:
    """Rubrics: lint, test, schema, diff, explain."""


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
