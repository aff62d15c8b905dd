"""Signing in: sessions, guessing, headers, the proxy."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.review import security
from qa.review.app import create
from qa.review.routes.sign import TRIES_OF_A_NAME, ours
from qa.review.sound import Silence
from qa.settings import Settings
from qa.store import Store
from tests.review.conftest import PASSWORD, Sign, form_token, token


def try_in(browser: TestClient, name: str, password: str) -> tuple[int, str]:
    page = browser.get("/sign-in")
    answer = browser.post("/sign-in", data={"token": token(page.text), "name": name, "password": password})
    return answer.status_code, answer.text.replace(name, "NAME")


def test_a_wrong_name_and_a_wrong_password_look_alike(sign: Sign) -> None:
    assert try_in(sign(""), "lead", "wrong wrong")[0] == 403
    one, other = try_in(sign(""), "lead", "wrong"), try_in(sign(""), "nobody-such", "wrong")
    assert one[0] == other[0] == 403
    assert re.sub("[0-9a-f]{64}", "", one[1]) == re.sub("[0-9a-f]{64}", "", other[1])


def test_guessing_is_slowed_down(sign: Sign) -> None:
    for _ in range(TRIES_OF_A_NAME):
        assert try_in(sign(""), "lead", "wrong")[0] == 403
    assert try_in(sign(""), "lead", PASSWORD)[0] == 429
    assert try_in(sign(""), "second", PASSWORD)[0] == 303


def test_signing_out_ends_the_session_on_the_server(sign: Sign) -> None:
    browser = sign("lead")
    cookie = browser.cookies[security.SESSION]
    assert browser.post("/sign-out", data={"token": form_token(browser)}).status_code == 303
    browser.cookies.set(security.SESSION, cookie)
    assert browser.get("/queue").status_code == 303


def test_a_closed_account_is_out_at_once(sign: Sign, db: Path) -> None:
    browser = sign("lead")
    with Store.open(db) as store:
        store.people.disable("lead")
    assert browser.get("/queue").status_code == 303
    assert try_in(sign(""), "lead", PASSWORD)[0] == 403


def test_a_new_password_ends_every_session(sign: Sign) -> None:
    browser, other = sign("lead"), sign("lead")
    data = {
        "token": form_token(browser),
        "now": PASSWORD,
        "new": "another password",
        "again": "another password",
    }
    assert browser.post("/account/password", data=data).status_code == 303
    assert browser.get("/queue").status_code == other.get("/queue").status_code == 303
    assert try_in(sign(""), "lead", "another password")[0] == 303


def test_a_session_ends_by_itself(sign: Sign, db: Path) -> None:
    browser = sign("lead")
    with Store.open(db) as store:
        user = store.people.named("lead")
        store.people.begin_session(user, "f" * 64, timedelta(seconds=-1))
        assert store.people.session("f" * 64) is None
    assert browser.get("/queue").status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "InRva2VuIg.x", "\x00", "🙂", "a" * 10_000])
def test_a_made_up_cookie_is_nobody(cookie: str, app: FastAPI) -> None:
    with TestClient(app, base_url="http://desk", follow_redirects=False) as browser:
        answer = browser.get("/queue", headers={"cookie": f"{security.SESSION}={cookie}".encode()})
        assert answer.status_code == 303


def test_cookies_and_headers_are_strict(sign: Sign) -> None:
    browser = sign("")
    page = browser.get("/sign-in")
    answer = browser.post("/sign-in", data={"token": token(page.text), "name": "lead", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    for path in ("/queue", "/static/desk.css", "/no-such-page", "/api/me"):
        headers = browser.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("to", "where"),
    [("/queue?said=x", "/queue?said=x"), ("//evil", "/"), ("/\\evil", "/"), ("https://evil", "/"), ("", "/")],
)
def test_signing_in_leads_nowhere_else(to: str, where: str) -> None:
    assert ours(to) == where


@pytest.mark.parametrize(
    ("address", "header", "status"),
    [
        ("10.0.0.1", "lead", 200),
        ("10.0.0.1", "LEAD", 200),
        ("10.0.0.1", "nobody", 303),
        ("10.0.0.2", "lead", 303),
    ],
)
def test_the_proxy_is_believed_from_its_address_only(
    address: str, header: str, status: int, db: Path
) -> None:
    settings = dataclasses.replace(Settings(), proxy_header="X-Remote-User", proxy_from=("10.0.0.1",))
    app = create(db, settings, Silence())
    with TestClient(app, base_url="http://desk", follow_redirects=False, client=(address, 5)) as browser:
        assert browser.get("/queue", headers={"X-Remote-User": header}).status_code == status


def test_without_the_setting_the_header_is_nothing(sign: Sign) -> None:
    assert sign("").get("/queue", headers={"X-Remote-User": "lead"}).status_code == 303
