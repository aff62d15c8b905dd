"""After a bulk change no page waits for all of it, and one's own word is in the lists at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from qa.review.app import create
from qa.review.desk import COUNTED_AT_ONCE
from qa.review.sound import Silence
from qa.settings import Settings
from qa.store import Post, Store
from qa.store.refresh import due
from tests.history import MET, NOT, Past, fill
from tests.review.conftest import HASH, Sign, form_token

CALLS = COUNTED_AT_ONCE + 30


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """More calls that people have spoken on, and that are due, than are counted within a request."""
    path = tmp_path / "qa.db"
    with Store.open(path) as store:
        fill(store, [Past(f"a-{n:03}", criteria={"empathy": NOT, "ownership": MET}) for n in range(CALLS)])
        for n in range(CALLS):
            store.reviews.add(f"a-{n:03}", "empathy", MET, who="lead", why="heard it", seen=0)
        store.people.add("lead", Post.LEAD, None, HASH)
    return path


@pytest.fixture
def app(db: Path) -> FastAPI:
    """A desk on which no criterion becomes advice only."""
    return create(db, Settings(trust_least=1000), Silence())


def left(db: Path) -> int:
    with Store.open(db) as store:
        return len(due(store._connection, reviewed=True))


def wait(until: Callable[[], bool]) -> None:
    for _ in range(300):
        if until():
            return
        time.sleep(0.1)
    pytest.fail("it never came")


def test_the_rest_is_counted_beside_the_requests(sign: Sign, db: Path) -> None:
    assert left(db) == CALLS
    lead = sign("lead")
    assert lead.get("/api/counts").json()["all"] == CALLS
    wait(lambda: left(db) == 0)
    found = lead.get("/api/calls?outcome=not_met&show=all").json()
    assert found["count"] == 0, "every word is taken in"


def test_ones_own_word_is_listed_while_the_rest_is_counted(sign: Sign, db: Path, app: FastAPI) -> None:
    desk = app.state.desk
    assert desk._counting.acquire(blocking=False)  # as if it went on elsewhere
    lead = sign("lead")
    assert lead.get("/api/calls?criterion=empathy&outcome=met&show=all").json()["count"] == 0
    given = {"criterion": "empathy", "outcome": "not_applicable", "why": "nobody was upset", "seen": "1"}
    assert lead.post("/review/a-120", data=given | {"token": form_token(lead)}).status_code == 303
    found = lead.get("/api/calls?criterion=empathy&outcome=not_applicable&show=all").json()
    assert [call["id"] for call in found["calls"]] == ["a-120"]
    assert lead.post("/handled/a-121", data={"token": form_token(lead)}).status_code == 303
    assert [call["id"] for call in lead.get("/api/calls?show=handled").json()["calls"]] == ["a-121"]
    assert left(db) == CALLS - 2
    desk._counting.release()
    lead.get("/api/counts")
    wait(lambda: left(db) == 0)
