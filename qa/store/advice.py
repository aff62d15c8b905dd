"""Criteria that are advice only: people disagree with the machine about them, so their points do not count.

The set is kept beside the lists that were made with it. When it changes, every call that such a criterion was
judged in is counted again: batch by batch, since that can be all of them.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from qa.store import refresh
from qa.store.door import Door


class Advice(Door):
    """What the desk's lists leave out of the score."""

    def current(self) -> frozenset[str]:
        """The criteria that the lists are counted without."""
        with self.reading() as connection:
            return frozenset(name for (name,) in connection.execute("SELECT criterion FROM desk_advice"))

    def said(self) -> tuple[int, int]:
        """A mark that changes whenever somebody judges a finding."""
        with self.reading() as connection:
            row = connection.execute(
                """
                SELECT (SELECT coalesce(max(id), 0) FROM reviews),
                    (SELECT coalesce(max(id), 0) FROM blind_scores)
                """
            ).fetchone()
        return int(row[0]), int(row[1])

    def become(self, criteria: Collection[str]) -> None:
        """From now on these, and no others, are advice only; the calls that this touches are due."""
        with self.writing() as connection:
            known = {name for (name,) in connection.execute("SELECT criterion FROM desk_advice")}
            changed = known ^ set(criteria)
            if not changed:
                return
            connection.execute("DELETE FROM desk_advice")
            connection.executemany(
                "INSERT INTO desk_advice VALUES (?)", [(name,) for name in sorted(criteria)]
            )
            connection.execute(
                """
                INSERT OR IGNORE INTO desk_advice_due SELECT desk.call_id FROM desk_findings AS own
                JOIN desk_calls AS desk ON desk.id = own.call
                WHERE own.criterion IN (SELECT value FROM json_each(?))
                """,
                (json.dumps(sorted(changed)),),
            )

    def settle(self, counting: refresh.Counting, size: int = refresh.BATCH) -> bool:
        """Count some of the calls again that a change touches; True while there are more."""
        with self.reading() as connection:
            if not connection.execute("SELECT 1 FROM desk_advice_due LIMIT 1").fetchone():
                return False
        with self.writing() as connection:
            rows = connection.execute("SELECT call_id FROM desk_advice_due LIMIT ?", (size,))
            ids = [call_id for (call_id,) in rows]
            refresh.settle(connection, ids, counting)
            connection.execute(
                "DELETE FROM desk_advice_due WHERE call_id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids),),
            )
            left = connection.execute("SELECT 1 FROM desk_advice_due LIMIT 1").fetchone()
        return left is not None
