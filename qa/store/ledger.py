"""Files, runs and the ledger: what was found, and what became of it night by night."""

from __future__ import annotations

import dataclasses
import os
import secrets
import socket
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa import __version__
from qa.model import Recording
from qa.store.records import Entry, KnownFile, Pace, RunRecord, RunState, State, Tally, Trouble

TALLY = tuple(field.name for field in dataclasses.fields(Tally))


def now() -> str:
    """This instant, as it is stored: UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def known_files(connection: sqlite3.Connection) -> dict[str, KnownFile]:
    """Every file that was ever hashed, by its path."""
    rows = connection.execute("SELECT path, recording_id, size, modified FROM files")
    return {path: KnownFile(recording, size, modified) for path, recording, size, modified in rows}


def remember(connection: sqlite3.Connection, recordings: Iterable[Recording]) -> None:
    """Note files under their recordings. A file whose bytes changed moves to its new recording."""
    seen = now()
    rows = [(r.id, str(r.path), r.size, r.modified) for r in recordings]
    connection.executemany(
        "INSERT INTO recordings VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(id, size, seen) for id, _, size, _ in rows],
    )
    connection.executemany(
        """
        INSERT INTO files (recording_id, path, size, modified, seen_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (path) DO UPDATE SET
            recording_id = excluded.recording_id, size = excluded.size, modified = excluded.modified
        """,
        [(*row, seen) for row in rows],
    )


def begin_run(connection: sqlite3.Connection, kind: str) -> str:
    """A new run's id. Runs still marked as running died: whoever calls this holds the lock."""
    connection.execute(
        "UPDATE ledger SET state = 'due', changed_at = ? WHERE state = 'running'",
        (now(),),
    )
    connection.execute(
        "UPDATE runs SET state = 'crashed', finished_at = ? WHERE state = 'running'",
        (now(),),
    )
    run_id = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    connection.execute(
        "INSERT INTO runs (id, kind, state, started_at, pid, host, code)"
        " VALUES (?, ?, 'running', ?, ?, ?, ?)",
        (run_id, kind, now(), os.getpid(), socket.gethostname(), __version__),
    )
    return run_id


def finish_run(
    connection: sqlite3.Connection, run_id: str, state: RunState, tally: Tally, device: str
) -> None:
    """Close a run with its counts. What it had in work is due again."""
    connection.execute(
        "UPDATE ledger SET state = 'due', changed_at = ? WHERE run_id = ? AND state = 'running'",
        (now(), run_id),
    )
    counts = ", ".join(f"{name} = ?" for name in TALLY)
    connection.execute(
        f"UPDATE runs SET state = ?, finished_at = ?, device = ?, {counts} WHERE id = ?",
        (state, now(), device, *dataclasses.astuple(tally), run_id),
    )


def mark(connection: sqlite3.Connection, run_id: str, entries: Iterable[Entry]) -> None:
    """Write what became of recordings in this run; a later word replaces an earlier one of the same run."""
    connection.executemany(
        """
        INSERT INTO ledger (run_id, path, recording_id, call_id, state, attempts, reason, seconds, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run_id, path) DO UPDATE SET
            recording_id = excluded.recording_id, call_id = excluded.call_id, state = excluded.state,
            attempts = excluded.attempts, reason = excluded.reason, seconds = excluded.seconds,
            changed_at = excluded.changed_at
        """,
        [
            (run_id, str(e.path), e.recording_id, e.call_id, e.state, e.attempts, e.reason, e.seconds, now())
            for e in entries
        ],
    )


def pace(connection: sqlite3.Connection, count: int = 200) -> tuple[Pace, ...]:
    """How long the last calls took that were heard."""
    rows = connection.execute(
        """
        SELECT ledger.path, recordings.size, conversations.duration, ledger.seconds
        FROM ledger
        JOIN recordings ON recordings.id = ledger.recording_id
        JOIN conversations ON conversations.call_id = ledger.call_id AND conversations.run_id = ledger.run_id
        WHERE ledger.state = 'done' AND ledger.seconds > 0 ORDER BY ledger.id DESC LIMIT ?
        """,
        (count,),
    )
    return tuple(Pace(Path(path).suffix, size, audio, work) for path, size, audio, work in rows)


def troubles(connection: sqlite3.Connection) -> dict[str, Trouble]:
    """The recordings whose last outcome was a failure or quarantine, by recording id."""
    rows = connection.execute(
        """
        SELECT recording_id, state, attempts, reason FROM ledger WHERE id IN (
            SELECT max(id) FROM ledger
            WHERE recording_id IS NOT NULL AND state IN ('done', 'failed', 'quarantined')
            GROUP BY recording_id
        ) AND state <> 'done'
        """
    )
    return {id: Trouble(State(state), attempts, reason) for id, state, attempts, reason in rows}


def open_entries(connection: sqlite3.Connection) -> tuple[Entry, ...]:
    """The ledger's last word on each file that is failed, quarantined or (by the last run) due."""
    rows = connection.execute(
        """
        SELECT path, state, recording_id, call_id, attempts, reason, seconds FROM ledger WHERE id IN (
            SELECT max(id) FROM ledger GROUP BY path
        ) AND (
            state IN ('failed', 'quarantined')
            OR state IN ('due', 'running')
                AND run_id = (SELECT id FROM runs WHERE kind = 'run' ORDER BY rowid DESC LIMIT 1)
        ) ORDER BY state, path
        """
    )
    return tuple(Entry(Path(path), State(state), *rest) for path, state, *rest in rows)


def last_runs(connection: sqlite3.Connection, count: int = 5) -> tuple[RunRecord, ...]:
    """The last runs, newest first."""
    columns = ", ".join(TALLY)
    rows = connection.execute(
        f"""
        SELECT id, kind, state, started_at, finished_at, pid, host, code, device, {columns}
        FROM runs ORDER BY rowid DESC LIMIT ?
        """,
        (count,),
    )
    return tuple(map(_run_record, rows.fetchall()))


def _run_record(row: Sequence[Any]) -> RunRecord:
    id, kind, state, started, finished, pid, host, code, device, *counts = row
    return RunRecord(
        id=id,
        kind=kind,
        state=RunState(state),
        started_at=datetime.fromisoformat(started),
        finished_at=datetime.fromisoformat(finished) if finished else None,
        pid=pid,
        host=host,
        code=code,
        device=device,
        tally=Tally(*counts),
    )
