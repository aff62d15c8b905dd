"""Debian's Chromium for the tests: one a session, since Playwright's two would not run beside each other."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-audio-output",  # a clock instead of a sound device: there is none, and its service may hang
]


def chromium() -> str:
    """Debian's Chromium, installed if that can be done. Skips with a loud line where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "chromium", "fonts-noto-cjk"],
        ):
            subprocess.run(command, capture_output=True, check=False, timeout=500)
        found = shutil.which("chromium")
    if found is None:
        message = "NO BROWSER: the desk was NOT tried in Chromium; install the package `chromium`"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    executable = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield opened
        opened.close()
