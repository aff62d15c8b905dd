"""Moments to listen to, for an agent's report: places in their calls that findings and flags rest on."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from qa.model import Message, Outcome, Role, Span
from qa.store.days import RANKS, date_of, julian
from qa.store.door import Door, moment

_MOMENT = """desk.call_id, desk.started_at, desk.language, evidence.start, evidence."end", evidence.role,
    evidence.quote, evidence.confidence"""

_SENTENCE = """coalesce((
    SELECT text FROM turns WHERE turns.conversation_id = desk.conversation_id AND turns.role = evidence.role
        AND turns.start <= evidence.start + 0.1 AND turns."end" > evidence.start
    ORDER BY turns.position DESC LIMIT 1), '')"""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a call, and what it shows."""

    call_id: str
    started_at: datetime | None
    language: str
    """That is spoken there."""
    span: Span
    role: Role
    quote: str
    confidence: float
    about: str
    """The criterion, or the flag."""
    reason: Message
    sentence: str
    """The turn that the quote is from; empty: nothing was recognised there."""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before the quote, the quote, and the rest; only the quote where it is not in it."""
        before, found, after = self.sentence.partition(self.quote) if self.quote else ("", "", "")
        return (before, found, after) if found else ("", self.quote, "")


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's words in a call."""

    role: Role
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """An agent's calls: from when to when, how many, and how many of them a flag sets apart."""

    agent_id: str
    agent_name: str | None
    first: date | None
    last: date | None
    calls: int
    apart: Mapping[str, int]
    """Flag → calls; a call may have several."""
    language: str
    """The one that is spoken in most of them; empty: there are none."""


class Moments(Door):
    """What an agent's report shows of their calls."""

    def of_findings(
        self, agent_id: str, criterion: str, outcome: Outcome, since: date | None, limit: int = 12
    ) -> tuple[Moment, ...]:
        """Places where a criterion came to `outcome`, by machine and reviewer alike; newest day first.

        Calls set apart are left out. Of each finding the first place with words by the agent, else the first.
        """
        sql = f"""
            SELECT {_MOMENT}, desk.criterion, findings.reason_ja, findings.reason_en, {_SENTENCE}
            FROM (
                SELECT call.*, own.criterion FROM desk_calls AS call INDEXED BY desk_calls_agent
                CROSS JOIN desk_findings AS own ON own.call = call.id
                    AND own.criterion = :criterion AND own.outcome = :outcome AND own.machine = :outcome
                WHERE call.agent_id = :agent AND NOT call.apart AND call.rank >= :since
                ORDER BY call.rank DESC, call.id DESC LIMIT :limit
            ) AS desk
            JOIN findings ON findings.scorecard_id = desk.scorecard_id AND findings.criterion = desk.criterion
            JOIN evidence ON evidence.id = (
                SELECT id FROM evidence WHERE finding_id = findings.id
                ORDER BY quote = '', role <> 'agent', id LIMIT 1)
            ORDER BY desk.rank DESC, desk.id DESC
            """
        values = {"agent": agent_id, "criterion": criterion, "outcome": outcome, "limit": limit}
        return self._moments(sql, values | {"since": julian(since) * RANKS})

    def of_flag(self, agent_id: str, flag: str, since: date | None, limit: int = 12) -> tuple[Moment, ...]:
        """Places that a flag rests on, newest calls first, also of calls set apart."""
        sql = f"""
            SELECT {_MOMENT}, flags.flag, flags.reason_ja, flags.reason_en, {_SENTENCE}
            FROM desk_calls AS desk
            JOIN desk_flags AS own ON own.call = desk.id AND own.flag = :flag
            JOIN flags ON flags.scorecard_id = desk.scorecard_id AND flags.flag = :flag
            JOIN evidence ON evidence.id =
                (SELECT id FROM evidence WHERE flag_id = flags.id ORDER BY quote = '', id LIMIT 1)
            WHERE desk.agent_id = :agent AND desk.day >= :since
            ORDER BY desk.day DESC, desk.id DESC LIMIT :limit
            """
        values = {"agent": agent_id, "flag": flag, "since": julian(since), "limit": limit}
        return self._moments(sql, values)

    def around(self, call_id: str, span: Span, before: int = 2) -> tuple[Said, ...]:
        """What was said at a moment of a call, with up to `before` turns that led to it."""
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT turns.role, turns.start, turns."end", turns.text FROM desk_calls AS desk
                JOIN turns ON turns.conversation_id = desk.conversation_id
                WHERE desk.call_id = :call AND turns.start < :end ORDER BY turns.position
                """,
                {"call": call_id, "end": span.end},
            )
            said = [Said(Role(role), Span(start, end), text) for role, start, end, text in rows]
        here = [turn.span.overlap(span) > 0 or turn.span.start >= span.start for turn in said]
        first = here.index(True) if True in here else len(said)
        return tuple(said[max(0, first - before) :])

    def recording(self, call_id: str) -> Path | None:
        """Where a call's recording is; None: it is not where it was."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT path FROM files JOIN calls ON calls.recording_id = files.recording_id"
                " WHERE calls.id = ? ORDER BY path",
                (call_id,),
            )
            return next((path for (name,) in rows if (path := Path(name)).is_file()), None)

    def stretch(self, agent_id: str, since: date | None) -> Stretch:
        """An agent's scored calls since a day (None: all)."""
        values = {"agent": agent_id, "since": julian(since)}
        seen = "FROM desk_calls WHERE agent_id = :agent AND day >= :since"
        with self.reading() as connection:
            first, last, calls, name = connection.execute(
                f"SELECT min(day) FILTER (WHERE day > 0), max(day), count(*), max(agent_name) {seen}", values
            ).fetchone()
            spoken = connection.execute(
                f"SELECT language {seen} GROUP BY language ORDER BY count(*) DESC, language LIMIT 1", values
            ).fetchone()
            apart = connection.execute(
                f"SELECT flag, count(*) FROM desk_flags WHERE call IN (SELECT id {seen} AND apart)"
                " GROUP BY flag ORDER BY flag",
                values,
            ).fetchall()
        language = str(spoken[0]) if spoken else ""
        return Stretch(agent_id, name, date_of(first), date_of(last), int(calls), dict(apart), language)

    def last_day(self) -> date | None:
        """The day of the newest scored call; None: there is none with a date."""
        with self.reading() as connection:  # rank orders by day; its index has the answer at its end
            row = connection.execute("SELECT day FROM desk_calls ORDER BY rank DESC LIMIT 1").fetchone()
        return date_of(row[0]) if row else None

    def before_and_after(
        self, agent_id: str, criterion: str, at: datetime
    ) -> tuple[Mapping[Outcome, int], Mapping[Outcome, int]]:
        """What a criterion came to in an agent's calls up to the day of `at`, and in those after it.

        Calls set apart, and calls of unknown date, are left out.
        """
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT desk.day > :day, own.outcome, count(*) FROM desk_calls AS desk
                JOIN desk_findings AS own ON own.call = desk.id AND own.criterion = :criterion
                WHERE desk.agent_id = :agent AND NOT desk.apart AND desk.day > 0 GROUP BY 1, 2
                """,
                {"agent": agent_id, "criterion": criterion, "day": julian(at.date())},
            )
            counts: tuple[dict[Outcome, int], dict[Outcome, int]] = ({}, {})
            for after, outcome, calls in rows:
                counts[after][Outcome(outcome)] = int(calls)
        return counts

    def _moments(self, sql: str, values: Mapping[str, object]) -> tuple[Moment, ...]:
        with self.reading() as connection:
            return tuple(map(_moment, connection.execute(sql, values)))


def _moment(row: sqlite3.Row) -> Moment:
    call_id, started_at, language, start, end, role, quote, confidence, about, ja, en, sentence = row
    return Moment(
        call_id,
        moment(started_at),
        language,
        Span(start, end),
        Role(role),
        quote,
        confidence,
        about,
        Message(ja, en),
        sentence,
    )
