"""Search in what was said, by role, also for one or two letters.

FTS5's trigram tokenizer (sqlite.org/fts5.html#the_trigram_tokenizer) finds any three letters. A shorter
text is looked up in the index's own list of terms: every turn ends with a line break and all of them with one
more, so that also the last letter of a conversation begins a term.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from qa.model import Role, Turn

ROLES = {"agent": "agent", "customer": "customer"}
"""Role → its column; everybody else's words are in `other`."""
HIGHEST = chr(0x10FFFF)


def keep(connection: sqlite3.Connection, conversation_id: int, turns: Sequence[Turn]) -> None:
    """Make a conversation's words searchable."""
    connection.execute(
        "INSERT INTO talk_search (rowid, agent, customer, other) VALUES (?, ?, ?, ?)",
        (conversation_id, *_by_role((turn.role, turn.text) for turn in turns)),
    )


def forget(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Take a conversation's words out of the index; its turns must still be there."""
    turns = connection.execute(
        "SELECT role, text FROM turns WHERE conversation_id = ? ORDER BY position", (conversation_id,)
    )
    connection.execute(
        "INSERT INTO talk_search (talk_search, rowid, agent, customer, other) VALUES ('delete', ?, ?, ?, ?)",
        (conversation_id, *_by_role((Role(role), text) for role, text in turns)),
    )


def _by_role(turns: Iterable[tuple[Role, str]]) -> tuple[str, ...]:
    """What the agent, the customer and others say: the columns of the index, as m0012 makes them."""
    said = {"agent": "", "customer": "", "other": ""}
    for role, text in turns:
        said[ROLES.get(role, "other")] += text + "\n"
    return tuple(text and text + "\n" for text in said.values())


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
