"""A desk over a small database: two agents with two calls each, a lead, an admin."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.model import Recording
from qa.review.app import create
from qa.review.security import hash_password
from qa.review.sound import Silence
from qa.settings import Settings
from qa.store import Entry, Hearing, Post, Result, RunState, State, Store, Tally
from tests import handmade
from tests.review.chromium import browser

__all__ = ["browser"]

PASSWORD = "一つ目の合言葉 1"
HASH = hash_password(PASSWORD)
CALLS = {"a-1": "agent-a", "a-2/解約 <i>": "agent-a", "b-1": "agent-b", "b-2": "agent-b"}
"""Call → its agent."""
RUBRIC = """
name: support-ja
title: {ja: サポート, en: Support}
languages: [ja]
sections:
  - {id: opening, title: {ja: 開始, en: Opening}}
  - {id: listening, title: {ja: 傾聴, en: Listening}}
  - {id: feelings, title: {ja: 心情, en: Feelings}}
  - {id: solving, title: {ja: 解決, en: Solving}}
criteria:
"""
CRITERION = """
  - id: {id}
    section: {section}
    title: {{ja: {ja}, en: {en}}}
    meaning: {{ja: 意味, en: Meaning}}
    points: {points}
    check: {{said: {{phrases: any, by: agent}}}}
"""
CRITERIA = (
    ("self-identification", "opening", "名乗る", "Says the name", 10),
    ("no-interruption", "listening", "遮らない", "Does not interrupt", 10),
    ("empathy", "feelings", "共感する", "Shows empathy", 5),
    ("outcome", "solving", "解決する", "Solves it", 5),
)
Sign = Callable[[str], TestClient]


def rubric_text() -> str:
    """rubric.yaml of the hand-made scorecards."""
    return RUBRIC + "".join(
        CRITERION.format(id=id, section=section, ja=ja, en=en, points=points)
        for id, section, ja, en, points in CRITERIA
    )


def result(call_id: str, agent_id: str, recording_id: str) -> Result:
    """What a night saves for a hand-made call of this agent."""
    path = Path(f"in/{recording_id[:4]}.wav")
    conversation = handmade.conversation(call_id, recording_id=recording_id)
    call = dataclasses.replace(conversation.call, agent_id=agent_id, agent_name=f"name of {agent_id}")
    return Result(
        Recording(recording_id, path, 1000, 0.0),
        dataclasses.replace(conversation, call=call),
        handmade.scorecard(call_id, recording_id=recording_id),
        Hearing({"asr": "whisper-base@905e"}, {"beam_size": "1"}),
        Entry(path, State.DONE, recording_id, call_id),
    )


def fill(path: Path) -> None:
    """The database of these tests."""
    with Store.open(path) as store:
        store.remember_rubric("files", "support-ja@3f2a", {"rubric.yaml": rubric_text()})
        run = store.begin_run()
        store.save(
            run, *(result(call, agent, f"{i:064x}") for i, (call, agent) in enumerate(CALLS.items(), 1))
        )
        store.finish_run(run, RunState.DONE, Tally(4, 4))
        for name, post, agent in (
            ("agent-a", Post.AGENT, "agent-a"),
            ("agent-b", Post.AGENT, "agent-b"),
            ("lead", Post.LEAD, None),
            ("second", Post.LEAD, None),
            ("admin", Post.ADMIN, None),
        ):
            store.people.add(name, post, agent, HASH)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database before a test changes it."""
    path = tmp_path_factory.mktemp("desk") / "qa.db"
    fill(path)
    return path


@pytest.fixture
def db(filled: Path, tmp_path: Path) -> Path:
    """Where the database of this test is."""
    return Path(shutil.copy(filled, tmp_path / "qa.db"))


@pytest.fixture
def app(db: Path) -> FastAPI:
    """The desk."""
    return create(db, Settings(), Silence())


@pytest.fixture
def sign(app: FastAPI) -> Iterator[Sign]:
    """`sign("lead")`: a browser in which they have signed in; `sign("")`: nobody."""
    opened: list[TestClient] = []

    def signed(name: str) -> TestClient:
        browser = TestClient(
            app, base_url="http://desk", follow_redirects=False, headers={"accept-language": "en"}
        )
        opened.append(browser)
        if name:
            page = browser.get("/sign-in")
            answer = browser.post(
                "/sign-in", data={"token": token(page.text), "name": name, "password": PASSWORD}
            )
            assert answer.status_code == 303, answer.text
        return browser

    yield signed
    for client in opened:
        client.close()


def token(page: str) -> str:
    """The token that a page's forms carry."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found, page[:500]
    return found.group(1)


def form_token(browser: TestClient) -> str:
    """The token of whoever has signed in."""
    return str(browser.get("/api/me").json()["csrf_token"])
