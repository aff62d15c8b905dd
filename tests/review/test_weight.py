"""A page has a weight: what a browser fetches for it, not compressed, without audio."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bench.conversations import write
from qa.batch.rubrics import read_files
from qa.review.app import create
from qa.review.sound import Silence
from qa.rubric import load
from qa.settings import Settings
from qa.store import Post, Store
from tests.review.conftest import HASH, PASSWORD, token

LIMIT = 200_000
"""Bytes."""
CALLS = 60


@pytest.fixture(scope="module")
def lead(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A lead at a desk over made-up calls of five minutes, enough for a full page."""
    path = tmp_path_factory.mktemp("weight") / "qa.db"
    write(CALLS, path, distinct=3)
    with Store.open(path) as store:
        for code in ("ja", "en"):
            rubric = load(f"support-{code}")
            store.remember_rubric(rubric.identity, rubric.identity, read_files(f"support-{code}"))
        store.people.add("lead", Post.LEAD, None, HASH)
    with TestClient(create(path, Settings(), Silence()), base_url="http://desk") as browser:
        page = browser.get("/sign-in").text
        browser.post("/sign-in", data={"token": token(page), "name": "lead", "password": PASSWORD})
        yield browser


def weight(browser: TestClient, path: str, language: str) -> int:
    """Of a page with its styles, pictures and scripts, and the scripts that those import."""
    answer = browser.get(path, headers={"accept-language": language})
    assert answer.status_code == 200, path
    parts = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"]*)"', answer.text))
    assert any("/static/desk.css?" in part for part in parts)
    return len(answer.content) + sum(_part(browser, part) for part in parts)


def _part(browser: TestClient, part: str) -> int:
    answer = browser.get(part)
    assert answer.status_code == 200, part
    imported = re.findall(r'from "\./([^"]+)"', answer.text) if ".js" in part else []
    return len(answer.content) + sum(_part(browser, f"{part.rpartition('/')[0]}/{name}") for name in imported)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["/queue?show=all", "/call/bench-000000", "/call/bench-000001", "/team"])
def test_a_page_is_light(path: str, language: str, lead: TestClient) -> None:
    assert weight(lead, path, language) < LIMIT


def test_scripts_are_kept_by_the_browser(lead: TestClient) -> None:
    marked = re.findall(r'src="(/static/player\.js\?[^"]+)"', lead.get("/call/bench-000000").text)
    assert "immutable" in lead.get(marked[0]).headers["cache-control"]
    imported = lead.get("/static/player/words.js")
    assert imported.headers["cache-control"] == "no-cache"
    again = lead.get("/static/player/words.js", headers={"if-none-match": imported.headers["etag"]})
    assert again.status_code == 304
