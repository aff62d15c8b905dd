"""A call as lists show it: a row of `desk_calls` with its flags and the criteria that ask for attention."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qa.store.door import moment

_COLUMNS = (
    "id",
    "call_id",
    "conversation_id",
    "agent_id",
    "agent_name",
    "queue",
    "started_at",
    "language",
    "duration",
    "machine_score",
    "score",
    "critical",
    "not_met",
    "needs_review",
    "reviewed",
    "flags",
    "apart",
    "handled",
    "open",
    "rank",
    "rubric",
)
COLUMNS = ", ".join(f"desk.{name}" for name in _COLUMNS)
"""What `listed` wants of `desk_calls AS desk`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A call as lists show it."""

    id: int
    call_id: str
    conversation_id: int
    agent_id: str | None
    agent_name: str | None
    queue: str | None
    started_at: datetime | None
    language: str
    duration: float
    machine_score: float | None
    score: float | None
    """The one that counts."""
    critical: int
    """Critical criteria not met."""
    not_met: int
    needs_review: int
    """Criteria still open."""
    reviewed: int
    """Criteria that a person has spoken on."""
    flag_count: int
    apart: bool
    """Marked, and not averaged in: harassment, poor audio, a busy hour."""
    handled: bool
    open: bool
    rank: int
    rubric: str
    flags: tuple[str, ...] = ()
    not_met_criteria: tuple[str, ...] = ()
    open_criteria: tuple[str, ...] = ()


def listed(connection: sqlite3.Connection, rows: Sequence[Any]) -> tuple[Listed, ...]:
    """Rows of `COLUMNS` with their flags and criteria."""
    ids = [row[0] for row in rows]
    marks = ", ".join("?" * len(ids))
    flags: dict[int, list[str]] = {id: [] for id in ids}
    for call, flag in connection.execute(
        f"SELECT call, flag FROM desk_flags WHERE call IN ({marks}) ORDER BY flag", ids
    ):
        flags[call].append(flag)
    criteria: dict[tuple[int, str], list[str]] = {}
    for call, criterion, outcome in connection.execute(
        f"SELECT call, criterion, outcome FROM desk_findings WHERE call IN ({marks})"
        " AND outcome IN ('not_met', 'needs_review') ORDER BY criterion",
        ids,
    ):
        criteria.setdefault((call, outcome), []).append(criterion)
    return tuple(
        _call(
            row,
            tuple(flags[row[0]]),
            tuple(criteria.get((row[0], "not_met"), ())),
            tuple(criteria.get((row[0], "needs_review"), ())),
        )
        for row in rows
    )


def _call(
    row: Sequence[Any], flags: tuple[str, ...], not_met: tuple[str, ...], open: tuple[str, ...]
) -> Listed:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["started_at"] = moment(values["started_at"])
    values |= {name: bool(values[name]) for name in ("apart", "handled", "open")}
    values["flag_count"] = values.pop("flags")
    return Listed(**values, flags=flags, not_met_criteria=not_met, open_criteria=open)
