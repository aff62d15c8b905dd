"""An HTML file as PDF, by the headless Chromium of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from qa.errors import MissingExtra, ReportError

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PATIENCE = 120.0
"""Seconds."""


def browser() -> str:
    """The Chromium on the PATH. Raises `MissingExtra` with what to do."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise MissingExtra(
            "a PDF needs Chromium: `apt install chromium`, or use --html and print that from any browser"
        )
    return found


def write(html: str, path: Path) -> None:
    """Write `html` to `path` as PDF. Raises `MissingExtra` without Chromium, `ReportError` if it fails."""
    program = browser()
    with tempfile.TemporaryDirectory(prefix="qa-report-") as folder:
        page, made = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(html, encoding="utf-8")
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
            # Chromium's sandbox refuses to run as root; the page holds no script and may load nothing.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            page.as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ReportError(f"{program}: {error}") from error
        if done.returncode or not made.is_file():
            said = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise ReportError(f"{program} made no PDF: {said[0]}")
        try:
            shutil.copyfile(made, path)
        except OSError as error:
            raise ReportError(f"{path}: {error.strerror}") from error
