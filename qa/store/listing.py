"""The lists of the desk: the queue with its filters, counts and pages, and what can be filtered by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from qa.model import Outcome
from qa.store import refresh
from qa.store.door import Door, moment
from qa.store.records import Hit
from qa.store.talk import matching

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
_ROW = ", ".join(f"desk.{name}" for name in _COLUMNS)
DAY = 10_000
"""Ranks of a day: see `desk_calls.rank`."""
JULIAN = 1_721_425
"""Julian day number of the day before 0001-01-01, for `date.toordinal`."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose calls somebody may see. Every list and look-up takes one."""

    agent_id: str | None = None
    """None: everybody's."""


EVERYTHING = Sight()
"""For leads and admins."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the queue is narrowed to; every field that is None lets everything through."""

    agent_id: str | None = None
    queue: str | None = None
    since: date | None = None
    until: date | None = None
    """The last day that counts."""
    criterion: str | None = None
    outcome: Outcome | None = None
    """Of `criterion`, or of any where that is None."""
    flag: str | None = None
    score_from: float | None = None
    score_to: float | None = None
    needs_review: bool = False
    open: bool | None = None
    """True: calls that still need an ear; False: handled ones."""
    said: str = ""
    """Text that is said in the call."""
    said_by: str | None = None
    """`agent` or `customer`; None: anybody."""


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ends: the rank and id of its last row."""

    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue."""

    rows: tuple[Listed, ...]
    count: int
    """Of all pages."""
    next: Place | None
    """None: this is the last one."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the queue can be filtered by, most frequent first."""

    agents: tuple[tuple[str, str], ...]
    """(id, name)."""
    queues: tuple[str, ...]
    flags: tuple[str, ...]
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tallied:
    """How often an agent's calls of a week came to this outcome."""

    agent_id: str
    week: int
    """Julian day of its Monday, over 7; 0: unknown."""
    apart: bool
    criterion: str
    """Empty: the score itself; `outcome` is then `scored` or `undecided`."""
    outcome: str
    calls: int
    total: float
    """Of the scores."""
    squares: float
    """Of the scores."""


class Listing(Door):
    """Lists of calls, always within a `Sight`."""

    def settle(self, counting: refresh.Counting) -> int:
        """Bring the lists up to date; how many calls were. Cheap where nothing is due."""
        done = 0
        while True:
            with self.reading() as connection:
                if not refresh.due(connection, reviewed=True, limit=1):
                    return done
            with self.writing() as connection:
                ids = refresh.due(connection, reviewed=True)
                refresh.settle(connection, ids, counting)
                done += len(ids)

    def page(self, wanted: Filter, sight: Sight, *, after: Place | None = None, size: int = 50) -> Page:
        """One page of the calls that pass the filter, newest day first and worst first in it."""
        with self.reading() as connection:
            source, values = _narrowed(connection, wanted, sight)
            (count,) = connection.execute(f"SELECT count(*) {source}", values).fetchone()
            further = ""
            if after is not None:
                further = " AND (desk.rank, desk.id) < (:rank, :after)"
                values |= {"rank": after.rank, "after": after.id}
            rows = connection.execute(
                f"SELECT {_ROW} {source}{further} ORDER BY desk.rank DESC, desk.id DESC LIMIT :limit",
                values | {"limit": size + 1},
            ).fetchall()
            listed = _listed(connection, rows[:size])
        last = listed[-1] if len(rows) > size else None
        return Page(listed, int(count), Place(last.rank, last.id) if last else None)

    def find(self, call_id: str, sight: Sight) -> Listed | None:
        """A call as lists show it; None where there is none, or none that may be seen."""
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT {_ROW} FROM desk_calls AS desk WHERE desk.call_id = :call"
                " AND (:agent IS NULL OR desk.agent_id = :agent)",
                {"call": call_id, "agent": sight.agent_id},
            ).fetchall()
            return next(iter(_listed(connection, rows)), None)

    def beside(self, wanted: Filter, sight: Sight, call: Listed) -> tuple[str | None, str | None]:
        """The calls before and after this one in the filtered list."""
        with self.reading() as connection:
            source, values = _narrowed(connection, wanted, sight)
            values |= {"rank": call.rank, "after": call.id}
            found = []
            for sign, order in ((">", ""), ("<", " DESC")):
                row = connection.execute(
                    f"SELECT desk.call_id {source} AND (desk.rank, desk.id) {sign} (:rank, :after)"
                    f" ORDER BY desk.rank{order}, desk.id{order} LIMIT 1",
                    values,
                ).fetchone()
                found.append(None if row is None else str(row[0]))
        return found[0], found[1]

    def choices(self, sight: Sight) -> Choices:
        """What there is to filter by."""
        bound = {"agent": sight.agent_id}
        seen = "FROM desk_calls WHERE (:agent IS NULL OR agent_id = :agent)"
        with self.reading() as connection:
            agents = connection.execute(
                f"SELECT agent_id, max(agent_name) {seen} AND agent_id IS NOT NULL GROUP BY 1 ORDER BY 1",
                bound,
            )
            queues = connection.execute(
                f"SELECT queue {seen} AND queue IS NOT NULL GROUP BY 1 ORDER BY 1", bound
            )
            return Choices(
                tuple((id, name or id) for id, name in agents),
                tuple(queue for (queue,) in queues),
                _names(connection, "desk_flags", "flag"),
                _names(connection, "desk_findings", "criterion"),
            )

    def busiest_agent(self) -> str | None:
        """The agent with the most calls; None where nobody is known."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT agent_id FROM desk_calls WHERE agent_id IS NOT NULL"
                " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
            ).fetchone()
        return None if row is None else str(row[0])

    def rubrics(self) -> tuple[str, ...]:
        """The `name@revision` of every rubric that scored a call as it stands."""
        with self.reading() as connection:
            return _names(connection, "desk_calls", "rubric")

    def said(self, calls: Sequence[Listed], text: str, role: str | None) -> Mapping[str, Hit]:
        """Call id → the first turn in it that contains `text`."""
        ids = json.dumps([call.conversation_id for call in calls])
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT desk.call_id, turns.role, turns.start, turns."end", turns.text
                FROM json_each(:ids) AS asked
                JOIN turns ON turns.conversation_id = asked.value
                JOIN desk_calls AS desk ON desk.conversation_id = asked.value
                WHERE instr(lower(turns.text), lower(:text)) AND (:role IS NULL OR turns.role = :role)
                ORDER BY turns.id DESC
                """,
                {"ids": ids, "text": text, "role": role},
            )
            return {row[0]: Hit(*row) for row in rows}

    def counts(self, sight: Sight) -> Mapping[str, int]:
        """Calls: `all`, those that still need an ear (`open`), with open criteria, handled."""
        with self.reading() as connection:
            row = connection.execute(
                """
                SELECT count(*), coalesce(sum(open), 0), coalesce(sum(needs_review > 0), 0),
                    coalesce(sum(handled), 0)
                FROM desk_calls WHERE (:agent IS NULL OR agent_id = :agent)
                """,
                {"agent": sight.agent_id},
            ).fetchone()
        return {"all": int(row[0]), "open": int(row[1]), "needs_review": int(row[2]), "handled": int(row[3])}

    def tallies(
        self, sight: Sight, since: date | None = None, criteria: Sequence[str] | None = None
    ) -> tuple[Tallied, ...]:
        """Outcomes and scores by agent and week, with people's words taken in.

        `criteria`: only of these (the empty one is the score); None: of all.
        """
        sql = """
            SELECT * FROM desk_tallies
            WHERE (:agent IS NULL OR agent_id = :agent) AND week >= :week AND calls > 0
                AND (:criteria IS NULL OR criterion IN (SELECT value FROM json_each(:criteria)))
            """
        named = None if criteria is None else json.dumps(list(criteria))
        return self._tallied(sql, {"agent": sight.agent_id, "week": _week(since), "criteria": named})

    def totals(self, since: date | None = None) -> tuple[Tallied, ...]:
        """Everybody's outcomes and scores by week; `agent_id` is empty."""
        sql = """
            SELECT '', week, apart, criterion, outcome, sum(calls), sum(total), sum(squares)
            FROM desk_tallies WHERE week >= :week AND calls > 0 GROUP BY week, apart, criterion, outcome
            """
        return self._tallied(sql, {"week": _week(since)})

    def _tallied(self, sql: str, values: Mapping[str, object]) -> tuple[Tallied, ...]:
        with self.reading() as connection:
            return tuple(
                Tallied(agent_id, week, bool(apart), criterion, outcome, calls, total, squares)
                for agent_id, week, apart, criterion, outcome, calls, total, squares in connection.execute(
                    sql, values
                )
            )


_CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "agent_id": "desk.agent_id = :agent_id",
        "queue": "desk.queue = :queue",
        "since": "desk.rank >= :since",
        "until": "desk.rank < :until",
        "score_from": "desk.score >= :score_from",
        "score_to": "desk.score <= :score_to",
        "flag": "desk.id IN (SELECT call FROM desk_flags WHERE flag = :flag)",
    }
)
"""Field of a filter → what a call must fulfil."""


def _narrowed(connection: sqlite3.Connection, wanted: Filter, sight: Sight) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE of the calls that pass, with what they bind."""
    values: dict[str, Any] = {name: getattr(wanted, name) for name in _CONDITIONS}
    values["since"] = _rank(wanted.since) if wanted.since else None
    values["until"] = _rank(wanted.until) + DAY if wanted.until else None
    values = {name: value for name, value in values.items() if value is not None}
    where = ["true", *(_CONDITIONS[name] for name in values)]
    if sight.agent_id is not None:
        where.append("desk.agent_id = :own")
        values["own"] = sight.agent_id
    if wanted.open is not None:
        where.append("desk.open = 1" if wanted.open else "desk.handled = 1")
    if wanted.needs_review:
        where.append("desk.needs_review > 0")
    where += _judged(wanted, values)
    where += _spoken(connection, wanted, values)
    return f"FROM desk_calls AS desk WHERE {' AND '.join(where)}", values


def _judged(wanted: Filter, values: dict[str, Any]) -> list[str]:
    """What its criteria must have come to."""
    if wanted.criterion is None and wanted.outcome is None:
        return []
    values["outcome"] = wanted.outcome
    if wanted.criterion is None:
        return ["EXISTS (SELECT 1 FROM desk_findings WHERE call = desk.id AND outcome = :outcome)"]
    values["criterion"] = wanted.criterion
    narrower = " AND outcome = :outcome" if wanted.outcome else ""
    return [f"desk.id IN (SELECT call FROM desk_findings WHERE criterion = :criterion{narrower})"]


def _spoken(connection: sqlite3.Connection, wanted: Filter, values: dict[str, Any]) -> list[str]:
    """What must have been said in it."""
    if not wanted.said:
        return []
    values["said"] = matching(connection, wanted.said, wanted.said_by)
    if values["said"] is None:
        return ["false"]
    return ["desk.conversation_id IN (SELECT rowid FROM talk_search WHERE talk_search MATCH :said)"]


def _week(since: date | None) -> int:
    """The week of a day, as tallies count them; 0: from the beginning."""
    return (since.toordinal() + JULIAN) // 7 if since else 0


def _rank(day: date) -> int:
    """The lowest rank of a day."""
    return (day.toordinal() + JULIAN) * DAY


def _listed(connection: sqlite3.Connection, rows: Sequence[Any]) -> tuple[Listed, ...]:
    """Rows with their flags and the criteria that ask for attention."""
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


def _names(connection: sqlite3.Connection, table: str, column: str) -> tuple[str, ...]:
    """The different values of the first column of a table's key, without reading all of it."""
    rows = connection.execute(
        f"""
        WITH RECURSIVE each(name) AS (
            SELECT min({column}) FROM {table}
            UNION ALL
            SELECT (SELECT min({column}) FROM {table} WHERE {column} > name) FROM each WHERE name IS NOT NULL
        )
        SELECT name FROM each WHERE name IS NOT NULL
        """
    )
    return tuple(name for (name,) in rows)
