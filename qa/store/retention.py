"""Retention: what was heard, scored and said about old calls is deleted. Recordings are never touched.

A line of `purged` remains for each, so that the night does not hear the recording again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from qa.store import refresh, talk
from qa.store.door import Door, utc_now

BATCH = 200
"""Calls that one transaction deletes."""
ABOUT_A_CALL = (
    "reviews",
    "comments",
    "handled",
    "coaching",
    "disputes",
    "acknowledgements",
    "blind_scores",
    "calibration_calls",
    "scorecards",
    "conversations",
)
"""Tables whose rows go with the call; what belongs to those rows goes with them."""


class Retention(Door):
    """Deleting old calls."""

    def due(self, before: datetime) -> tuple[str, ...]:
        """Calls that began before (or, where that is not known, were heard before), oldest first."""
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT id FROM calls WHERE julianday(coalesce(started_at,
                    (SELECT max(created_at) FROM conversations WHERE call_id = calls.id))) < julianday(?)
                ORDER BY started_at, rowid
                """,
                (before.isoformat(),),
            )
            return tuple(id for (id,) in rows)

    def purge(self, call_ids: Sequence[str], who: str) -> None:
        """Delete all that is kept of these calls, and overwrite it in the file. Cannot be undone."""
        with self.reading() as connection:
            connection.execute("PRAGMA secure_delete = ON")
        for first in range(0, len(call_ids), BATCH):
            with self.writing() as connection:
                _purge(connection, list(call_ids[first : first + BATCH]), who)
        with self.writing() as connection:  # the search index lets go of deleted words when it is merged
            connection.execute("INSERT INTO talk_search (talk_search) VALUES ('optimize')")
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def recordings(self) -> frozenset[str]:
        """Ids of the recordings whose calls were deleted: they are not heard again."""
        with self.reading() as connection:
            return frozenset(id for (id,) in connection.execute("SELECT recording_id FROM purged"))


def _purge(connection: sqlite3.Connection, call_ids: list[str], who: str) -> None:
    ids = {"ids": json.dumps(call_ids), "at": utc_now().isoformat(), "who": who}
    asked = "(SELECT value FROM json_each(:ids))"
    for (conversation_id,) in connection.execute(
        f"SELECT id FROM conversations WHERE call_id IN {asked}", ids
    ).fetchall():
        talk.forget(connection, conversation_id)
    connection.execute(
        f"INSERT OR REPLACE INTO purged SELECT recording_id, id, :at FROM calls WHERE id IN {asked}", ids
    )
    connection.execute(
        f"DELETE FROM peaks WHERE recording_id IN (SELECT recording_id FROM calls WHERE id IN {asked})", ids
    )
    connection.execute(
        "INSERT INTO audit (at, who, action, call_id) SELECT :at, :who, 'purged', value FROM json_each(:ids)",
        ids,
    )
    for table in ABOUT_A_CALL:
        connection.execute(f"DELETE FROM {table} WHERE call_id IN {asked}", ids)
    refresh.settle(connection, call_ids, None)
    connection.execute(f"DELETE FROM calls WHERE id IN {asked}", ids)
