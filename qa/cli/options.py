"""Options that several commands take. Their help and defaults come from `qa.settings`, written once."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from qa import settings as qa_settings
from qa.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

CHOICES: Mapping[str, tuple[str, ...]] = {
    "device": ("auto", "cpu", "cuda"),
    "language": ("auto", "ja", "en"),
    "executor": ("local", "ray"),
    "ui_language": ("ja", "en"),
}
METAVARS: Mapping[str, str] = {
    "db": "FILE",
    "metadata": "FILE",
    "models": "DIR",
    "rubric": "DIR",
    "model": "NAME",
    "until": "HH:MM",
    "jobs": "N",
    "host": "ADDRESS",
    "port": "PORT",
}


def from_settings(*names: str) -> Callable[[F], F]:
    """One option a setting: `--name`, `QA_NAME`, help and default as `qa.settings` has them."""

    def decorate(command: F) -> F:
        for name in reversed(names):
            command = _option(name)(command)
        return command

    return decorate


def _option(name: str) -> Callable[[F], F]:
    field = next(f for f in dataclasses.fields(Settings) if f.name == name)
    default = next(row[2] for row in qa_settings.table() if row[1] == name)
    flags = ["--lang"] if name == "ui_language" else [f"--{name.replace('_', '-')}"]
    kind: Any = click.Choice(CHOICES[name]) if name in CHOICES else (int if name in ("jobs", "port") else str)
    return click.option(
        *flags,
        name,
        type=kind,
        metavar=METAVARS.get(name),
        envvar=f"QA_{name.upper()}",
        show_envvar=True,
        show_default="qa.toml, then the user's cache" if name == "models" else f"qa.toml, then {default}",
        help=_sentence(field.metadata["help"]),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def config(command: F) -> F:
    """`--config FILE`: which qa.toml."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        envvar="QA_CONFIG",
        show_envvar=True,
        show_default="qa.toml here, if there is one",
        help="The settings file.",
    )(command)


def as_json(command: F) -> F:
    """`--json`: one JSON object on stdout, for programs."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        envvar="QA_JSON",
        show_envvar=True,
        help="Print JSON for programs instead of a table for people.",
    )(command)


def load(config: Path | None, flags: Mapping[str, Any]) -> Settings:
    """Settings from the file, the environment and the flags that were given."""
    return qa_settings.load(config, flags)


def ui_language(settings: Settings, environ: Mapping[str, str] | None = None) -> str:
    """`ja` or `en`: the setting, else the locale as POSIX orders its variables."""
    if settings.ui_language:
        return settings.ui_language
    environ = os.environ if environ is None else environ
    locale = next((environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(n)), "")
    return "ja" if locale.startswith("ja") else "en"
