"""Programs run for their figures: wall and processor seconds, and the most memory that they held."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OFTEN, SELDOM = 0.03, 0.5
"""Seconds between two looks at the memory, of a brief program and a long one: a look takes milliseconds."""
BRIEF = 3.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one program, with all processes that it started and waited for."""

    wall: float
    cpu: float
    peak_mb: float
    """The most memory at one moment: resident pages, each shared out among those that map it (PSS)."""


def run(command: Sequence[str], env: dict[str, str] | None = None) -> Cost:
    """Run it to its end, its results unseen and its complaints on ours. Raises `SystemExit` if it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    peak = 0.0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(OFTEN if time.monotonic() - started < BRIEF else SELDOM):
            peak = max(peak, sum(map(_resident_mb, _tree(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, peak)


def _tree(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for parent in found:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in path.read_text().split()]
            except OSError:
                continue
    return found


def _resident_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
