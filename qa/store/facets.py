"""How many calls there are of each agent, line, flag, finding and day: kept, so that no page has to count.

A row of `desk_facets` is such a value with its calls, and how many of them still need an ear (`open`), have
criteria to be decided (`review`), and are done with (`handled`). `qa.store.refresh` takes a call's share out
before it makes its rows again, and adds it back after, in one transaction: the counts are never an estimate.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

SHARES = """
    WITH due AS MATERIALIZED (
        SELECT desk_calls.id, agent_id, queue, day, open, needs_review > 0 AS review, handled
        FROM json_each(:ids) AS asked JOIN desk_calls ON desk_calls.call_id = asked.value
    ),
    judged AS MATERIALIZED (
        SELECT id, criterion, outcome, due.open, review, handled
        FROM due CROSS JOIN desk_findings ON desk_findings.call = due.id
    ),
    shares(kind, value, outcome, open, review, handled) AS (
        SELECT 'call', '', '', open, review, handled FROM due
        UNION ALL SELECT 'agent', agent_id, '', open, review, handled FROM due WHERE agent_id IS NOT NULL
        UNION ALL SELECT 'queue', queue, '', open, review, handled FROM due WHERE queue IS NOT NULL
        UNION ALL SELECT 'day', day, '', open, review, handled FROM due
        UNION ALL SELECT 'flag', flag, '', due.open, review, handled
            FROM due CROSS JOIN desk_flags ON desk_flags.call = due.id
        UNION ALL SELECT 'finding', criterion, outcome, open, review, handled FROM judged
        UNION ALL SELECT 'criterion', criterion, '', open, review, handled FROM judged GROUP BY criterion, id
        UNION ALL SELECT 'outcome', '', outcome, open, review, handled FROM judged GROUP BY outcome, id
    )
    INSERT INTO desk_facets
    SELECT kind, value, outcome,
        :sign * count(*), :sign * sum(open), :sign * sum(review), :sign * sum(handled)
    FROM shares WHERE true GROUP BY kind, value, outcome
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, open = open + excluded.open,
        review = review + excluded.review, handled = handled + excluded.handled
    """


@dataclass(frozen=True, slots=True)
class Facet:
    """Calls that have something in common."""

    calls: int
    open: int
    """Those that still need an ear."""
    review: int
    """Those with criteria to be decided."""
    handled: int
    """Those that a lead is done with."""


def add(connection: sqlite3.Connection, ids: dict[str, str], sign: int) -> None:
    """Add the share of these calls (`ids`: a JSON list of call ids), or with -1 take it out."""
    connection.execute(SHARES, {**ids, "sign": sign})


def of(connection: sqlite3.Connection, kind: str, value: str = "", outcome: str = "") -> Facet:
    """The calls of one agent, line, flag, criterion (with this outcome, as `finding`) or outcome."""
    row = connection.execute(
        "SELECT calls, open, review, handled FROM desk_facets WHERE kind = ? AND value = ? AND outcome = ?",
        (kind, value, outcome),
    ).fetchone()
    return Facet(*row) if row else Facet(0, 0, 0, 0)


def of_days(connection: sqlite3.Connection, first: int, last: int) -> Facet:
    """The calls from one day to another, both Julian day numbers, both included."""
    row = connection.execute(
        """
        SELECT coalesce(sum(calls), 0), coalesce(sum(open), 0), coalesce(sum(review), 0),
            coalesce(sum(handled), 0)
        FROM desk_facets WHERE kind = 'day' AND value BETWEEN ? AND ?
        """,
        (first, last),
    ).fetchone()
    return Facet(*row)


def values(connection: sqlite3.Connection, kind: str) -> Sequence[str]:
    """Every value of this kind that a call has, in order."""
    rows = connection.execute(
        "SELECT value FROM desk_facets WHERE kind = ? AND calls > 0 ORDER BY value", (kind,)
    )
    return tuple(value for (value,) in rows)
