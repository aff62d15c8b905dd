"""What a worker gives back to the system, and how its heaps are kept small.

The C library keeps freed pieces for later, and a mapped file's pages stay until somebody needs the room:
both are reused, but count as this process's memory all night. Giving back costs processor time (pages come
back as zeros), so it is done only where the process has grown beyond what it had in use at its busiest.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import threading
import time
from pathlib import Path

MAPPED = ("system.dic",)
"""Files that are mapped and looked at all over: Sudachi's dictionary of 200 MB."""
MAPS = Path("/proc/self/maps")
SIZES = Path("/proc/self/statm")
GROWTH_MB = 150
"""Resident memory above the most that was in use, that is, that stayed when something was given back; from
here it is done again. Measured from the least instead, it was done three times as often, for a twentieth more
processor time and no less memory at the peak."""
ANEW = 300.0
"""Seconds after which it is done anyway: what was in use at the busiest may have been one long call."""
LOOK = 0.2
"""Seconds between two looks at it."""
_ARENA_MAX = -8
"""`M_ARENA_MAX` of malloc.h."""


def share_heaps() -> None:
    """Let the threads of this process share two heaps, where the C library lets us say so (glibc).

    By default each gets its own, and what one has freed is of no use to another: with two batches at work
    that was 700 MB instead of 490, for 2 % less processor time.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def keep_small() -> None:
    """Give back whenever `GROWTH_MB` are not in use, for as long as this process lives, on a thread."""
    if resident_mb() is not None:
        threading.Thread(target=_keep_small, name="memory", daemon=True).start()


def _keep_small() -> None:
    in_use, since = resident_mb() or 0.0, time.monotonic()
    while (size := resident_mb()) is not None:
        now = time.monotonic()
        if now - since > ANEW:
            in_use, since = 0.0, now
        if size > in_use + GROWTH_MB:
            give_back()
            in_use = max(in_use, resident_mb() or 0.0)
        time.sleep(LOOK)


def resident_mb() -> float | None:
    """Resident memory of this process; None where the system does not tell (it is Linux's file)."""
    try:
        pages = int(SIZES.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def give_back() -> None:
    """Freed heap and the pages of `MAPPED` files; what is needed again comes back by itself."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    for name in MAPPED:
        release_pages(name)


def release_pages(name: str) -> int:
    """Drop the resident pages of every read-only mapping of a file called `name`; they come back when read.

    Returns how many mappings there were. Does nothing where the system has no such list (it is Linux's).
    """
    released = 0
    with contextlib.suppress(OSError, AttributeError):
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        lines = MAPS.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in (line for line in lines if line.endswith(f"/{name}")):
            place, rights, *_ = line.split()
            if rights.startswith("r-"):
                start, end = (int(part, 16) for part in place.split("-"))
                released += madvise(start, end - start, mmap.MADV_DONTNEED) == 0
    return released
