"""The lists of the desk: the queue with its filters, counts and pages, and what can be filtered by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from qa.store import facets, refresh
from qa.store.asked import Asking
from qa.store.door import Door
from qa.store.facets import Facet
from qa.store.filters import Filter, Place, Sight
from qa.store.listed import COLUMNS, Listed, listed
from qa.store.narrowing import narrowed
from qa.store.records import Hit


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
    """What the queue can be filtered by."""

    agents: tuple[tuple[str, str], ...]
    """(id, name), the name as in the newest call."""
    queues: tuple[str, ...]
    flags: tuple[str, ...]
    criteria: tuple[str, ...]


class Listing(Door):
    """Lists of calls, always within a `Sight`."""

    def __init__(self, db: Database, path: Path) -> None:
        super().__init__(db, path)
        self._asking = Asking()

    def settle(self, counting: refresh.Counting, at_most: int | None = None) -> bool:
        """Bring the lists up to date (of `at_most` calls); True while more is due. Cheap where nothing is."""
        done = 0
        while more := self._due():
            if at_most is not None and done >= at_most:
                break
            with self.writing() as connection:
                size = refresh.BATCH if at_most is None else min(refresh.BATCH, at_most - done)
                ids = refresh.due(connection, reviewed=True, limit=size)
                refresh.settle(connection, ids, counting)
                done += len(ids)
        if done >= refresh.BATCH:
            self.tidy()
        return more

    def settle_one(self, call_id: str, counting: refresh.Counting) -> None:
        """Bring one call's rows up to date, whatever else is due."""
        with self.writing() as connection:
            refresh.settle(connection, [call_id], counting)

    def _due(self) -> bool:
        with self.reading() as connection:
            return bool(refresh.due(connection, reviewed=True, limit=1))

    def tidy(self) -> None:
        """After a bulk change: let SQLite look again at how its tables are filled (a second at most)."""
        with self.writing() as connection:
            connection.execute("PRAGMA analysis_limit = 400")
            connection.execute("PRAGMA optimize")

    def page(self, wanted: Filter, sight: Sight, *, after: Place | None = None, size: int = 50) -> Page:
        """One page of the calls that pass the filter, newest day first and worst first in it."""
        with self._asked() as connection:
            narrowing = narrowed(connection, wanted, sight, self._asking)
            rows = narrowing.rows(connection, COLUMNS, after, size + 1)
            calls = listed(connection, rows[:size])
            count = narrowing.count(connection)
        last = calls[-1] if len(rows) > size else None
        return Page(calls, count, Place(last.rank, last.id) if last else None)

    @contextmanager
    def _asked(self) -> Iterator[sqlite3.Connection]:
        try:
            with self.looking() as connection:
                yield connection
        except BaseException:
            self._asking = Asking()  # what it found was rolled back
            raise

    def find(self, call_id: str, sight: Sight) -> Listed | None:
        """A call as lists show it; None where there is none, or none that may be seen."""
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM desk_calls AS desk WHERE desk.call_id = :call"
                " AND (:agent IS NULL OR desk.agent_id = :agent)",
                {"call": call_id, "agent": sight.agent_id},
            ).fetchall()
            return next(iter(listed(connection, rows)), None)

    def beside(self, wanted: Filter, sight: Sight, call: Listed) -> tuple[str | None, str | None]:
        """The calls before and after this one in the filtered list."""
        with self._asked() as connection:
            narrowing = narrowed(connection, wanted, sight, self._asking)
            return narrowing.beside(connection, Place(call.rank, call.id))

    def choices(self) -> Choices:
        """What there is to filter by, for those who see everything."""
        with self.reading() as connection:
            return Choices(
                tuple((id, _name(connection, id) or id) for id in facets.values(connection, "agent")),
                tuple(facets.values(connection, "queue")),
                tuple(facets.values(connection, "flag")),
                tuple(facets.values(connection, "criterion")),
            )

    def busiest_agent(self) -> str | None:
        """The agent with the most calls; None where nobody is known."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT value FROM desk_facets WHERE kind = 'agent' AND calls > 0"
                " ORDER BY calls DESC, value LIMIT 1"
            ).fetchone()
        return None if row is None else str(row[0])

    def rubrics(self) -> tuple[str, ...]:
        """The `name@revision` of every rubric that scored a call as it stands."""
        with self.reading() as connection:  # one look-up a rubric, however many calls
            rows = connection.execute(
                """
                WITH RECURSIVE each(name) AS (
                    SELECT min(rubric) FROM desk_calls
                    UNION ALL
                    SELECT (SELECT min(rubric) FROM desk_calls WHERE rubric > name) FROM each
                    WHERE name IS NOT NULL
                )
                SELECT name FROM each WHERE name IS NOT NULL
                """
            )
            return tuple(name for (name,) in rows)

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

    def counts(self, sight: Sight) -> Facet:
        """How many calls there are, and in which state."""
        with self.reading() as connection:
            if sight.agent_id is None:
                return facets.of(connection, "call")
            return facets.of(connection, "agent", sight.agent_id)


def _name(connection: sqlite3.Connection, agent_id: str) -> str | None:
    """What an agent is called in the newest call."""
    row = connection.execute(
        "SELECT agent_name FROM desk_calls INDEXED BY desk_calls_agent WHERE agent_id = ?"
        " ORDER BY rank DESC, id DESC LIMIT 1",
        (agent_id,),
    ).fetchone()
    return None if row is None or row[0] is None else str(row[0])
