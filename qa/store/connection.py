"""One SQLite file in WAL mode: opening it, writing in transactions, and saying what is wrong with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from qa.errors import StoreError

REMEDIES = {
    "SQLITE_BUSY": "another program is writing to it; close that program, or run again later",
    "SQLITE_LOCKED": "another program is writing to it; close that program, or run again later",
    "SQLITE_READONLY": "it is read-only; make the file and its folder writable, or choose another with --db",
    "SQLITE_CANTOPEN": "it cannot be opened; check that its folder exists and is writable",
    "SQLITE_NOTADB": "it is not a qa database; choose another file with --db",
    "SQLITE_CORRUPT": "it is damaged; restore it from a backup, or try `sqlite3 FILE .recover`",
    "SQLITE_FULL": "the disk is full; free some space and run again",
    "SQLITE_IOERR": "the disk reports an error or is full; check the disk and run again",
    "SQLITE_PERM": "permission denied; make the file and its folder writable",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into a `StoreError` that names the file and the remedy."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        remedy = next((text for code, text in REMEDIES.items() if name.startswith(code)), None)
        if remedy is None:
            remedy = "the database refused; please report this as a defect"
        raise StoreError(f"{path}: {remedy} ({error})") from error


def connect(
    path: Path, *, create: bool, read_only: bool, busy_seconds: float, any_thread: bool = False
) -> Database:
    """An open database with foreign keys on, WAL journal and full durability of each commit."""
    if not path.exists() and (read_only or not create):
        raise StoreError(f"{path}: no such database; `qa run` makes it, --db names another")
    mode = "ro" if read_only else ("rwc" if create else "rw")
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    with explained(path):
        connection = sqlite3.connect(uri, uri=True, timeout=busy_seconds, check_same_thread=not any_thread)
        try:
            db = Database(connection, execute_plugins=False)
            connection.execute("PRAGMA foreign_keys = ON")
            (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
            if journal != "wal" and not read_only:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA temp_store = MEMORY")
        except BaseException:
            connection.close()
            raise
    return db


@contextmanager
def writing(db: Database) -> Iterator[sqlite3.Connection]:
    """One transaction, begun IMMEDIATE: whoever gets in finds what they read still true."""
    connection = db.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
