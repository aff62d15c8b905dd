"""What each noun's module is given to reach the file: reading, writing, and errors that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from qa.store.connection import explained, writing


class Door:
    """One open database, as the small repositories (`store.people`, `store.reviews`, …) use it."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection; what SQLite raises becomes a `StoreError`."""
        with explained(self._path):
            yield self._db.conn

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """The database as it is at one moment, for several questions that must agree with each other."""
        with explained(self._path):
            connection = self._db.conn
            connection.execute("BEGIN")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()  # of temporary tables; nothing else was written

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, begun IMMEDIATE; what SQLite raises becomes a `StoreError`."""
        with explained(self._path), writing(self._db) as connection:
            yield connection


def instant(text: str) -> datetime:
    """A stored time."""
    return datetime.fromisoformat(text)


def moment(text: str | None) -> datetime | None:
    """A stored time, where there is one."""
    return None if text is None else instant(text)


def utc_now() -> datetime:
    """The present, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
