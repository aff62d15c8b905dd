"""Decoded audio kept aside: in memory while it is short, then in a file that has no name.

The file is unlinked the moment it is made, so a killed process leaves nothing behind.
"""

from __future__ import annotations

import os
import tempfile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from qa.errors import AudioError


class Spool:
    """An append-only run of int16 samples, `channels` interleaved, readable at any place."""

    def __init__(self, channels: int, *, folder: str = "", memory_mb: int = 64) -> None:
        self.channels = channels
        self._folder = folder
        self._limit = memory_mb * 1_000_000
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._size = 0

    def __len__(self) -> int:
        """Samples a channel."""
        return self._size // (2 * self.channels)

    @property
    def in_memory(self) -> bool:
        """False once the samples have gone to a file."""
        return self._file is None

    def append(self, samples: NDArray[np.int16]) -> None:
        """Add (n, channels) samples. Raises `AudioError` if the folder cannot take them."""
        data = samples.astype("<i2", copy=False).tobytes()
        self._size += len(data)
        if self._file is None and self._size <= self._limit:
            self._memory += data
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="qa-", dir=self._folder or None, buffering=0)  # noqa: SIM115
                self._write(self._memory)
                self._memory = bytearray()
            self._write(data)
        except OSError as error:
            self.close()
            where = self._folder or tempfile.gettempdir()
            raise AudioError(
                f"{where}: no room for temporary audio ({error.strerror or error}); free some space, "
                "or set spool_dir to a folder that has some"
            ) from error

    def _write(self, data: bytes | bytearray) -> None:
        assert self._file is not None
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def read(self, start: int, stop: int) -> NDArray[np.int16]:
        """(stop - start, channels) samples, clamped to what is there."""
        start = max(0, min(start, len(self)))
        stop = max(start, min(stop, len(self)))
        frame = 2 * self.channels
        if self._file is None:
            data = bytes(memoryview(self._memory)[start * frame : stop * frame])
        else:
            data = _read_at(self._file.fileno(), start * frame, (stop - start) * frame)
        return np.frombuffer(data, "<i2").astype(np.int16, copy=False).reshape(-1, self.channels)

    def close(self) -> None:
        """Forget the samples. Safe to call twice."""
        self._memory = bytearray()
        self._size = 0
        if self._file is not None:
            self._file.close()
            self._file = None


def _read_at(descriptor: int, at: int, length: int) -> bytes:
    """`os.pread` until all is there: one call may return less."""
    parts = []
    while length > 0:
        part = os.pread(descriptor, length, at)
        if not part:
            break
        parts.append(part)
        at += len(part)
        length -= len(part)
    return b"".join(parts)
