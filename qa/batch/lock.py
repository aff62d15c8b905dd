"""One run at a time on a database.

The kernel holds the lock (flock) and drops it however the process ends, so that a `kill -9` leaves
no stale lock. What is written in the file only tells people who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from qa.errors import LockHeld, StoreError


@contextmanager
def held(db: Path) -> Iterator[None]:
    """Hold the lock on `db` for the block. Raises `LockHeld` saying who has it."""
    path = lock_path(db)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); make the folder of the database writable, "
            "or choose another with --db"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(f"{db}: another run is at work: {_holder(path)}; this one does nothing") from None
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def lock_path(db: Path) -> Path:
    """The lock file beside a database. It stays; only the kernel's lock on it counts."""
    return db.with_name(f"{db.name}.lock")


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"see who has {path} open"
