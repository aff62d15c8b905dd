"""What agents and leads say to each other, as JSON: the same rules and the same words as on the pages."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from qa.store import Stage, Store
from tests.review.conftest import Sign, form_token

TOLD_BY_THE_MACHINE = ("お客様の話を1回遮っています", '"machine"', "reason", "evidence", "score", "flags")
"""What a call that is still to be scored blindly must not hold."""


def post(browser: TestClient, path: str, status: int = 201, **body: object) -> dict[str, object]:
    """Send JSON, and what came back; `status`: what is expected."""
    answer = browser.post(path, json=body, headers={"X-CSRF-Token": form_token(browser)})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def get(browser: TestClient, path: str) -> dict[str, object]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_agent_disagrees_a_lead_answers_the_agent_sees_it(sign: Sign) -> None:
    agent, lead, other = sign("agent-a"), sign("lead"), sign("agent-b")
    about = {"criterion": "no-interruption", "words": "They had finished"}
    made = post(agent, "/api/disputes/a-1", **about)
    assert (made["call_id"], made["agent_id"], made["answer"]) == ("a-1", "agent-a", None)
    post(agent, "/api/disputes/a-1", 409, **about)
    post(agent, "/api/disputes/a-1", 422, criterion="no-such", words="x")
    post(agent, "/api/disputes/a-1", 422, criterion="empathy", words=" ")
    post(agent, "/api/disputes/b-1", 404, **about)
    assert get(lead, "/api/disputes?waiting=true")["count"] == 1
    assert get(other, "/api/disputes")["count"] == 0

    path = f"/api/answers/{made['id']}"
    post(lead, path, 422, outcome="changed", words="nothing was overruled yet")
    word = {"criterion": "no-interruption", "outcome": "met", "why": "I listened again"}
    post(lead, "/api/reviews/a-1", **word)
    answered = post(lead, path, outcome="changed", words="You are right")
    assert answered["answer"]["outcome"] == "changed"
    post(lead, path, 409, outcome="stands", words="or not")
    post(lead, "/api/answers/999", 404, outcome="stands", words="x")
    assert get(lead, "/api/disputes?waiting=true")["count"] == 0

    (seen,) = get(agent, "/api/disputes")["disputes"]
    assert (seen["answer"]["words"], seen["answer"]["who"]) == ("You are right", "lead")
    whole = get(agent, "/api/calls/a-1")
    assert whole["disputes"] == [seen]
    assert "You are right" in agent.get("/call/a-1").text, "the page shows the same"


def test_the_pages_of_disagreements(sign: Sign, db: Path) -> None:
    with Store.open(db) as store:
        for n in range(201):
            made = store.disputes.add("a-1", f"criterion-{n}", "agent-a", "x", "agent-a")
    first = get(sign("lead"), "/api/disputes")
    assert (first["count"], len(first["disputes"]), first["disputes"][0]["id"]) == (201, 200, made.id)
    second = get(sign("lead"), f"/api/disputes?before={first['next']}")
    assert (len(second["disputes"]), second["next"]) == (1, None)


def test_an_agent_has_read_it(sign: Sign) -> None:
    agent = sign("agent-a")
    assert post(agent, "/api/acknowledgements/a-1", words="I see what you mean")["who"] == "agent-a"
    post(agent, "/api/acknowledgements/b-1", 404)
    (read,) = get(sign("lead"), "/api/calls/a-1")["acknowledgements"]
    assert read["words"] == "I see what you mean"


def test_a_point_is_marked_told_and_understood(sign: Sign) -> None:
    agent, lead = sign("agent-a"), sign("lead")
    about = {"criterion": "no-interruption"}
    post(lead, "/api/coaching/a-1", 422, **about, stage="told", words="not marked yet")
    assert post(lead, "/api/marks/a-1", **about)["stage"] == "marked"
    post(lead, "/api/marks/a-1", 422, criterion="no-such")
    post(agent, "/api/coaching/a-1", 403, **about, stage="told", words="only a lead tells")
    post(lead, "/api/coaching/a-1", **about, stage="told", words="Wait for a breath")
    post(lead, "/api/coaching/a-1", 403, **about, stage="understood", words="only they know")
    post(agent, "/api/coaching/a-1", 422, **about, stage="understood")
    post(agent, "/api/coaching/a-1", **about, stage="understood", words="I wait")
    post(lead, "/api/coaching/a-1", 422, **about, stage="changed")

    (point,) = get(agent, "/api/coaching")["points"]
    assert (point["stage"], point["title"]) == ("understood", "Does not interrupt")
    assert [step["stage"] for step in point["steps"]] == ["marked", "told", "understood"]
    assert point["measured"]["change"] is None, "too few calls"
    assert get(sign("agent-b"), "/api/coaching")["points"] == []
    assert get(lead, "/api/coaching?agent=agent-b")["points"] == []
    assert get(lead, "/api/coaching?stage=understood")["points"] == [point]

    post(lead, "/api/marks/a-1", **about, marked=False)
    assert get(lead, "/api/coaching")["points"] == []
    assert len(get(lead, "/api/coaching?stage=dropped")["points"]) == 1


def test_the_pages_of_points(sign: Sign, db: Path) -> None:
    with Store.open(db) as store:
        for n in range(101):
            store.coaching.add("a-1", f"criterion-{n}", "agent-a", Stage.MARKED, "", "lead")
    first = get(sign("lead"), "/api/coaching")
    assert (first["count"], len(first["points"])) == (101, 100)
    assert first["points"][0]["criterion"] == "criterion-100"
    second = get(sign("lead"), f"/api/coaching?skip={first['next']}")
    assert [point["criterion"] for point in second["points"]] == ["criterion-0"]
    assert second["next"] is None


def test_a_goal_of_ones_own(sign: Sign) -> None:
    agent = sign("agent-a")
    before = get(agent, "/api/me/goal")
    assert before["goal"] is None
    assert before["criteria"]["empathy"] == "Shows empathy"
    post(agent, "/api/me/goal", 422, criterion="no-such")
    assert (
        post(agent, "/api/me/goal", criterion="empathy", words="my words")["goal"]["title"] == "Shows empathy"
    )
    assert get(agent, "/api/me/goal")["goal"]["words"] == "my words"
    assert get(agent, "/api/me/report")["work_on"]["own_goal"] is True
    assert post(agent, "/api/me/goal", criterion="")["goal"] is None


def test_a_blind_set_does_not_tell_the_machines_scores(sign: Sign) -> None:
    lead, second = sign("lead"), sign("second")
    made = post(lead, "/api/calibration", title="May", count=4)
    path, call = f"/api/calibration/{made['id']}", "a-1"
    assert {each["call_id"] for each in made["calls"]} == {"a-1", "a-2/解約 <i>", "b-1", "b-2"}
    post(lead, "/api/calibration", 422, count=1)
    assert lead.get(f"/api/calls/{call}").status_code == 403

    asked = lead.get(f"{path}/{call}")
    assert not [word for word in TOLD_BY_THE_MACHINE if word in asked.text.replace('"scored"', "")]
    blind = asked.json()
    assert (blind["scored"], blind["compared"]) == (False, [])
    assert [each["id"] for each in blind["criteria"]][1:3] == ["no-interruption", "empathy"]
    assert blind["turns"][1]["text"] == "昨日届いた箱が、壊れていて困っているんですが"
    assert get(lead, path)["agreements"] == []

    given = {"no-interruption": {"outcome": "met", "why": "they had finished"}, "empathy": {"outcome": "met"}}
    theirs = post(second, f"{path}/{call}", outcomes={"no-interruption": {"outcome": "not_met"}})
    assert list(theirs["compared"][0]["people"]) == ["second"]
    assert get(lead, f"{path}/{call}")["compared"] == [], "a second lead has scored it, the first has not"
    assert get(lead, path)["agreements"] == []

    post(lead, f"{path}/{call}", 422, outcomes={})
    post(lead, f"{path}/{call}", 422, outcomes={"no-such": {"outcome": "met"}})
    post(lead, f"{path}/{call}", 422, outcomes={"empathy": {"outcome": "needs_review"}})
    compared = {row["criterion"]: row for row in post(lead, f"{path}/{call}", outcomes=given)["compared"]}
    row = compared["no-interruption"]
    assert (row["machine"], row["differs"]) == ("not_met", True)
    assert row["people"]["lead"]["why"] == "they had finished"
    assert compared["empathy"]["machine"] == "needs_review"
    post(lead, f"{path}/{call}", 409, outcomes=given)
    (agreement,) = get(lead, path)["agreements"]
    assert (agreement["criterion"], agreement["same"], agreement["count"]) == ("no-interruption", 1, 2)
    assert lead.get(f"/api/calls/{call}").status_code == 200
    assert lead.get(f"{path}/no-such-call").status_code == 404


def test_points_of_a_blind_call_are_kept_from_its_lead(sign: Sign, db: Path) -> None:
    second = sign("second")
    post(second, "/api/marks/a-1", criterion="no-interruption")
    with Store.open(db) as store:
        store.calibration.begin("set", ["a-1"], "lead")
    assert get(sign("lead"), "/api/coaching")["points"] == []
    assert len(get(second, "/api/coaching")["points"]) == 1
    post(sign("lead"), "/api/marks/a-1", 403, criterion="no-interruption")


def test_the_log_says_the_same_of_both_ways(sign: Sign) -> None:
    """The page's form and the API are one deed: the same line in the log."""
    lead = sign("lead")
    post(lead, "/api/marks/a-1", criterion="empathy")
    form = {"token": form_token(lead), "criterion": "empathy"}
    assert lead.post("/mark/b-1", data=form).status_code == 303
    lines = get(sign("admin"), "/api/audit?who=lead")["lines"]
    marks = [(each["action"], each["detail"]) for each in lines if each["action"].startswith("coaching")]
    assert marks == [("coaching: marked", "empathy")] * 2
    assert {each["who"] for each in lines} == {"lead"}
    assert [each["call_id"] for each in get(sign("admin"), "/api/audit?call=b-1")["lines"]] == ["b-1"]
    assert lead.get("/api/audit").status_code == 403


def test_the_pages_of_the_log(sign: Sign, db: Path) -> None:
    with Store.open(db) as store:
        for n in range(101):
            store.people.note("somebody", f"did {n}")
    admin = sign("admin")
    first = get(admin, "/api/audit?who=somebody")
    assert len(first["lines"]) == 100
    second = get(admin, f"/api/audit?who=somebody&before={first['next']}")
    assert [each["action"] for each in second["lines"]] == ["did 0"]
    assert second["next"] is None


def test_a_report_as_json(sign: Sign) -> None:
    own = get(sign("agent-a"), "/api/me/report")
    theirs = get(sign("lead"), "/api/team/agent-a")
    assert own == theirs
    assert (own["agent_id"], own["calls"]) == ("agent-a", 2)
    assert sign("lead").get("/api/team/nobody").status_code == 404


def test_a_comment_is_about_a_moment_of_the_call(sign: Sign) -> None:
    lead = sign("lead")
    post(lead, "/api/comments/a-1", 422, words="x", start=99.0)
    assert post(lead, "/api/comments/a-1", words="listen", start=3.5)["start"] == 3.5


def test_a_number_that_no_database_holds(sign: Sign) -> None:
    lead, number = sign("lead"), 10**20
    for path in (f"/api/calibration/{number}", f"/calibration/{number}", f"/calibration/{number}/a-1"):
        assert lead.get(path).status_code == 422
    post(lead, f"/api/answers/{number}", 422, outcome="stands", words="x")
    form = {"token": form_token(lead), "outcome": "stands", "words": "x"}
    assert lead.post(f"/answer/{number}", data=form).status_code == 422
