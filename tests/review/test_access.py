"""A walk over every route as everybody, compared with a table of what each may do."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from qa.review import access
from qa.review.app import INTERFACES, PAGES
from qa.store import Stage, Store
from tests.review.conftest import Sign

A_CALL = quote("a-2/解約 <i>", safe="")
VIEWERS = ("", "agent-a", "agent-b", "lead", "admin")
SIGN_IN, HOME, GONE, NO = "sign-in", "away", 404, 403
ROUTES = [route for router in (*PAGES, *INTERFACES) for route in router.routes if isinstance(route, APIRoute)]
"""Every route of the desk."""
EXPECTED: dict[str, tuple[object, ...]] = {
    # name of the route: nobody, agent A (whose call it is), agent B, lead, admin
    "home": (SIGN_IN, HOME, HOME, HOME, HOME),
    "sign_in": (200, HOME, HOME, HOME, HOME),
    "sign_in_now": (403, 403, 403, 403, 403),  # without a name and password
    "sign_out": (401, HOME, HOME, HOME, HOME),
    "looks": (HOME, HOME, HOME, HOME, HOME),
    "account": (SIGN_IN, 200, 200, 200, 200),
    "account_password": (401, 422, 422, 422, 422),  # without the present one
    "queue": (SIGN_IN, NO, NO, 200, 200),
    "call": (SIGN_IN, 200, GONE, 200, 200),
    "audio": (SIGN_IN, 410, GONE, 410, 410),  # this desk has no recordings
    "peaks": (SIGN_IN, 410, GONE, 410, 410),
    "review": (401, NO, NO, HOME, HOME),
    "comment": (401, NO, NO, HOME, HOME),
    "mark": (401, NO, NO, HOME, HOME),
    "handled": (401, NO, NO, HOME, HOME),
    "calibration": (SIGN_IN, NO, NO, 200, 200),
    "calibration_begin": (401, NO, NO, HOME, HOME),
    "calibration_set": (SIGN_IN, NO, NO, 200, 200),
    "blind": (SIGN_IN, NO, NO, 200, 200),
    "blind_give": (401, NO, NO, HOME, HOME),
    "own": (SIGN_IN, 200, 200, NO, NO),
    "own_file": (SIGN_IN, 200, 200, NO, NO),
    "own_calls": (SIGN_IN, 200, 200, NO, NO),
    "goal": (401, HOME, HOME, NO, NO),
    "report_style": (200, 200, 200, 200, 200),
    "team": (SIGN_IN, NO, NO, 200, 200),
    "their_report": (SIGN_IN, NO, NO, 200, 200),
    "trust": (SIGN_IN, NO, NO, 200, 200),
    "audit": (SIGN_IN, NO, NO, NO, 200),
    "disputes": (SIGN_IN, 200, 200, 200, 200),
    "dispute": (401, HOME, GONE, NO, NO),
    "answer": (401, NO, NO, HOME, HOME),
    "acknowledge": (401, HOME, GONE, NO, NO),
    "coaching": (401, HOME, GONE, NO, NO),  # as understood: that is for the agent to say
    "guide": (SIGN_IN, 200, 200, 200, 200),
    "guide_picture": (SIGN_IN, GONE, GONE, GONE, GONE),  # no such picture
    "api_team": (401, NO, NO, 200, 200),
    "api_trust": (401, NO, NO, 200, 200),
    "api_own_figures": (401, 200, 200, NO, NO),
    "api_document": (401, 200, 200, 200, 200),
    "api_me": (401, 200, 200, 200, 200),
    "api_counts": (401, 200, 200, 200, 200),
    "api_calls": (401, 200, 200, 200, 200),
    "api_call": (401, 200, GONE, 200, 200),
    "api_review": (401, NO, NO, 201, 201),
    "api_comment": (401, NO, NO, 201, 201),
    "api_handled": (401, NO, NO, 204, 204),
    "api_disputes": (401, 200, 200, 200, 200),
    "api_dispute": (401, 201, GONE, NO, NO),
    "api_answer": (401, NO, NO, 201, 201),
    "api_acknowledge": (401, 201, GONE, NO, NO),
    "api_coaching": (401, 200, 200, 200, 200),
    "api_mark": (401, NO, NO, 201, 201),
    "api_move": (401, 201, GONE, NO, NO),  # as understood
    "api_goal": (401, 200, 200, NO, NO),
    "api_choose": (401, 201, 201, NO, NO),
    "api_calibration": (401, NO, NO, 200, 200),
    "api_calibration_begin": (401, NO, NO, 201, 201),
    "api_calibration_set": (401, NO, NO, 200, 200),
    "api_blind": (401, NO, NO, 200, 200),
    "api_blind_give": (401, NO, NO, 201, 201),
    "api_own_report": (401, 200, 200, NO, NO),
    "api_their_report": (401, NO, NO, 200, 200),
    "api_audit": (401, NO, NO, NO, 200),
}
FORMS: dict[str, dict[str, str]] = {
    "review": {"criterion": "self-identification", "outcome": "not_met", "why": "no name", "seen": "0"},
    "comment": {"words": "well done", "start": "0:03"},
    "mark": {"criterion": "no-interruption"},
    "handled": {"done": "true"},
    "calibration_begin": {"title": "May", "count": "1"},
    "blind_give": {"outcome:empathy": "met"},
    "goal": {"criterion": "empathy"},
    "dispute": {"criterion": "no-interruption", "words": "they had finished"},
    "answer": {"outcome": "stands", "words": "they had not"},
    "coaching": {"criterion": "no-interruption", "stage": "understood", "words": "I wait for a breath"},
}
BODIES: dict[str, dict[str, object]] = {
    "api_review": {"criterion": "self-identification", "outcome": "met"},
    "api_comment": {"words": "well done"},
    "api_handled": {"done": True},
    "api_dispute": {"criterion": "no-interruption", "words": "they had finished"},
    "api_answer": {"outcome": "stands", "words": "they had not"},
    "api_acknowledge": {},
    "api_mark": {"criterion": "no-interruption"},
    "api_move": {"criterion": "no-interruption", "stage": "understood", "words": "I wait for a breath"},
    "api_choose": {"criterion": "empathy"},
    "api_calibration_begin": {"title": "May", "count": 1},
    "api_blind_give": {"outcomes": {"empathy": {"outcome": "met"}}},
}


def test_the_table_knows_every_route() -> None:
    assert {route.name for route in ROUTES} == set(EXPECTED) == set(access.ROUTES)


def test_a_route_that_nobody_decided_on_is_refused() -> None:
    stray = APIRouter()
    stray.add_api_route("/stray", lambda: None, name="stray")
    with pytest.raises(LookupError, match="stray"):
        access.check([stray])


CELLS = [
    (name, viewer, outcome)
    for name, expected in EXPECTED.items()
    for viewer, outcome in zip(VIEWERS, expected, strict=True)
]


@pytest.mark.parametrize(("name", "viewer", "expected"), CELLS)
def test_everybody_gets_what_the_table_says(
    name: str, viewer: str, expected: object, sign: Sign, db: Path
) -> None:
    if name.removeprefix("api_") in ("calibration_set", "blind", "blind_give"):
        with Store.open(db) as store:
            store.calibration.begin("set", ["a-2/解約 <i>"], "second")
    if name in ("answer", "coaching", "api_answer", "api_move"):
        with Store.open(db) as store:
            point = ("a-2/解約 <i>", "no-interruption", "agent-a")
            store.disputes.add(*point, "they had finished", "agent-a")
            store.coaching.add(*point, Stage.MARKED, "", "lead")
            store.coaching.add(*point, Stage.TOLD, "wait for a breath", "lead")
    browser = sign(viewer)
    answer = ask(browser, next(route for route in ROUTES if route.name == name))
    if expected == SIGN_IN:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?to=")
    elif expected == HOME:
        assert answer.status_code == 303
        assert not answer.headers["location"].startswith("/sign-in?")
    else:
        assert answer.status_code == expected, answer.text[:300]


def filled_in(path: str) -> str:
    """The path of a route, with agent A's call, the first set or dispute, and agent A."""
    values = {"call_id:path": A_CALL, "number": "1", "agent_id:path": "agent-a"}
    if path.startswith("/guide/"):
        values["name"] = "nothing.png" if "pictures" in path else "agents"
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    return path


def ask(browser: TestClient, route: APIRoute) -> object:
    """Use a route as its page would."""
    path = filled_in(route.path)
    if "GET" in route.methods:
        return browser.get(path)
    me = browser.get("/api/me")
    given = me.json().get("csrf_token") or visitor_token(browser)
    if route.name in BODIES:
        return browser.post(path, json=BODIES[route.name], headers={"X-CSRF-Token": given})
    return browser.post(path, data=FORMS.get(route.name, {}) | {"token": given})


def visitor_token(browser: TestClient) -> str:
    from tests.review.conftest import token

    return token(browser.get("/sign-in").text)


@pytest.mark.parametrize("name", [route.name for route in ROUTES if "POST" in route.methods])
def test_nothing_is_changed_without_the_token(name: str, sign: Sign) -> None:
    route = next(route for route in ROUTES if route.name == name)
    browser = sign("admin")
    path = filled_in(route.path)
    for headers in ({}, {"X-CSRF-Token": "0" * 64}):
        if name in BODIES:
            answer = browser.post(path, json=BODIES[name], headers=headers)
        else:
            answer = browser.post(path, data=FORMS.get(name, {}), headers=headers)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "query", ["agent=agent-b", "said=壊れて", "criterion=empathy", "show=all", "flag=customer-anger"]
)
def test_an_agent_finds_only_their_own_calls(query: str, sign: Sign) -> None:
    found = sign("agent-a").get(f"/api/calls?show=all&{query}").json()
    assert {call["agent_id"] for call in found["calls"]} <= {"agent-a"}
    assert found["count"] == (0 if "agent-b" in query else 2)
    assert sign("agent-a").get("/api/counts").json()["all"] == 2


def test_a_call_that_is_not_yours_looks_like_none(sign: Sign) -> None:
    browser = sign("agent-b")
    theirs, none = browser.get(f"/call/{A_CALL}"), browser.get("/call/no-such-call")
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.text.replace(f"/call/{A_CALL}", "") == none.text.replace("/call/no-such-call", "")
