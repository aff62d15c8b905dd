"""A filter as SQL over `desk_calls`: counted and paged without reading what is not asked for.

Each thing that is asked for is a `Condition` that knows how many calls fulfil it (`qa.store.facets`) and how
they are listed. A count goes through the calls of the smallest one and looks whether the others hold. A page
does so too while that is a few; else it walks the calls in the list's order until the page is full: of two
conditions that both hold often, that is soon.

`INDEXED BY` and `CROSS JOIN` say so to SQLite, which knows nothing of how many calls hold which word.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.store import facets
from qa.store.asked import Asking
from qa.store.days import RANKS, julian
from qa.store.facets import Facet
from qa.store.filters import Filter, Place, Sight

FEW = 2_500
"""So many calls are sorted sooner than a walk finds a page of them among 100,000."""
LAST_DAY = 9_999_999
"""Julian day number after every day there is."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that a call must fulfil."""

    where: str
    """Of a row of `desk_calls AS desk`."""
    size: int
    """Calls that do, or more."""
    index: str = ""
    """The index that lists them in the order of the list."""
    tables: str = ""
    """Where there is none: the tables that list them in another order; `where` holds by itself then."""
    facet: Facet | None = None
    """How many calls, exactly, in each state; None: not known."""
    exact: bool = False
    """`size` is exact too, where only all states together are known."""

    @property
    def listed(self) -> bool:
        """True where its calls can be gone through without going through all."""
        return bool(self.index or self.tables)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The calls that pass a filter, within a sight."""

    conditions: tuple[Condition, ...]
    """The first: all calls."""
    values: dict[str, Any]
    known: int | None
    """How many there are, where that is kept."""

    def count(self, connection: sqlite3.Connection) -> int:
        """How many calls pass."""
        if self.known is not None:
            return self.known
        (count,) = connection.execute(
            f"SELECT count(*) {self._source(self._smallest)}", self.values
        ).fetchone()
        return int(count)

    def rows(
        self, connection: sqlite3.Connection, columns: str, after: Place | None, limit: int
    ) -> list[Any]:
        """These columns of `desk` of the calls that follow a place, in order."""
        values = self.values | {"limit": limit}
        further = ""
        if after is not None:
            further = " AND (desk.rank, desk.id) < (:rank, :after)"
            values |= {"rank": after.rank, "after": after.id}
        return connection.execute(
            f"SELECT {columns} {self._source(self._walked)}{further}"
            " ORDER BY desk.rank DESC, desk.id DESC LIMIT :limit",
            values,
        ).fetchall()

    def beside(self, connection: sqlite3.Connection, place: Place) -> tuple[str | None, str | None]:
        """Ids of the calls before and after a place."""
        values = self.values | {"rank": place.rank, "after": place.id}
        found = []
        for sign, order in ((">", ""), ("<", " DESC")):
            row = connection.execute(
                f"SELECT desk.call_id {self._source(self._walked)}"
                f" AND (desk.rank, desk.id) {sign} (:rank, :after)"
                f" ORDER BY desk.rank{order}, desk.id{order} LIMIT 1",
                values,
            ).fetchone()
            found.append(None if row is None else str(row[0]))
        return found[0], found[1]

    @property
    def _smallest(self) -> Condition:
        return min((each for each in self.conditions if each.listed), key=lambda each: each.size)

    @property
    def _walked(self) -> Condition:
        if self._smallest.size <= FEW:
            return self._smallest
        return min((each for each in self.conditions if each.index), key=lambda each: each.size)

    def _source(self, through: Condition) -> str:
        """FROM and WHERE, going through the calls of one condition."""
        tables = through.tables or f"desk_calls AS desk INDEXED BY {through.index}"
        others = [each.where for each in self.conditions if not (each is through and through.tables)]
        return f"FROM {tables} WHERE {' AND '.join(others)}"


def narrowed(connection: sqlite3.Connection, wanted: Filter, sight: Sight, asking: Asking) -> Narrowing:
    """What a filter comes to. `asking`: the connection's searches."""
    values: dict[str, Any] = {}
    everything = facets.of(connection, "call")
    every = Condition("true", everything.calls, index="desk_calls_scan", facet=everything)
    states = tuple(_states(wanted, everything))
    asked = (
        *_named(connection, wanted, sight, values),
        *_judged(connection, wanted, values),
        *_bounded(connection, wanted, everything, values),
        *_spoken(connection, wanted, everything, asking),
        *_without(wanted, everything, values),
    )
    return Narrowing((every, *states, *asked), values, _known(wanted, every, states, asked))


def _known(
    wanted: Filter, every: Condition, states: tuple[Condition, ...], asked: tuple[Condition, ...]
) -> int | None:
    """The count of one thing that is asked for, in one state: it is kept."""
    if len(asked) > 1 or len(states) > 1:
        return None
    facet = asked[0].facet if asked else every.facet
    if facet is None:
        return asked[0].size if asked[0].exact and not states else None
    if wanted.needs_review:
        return facet.review
    return facet.calls if wanted.open is None else facet.open if wanted.open else facet.handled


def _states(wanted: Filter, everything: Facet) -> Iterator[Condition]:
    """What is still to be done with it."""
    if wanted.open is True:
        yield Condition("desk.open = 1", everything.open, index="desk_calls_open")
    if wanted.open is False:
        yield Condition("desk.handled = 1", everything.handled, index="desk_calls_handled")
    if wanted.needs_review:
        yield Condition("desk.needs_review > 0", everything.review, index="desk_calls_review")


def _named(
    connection: sqlite3.Connection, wanted: Filter, sight: Sight, values: dict[str, Any]
) -> Iterator[Condition]:
    """Whose call it is, on which line, and with which flag."""
    for name, agent_id in (("agent", wanted.agent_id), ("own", sight.agent_id)):
        if agent_id is not None:
            values[name] = agent_id
            found = facets.of(connection, "agent", agent_id)
            yield Condition(f"desk.agent_id = :{name}", found.calls, index="desk_calls_agent", facet=found)
    if wanted.queue is not None:
        values["queue"] = wanted.queue
        found = facets.of(connection, "queue", wanted.queue)
        yield Condition("desk.queue = :queue", found.calls, index="desk_calls_queue", facet=found)
    if wanted.flag is not None:
        values["flag"] = wanted.flag
        found = facets.of(connection, "flag", wanted.flag)
        yield Condition(
            "EXISTS (SELECT 1 FROM desk_flags WHERE flag = :flag AND call = desk.id)",
            found.calls,
            tables="desk_flags CROSS JOIN desk_calls AS desk"
            " ON desk.id = desk_flags.call AND desk_flags.flag = :flag",
            facet=found,
        )


def _judged(connection: sqlite3.Connection, wanted: Filter, values: dict[str, Any]) -> Iterator[Condition]:
    """What its criteria must have come to."""
    if wanted.outcome is not None:
        values["outcome"] = wanted.outcome
    if wanted.criterion is not None:
        values["criterion"] = wanted.criterion
        if wanted.outcome is not None:
            found = facets.of(connection, "finding", wanted.criterion, wanted.outcome)
            asked = "desk_findings.criterion = :criterion AND desk_findings.outcome = :outcome"
            tables = (
                f"desk_findings CROSS JOIN desk_calls AS desk ON desk.id = desk_findings.call AND {asked}"
            )
        else:  # it may stand in a scorecard twice, so its rows cannot be counted as calls
            found = facets.of(connection, "criterion", wanted.criterion)
            asked, tables = "desk_findings.criterion = :criterion", ""
        yield Condition(
            f"EXISTS (SELECT 1 FROM desk_findings WHERE {asked} AND call = desk.id)",
            found.calls,
            tables=tables,
            facet=found,
        )
    elif wanted.outcome is not None:
        found = facets.of(connection, "outcome", outcome=wanted.outcome)
        yield Condition(
            "EXISTS (SELECT 1 FROM desk_findings WHERE call = desk.id AND outcome = :outcome)",
            found.calls,
            facet=found,
        )


def _bounded(
    connection: sqlite3.Connection, wanted: Filter, everything: Facet, values: dict[str, Any]
) -> Iterator[Condition]:
    """From which days, and with which scores."""
    if wanted.since is not None or wanted.until is not None:
        first, last = julian(wanted.since), julian(wanted.until) or LAST_DAY
        values |= {"since": first * RANKS, "until": (last + 1) * RANKS}
        found = facets.of_days(connection, first, last)
        where = "desk.rank >= :since AND desk.rank < :until"
        yield Condition(where, found.calls, index="desk_calls_scan", facet=found)
    for name, sign in (("score_from", ">="), ("score_to", "<=")):
        if getattr(wanted, name) is not None:
            values[name] = getattr(wanted, name)
            yield Condition(f"desk.score {sign} :{name}", everything.calls)


def _without(wanted: Filter, everything: Facet, values: dict[str, Any]) -> Iterator[Condition]:
    """Which calls it must not be."""
    if wanted.without:
        values["without"] = json.dumps(wanted.without)
        yield Condition("desk.call_id NOT IN (SELECT value FROM json_each(:without))", everything.calls)


def _spoken(
    connection: sqlite3.Connection, wanted: Filter, everything: Facet, asking: Asking
) -> Iterator[Condition]:
    """What must have been said in it."""
    if not wanted.said:
        return
    (conversations,) = connection.execute("SELECT count(*) FROM conversations").fetchone()
    yield Condition(  # what is found may have been heard again since: then it is no row of desk_calls
        "desk.conversation_id IN (SELECT id FROM temp.asked)",
        asking.look(connection, wanted.said, wanted.said_by),
        tables="temp.asked CROSS JOIN desk_calls AS desk INDEXED BY desk_calls_talk"
        " ON desk.conversation_id = asked.id",
        exact=conversations == everything.calls,
    )
