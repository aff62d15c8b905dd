"""The OpenAPI document: fuzzed by schemathesis, no answer is a defect of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings

from qa.model import Outcome
from qa.review.app import INTERFACES
from qa.store import Stage, Store
from tests.review.conftest import Sign, form_token

Operation = Any
"""schemathesis' APIOperation, whose type parameters are of no interest here."""


@pytest.mark.parametrize("name", ["admin", "agent-a"])
def test_no_request_gets_a_5xx(name: str, sign: Sign, db: Path) -> None:
    with Store.open(db) as store:
        store.calibration.begin("set", ["a-1"], "second")
        store.disputes.add("a-1", "empathy", "agent-a", "I did", "agent-a")
        store.coaching.add("a-1", "no-interruption", "agent-a", Stage.MARKED, "", "lead")
        store.coaching.add("a-1", "no-interruption", "agent-a", Stage.TOLD, "wait", "lead")
    browser = sign(name)
    headers = {"X-CSRF-Token": form_token(browser)}
    schema = schemathesis.openapi.from_dict(browser.get("/api/openapi.json").json())
    answered = {
        f"{operation.method.upper()} {operation.path}": fuzz(operation, browser, headers)
        for operation in (found.ok() for found in schema.get_all_operations())
    }
    assert len(answered) == 27
    refused = {name for name, statuses in answered.items() if 403 in statuses}
    assert all(REAL & statuses or name in refused for name, statuses in answered.items()), answered
    assert any(name.startswith("POST") and 201 in statuses for name, statuses in answered.items())


REAL = {200, 201, 204, 409, 422}
"""Answers to a request that came to what it is about."""
KNOWN = {"call_id": "a-1", "number": 1, "agent_id": "agent-a"}
"""What there is; every second request is about it, and the others about what hypothesis makes up."""


def fuzz(operation: Operation, browser: TestClient, headers: dict[str, str]) -> set[int]:
    """Ask with made-up values; the statuses that were answered, none of them a defect."""
    answers = list[int]()

    @settings(
        max_examples=30,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        if len(answers) % 2:
            for parameter in case.path_parameters:
                case.path_parameters[parameter] = KNOWN[parameter]
            if isinstance(case.body, dict) and "criterion" in case.body:
                case.body["criterion"] = "no-interruption"
        arguments = case.as_transport_kwargs(base_url="http://desk")
        arguments["headers"] = {**arguments.get("headers", {}), **headers}
        arguments.pop("cookies", None)
        answer = browser.request(**arguments)
        answers.append(answer.status_code)
        assert answer.status_code < 500, (case, answer.text[:300])

    ask()
    return set(answers)


def test_the_document_describes_every_api_route_and_no_page(sign: Sign) -> None:
    document = sign("lead").get("/api/openapi.json").json()
    described = {(path, method.upper()) for path, found in document["paths"].items() for method in found}
    assert described == {
        (route.path.replace(":path", ""), method)
        for router in INTERFACES
        for route in router.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods
    }
    assert all(path.startswith("/api/") for path, _ in described)


def test_every_answer_has_a_shape(sign: Sign) -> None:
    document = sign("lead").get("/api/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            done = next(status for status in operation["responses"] if status.startswith("2"))
            if done != "204":
                shape = operation["responses"][done]["content"]["application/json"]["schema"]
                assert "$ref" in shape, f"{method} {path}"


def test_a_call_as_json(sign: Sign) -> None:
    whole = sign("agent-a").get("/api/calls/a-1").json()
    assert [c["outcome"] for c in whole["criteria"]] == [
        Outcome.MET,
        Outcome.NOT_MET,
        Outcome.NEEDS_REVIEW,
        Outcome.NOT_APPLICABLE,
    ]
    assert whole["criteria"][1]["evidence"][0]["quote"] == "困っているんですが"
    assert whole["call"]["score"] == 50.0
    assert whole["turns"][0]["role"] == "agent"


def test_a_blind_call_is_not_told_by_the_api(sign: Sign, db: Path) -> None:
    with Store.open(db) as store:
        store.calibration.begin("set", ["a-1"], "lead")
    lead, second = sign("lead"), sign("second")
    listed = {c["id"]: c["score"] for c in lead.get("/api/calls?show=all").json()["calls"]}
    assert listed["a-1"] is None
    assert listed["b-1"] == 50.0
    assert lead.get("/api/calls/a-1").status_code == 403
    assert lead.get("/call/a-1").headers["location"] == "/calibration/1/a-1"
    assert second.get("/api/calls/a-1").status_code == 200
    page = lead.get("/calibration/1/a-1").text
    assert "困っているんですが" in page  # it is said in the call
    assert "お客様の話を1回遮っています" not in page
    given = {"token": form_token(lead), "outcome:empathy": "met", "outcome:no-interruption": "met"}
    assert lead.post("/calibration/1/a-1", data=given).status_code == 303
    assert lead.post("/calibration/1/a-1", data=given).status_code == 409
    beside = lead.get("/calibration/1/a-1").text
    assert "differs" in beside
    assert lead.get("/call/a-1").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "show=all&criterion=empathy&outcome=needs_review",
        "show=all&score_to=60",
        "show=all&flag=customer-anger",
        "show=review",
    ],
)
def test_no_filter_tells_the_outcome_of_a_blind_call(query: str, sign: Sign, db: Path) -> None:
    def listed(name: str) -> tuple[int, set[str]]:
        found = sign(name).get(f"/api/calls?{query}").json()
        return found["count"], {call["id"] for call in found["calls"]}

    count, ids = listed("lead")
    assert "a-1" in ids
    with Store.open(db) as store:
        store.calibration.begin("set", ["a-1"], "lead")
    assert listed("lead") == (count - 1, ids - {"a-1"})
    assert listed("second") == (count, ids)
    page = sign("lead").get(f"/queue?{query}").text
    assert 'href="/call/a-1' not in page
    assert "are left out here" in page
    assert 'href="/call/a-1' in sign("lead").get("/queue?show=all").text


def test_the_browser_is_answered_in_its_language(sign: Sign) -> None:
    browser: TestClient = sign("lead")
    for asked, word in (
        ("ja", "確認待ち"),
        ("en-GB,en;q=0.9,ja;q=0.5", "Queue"),
        ("fr,ja;q=0.3", "確認待ち"),
        ("fr", "Queue"),
    ):
        assert word in browser.get("/queue", headers={"accept-language": asked}).text
    browser.post("/looks", data={"token": form_token(browser), "language": "ja", "theme": "dark"})
    page = browser.get("/queue", headers={"accept-language": "en"}).text
    assert "確認待ち" in page
    assert 'data-theme="dark"' in page
