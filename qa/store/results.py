"""Calls and conversations: written once, and read again."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.model import (
    Call,
    Conversation,
    EventDefinitions,
)
from qa.store import talk
from qa.store.codec import pack, unpack
from qa.store.ledger import now
from qa.store.plain import from_plain, to_plain
from qa.store.records import Hearing, Result, Standing, canonical

CALL_COLUMNS = (
    "id",
    "agent_id",
    "agent_name",
    "queue",
    "direction",
    "started_at",
    "language",
    "channel_roles",
    "attributes",
)


def save_call(connection: sqlite3.Connection, call: Call, recording_id: str) -> None:
    """What is known of the call now."""
    plain = to_plain(call)
    values = [plain[name] for name in CALL_COLUMNS[:-2]]
    values += [canonical(plain["channel_roles"]), canonical(plain["attributes"])]
    updates = ", ".join(f"{name} = excluded.{name}" for name in CALL_COLUMNS[1:])
    connection.execute(
        f"""
        INSERT INTO calls ({", ".join(CALL_COLUMNS)}, recording_id)
        VALUES ({", ".join("?" * len(CALL_COLUMNS))}, ?)
        ON CONFLICT (id) DO UPDATE SET recording_id = excluded.recording_id, {updates}
        """,
        (*values, recording_id),
    )


def save_conversation(connection: sqlite3.Connection, run_id: str, result: Result) -> int:
    """Add a conversation with its turns (searchable) and events; its row id."""
    conversation = result.conversation
    row = connection.execute(
        """
        INSERT INTO conversations (call_id, run_id, created_at, hearing, definitions, language, separation,
            duration, channels, measures, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            conversation.call.id,
            run_id,
            now(),
            result.hearing.as_text(),
            canonical(to_plain(conversation.definitions)),
            conversation.language,
            conversation.separation,
            conversation.duration,
            conversation.quality.channels,
            canonical(to_plain(conversation.measures)),
            pack(conversation),
        ),
    )
    conversation_id = int(row.lastrowid or 0)
    connection.executemany(
        'INSERT INTO turns (conversation_id, position, speaker, role, start, "end", text)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (conversation_id, position, turn.speaker, turn.role, turn.span.start, turn.span.end, turn.text)
            for position, turn in enumerate(conversation.turns)
        ],
    )
    talk.keep(connection, conversation_id, conversation.turns)
    connection.executemany(
        'INSERT INTO events (conversation_id, kind, by, against, start, "end", words, successful, confirmed)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                conversation_id,
                event.kind,
                event.by,
                event.against,
                event.span.start,
                event.span.end,
                event.words,
                event.successful,
                event.confirmed,
            )
            for event in conversation.events
        ],
    )
    return conversation_id


def load_conversation(connection: sqlite3.Connection, conversation_id: int) -> Conversation:
    """A stored conversation, with what is known of its call by now."""
    columns = ", ".join(f"calls.{name}" for name in CALL_COLUMNS)
    body, *call = connection.execute(
        f"SELECT body, {columns} FROM conversations"
        " JOIN calls ON calls.id = call_id WHERE conversations.id = ?",
        (conversation_id,),
    ).fetchone()
    return dataclasses.replace(unpack(body), call=_call(call))


def standings(connection: sqlite3.Connection) -> dict[str, Standing]:
    """What is stored of every scored call, by recording id."""
    columns = ", ".join(f"calls.{name}" for name in CALL_COLUMNS)
    rows = connection.execute(
        f"""
        SELECT calls.recording_id,
            (SELECT path FROM files WHERE files.recording_id = calls.recording_id ORDER BY rowid LIMIT 1),
            current.conversation_id, conversations.hearing, conversations.definitions,
            conversations.language, current.rubric, {columns}
        FROM current_scorecards AS current
        JOIN calls ON calls.id = current.call_id
        JOIN conversations ON conversations.id = current.conversation_id
        """
    )
    hearings: dict[str, Hearing] = {}
    definitions: dict[str, EventDefinitions] = {}
    found: dict[str, Standing] = {}
    for recording_id, path, conversation_id, hearing, defined, language, rubric, *call in rows:
        if hearing not in hearings:  # thousands of calls share a few
            hearings[hearing] = Hearing.from_text(hearing)
        if defined not in definitions:
            definitions[defined] = from_plain(EventDefinitions, json.loads(defined))
        found[recording_id] = Standing(
            call=_call(call),
            recording_id=recording_id,
            path=Path(path) if path else None,
            conversation_id=conversation_id,
            hearing=hearings[hearing],
            definitions=definitions[defined],
            language=language,
            rubric=rubric,
        )
    return found


def _call(row: Sequence[Any]) -> Call:
    plain = dict(zip(CALL_COLUMNS, row, strict=True))
    plain["channel_roles"] = json.loads(plain["channel_roles"])
    plain["attributes"] = json.loads(plain["attributes"])
    return from_plain(Call, plain)


def find_conversation(connection: sqlite3.Connection, call_id: str, hearing: Hearing) -> int | None:
    """The newest conversation of a call that was heard like this."""
    row = connection.execute(
        "SELECT max(id) FROM conversations WHERE call_id = ? AND hearing = ?", (call_id, hearing.as_text())
    ).fetchone()
    return None if row[0] is None else int(row[0])
