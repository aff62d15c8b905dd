"""An agent's answer to a scorecard: read it, or disputes a finding; and the lead's answer. Only added to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from qa.errors import Conflict
from qa.store.door import Door, instant, utc_now
from qa.store.filters import EVERYTHING, Sight


class Settled(StrEnum):
    """What a dispute came to."""

    STANDS = "stands"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The lead's answer to a dispute."""

    outcome: Settled
    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """An agent says that a finding is wrong."""

    id: int
    call_id: str
    criterion: str
    agent_id: str
    words: str
    who: str
    at: datetime
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An agent has read a scorecard."""

    call_id: str
    agent_id: str
    words: str
    """Their answer; may be empty."""
    who: str
    at: datetime


_DISPUTE = """
    SELECT d.id, d.call_id, d.criterion, d.agent_id, d.words, d.who, d.at,
        a.outcome, a.words, a.who, a.at
    FROM disputes AS d LEFT JOIN dispute_answers AS a ON a.dispute_id = d.id
    """


class Disputes(Door):
    """What agents say to their scorecards."""

    def add(self, call_id: str, criterion: str, agent_id: str, words: str, who: str) -> Dispute:
        """A new dispute. Raises `Conflict` where one on this finding is not answered yet."""
        at = utc_now()
        with self.writing() as connection:
            waiting = connection.execute(
                f"{_DISPUTE} WHERE d.call_id = ? AND d.criterion = ? AND a.id IS NULL", (call_id, criterion)
            ).fetchone()
            if waiting:
                raise Conflict(f"{call_id}, {criterion}: a dispute is already waiting for an answer")
            row = connection.execute(
                "INSERT INTO disputes (call_id, criterion, agent_id, words, who, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (call_id, criterion, agent_id, words, who, at.isoformat()),
            )
        return Dispute(int(row.lastrowid or 0), call_id, criterion, agent_id, words, who, at, None)

    def answer(self, dispute_id: int, outcome: Settled, words: str, who: str) -> None:
        """The lead's answer. Raises `Conflict` where there is one already."""
        with self.writing() as connection:
            try:
                connection.execute(
                    "INSERT INTO dispute_answers (dispute_id, outcome, words, who, at)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (dispute_id, outcome, words, who, utc_now().isoformat()),
                )
            except sqlite3.IntegrityError as error:
                raise Conflict("this dispute was answered in the meantime, or is gone") from error

    def find(self, dispute_id: int, sight: Sight) -> Dispute | None:
        """A dispute by its number; None where there is none that may be seen."""
        found = self._select("d.id = ?", (dispute_id,), sight)
        return found[0] if found else None

    def of_call(self, call_id: str) -> tuple[Dispute, ...]:
        """A call's disputes, oldest first."""
        return self._select("d.call_id = ?", (call_id,), EVERYTHING)

    def waiting(self, sight: Sight) -> tuple[Dispute, ...]:
        """Disputes without an answer, oldest first."""
        return self._select("a.id IS NULL", (), sight)

    def all(self, sight: Sight) -> tuple[Dispute, ...]:
        """Every dispute that may be seen, oldest first."""
        return self._select("true", (), sight)

    def _select(self, where: str, values: tuple[object, ...], sight: Sight) -> tuple[Dispute, ...]:
        with self.reading() as connection:
            rows = connection.execute(
                f"{_DISPUTE} WHERE {where} AND (? IS NULL OR d.agent_id = ?) ORDER BY d.id",
                (*values, sight.agent_id, sight.agent_id),
            )
            return tuple(map(_dispute, rows))

    def acknowledge(self, call_id: str, agent_id: str, words: str, who: str) -> Acknowledgement:
        """The agent has read the scorecard of a call, and may say something to it."""
        at = utc_now()
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO acknowledgements (call_id, agent_id, words, who, at) VALUES (?, ?, ?, ?, ?)",
                (call_id, agent_id, words, who, at.isoformat()),
            )
        return Acknowledgement(call_id, agent_id, words, who, at)

    def read(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Those of these calls that their agent has said they read."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT call_id FROM acknowledgements"
                " WHERE call_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(call_ids)),),
            )
            return frozenset(call_id for (call_id,) in rows)

    def acknowledgements(self, call_id: str) -> tuple[Acknowledgement, ...]:
        """Who has read a call's scorecard, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT call_id, agent_id, words, who, at FROM acknowledgements WHERE call_id = ?"
                " ORDER BY id",
                (call_id,),
            )
            return tuple(
                Acknowledgement(call_id, agent_id, words, who, instant(at))
                for call_id, agent_id, words, who, at in rows
            )


def _dispute(row: tuple[Any, ...]) -> Dispute:
    number, call_id, criterion, agent_id, words, who, at, outcome, answered, by, then = row
    answer = None if outcome is None else Answer(Settled(outcome), answered, by, instant(then))
    return Dispute(number, call_id, criterion, agent_id, words, who, instant(at), answer)
