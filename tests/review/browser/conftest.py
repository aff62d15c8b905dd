"""A real browser at a real desk: two sample calls, heard and scored by the real models, served over HTTP."""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from qa.cli.sound import sound
from qa.review.app import create
from qa.settings import Settings
from qa.store import Post, Store
from tests.review.conftest import HASH, PASSWORD

ROOT = Path(__file__).parents[3]
SAMPLES = ("en-02-cancel-broadband-stereo.ogg", "ja-02-double-billing-stereo.mp3")
"""A poor English call (agent e02) and a poor Japanese one (a02)."""
SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that `qa run` filled, with accounts."""
    folder = tmp_path_factory.mktemp("night")
    calls = folder / "calls"
    calls.mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "audio_samples" / "calls" / name, calls)
    db = folder / "qa.db"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "qa.cli", "run", str(calls), "--db", str(db), "--jobs", "1"),
            *("--config", str(ROOT / "audio_samples" / "qa.toml")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        env=os.environ | {"QA_MIN_AGE": "0"},
    )
    assert done.returncode == 0, done.stderr
    with Store.open(db) as store:
        store.people.add("lead", Post.LEAD, None, HASH)
        store.people.add("second", Post.LEAD, None, HASH)
        store.people.add("admin", Post.ADMIN, None, HASH)
        store.people.add("gareth", Post.AGENT, "e02", HASH)
        store.people.add("nakamura", Post.AGENT, "a02", HASH)
    return db


@pytest.fixture
def desk(scored: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a desk over a database of this test's own."""
    db = Path(shutil.copy(scored, tmp_path / "qa.db"))
    settings = dataclasses.replace(Settings(), audio_cache=str(tmp_path / "copies"))
    with serving(create(db, settings, sound(settings, db))) as address:
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """A desk over HTTP; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def enter(browser: Browser, desk: str) -> Iterator[SignIn]:
    """`enter("lead", "ja")`: a page on which they have signed in. A complaint of the console is an error."""
    contexts = []
    complaints: list[str] = []

    def entered(name: str, language: str = "en", **looks: object) -> Page:
        context = browser.new_context(
            base_url=desk,
            locale="ja-JP" if language == "ja" else "en-GB",
            **({"viewport": {"width": 1440, "height": 900}} | looks),
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type == "error" and "409" not in said.text else None
            ),
        )
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((desk, "blob:", "data:"))
                else complaints.append(f"external request: {asked.url}")
            ),
        )
        page.goto("/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.click(".sign-in button.primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield entered
    for context in contexts:
        context.close()
    assert complaints == []
