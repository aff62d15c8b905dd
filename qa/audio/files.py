"""Finding a recording and opening it: only ever to read, and only if it is still that recording."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from qa.errors import AudioError, RecordingGone
from qa.model import Recording


def open_readonly(path: Path) -> BinaryIO:
    """Opened by descriptor, so that the file has no name that FFmpeg could take a format from."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise AudioError(
            f"{path}: no such file; put it back, or run `qa run` on the folder that it is in now"
        ) from None
    except OSError as error:
        raise AudioError(f"{path}: cannot be opened ({error.strerror}); check its permissions") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise AudioError(f"{path}: not a file; name the recording itself")
    return open(descriptor, "rb", buffering=1 << 16)  # noqa: PTH123 — a descriptor, not a path


def find(names: Iterable[Recording]) -> Path:
    """The first of a recording's names under which its bytes still lie.

    A name may have been given to another call since: a file of another size is not it, and one that was
    touched is it only if its bytes still have the recording's hash. Raises `RecordingGone`, with the
    names, if there is none.
    """
    tried = tuple(names)
    for name in tried:
        if _still_there(name):
            return name.path
    raise RecordingGone(tuple(str(name.path) for name in tried))


def _still_there(name: Recording) -> bool:
    try:
        found = name.path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != name.size:
            return False
        if abs(found.st_mtime - name.modified) < 1e-3:
            return True
        return _hash(name.path, found.st_size, found.st_mtime_ns) == name.id
    except OSError:
        return False


@lru_cache(maxsize=1024)
def _hash(path: Path, size: int, modified: int) -> str:
    """The hash of a file that was touched, worked out once: a player asks for it range by range."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
