"""What agents see and say, what leads answer, and what becomes of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.review.app import create
from qa.review.sound import Silence
from qa.settings import Settings
from qa.store import Post, Stage, Store
from tests.history import MET, NOT, Past, fill
from tests.review.conftest import HASH, Sign, form_token

NASTY = "<img src=x onerror=alert(1)><b>x</b>"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two agents over six weeks; agent a17 gets better at empathy."""
    path = tmp_path_factory.mktemp("past") / "qa.db"
    with Store.open(path) as store:
        calls = [
            Past(f"a-{week}-{n}", week=week, criteria={"empathy": MET if week > 2 else NOT, "ownership": MET})
            for week in range(6)
            for n in range(4)
        ]
        calls += [Past(f"b-{n}", "b2", NASTY, n, {"empathy": NOT}, quote=NASTY) for n in range(3)]
        calls += [Past("a-noisy", week=5, criteria={"empathy": NOT}, flags=("poor-audio",))]
        fill(store, calls)
        for name, post, agent in (
            ("agent-a", Post.AGENT, "a17"),
            ("agent-b", Post.AGENT, "b2"),
            ("new", Post.AGENT, "nobody-yet"),
            ("lead", Post.LEAD, None),
        ):
            store.people.add(name, post, agent, HASH)
    return path


@pytest.fixture
def db(past: Path, tmp_path: Path) -> Path:
    """Where the database of this test is."""
    return Path(shutil.copy(past, tmp_path / "qa.db"))


@pytest.fixture
def app(db: Path) -> FastAPI:
    """The desk, where three judged findings and three calls are enough to say something."""
    return create(db, Settings(trust_least=3, trend_least=3), Silence())


def send(browser: TestClient, path: str, **form: str) -> int:
    answer = browser.post(path, data=form | {"token": form_token(browser)})
    return int(answer.status_code)


def test_an_agent_sees_their_own_report_and_nobody_elses(sign: Sign) -> None:
    own, other = sign("agent-a").get("/mine").text, sign("agent-b").get("/mine").text
    assert re.search(r'href="/call/a-\d', own)
    assert "/call/b-" not in own and "/call/a-" not in other
    assert sign("agent-a").get("/mine/calls").text.count('href="/call/b-') == 0
    figures = sign("agent-a").get("/api/me/figures").json()
    assert (figures["agent_id"], figures["calls"], figures["set_apart"]) == ("a17", 25, 1)
    assert sign("agent-a").get("/team/b2").status_code == 403
    assert "the first ones" in sign("new").get("/mine").text
    assert sign("new").get("/mine/report.html").status_code == 404


def test_what_was_set_apart_is_not_averaged_in(sign: Sign) -> None:
    met = sign("agent-a").get("/api/me/figures").json()["criteria"]["empathy"]
    assert (met["met"]["count"], met["met"]["of"]) == (12, 24)
    assert (met["set_apart"]["count"], met["set_apart"]["of"]) == (0, 1)
    assert met["change"]["direction"] == "up"


def test_a_report_on_the_desk_holds_text_as_text(sign: Sign) -> None:
    lead = sign("lead")
    for page in (lead.get("/team/b2"), lead.get("/team"), sign("agent-b").get("/mine")):
        assert "<img src=x" not in page.text
    assert "&lt;img src=x" in lead.get("/team/b2").text


def test_a_dispute_goes_to_a_lead_and_back(sign: Sign, db: Path) -> None:
    agent, lead = sign("agent-a"), sign("lead")
    path = f"/dispute/{quote('a-0-0', safe='')}"
    assert send(agent, path, criterion="empathy", words=f"I said it {NASTY}") == 303
    assert send(agent, path, criterion="empathy", words="again") == 409, "one is waiting"
    assert send(agent, path, criterion="empathy") == 422
    assert send(agent, path, criterion="nonsense", words="x") == 422
    assert send(agent, "/dispute/b-0", criterion="empathy", words="x") == 404
    assert send(lead, path, criterion="ownership", words="x") == 403
    assert "a-0-0" in lead.get("/disputes").text and "<img src=x" not in lead.get("/disputes").text
    assert "a-0-0" not in sign("agent-b").get("/disputes").text

    assert send(lead, "/answer/1", outcome="changed", words="right") == 422, "nothing was overruled"
    assert send(lead, "/review/a-0-0", criterion="empathy", outcome="met", why="heard it", seen="0") == 303
    assert send(lead, "/answer/1", outcome="changed", words="you are right") == 303
    assert send(lead, "/answer/1", outcome="stands", words="or not") == 409
    page = agent.get("/call/a-0-0").text
    assert "you are right" in page and "I said it" in page
    met = agent.get("/api/me/figures").json()["criteria"]["empathy"]["met"]
    assert (met["count"], met["of"]) == (13, 24), "the human value counts"
    with Store.open(db, read_only=True) as store:
        actions = [line.action for line in store.people.log()]
    assert "disputed" in actions and "answered a dispute" in actions


def test_coaching_is_told_understood_and_seen_in_later_calls(sign: Sign, db: Path) -> None:
    agent, lead = sign("agent-a"), sign("lead")
    path = "/coaching/a-0-0"
    told = {"criterion": "empathy", "stage": "told", "words": "say what they feel"}
    assert send(lead, path, **told) == 422, "not marked"
    assert send(lead, "/mark/a-0-0", criterion="empathy") == 303
    assert send(agent, path, **told) == 403, "only a lead tells"
    assert send(agent, path, criterion="empathy", stage="understood", words="ok") == 422, "not told yet"
    assert send(lead, path, **told) == 303
    assert send(lead, path, criterion="empathy", stage="understood", words="ok") == 403, (
        "only the agent knows"
    )
    assert send(agent, path, criterion="empathy", stage="understood") == 422, "in their own words"
    assert send(agent, path, criterion="empathy", stage="understood", words="I name it first") == 303
    assert send(lead, path, criterion="empathy", stage="changed") == 422, "no call since shows it"
    assert "Too few calls" in agent.get("/call/a-0-0").text
    with Store.open(db) as store:
        assert [s.stage for s in store.coaching.of_call("a-0-0")] == ["marked", "told", "understood"]
    assert "I name it first" in lead.get("/call/a-0-0").text


def test_changed_is_what_later_calls_measure(db: Path) -> None:
    from qa.report.coaching import measured
    from qa.store import Step
    from tests.history import MONDAY

    step = Step("a-2-0", "empathy", "a17", Stage.TOLD, "", "lead", MONDAY.replace(day=19))
    with Store.open(db) as store:
        found = measured(store.moments, "a17", [step], 3)
        too_few = measured(store.moments, "a17", [step], 13)
    assert (found.before.count, found.before.of, found.after.count, found.after.of) == (0, 12, 12, 12)
    assert found.change is not None and found.change.direction == "up"
    assert too_few.change is None


def test_a_goal_is_all_that_a_report_shows(sign: Sign) -> None:
    agent = sign("agent-a")
    assert "All criteria" in agent.get("/mine").text
    assert send(agent, "/mine/goal", criterion="ownership", words="my own words") == 303
    page = agent.get("/mine").text
    assert "All criteria" not in page and "my own words" in page and "The goal you chose yourself" in page
    assert send(agent, "/mine/goal", criterion="no-such") == 422
    assert send(agent, "/mine/goal", criterion="") == 303
    assert "All criteria" in agent.get("/mine").text


def test_an_agent_says_that_they_read_it(sign: Sign) -> None:
    agent = sign("agent-a")
    assert send(agent, "/read/a-0-0", words="I see what you mean") == 303
    assert "I see what you mean" in sign("lead").get("/call/a-0-0").text
    assert send(agent, "/read/b-0", words="x") == 404


def test_a_criterion_that_people_disagree_with_counts_for_nobody(sign: Sign, db: Path) -> None:
    lead = sign("lead")
    before = lead.get("/api/calls/a-0-0").json()["call"]["score"]
    assert before == 50.0
    for week in (0, 1, 2):
        assert (
            send(lead, f"/review/a-{week}-1", criterion="empathy", outcome="met", why="said", seen="0") == 303
        )
    page = lead.get("/trust").text
    assert "Advice only" in page
    assert lead.get("/api/trust").json()["criteria"]["empathy"]["standing"] == "advice"
    after = lead.get("/api/calls/a-0-0").json()["call"]["score"]
    assert after == 100.0, "ownership alone counts now"
    with Store.open(db) as store:
        assert store.listing.find("a-0-0", _everything()).score == 100.0  # type: ignore[union-attr]
        assert store.advice.current() == {"empathy"}
    assert "advice only" in lead.get("/call/a-0-0").text
    assert "Advice only" in sign("agent-a").get("/mine").text


def _everything() -> object:
    from qa.store.filters import EVERYTHING

    return EVERYTHING


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["agents", "leads", "rubric"])
def test_guides_are_pages_of_the_desk(name: str, language: str, sign: Sign) -> None:
    answer = sign("lead").get(f"/guide/{name}", headers={"accept-language": language})
    assert answer.status_code == 200
    assert "<h1>" in answer.text.split('<article class="guide">')[1]
    assert sign("lead").get("/guide/nothing").status_code == 404
    assert sign("lead").get("/guide/pictures/..%2Fleads.ja.md").status_code == 404


def test_pages_are_shown_with_criteria_and_pages_that_there_are(sign: Sign) -> None:
    lead = sign("lead")
    assert lead.get("/team?criterion=empathy").status_code == 200
    assert lead.get("/team?criterion=nonsense").status_code == 404
    assert lead.get("/team?page=999").status_code == 200
    assert lead.get("/team?page=0").status_code == 422
    assert lead.get("/team/nobody").status_code == 404
