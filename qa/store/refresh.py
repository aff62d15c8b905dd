"""Keeps what the desk lists (`desk_calls` and its satellites) in step with scorecards and reviews.

Triggers note each call whose rows are out of date in `desk_due`. The night settles those that no person has
spoken on, in a few statements for hundreds of calls; the desk settles the rest, because the score that counts
then needs the rubric's arithmetic, which this room does not know.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from qa.model import Score
from qa.store import facets

APART = ("harassment", "poor-audio", "busy-hour")
"""Calls with one of these flags are shown, marked, and not averaged in."""
BATCH = 500
"""Calls settled in one go."""

Counting = Callable[[str], Score]
"""Call id → the score that counts, with people's words taken in."""

_EFFECTIVE = """
    SELECT findings.criterion,
        coalesce((SELECT outcome FROM reviews WHERE reviews.call_id = desk.call_id
            AND reviews.criterion = findings.criterion ORDER BY version DESC LIMIT 1),
            findings.outcome) AS outcome,
        desk.id AS call, findings.outcome AS machine, findings.critical, findings.bonus
    FROM json_each(:ids) AS asked
    JOIN desk_calls AS desk ON desk.call_id = asked.value
    JOIN findings ON findings.scorecard_id = desk.scorecard_id
    """
"""One row a criterion of the current scorecards, with the outcome that counts."""

_ADVISED = """
    FROM desk_calls WHERE call_id IN (SELECT value FROM json_each(:ids)) AND EXISTS (
        SELECT 1 FROM desk_findings WHERE call = desk_calls.id
            AND criterion IN (SELECT criterion FROM desk_advice))
    """
"""Calls in which a criterion was judged that is advice only."""


def due(connection: sqlite3.Connection, *, reviewed: bool, limit: int = BATCH) -> list[str]:
    """Calls whose rows are out of date; `reviewed`: also those that a person has spoken on."""
    sql = "SELECT call_id FROM desk_due"
    if not reviewed:
        sql += " WHERE NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.call_id = desk_due.call_id)"
    return [id for (id,) in connection.execute(f"{sql} LIMIT ?", (limit,))]


def settle(connection: sqlite3.Connection, call_ids: Sequence[str], counting: Counting | None) -> None:
    """Make the rows of these calls again, in the transaction that is open.

    `counting` is asked for the score of calls that a person has spoken on, or in which a criterion was judged
    that is advice only; None: there are none of the first, and the others keep the machine's until the desk
    counts them (see `qa.store.advice`).
    """
    ids = {"ids": json.dumps(call_ids)}
    _tally(connection, ids, -1)
    facets.add(connection, ids, -1)
    for table in ("desk_findings", "desk_flags"):
        connection.execute(
            f"DELETE FROM {table} WHERE call IN"
            " (SELECT id FROM desk_calls WHERE call_id IN (SELECT value FROM json_each(:ids)))",
            ids,
        )
    _calls(connection, ids)
    connection.execute(
        f"INSERT OR IGNORE INTO desk_findings SELECT criterion, outcome, call, machine FROM ({_EFFECTIVE})",
        ids,  # a criterion stands once in the lists, whatever a scorecard holds
    )
    _counts(connection, ids)
    if counting is None:
        connection.execute(f"INSERT OR IGNORE INTO desk_advice_due SELECT call_id {_ADVISED}", ids)
    else:
        _scores(connection, ids, counting)
    _tally(connection, ids, 1)
    facets.add(connection, ids, 1)
    connection.execute("DELETE FROM desk_due WHERE call_id IN (SELECT value FROM json_each(:ids))", ids)


def _calls(connection: sqlite3.Connection, ids: dict[str, str]) -> None:
    """The call, its current scorecard, its flags; calls that lost their scorecard go."""
    connection.execute(
        """
        DELETE FROM desk_calls WHERE call_id IN (SELECT value FROM json_each(:ids))
            AND NOT EXISTS (SELECT 1 FROM scorecards WHERE scorecards.call_id = desk_calls.call_id)
        """,
        ids,
    )
    connection.execute(
        """
        INSERT INTO desk_calls (call_id, scorecard_id, conversation_id, rubric, agent_id, agent_name, queue,
            started_at, day, language, duration, machine_score, score, critical, not_met, needs_review,
            reviewed, flags, apart, handled)
        SELECT card.call_id, card.id, card.conversation_id, card.rubric, calls.agent_id, calls.agent_name,
            calls.queue, calls.started_at,
            coalesce(cast(julianday(substr(calls.started_at, 1, 10)) + 0.5 AS INTEGER), 0),
            talk.language, talk.duration, card.score, card.score, 0, 0, 0, 0, 0, 0,
            coalesce((SELECT done FROM handled WHERE handled.call_id = card.call_id
                ORDER BY id DESC LIMIT 1), 0)
        FROM json_each(:ids) AS asked
        JOIN current_scorecards AS card ON card.call_id = asked.value
        JOIN calls ON calls.id = card.call_id
        JOIN conversations AS talk ON talk.id = card.conversation_id
        WHERE true
        ON CONFLICT (call_id) DO UPDATE SET scorecard_id = excluded.scorecard_id,
            conversation_id = excluded.conversation_id, rubric = excluded.rubric,
            agent_id = excluded.agent_id,
            agent_name = excluded.agent_name, queue = excluded.queue, started_at = excluded.started_at,
            day = excluded.day, language = excluded.language, duration = excluded.duration,
            machine_score = excluded.machine_score, score = excluded.score, handled = excluded.handled
        """,
        ids,
    )
    connection.execute(
        """
        INSERT OR IGNORE INTO desk_flags
        SELECT flags.flag, desk.id FROM json_each(:ids) AS asked
        JOIN desk_calls AS desk ON desk.call_id = asked.value
        JOIN flags ON flags.scorecard_id = desk.scorecard_id
        """,
        ids,
    )


def _counts(connection: sqlite3.Connection, ids: dict[str, str]) -> None:
    apart = ", ".join(f"'{flag}'" for flag in APART)
    connection.execute(
        f"""
        UPDATE desk_calls SET critical = found.critical, not_met = found.not_met,
            needs_review = found.needs_review, reviewed = found.reviewed, flags = found.flags,
            apart = found.apart
        FROM (
            SELECT call, sum(critical AND outcome = 'not_met'
                    AND criterion NOT IN (SELECT criterion FROM desk_advice)) AS critical,
                sum(outcome = 'not_met' AND NOT bonus) AS not_met,
                sum(outcome = 'needs_review') AS needs_review,
                (SELECT count(DISTINCT criterion) FROM reviews
                    JOIN desk_calls AS own ON own.call_id = reviews.call_id WHERE own.id = call) AS reviewed,
                (SELECT count(*) FROM desk_flags WHERE desk_flags.call = each.call) AS flags,
                EXISTS (SELECT 1 FROM desk_flags WHERE desk_flags.call = each.call
                    AND flag IN ({apart})) AS apart
            FROM ({_EFFECTIVE}) AS each GROUP BY call
        ) AS found WHERE found.call = desk_calls.id
        """,
        ids,
    )


def _scores(connection: sqlite3.Connection, ids: dict[str, str], counting: Counting) -> None:
    spoken_on = connection.execute(
        f"""
        SELECT id, call_id FROM desk_calls WHERE call_id IN (SELECT value FROM json_each(:ids)) AND reviewed
        UNION SELECT id, call_id {_ADVISED}
        """,
        ids,
    ).fetchall()
    connection.executemany(
        "UPDATE desk_calls SET score = ? WHERE id = ?",
        [(counting(call_id).value, id) for id, call_id in spoken_on],
    )


def _tally(connection: sqlite3.Connection, ids: dict[str, str], sign: int) -> None:
    """Add these calls to the tallies of their agents and weeks, or take them out."""
    upsert = """
        ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, total = total + excluded.total,
            squares = squares + excluded.squares
        """
    of_agents = """
        FROM json_each(:ids) AS asked JOIN desk_calls AS desk ON desk.call_id = asked.value
        """
    connection.execute(
        f"""
        INSERT INTO desk_tallies
        SELECT agent_id, day / 7, apart, criterion, outcome, {sign} * count(*), 0, 0
        {of_agents} JOIN desk_findings ON desk_findings.call = desk.id
        WHERE agent_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5 {upsert}
        """,
        ids,
    )
    connection.execute(
        f"""
        INSERT INTO desk_tallies
        SELECT agent_id, day / 7, apart, '', iif(score IS NULL, 'undecided', 'scored'), {sign} * count(*),
            {sign} * coalesce(sum(score), 0), {sign} * coalesce(sum(score * score), 0)
        {of_agents} WHERE agent_id IS NOT NULL GROUP BY 1, 2, 3, 5 {upsert}
        """,
        ids,
    )
