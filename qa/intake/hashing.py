"""A recording's id: the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from qa.errors import AudioError, UnfinishedRecording


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes in hex, streamed.

    Raises `UnfinishedRecording` if the file changed meanwhile, `AudioError` if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise AudioError(
            f"{path}: cannot be read ({error.strerror or error}); check that it is there, and its permissions"
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnfinishedRecording(
            f"{path}: changed while it was read: it is still being written; the next run takes it"
        )
    return digest
