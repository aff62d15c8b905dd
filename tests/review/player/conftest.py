"""A desk whose first call can be heard: 20 s of µ-law stereo, a tone where somebody speaks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI

from qa.cli.sound import sound
from qa.model import Recording, Role
from qa.review.app import create
from qa.settings import Settings
from qa.store import Store
from tests import handmade
from tests.audio.making import Sound, encode, tone

CALL = "a-1"
RECORDING = f"{1:064x}"


def spoken() -> tuple[Sound, Sound]:
    """The hand-made call: the agent is 400 Hz on the left, the customer 700 Hz on the right."""
    sides = tone(400, 20), tone(700, 20)
    heard = np.zeros((2, len(sides[0])))
    for turn in handmade.conversation().turns:
        heard[
            0 if turn.role is Role.AGENT else 1, int(turn.span.start * 8000) : int(turn.span.end * 8000)
        ] = 1
    return sides[0] * heard[0], sides[1] * heard[1]


@pytest.fixture
def recording(db: Path, tmp_path: Path) -> Path:
    """The file of `CALL`, known to the database."""
    path = encode(tmp_path / "call one.wav", *spoken(), codec="pcm_mulaw")
    found = path.stat()
    with Store.open(db) as store:
        store.remember(Recording(RECORDING, path, found.st_size, found.st_mtime))
    return path


@pytest.fixture
def app(db: Path, recording: Path, tmp_path: Path) -> FastAPI:
    """The desk, with the sound of this machine."""
    settings = Settings(audio_cache=str(tmp_path / "cache"))
    return create(db, settings, sound(settings, db))


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where the desk is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
