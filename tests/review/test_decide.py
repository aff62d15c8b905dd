"""What leads decide: nothing is overwritten, the score follows, counts are right, nobody loses a change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa.errors import StoreError
from qa.model import Outcome
from qa.store import EVERYTHING, Filter, Store
from tests.review.conftest import CALLS, Sign, form_token, result


def say(browser: TestClient, call: str = "a-1", **fields: object) -> int:
    body = {"criterion": "no-interruption", "outcome": "met", "why": "a backchannel", "seen": 0} | fields
    headers = {"X-CSRF-Token": form_token(browser)}
    return browser.post(f"/api/reviews/{call}", json=body, headers=headers).status_code


def test_an_overruled_outcome_counts_and_the_machine_s_stays(sign: Sign) -> None:
    lead = sign("lead")
    assert say(lead) == 201
    whole = lead.get("/api/calls/a-1").json()
    criterion = next(c for c in whole["criteria"] if c["id"] == "no-interruption")
    assert (criterion["outcome"], criterion["machine"]) == ("met", "not_met")
    assert (whole["call"]["score"], whole["call"]["machine_score"]) == (100.0, 50.0)
    assert whole["reviews"][0]["who"] == "lead"
    page = lead.get("/call/a-1").text
    assert "People’s word counts" in page
    assert "Machine: 50" in page
    assert "a backchannel" in page


def test_every_word_stays_in_the_history(sign: Sign) -> None:
    lead = sign("lead")
    assert [say(lead), say(lead, outcome="not_met", why="heard it again", seen=1)] == [201, 201]
    whole = lead.get("/api/calls/a-1").json()
    assert [r["why"] for r in whole["reviews"]] == ["a backchannel", "heard it again"]
    assert whole["call"]["score"] == 50.0


def test_the_second_lead_sees_the_first_one_s_word(sign: Sign) -> None:
    first, second = sign("lead"), sign("second")
    assert say(first) == 201
    assert say(second, outcome="not_applicable", why="mine") == 409
    form = {
        "token": form_token(second),
        "criterion": "no-interruption",
        "outcome": "not_applicable",
        "why": "mine",
        "seen": "0",
    }
    page = second.post("/review/a-1", data=form)
    assert page.status_code == 409
    assert all(words in page.text for words in ("a backchannel", "mine", "lead"))
    assert len(first.get("/api/calls/a-1").json()["reviews"]) == 1
    assert second.post("/review/a-1", data=form | {"seen": "1"}).status_code == 303
    assert len(first.get("/api/calls/a-1").json()["reviews"]) == 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"why": ""}, 422),  # a change needs a reason
        ({"why": " \n"}, 422),
        ({"outcome": "not_met", "why": ""}, 201),  # agreeing needs none
        ({"criterion": "no-such"}, 422),
        ({"outcome": "needs_review"}, 422),
        ({"criterion": "empathy", "outcome": "not_met"}, 422),  # no place in the audio
        ({"criterion": "empathy", "outcome": "not_met", "start": 3.0}, 201),
        ({"criterion": "empathy", "outcome": "not_met", "start": 1000.0}, 422),
        ({"criterion": "empathy", "outcome": "met"}, 201),
        ({"criterion": "outcome", "outcome": "met"}, 201),
        ({"why": "x" * 2001}, 422),
    ],
)
def test_what_a_review_needs(fields: dict[str, object], status: int, sign: Sign) -> None:
    assert say(sign("lead"), **fields) == status


def test_needs_review_is_resolved_by_a_word(sign: Sign) -> None:
    lead = sign("lead")
    assert lead.get("/api/calls?show=review").json()["count"] == 4
    assert say(lead, criterion="empathy", outcome="met", why="") == 422
    assert say(lead, criterion="empathy", outcome="met", why="clearly") == 201
    assert lead.get("/api/calls?show=review").json()["count"] == 3
    assert lead.get("/api/counts").json()["needs_review"] == 3


def test_the_queue_and_its_counts_agree(sign: Sign) -> None:
    lead = sign("lead")
    token = form_token(lead)
    assert lead.post("/handled/a-1", data={"token": token, "done": "true"}).status_code == 303
    counts = lead.get("/api/counts").json()
    for show, count in (("open", 3), ("review", 4), ("handled", 1), ("all", 4)):
        listed = lead.get(f"/api/calls?show={show}").json()
        assert listed["count"] == len(listed["calls"]) == count
        assert counts["needs_review" if show == "review" else show] == count
    lead.post("/handled/a-1", data={"token": token, "done": "false"})
    assert lead.get("/api/counts").json()["open"] == 4


def test_a_call_scored_again_keeps_what_people_said(sign: Sign, db: Path) -> None:
    lead = sign("lead")
    assert say(lead) == 201
    with Store.open(db) as store:
        run = store.begin_run("rescore")
        store.save(run, result("a-1", "agent-a", f"{1:064x}"))
    listed = next(c for c in lead.get("/api/calls?show=all").json()["calls"] if c["id"] == "a-1")
    assert (listed["score"], listed["machine_score"], listed["reviewed"]) == (100.0, 50.0, 1)


@pytest.mark.parametrize("table", ["reviews", "comments", "audit"])
def test_what_people_said_is_only_ever_added(table: str, sign: Sign, db: Path) -> None:
    lead = sign("lead")
    say(lead)
    lead.post("/comment/a-1", data={"token": form_token(lead), "words": "hello"})
    with (
        Store.open(db) as store,
        pytest.raises(StoreError, match="only ever added"),
        store.people.writing() as connection,
    ):
        connection.execute(f"UPDATE {table} SET who = 'somebody else'")


def test_the_audit_log_knows_who_saw_and_changed_what(sign: Sign, db: Path) -> None:
    lead = sign("lead")
    lead.get("/call/a-1")
    say(lead)
    with Store.open(db) as store:
        lines = [(line.who, line.action, line.call_id) for line in store.people.log()]
    assert {("lead", "saw", "a-1"), ("lead", "reviewed", "a-1"), ("lead", "signed in", None)} <= set(lines)


def test_coaching_is_marked_and_taken_back(sign: Sign, db: Path) -> None:
    lead = sign("lead")
    form = {"token": form_token(lead), "criterion": "no-interruption"}
    lead.post("/mark/a-1", data=form | {"why": "wait a breath"})
    with Store.open(db) as store:
        assert [step.words for step in store.coaching.points("agent-a").values()] == ["wait a breath"]
        lead.post("/mark/a-1", data=form | {"stage": "dropped"})
        assert store.coaching.points("agent-a") == {}
        assert len(store.coaching.of_agent("agent-a")) == 2


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(), 4),
        (Filter(agent_id="agent-b"), 2),
        (Filter(criterion="no-interruption", outcome=Outcome.NOT_MET), 4),
        (Filter(criterion="no-interruption", outcome=Outcome.MET), 0),
        (Filter(outcome=Outcome.NEEDS_REVIEW), 4),
        (Filter(flag="customer-anger"), 4),
        (Filter(flag="low-score"), 0),
        (Filter(score_from=50, score_to=50), 4),
        (Filter(score_to=49.9), 0),
        (Filter(said="困って", said_by="customer"), 4),
        (Filter(said="困って", said_by="agent"), 0),
        (Filter(said="箱"), 4),
        (Filter(said="いた"), 4),
        (Filter(said="が"), 4),
        (Filter(said="ません"), 4),
        (Filter(said='"'), 0),
        (Filter(said="=1+1"), 4),
        (Filter(said="& ="), 4),
    ],
)
def test_filters(wanted: Filter, count: int, db: Path) -> None:
    with Store.open(db) as store:
        page = store.listing.page(wanted, EVERYTHING)
        assert (page.count, len(page.rows)) == (count, count)


def test_pages_follow_one_another_without_gap_or_repetition(db: Path) -> None:
    with Store.open(db) as store:
        found, place = list[str](), None
        for _ in range(10):
            page = store.listing.page(Filter(), EVERYTHING, after=place, size=1)
            found += [row.call_id for row in page.rows]
            place = page.next
            if place is None:
                break
        assert sorted(found) == sorted(CALLS)
        assert page.count == 4


def test_a_search_for_one_letter_asks_for_two(sign: Sign) -> None:
    lead = sign("lead")
    assert "Two letters at least" in lead.get("/queue?said=が").text
    assert "Two letters at least" not in lead.get("/queue?said=箱").text
    assert lead.get("/api/calls?said=が").status_code == 422
    assert lead.get("/api/calls?said=箱").json()["count"] == 4


def test_an_admin_reads_the_log(sign: Sign) -> None:
    sign("lead").get("/call/a-1")
    sign("agent-b").get("/call/b-1")
    admin = sign("admin")
    log = admin.get("/audit").text
    assert log.index("b-1") < log.index("a-1"), "newest first"
    of_call = admin.get("/audit?call=a-1").text
    assert "opened" in of_call and "agent-b" not in of_call and "b-1" not in of_call
    assert "a-1" not in admin.get("/audit?who=agent-b").text
    assert "/audit" not in sign("lead").get("/queue").text


def test_a_lead_is_led_to_what_waits(sign: Sign, db: Path) -> None:
    lead, agent = sign("lead"), sign("agent-a")
    jump = re.compile(r'<ul class="jump">(.*?)</ul>', re.DOTALL)
    (waiting,) = jump.findall(lead.get("/call/a-1").text)
    assert re.findall(r'href="#f-([\w-]+)"', waiting) == ["empathy"], "what the machine left open"
    with Store.open(db) as store:
        store.disputes.add("a-1", "no-interruption", "agent-a", "They had finished", "agent-a")
    (waiting,) = jump.findall(lead.get("/call/a-1").text)
    assert re.findall(r'href="#f-([\w-]+)"', waiting) == ["no-interruption", "empathy"]
    page = agent.get("/call/a-1").text
    assert not jump.findall(page)
    assert "You disagree" in page and "The agent disagrees" not in page
