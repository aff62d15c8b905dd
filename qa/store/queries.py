"""Reading for people: status, look-up by a piece of an id, search, tables to export."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qa.errors import UnknownCall
from qa.store.ledger import last_runs, open_entries
from qa.store.records import Hit, Status, Table
from qa.store.talk import matching

HASH_LEAST = 6
"""Letters of a recording's hash that are enough to name it."""

EXPORTS: Mapping[str, str] = MappingProxyType(
    {
        "calls": """
            SELECT calls.id AS call_id, calls.agent_id, calls.agent_name, calls.queue, calls.direction,
                calls.started_at, talk.language, talk.separation, talk.duration, talk.channels,
                calls.recording_id AS recording_sha256,
                (SELECT path FROM files WHERE files.recording_id = calls.recording_id LIMIT 1) AS path
            {current}
            """,
        "scorecards": """
            SELECT calls.id AS call_id, calls.agent_id, calls.queue, calls.started_at, card.score,
                card.coverage, card.points, card.possible, card.bonus, card.cap, card.critical_failed,
                card.needs_review,
                (SELECT group_concat(flag, ' ') FROM flags WHERE scorecard_id = card.id) AS flags,
                card.rubric, card.created_at
            {current}
            """,
        "findings": """
            SELECT calls.id AS call_id, calls.agent_id, calls.started_at, findings.criterion,
                findings.section, findings.outcome, findings.points, findings.possible,
                findings.critical, findings.bonus, findings.reason_ja, findings.reason_en,
                proof.start, proof."end", proof.role, proof.quote, proof.confidence, card.rubric
            {current}
            JOIN findings ON findings.scorecard_id = card.id
            LEFT JOIN evidence AS proof ON proof.id =
                (SELECT min(id) FROM evidence WHERE finding_id = findings.id)
            """,
        "evidence": """
            SELECT calls.id AS call_id, findings.criterion, findings.outcome, evidence.start,
                evidence."end", evidence.role, evidence.quote, evidence.confidence
            {current}
            JOIN findings ON findings.scorecard_id = card.id
            JOIN evidence ON evidence.finding_id = findings.id
            """,
        "flags": """
            SELECT calls.id AS call_id, calls.agent_id, calls.started_at, flags.flag, flags.reason_ja,
                flags.reason_en
            {current}
            JOIN flags ON flags.scorecard_id = card.id
            """,
        "events": """
            SELECT calls.id AS call_id, calls.agent_id, events.kind, events.by, events.against,
                events.start, events."end", events.successful, events.confirmed, events.words
            {current}
            JOIN events ON events.conversation_id = talk.id
            """,
        "turns": """
            SELECT calls.id AS call_id, turns.role, turns.speaker, turns.start, turns."end", turns.text
            {current}
            JOIN turns ON turns.conversation_id = talk.id
            """,
    }
)
CURRENT = """
    FROM current_scorecards AS card
    JOIN calls ON calls.id = card.call_id
    JOIN conversations AS talk ON talk.id = card.conversation_id
    """
WHOLE_TABLES = ("runs", "ledger")
TABLES = (*EXPORTS, "measures", *WHOLE_TABLES)
"""What can be exported."""


def export(connection: sqlite3.Connection, table: str) -> Table:
    """The rows of one of `TABLES`, for the current scorecards, in order of calls."""
    if table == "measures":
        return _measures(connection)
    if table in WHOLE_TABLES:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
    else:
        cursor = connection.execute(EXPORTS[table].format(current=CURRENT) + " ORDER BY calls.id")
    return Table(tuple(column[0] for column in cursor.description), cursor)


def _measures(connection: sqlite3.Connection) -> Table:
    """One column a measure; the newest qa may know more measures than an old row holds."""
    import dataclasses
    import json

    from qa.model import Measures

    names = [field.name for field in dataclasses.fields(Measures)]
    cursor = connection.execute(
        f"SELECT calls.id, calls.agent_id, calls.started_at, talk.measures {CURRENT} ORDER BY calls.id"
    )

    def rows() -> Iterator[tuple[Any, ...]]:
        for call_id, agent_id, started_at, text in cursor:
            stored = json.loads(text)
            yield (call_id, agent_id, started_at, *(stored.get(name) for name in names))

    return Table(("call_id", "agent_id", "started_at", *names), rows())


def resolve(connection: sqlite3.Connection, text: str, path: Path) -> str:
    """The id of the call that `text` names: its id, the start of it, or of its recording's hash.

    Raises `UnknownCall` with the nearest ids.
    """
    if connection.execute("SELECT 1 FROM calls WHERE id = ?", (text,)).fetchone():
        return text
    rows = connection.execute(
        """
        SELECT id FROM calls WHERE substr(id, 1, length(:text)) = :text
            OR length(:text) >= :least AND substr(recording_id, 1, length(:text)) = lower(:text)
        ORDER BY id LIMIT 6
        """,
        {"text": text, "least": HASH_LEAST},
    )
    found = [id for (id,) in rows]
    if len(found) == 1:
        return str(found[0])
    if found:
        listed = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        raise UnknownCall(f"{path}: {text} can mean several calls: {listed}")
    everything = [id for (id,) in connection.execute("SELECT id FROM calls")]
    near = difflib.get_close_matches(text, everything, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "`qa show` lists the calls"
    raise UnknownCall(f"{path}: no scored call {text}; {hint}")


def search(
    connection: sqlite3.Connection, text: str, role: str | None = None, limit: int = 100
) -> tuple[Hit, ...]:
    """Turns of current conversations that contain `text`, newest calls first."""
    expression = matching(connection, text, role)
    if expression is None:
        return ()
    rows = connection.execute(
        """
        SELECT card.call_id, turns.role, turns.start, turns."end", turns.text
        FROM talk_search
        JOIN current_scorecards AS card ON card.conversation_id = talk_search.rowid
        JOIN turns ON turns.conversation_id = talk_search.rowid
        WHERE talk_search MATCH :expression AND (:role IS NULL OR turns.role = :role)
            AND instr(lower(turns.text), lower(:text))
        ORDER BY turns.id DESC LIMIT :limit
        """,
        {"expression": expression, "text": text, "role": role, "limit": limit},
    )
    return tuple(Hit(*row) for row in rows)


def status(connection: sqlite3.Connection, path: Path, schema: int) -> Status:
    """How the database stands."""

    def count(sql: str) -> int:
        return int(connection.execute(f"SELECT count(*) {sql}").fetchone()[0])

    return Status(
        path=path,
        size=path.stat().st_size,
        schema=schema,
        recordings=count("FROM recordings"),
        calls=count("FROM current_scorecards"),
        needs_review=count("FROM current_scorecards WHERE needs_review"),
        flagged=count("FROM current_scorecards WHERE id IN (SELECT scorecard_id FROM flags)"),
        runs=last_runs(connection),
        open=open_entries(connection),
    )
