"""File-name patterns with named groups: `{call_id}_{agent_id}_{started_at:%Y%m%dT%H%M%S}`.

A group takes as little as it can, so what separates groups should not occur in the earlier ones. With
slashes the folders above count too: `{queue}/{agent_id}/{call_id}`. The file's ending is not part of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa.errors import IntakeError
from qa.intake.fields import nearest_name

_DIRECTIVES: Mapping[str, str] = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{2}",
    "d": r"\d{2}",
    "H": r"\d{2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "f": r"\d{1,6}",
    "j": r"\d{3}",
    "I": r"\d{2}",
    "p": r"[AaPp][Mm]",
    "z": r"(?:Z|[+-]\d{2}:?\d{2})",
    "b": r"[A-Za-z]{3}",
    "%": "%",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled file-name pattern."""

    expression: re.Pattern[str]
    time_format: str
    """strptime format of started_at; empty: ISO 8601."""
    depth: int
    """Names of the path that count: 1 for the file's own."""

    def match(self, path: Path) -> dict[str, str] | None:
        """The groups as text (started_at in ISO 8601); None if the name is not of this pattern."""
        name = "/".join([*path.parts[-self.depth : -1], path.stem])
        found = self.expression.fullmatch(name)
        if found is None:
            return None
        values = {key: value for key, value in found.groupdict().items() if not key.startswith("_")}
        if self.time_format:
            try:
                moment = datetime.strptime(values["started_at"], self.time_format)
            except ValueError:
                return None  # digits in the right places, but no date: 20250231
            values["started_at"] = moment.isoformat()
        return values


@functools.cache
def compile_pattern(text: str) -> Pattern:
    """The pattern as written in qa.toml. Raises `IntakeError` naming what is wrong in it."""
    expression, time_format = "", ""
    names: list[str] = []
    for literal, group in re.findall(r"([^{}]*)(\{[^{}]*\}|[{}]|$)", text):
        expression += re.escape(literal)
        if not group:
            continue
        if group in ("{", "}"):
            raise IntakeError(f"pattern {text!r}: a brace without its partner")
        name, _, style = group[1:-1].partition(":")
        _check_name(text, name, style, names)
        names.append(name)
        if style:
            time_format = style
        key = name if name != "_" else f"_{len(names)}"
        expression += f"(?P<{key}>{_time_expression(text, style) if style else '.+?'})"
    return Pattern(re.compile(expression), time_format, text.count("/") + 1)


def _check_name(text: str, name: str, style: str, before: list[str]) -> None:
    if not name.isidentifier():
        raise IntakeError(f"pattern {text!r}: {{{name}}} is not a name")
    if name in before and name != "_":
        raise IntakeError(f"pattern {text!r}: {{{name}}} occurs twice")
    if style and name != "started_at":
        raise IntakeError(f"pattern {text!r}: only started_at has a format, not {name}")
    meant = nearest_name(name)
    if meant:
        raise IntakeError(f"pattern {text!r}: no field {name}; did you mean {meant}?")


def _time_expression(text: str, style: str) -> str:
    expression = ""
    for literal, directive in re.findall(r"([^%]*)(?:%(.)|$)", style):
        expression += re.escape(literal)
        if directive and directive not in _DIRECTIVES:
            known = " ".join(f"%{d}" for d in _DIRECTIVES)
            raise IntakeError(f"pattern {text!r}: %{directive} is not known here; use {known}")
        expression += _DIRECTIVES.get(directive, "")
    return expression
