"""The conversations in which something is said, looked up once for all that a page asks of them.

They lie in a temporary table of the connection, `temp.asked`, and stay there for the next page of the same
search: turning pages, opening a call from the list, going on to the next one.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from qa.store.talk import matching


@dataclass(frozen=True, slots=True)
class _Question:
    """What `temp.asked` answers: it holds as long as no conversation is added or deleted."""

    text: str
    role: str | None
    newest: int | None
    """Id of the newest conversation."""
    purged: int | None
    """Row of the newest purge."""


class Asking:
    """The last search of a connection."""

    def __init__(self) -> None:
        self._last: _Question | None = None
        self._found = 0

    def look(self, connection: sqlite3.Connection, text: str, role: str | None) -> int:
        """Put the conversations in which `role` (None: anybody) says `text` into `temp.asked`; how many."""
        newest, purged = connection.execute(
            "SELECT (SELECT max(id) FROM conversations), (SELECT max(rowid) FROM purged)"
        ).fetchone()
        question = _Question(text, role, newest, purged)
        if question != self._last:
            self._last = None  # until it is answered
            self._found = _fill(connection, matching(connection, text, role))
            self._last = question
        return self._found


def _fill(connection: sqlite3.Connection, expression: str | None) -> int:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS asked (id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM temp.asked")
    if expression is None:
        return 0
    return connection.execute(
        "INSERT INTO temp.asked SELECT rowid FROM talk_search WHERE talk_search MATCH ? ORDER BY rowid",
        (expression,),
    ).rowcount
