"""Search in what was said, by role, also for one or two letters.

FTS5's trigram tokenizer (sqlite.org/fts5.html#the_trigram_tokenizer) finds any three letters. A shorter
text is looked up in the index's own list of terms: every turn ends with a line break, so that also the last
letters of a sentence begin a term.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from qa.model import Role, Turn

ROLES = {"agent": "agent", "customer": "customer"}
"""Role → its column; everybody else's words are in `other`."""
HIGHEST = chr(0x10FFFF)


def keep(connection: sqlite3.Connection, conversation_id: int, turns: Sequence[Turn]) -> None:
    """Make a conversation's words searchable."""
    said = {"agent": "", "customer": "", "other": ""}
    for turn in turns:
        said[ROLES.get(turn.role, "other")] += turn.text + "\n"
    connection.execute(
        "INSERT INTO talk_search (rowid, agent, customer, other) VALUES (?, ?, ?, ?)",
        (conversation_id, *said.values()),
    )


def forget(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Take a conversation's words out of the index; its turns must still be there."""
    said = {"agent": "", "customer": "", "other": ""}
    for role, text in connection.execute(
        "SELECT role, text FROM turns WHERE conversation_id = ? ORDER BY position", (conversation_id,)
    ):
        said[ROLES.get(Role(role), "other")] += text + "\n"
    connection.execute(
        "INSERT INTO talk_search (talk_search, rowid, agent, customer, other) VALUES ('delete', ?, ?, ?, ?)",
        (conversation_id, *said.values()),
    )


def matching(connection: sqlite3.Connection, text: str, role: str | None = None) -> str | None:
    """The FTS5 expression for conversations in which `role` (None: anybody) says `text`; None: none."""
    if len(text) >= 3:
        terms = [text]
    else:
        folded = text.lower()
        rows = connection.execute(
            "SELECT DISTINCT term FROM talk_terms WHERE term >= ? AND term < ? LIMIT 2000",
            (folded, folded + HIGHEST),
        )
        terms = [term for (term,) in rows]
    if not terms:
        return None
    quoted = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
    return f"{{{ROLES.get(role, 'other')}}}: ({quoted})" if role else quoted
