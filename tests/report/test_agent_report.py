"""What an agent's report chooses to say, and that its file is the same each time and harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from qa.errors import UnknownAgent
from qa.model import Span
from qa.report import gather, page
from qa.report.agent import AgentReport
from qa.report.charts import HEIGHT, WIDTH, of_means, of_shares
from qa.report.plain import agent_json, team_json
from qa.rubric.authoring.guide import guide, read_folder
from qa.settings import Settings
from qa.statistics import Moments, Share, Week
from qa.store import Store
from tests.history import MET, MONDAY, NOT, REVIEW, Past, fill

NASTY = "<script>alert(1)</script><img src=//x onerror=alert(1)>"
SETTINGS = Settings(trend_least=3, trust_least=3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One agent over six weeks."""
    with Store.open(tmp_path / "qa.db") as opened:
        calls = [
            Past(
                f"c-{week}-{n}",
                week=week,
                criteria={
                    "ownership": MET,
                    "empathy": MET if week > 2 else NOT,
                    "no-interruption": NOT,
                    "thanks-for-time": NOT,
                    "outcome": REVIEW,
                    "shares-joy": NOT,
                },
                quote=NASTY if n else "ご心配でしたね",
            )
            for week in range(6)
            for n in range(2)
        ]
        calls.append(Past("thanked", week=5, flags=("praise", "busy-hour")))
        fill(opened, calls)
        yield opened


def report(store: Store) -> AgentReport:
    return gather.of_agent(store, "a17", gather.guide_of(store), SETTINGS)


def test_first_what_went_well_then_one_thing(store: Store) -> None:
    made = report(store)
    assert [m.call_id for m in made.praise] == ["thanked"], "thanks come first, also of a busy hour"
    assert [one.guide.id for one in made.good][:1] == ["ownership"]
    assert made.work is not None and made.work.guide.id == "no-interruption", "15 points, missed 12 times"
    assert made.work.moment is not None and made.work.pairs and made.work.could_say
    assert made.figures.criteria["empathy"].share == Share(6, 12)
    assert made.figures.criteria["outcome"].undecided == 12
    assert made.set_apart == (("busy-hour", 1),)


def test_no_two_moments_from_one_call(store: Store) -> None:
    calls = [one.moment.call_id for one in report(store).good]
    assert len(set(calls)) == len(calls)


def test_their_own_goal_is_the_one_thing_even_where_it_went_well(store: Store) -> None:
    store.coaching.choose("a17", "ownership", "責任を持つ", "agent")
    made = report(store)
    assert made.work is not None
    assert (made.work.guide.id, made.work.chosen, made.work.moment) == ("ownership", True, None)
    assert made.others == ()


def test_what_could_be_said_is_in_the_language_they_speak(store: Store) -> None:
    store.coaching.choose("a17", "ownership", "", "agent")
    both = guide([read_folder("support-en"), read_folder("support-ja")])
    made = gather.of_agent(store, "a17", both, SETTINGS).work
    assert made is not None and made.moment is None, "it was never missed"
    assert {one.language for one in made.could_say} == {"ja"}


def test_what_people_disagree_with_is_nothing_to_work_on(store: Store) -> None:
    for n in range(3):
        store.reviews.add(f"c-{n}-0", "no-interruption", MET, who="lead", why="they had ended", seen=0)
    gather.settle(store, SETTINGS)
    made = report(store)
    assert made.advice_only == {"no-interruption"}
    assert made.work is not None and made.work.guide.id == "empathy"
    everybody = gather.of_team(store, gather.guide_of(store), SETTINGS).everybody
    assert everybody.score.moments.count == 12
    assert everybody.score.moments.total == 6 * 25 + 6 * 50, "counted without it: ownership of four"


def test_no_trend_below_the_least_sample(store: Store) -> None:
    few = gather.of_agent(store, "a17", gather.guide_of(store), Settings(trend_least=7))
    assert few.figures.criteria["empathy"].trend is None
    assert report(store).figures.criteria["empathy"].trend is not None
    text = page.agent_file(few, "en")
    assert "Nothing can be said of a change yet" in text


def test_an_unknown_agent_is_named_with_the_nearest(store: Store) -> None:
    with pytest.raises(UnknownAgent, match="did you mean a17"):
        gather.of_agent(store, "a177", gather.guide_of(store), SETTINGS)


class Outside(HTMLParser):
    """Whatever a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            loads = name in ("src", "href", "srcset", "action") and not (value or "").startswith("data:")
            if loads or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
        if tag in ("script", "link", "iframe", "object", "img"):
            self.found.append(tag)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_file_is_the_same_each_time_and_loads_and_runs_nothing(store: Store, language: str) -> None:
    def clip(call_id: str, span: Span) -> page.Clip:
        return page.Clip("audio/mpeg", f"{call_id} {span}".encode())

    one, other = (page.agent_file(report(store), language, page.embedded(clip)) for _ in range(2))
    assert one == other
    outside = Outside()
    outside.feed(one)
    assert outside.found == []
    assert "<script>alert" not in one and "&lt;script&gt;alert(1)" in one
    assert one.count("data:audio/mpeg;base64,") == 1 + len(report(store).good) + 1
    assert "default-src 'none'" in one and f'<html lang="{language}">' in one
    assert not re.search(r"url\(|@import", one)


def test_the_team_file_escapes_names(store: Store) -> None:
    fill(store, [Past("x", "b2", NASTY)])
    texts = gather.guide_of(store)
    made = gather.of_team(store, texts, SETTINGS)
    outside = Outside()
    outside.feed(page.team_file(made, "ja", lambda name: NASTY))
    assert outside.found == []
    assert [one.agent_id for one in made.agents] == ["a17", "b2"]


def test_a_team_of_one_criterion_has_the_same_figures(store: Store) -> None:
    texts = gather.guide_of(store)
    whole, quick = (
        gather.of_team(store, texts, SETTINGS),
        gather.of_team_on(store, texts, SETTINGS, "empathy"),
    )
    assert quick.everybody == whole.everybody
    assert quick.agents[0].score == whole.agents[0].score
    assert quick.agents[0].criteria == {"empathy": whole.agents[0].criteria["empathy"]}


def test_json_is_json(store: Store) -> None:
    made = agent_json(report(store), "ja")
    assert json.loads(json.dumps(made)) == made
    assert made["work_on"]["criterion"] == "no-interruption"
    team = team_json(gather.of_team(store, gather.guide_of(store), SETTINGS))
    assert json.loads(json.dumps(team)) == team


def test_an_empty_database_has_an_empty_team(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db") as empty:
        made = gather.of_team(empty, gather.guide_of(empty), SETTINGS)
    assert made.agents == () and "No call is scored yet" in page.team_file(made, "en", str)


def test_charts_stay_inside_and_leave_gaps() -> None:
    monday = MONDAY.date()
    weeks = [Week(monday.replace(day=day), Share(n, 5)) for n, day in enumerate((5, 12, 26))]
    chart = of_shares(weeks)
    assert [(one.monday.day, other.monday.day) for one, other in chart.lines] == [(5, 12)]
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.high <= dot.y <= dot.low <= HEIGHT for dot in chart.dots)
    assert not of_means([])
    (alone,) = of_means([Week(monday, Moments.of([80]))]).dots
    assert (alone.x, alone.low) == (WIDTH / 2, alone.high)
