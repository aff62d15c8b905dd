"""What a call really was: the scoring references that results are compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import QaError
from qa.model import Event, EventKind, Outcome, Role, Span


class BadReference(QaError):
    """A scoring reference cannot be read."""


@dataclass(frozen=True, slots=True)
class ReferenceTurn:
    """Who really said what, and when."""

    role: Role
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One call's truth, in the shape that docs/references.md gives."""

    call_id: str
    language: str
    turns: tuple[ReferenceTurn, ...]
    events: tuple[Event, ...]
    criteria: Mapping[str, Outcome]
    names: Mapping[str, str] = field(default_factory=dict)


def load_references(paths: Sequence[Path]) -> tuple[Reference, ...]:
    """Every reference in `paths` (JSON files, or folders searched for them), by call id.

    A JSON file without `turns` and `criteria` is somebody else's and is passed over in a folder.
    Raises `BadReference` naming the file for one that is named or looks like ours and is broken,
    and when there is none at all.
    """
    found: dict[str, Reference] = {}
    for path in paths:
        named = path.is_file()
        for file in [path] if named else sorted(path.rglob("*.json")):
            document = _read(file)
            if not named and not (isinstance(document, dict) and {"turns", "criteria"} <= document.keys()):
                continue
            reference = _parse(document, file)
            if reference.call_id in found:
                raise BadReference(f"{file}: a second reference for call {reference.call_id}; keep one")
            found[reference.call_id] = reference
    if not found:
        listed = ", ".join(str(path) for path in paths)
        raise BadReference(f"{listed}: no scoring references (JSON with turns and criteria) here")
    return tuple(found[call_id] for call_id in sorted(found))


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadReference(f"{file}: {error}") from error


def _parse(document: Mapping[str, Any], file: Path) -> Reference:
    try:
        return Reference(
            call_id=document["call_id"],
            language=document["language"],
            turns=tuple(_turn(turn) for turn in document["turns"]),
            events=tuple(_event(event) for event in document["events"]),
            criteria={name: Outcome(value) for name, value in document["criteria"].items()},
            names=document.get("names", {}),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadReference(f"{file}: not a scoring reference: {error!r}") from error


def _turn(turn: Mapping[str, Any]) -> ReferenceTurn:
    return ReferenceTurn(Role(turn["role"]), Span(turn["start"], turn["end"]), turn["text"])


def _event(event: Mapping[str, Any]) -> Event:
    by = event.get("by")
    return Event(
        EventKind(event["kind"]),
        Span(event["start"], event["end"]),
        by=Role(by) if by else None,
        successful=event.get("successful"),
    )
