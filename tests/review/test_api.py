"""The OpenAPI document: fuzzed by schemathesis, no answer is a defect of ours."""

from __future__ import annotations

from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings

from qa.model import Outcome
from tests.review.conftest import Sign, form_token

Operation = Any
"""schemathesis' APIOperation, whose type parameters are of no interest here."""


def test_no_request_gets_a_5xx(sign: Sign) -> None:
    lead = sign("lead")
    headers = {"X-CSRF-Token": form_token(lead)}
    schema = schemathesis.openapi.from_dict(lead.get("/api/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 10
    for operation in operations:
        assert fuzz(operation, lead, headers) > 0


def fuzz(operation: Operation, browser: TestClient, headers: dict[str, str]) -> int:
    """Ask with made-up values; how many answers there were, none of them a defect."""
    answers = list[int]()

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        arguments = case.as_transport_kwargs(base_url="http://desk")
        arguments["headers"] = {**arguments.get("headers", {}), **headers}
        arguments.pop("cookies", None)
        answer = browser.request(**arguments)
        answers.append(answer.status_code)
        assert answer.status_code < 500, (case, answer.text[:300])

    ask()
    return len(answers)


def test_the_document_describes_every_api_route_and_no_page(sign: Sign) -> None:
    paths = sign("lead").get("/api/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/me",
        "/api/me/figures",
        "/api/team",
        "/api/trust",
        "/api/counts",
        "/api/calls",
        "/api/calls/{call_id}",
        "/api/reviews/{call_id}",
        "/api/comments/{call_id}",
        "/api/handled/{call_id}",
    }


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


def test_a_blind_call_is_not_told_by_the_api(sign: Sign, db: object) -> None:
    from qa.store import Store

    with Store.open(str(db)) as store:
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
