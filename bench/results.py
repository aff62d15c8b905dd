"""bench/RESULTS.md: one section a benchmark, each with machine, versions and commit."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path

PATH = Path(__file__).parent / "RESULTS.md"
TITLE = "# How fast\n\nWhat `make bench` printed last, one section a benchmark.\n"
PACKAGES = ("faster-whisper", "ctranslate2", "onnxruntime", "pyannote.audio", "torch", "numpy", "av")


def save(name: str, text: str, command: str) -> None:
    """Put `text` into the section `name`, and leave the others as they are."""
    section = f"<!-- {name} -->\n{text.rstrip()}\n\n`{command}`, {surroundings()}\n<!-- end {name} -->\n"
    old = PATH.read_text(encoding="utf-8") if PATH.exists() else TITLE
    pattern = re.compile(rf"<!-- {name} -->.*?<!-- end {name} -->\n", re.DOTALL)
    if pattern.search(old):
        PATH.write_text(pattern.sub(lambda _: section, old), encoding="utf-8")
    else:
        PATH.write_text(f"{old.rstrip()}\n\n{section}", encoding="utf-8")


def surroundings() -> str:
    """Date, machine, versions and commit, in a line."""
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = os.getloadavg()[1]
    return (
        f"{datetime.date.today()}, {os.cpu_count()} cores ({_processor()}), load {load:.1f} at the end, "
        f"Python {platform.python_version()}, {versions}, commit {_commit()}"
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "–"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")


def _commit() -> str:
    command = ["git", "-C", str(PATH.parent), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "–"
