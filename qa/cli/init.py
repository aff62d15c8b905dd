"""`qa init`: a commented qa.toml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from qa.errors import SettingsError
from qa.settings import template


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="qa.toml")
@click.option(
    "--force",
    is_flag=True,
    envvar="QA_INIT_FORCE",
    show_envvar=True,
    help="Write over a FILE that is there already.",
)
def init(file: Path, force: bool) -> None:
    """Write FILE (default: qa.toml) with every setting, its default and what it means."""
    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(template())
    except FileExistsError:
        raise SettingsError(
            f"{file}: exists already; edit it, or `qa init --force` to start afresh"
        ) from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written: {error.strerror}") from error
    click.echo(f"{file} written. Next: `qa models fetch`, `qa doctor`, `qa run FOLDER`.")
