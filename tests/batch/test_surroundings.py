"""The hour before a call, and a judge of one's own, through a night and a rescoring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qa.batch import rescore
from qa.batch.surroundings import Hours
from qa.model import Call
from qa.store import Store
from tests.batch.conftest import World
from tests.judge.server import says, sends, serving
from tests.rubric.checks.test_judge import answer

TEN = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "before"),
    [
        ([], 0),
        ([-10, -59, -60], 3),
        ([-61, 0, 1, 30], 0),
        ([-5, -5], 2),
    ],
)
def test_calls_in_the_hour_before(minutes: list[int], before: int) -> None:
    this = Call("this", started_at=TEN)
    others = [Call(f"c{n}", started_at=TEN + timedelta(minutes=m)) for n, m in enumerate(minutes)]
    assert Hours([this, *others, *others, Call("unknown")]).before(this) == before
    assert Hours(others).before(Call("unknown")) is None


def timed(world: World, name: str, minute: int) -> None:
    path = world.record(f"{name}.wav", f"say 注文です {name}")
    at = TEN + timedelta(minutes=minute)
    path.with_suffix(".json").write_text(f'{{"agent_id": "a1", "started_at": "{at.isoformat()}"}}', "utf-8")


def flagged(world: World) -> set[str]:
    with Store.open(world.settings.db) as store:
        return {talk.call.id for talk, card in store.scored() if "busy-hour" in {f.id for f in card.flags}}


def test_a_busy_hour_is_seen_over_nights_and_by_later_calls(world: World) -> None:
    world.edit_rubric("sections:", "thresholds: {busy_calls: 2}\nsections:")
    for name, minute in (("c", 30), ("a", 0), ("b", 10)):
        timed(world, name, minute)
    world.night()
    assert flagged(world) == {"c"}
    timed(world, "d", 45)
    world.night()
    assert flagged(world) == {"c", "d"}
    with Store.open(world.settings.db) as store:
        card = store.scorecard("d")
    [busy] = [flag for flag in card.flags if flag.id == "busy-hour"]
    assert busy.reason.en == "3 calls began in the hour before this one (limit 2)."
    assert busy.reason.ja == "直前の1時間に3件の通話がありました(基準2件)。"
    assert card.receipt.settings["calls_before"] == "3"


ASKS = """\
criteria:
  - id: cared
    section: opening
    title: {ja: 親身, en: Cared}
    meaning: {ja: 親身, en: Cared}
    points: 5
    check: {judge: {prompt: {ja: 親身に応じている, en: They care}}}
"""


def test_the_judge_is_asked_at_night_and_in_a_rescoring(world: World) -> None:
    world.edit_rubric("criteria:\n", ASKS)
    world.record("a.wav", "say 荷物が届きません 090-1234-5678")
    with serving() as endpoint:
        endpoint.reply = sends(b"", 500)
        world.change(judge_url=endpoint.url, judge_model="tiny")
        world.night()
        endpoint.reply = says(answer("not_met", "荷物が届きません"))
        came = rescore(world.settings, dry_run=False)
        assert all("1234" not in body.decode() for _, _, body in endpoint.requests)
    assert (came.changed, came.written, len(endpoint.requests)) == (1, 1, 2)
    with Store.open(world.settings.db) as store:
        first, second = store.scorecards("a")
        assert store.conversation("a").turns[1].text.endswith("5678"), "only what is sent is struck out"
    outcomes = [next(f for f in card.findings if f.criterion == "cared") for card in (first, second)]
    assert [f.outcome for f in outcomes] == ["needs_review", "not_met"]
    assert "HTTP 500" in outcomes[0].reason.ja
    assert second.receipt.models["judge"] == f"tiny@{endpoint.url[7:-3]}"
