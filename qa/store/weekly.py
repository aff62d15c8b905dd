"""Outcomes and scores by agent and week, added up for the pages of teams and agents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.store.days import julian
from qa.store.door import Door
from qa.store.filters import Sight


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


class Weekly(Door):
    """The tallies of `desk_tallies`, with people's words taken in."""

    def tallies(
        self, sight: Sight, since: date | None = None, criteria: Sequence[str] | None = None
    ) -> tuple[Tallied, ...]:
        """By agent, week and criterion.

        `criteria`: only of these (the empty one is the score); None: of all.
        """
        values = {"agent": sight.agent_id, "week": _week(since), "criteria": json.dumps(criteria)}
        where = ["week >= :week", "calls > 0"]
        index = "desk_tallies"
        if sight.agent_id is not None:
            where.append("agent_id = :agent")
        if criteria is not None:
            index += " INDEXED BY desk_tallies_criterion"
            where.append("criterion IN (SELECT value FROM json_each(:criteria))")
        return self._tallied(f"SELECT {_COLUMNS} FROM {index} WHERE {' AND '.join(where)}", values)

    def totals(self, since: date | None = None) -> tuple[Tallied, ...]:
        """Everybody's together; `agent_id` is empty."""
        sql = """
            SELECT '', week, apart, criterion, outcome, sum(calls), sum(total), sum(squares)
            FROM desk_tallies INDEXED BY desk_tallies_week WHERE week >= :week AND calls > 0
            GROUP BY week, apart, criterion, outcome
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


_COLUMNS = "agent_id, week, apart, criterion, outcome, calls, total, squares"


def _week(since: date | None) -> int:
    """The week of a day, as tallies count them; 0: from the beginning."""
    return julian(since) // 7
