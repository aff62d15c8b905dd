"""`qa doctor`: is this machine ready for the night?"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import exits, options

if TYPE_CHECKING:
    from qa.cli.checks import Check

STYLES = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.command()
@options.from_settings("db", "models", "model", "device")
@options.config
@options.as_json
def doctor(config: Path | None, as_json: bool, **flags: Any) -> int:
    """Check this machine: each line says what was found, and what to do about it.

    Looks at Python, GPU, decoders, database, disk, rubrics and models, then lets each speech engine work
    on one second of sound. Exits 0 if calls can be scored (warnings included), 2 if not.
    """
    from qa.cli import checks, selftest

    settings = options.load(config, flags)
    found = _shown((*checks.CHECKS, *selftest.checks(settings)), settings, quiet=as_json)
    ready = not any(check.state == checks.FAILED for check in found)
    if as_json:
        lines = [dataclasses.asdict(check) for check in found]
        click.echo(json.dumps({"ready": ready, "checks": lines}, ensure_ascii=False, indent=2))
    return exits.Exit.DONE if ready else exits.Exit.USAGE


def _shown(named: Any, settings: Any, *, quiet: bool) -> list[Check]:
    """Run the checks, printing each as it is done: the engines take some seconds."""
    from qa.cli import checks

    found = []
    for check in checks.every(named, settings):
        found.append(check)
        if not quiet:
            for text in _lines(check):
                click.echo(text)
    return found


def _lines(check: Check) -> Iterator[str]:
    yield f"{click.style(f'{check.state:8}', fg=STYLES[check.state])} {check.name}: {check.detail}"
    if check.remedy:
        yield f"{'':8} → {check.remedy}"
