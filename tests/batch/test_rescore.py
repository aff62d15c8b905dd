"""A changed rubric: scored again from what is stored, looked at before it is written."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from qa.batch import Change, Finished, Move, rescore
from qa.batch.again import score_all
from qa.batch.comparison import Step, compare, summarise
from qa.batch.lock import held
from qa.batch.rubrics import Rubrics
from qa.errors import LockHeld, StoreError
from qa.model import Message, Outcome
from qa.store import Store
from tests.batch.conftest import World, nobody
from tests.store.conftest import make_result

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def scored(world: World) -> World:
    """Three calls of two agents, scored; the recordings are gone."""
    for number, (agent, said) in enumerate(
        [("a1", "解約したいのですが"), ("a1", "注文です"), ("a2", "注文です")]
    ):
        path = world.record(f"c{number}.wav", f"say {said} {number}")
        path.with_suffix(".json").write_text(f'{{"agent_id": "{agent}"}}', encoding="utf-8")
    world.night()
    shutil.rmtree(world.calls)
    return world


def edit(world: World) -> None:
    """Now whoever orders something has said it."""
    world.edit_rubric("  - 解約", "  - 解約\n  - 注文", "phrases/ja/cancel.yaml")


def test_nothing_changes_where_nothing_changed(scored: World) -> None:
    came = rescore(scored.settings, dry_run=False)
    assert (came.calls, came.changed, came.written) == (3, 0, 0)
    assert scored.rows("SELECT count(*) FROM scorecards") == [(3,)]


def test_a_dry_run_tells_and_writes_nothing(scored: World) -> None:
    before = scored.results()
    edit(scored)
    came = rescore(scored.settings, dry_run=True)
    assert (came.calls, came.changed, came.written) == (3, 2, 0)
    [move] = came.moves
    assert (move.criterion, move.after, move.calls) == ("asks-to-cancel", MET, 2)
    assert {change.call_id for change in came.most_changed} == {"c1", "c2"}
    assert all(change.steps[0].reason.ja for change in came.most_changed)
    assert [(shift.agent_id, shift.calls) for shift in came.shifts] == [("a1", 2), ("a2", 1)]
    assert all(shift.after > shift.before for shift in came.shifts)
    assert scored.results() == before
    assert scored.rows("SELECT count(*) FROM runs") == [(1,)]


def test_a_rescoring_adds_scorecards_without_the_audio(scored: World) -> None:
    edit(scored)
    came = rescore(scored.settings, dry_run=False)
    assert (came.changed, came.written) == (2, 3)
    assert scored.rows("SELECT count(*), count(DISTINCT rubric) FROM scorecards") == [(6, 2)]
    assert scored.rows("SELECT count(*) FROM conversations") == [(3,)]
    assert scored.rows("SELECT count(DISTINCT rubric) FROM current_scorecards") == [(1,)]
    assert scored.rows("SELECT count(*) FROM rubrics") == [(2,)]
    assert rescore(scored.settings, dry_run=False).written == 0


def test_the_receipt_keeps_who_heard_it(scored: World) -> None:
    edit(scored)
    rescore(scored.settings, dry_run=False)
    with Store.open(scored.settings.db) as store:
        old, new = store.scorecards("c1")
    assert old.receipt.models == new.receipt.models
    assert old.receipt.rubric != new.receipt.rubric


def test_changed_definitions_read_the_events_again(scored: World) -> None:
    scored.edit_rubric("sections:", "definitions: {dead_air_min: 0.9}\nsections:")
    came = rescore(scored.settings, dry_run=False)
    assert came.written == 3
    assert scored.rows("SELECT count(*), count(DISTINCT definitions) FROM conversations") == [(6, 2)]
    with Store.open(scored.settings.db) as store:
        assert store.conversation("c0").definitions.dead_air_min == 0.9
    assert rescore(scored.settings, dry_run=False).written == 0


def test_a_run_scores_again_what_a_changed_rubric_concerns(world: World) -> None:
    world.record("a.wav", "say 注文です")
    world.night()
    edit(world)
    night = world.night(nobody)
    assert (night.scored, night.audio_seconds) == (1, 0.0)
    assert world.rows("SELECT count(*) FROM conversations") == [(1,)]
    assert world.night(nobody).skipped == 1


def test_a_comment_in_the_rubric_changes_nothing(world: World) -> None:
    world.record("a.wav", "say 注文です")
    world.night()
    world.edit_rubric("sections:", "# 章\nsections:")
    assert world.night(nobody).skipped == 1


def test_it_stops_when_asked(scored: World) -> None:
    edit(scored)
    stop = threading.Event()
    came = rescore(
        scored.settings,
        dry_run=False,
        stop=stop,
        report=lambda progress: stop.set() if isinstance(progress, Finished) else None,
    )
    assert (came.written, came.stopped) == (1, True)
    assert scored.rows("SELECT state FROM runs WHERE kind = 'rescore'") == [("stopped",)]
    assert rescore(scored.settings, dry_run=False).written == 2


def test_it_waits_for_nobody(scored: World) -> None:
    with held(Path(scored.settings.db)):
        assert rescore(scored.settings, dry_run=True).calls == 3
        with pytest.raises(LockHeld):
            rescore(scored.settings, dry_run=False)


def test_there_must_be_a_database(world: World) -> None:
    with pytest.raises(StoreError, match="no such database"):
        rescore(world.settings, dry_run=True)


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ({"no-arguing": MET}, NOT_MET, [("no-arguing", MET, NOT_MET)]),
        ({"no-arguing": NOT_MET}, NOT_MET, []),
        ({}, MET, [("no-arguing", None, MET)]),
        ({"no-arguing": MET, "gone": MET}, MET, [("gone", MET, None)]),
    ],
)
def test_what_came_out_differently(
    before: dict[str, Outcome], after: Outcome, steps: list[tuple[str, Outcome | None, Outcome | None]]
) -> None:
    scorecard = make_result("c1", outcome=after).scorecard
    change = compare("c1", "a1", before, scorecard.score.value, scorecard)
    assert [(step.criterion, step.before, step.after) for step in change.steps] == steps
    assert bool(change) == bool(steps)


def test_the_ten_most_changed_come_first() -> None:
    step = (Step("x", MET, NOT_MET, Message("理由", "why")),)
    changes = [Change(f"c{n:02}", "a1", 100.0, 100.0 - n, step) for n in range(15)]
    changes.append(Change("lost", "a1", 50.0, None, step))
    summary = summarise(changes, written=0, dry_run=True, stopped=False)
    assert [change.call_id for change in summary.most_changed[:3]] == ["lost", "c14", "c13"]
    assert len(summary.most_changed) == 10
    assert summary.moves == (Move("x", MET, NOT_MET, 16),)
    [shift] = summary.shifts
    assert (shift.calls, shift.before, shift.after) == (15, 100.0, 93.0)
    assert summary.as_json()["most_changed"][0]["criteria"][0]["reason"] == {"ja": "理由", "en": "why"}


@pytest.fixture(scope="module")
def stop() -> threading.Event:
    """Nobody stops it."""
    return threading.Event()


def test_several_processes_find_what_one_finds(scored: World, stop: threading.Event) -> None:
    edit(scored)
    settings = scored.settings
    rubrics = Rubrics(settings)
    with Store.open(settings.db, read_only=True) as store:
        calls = [(standing, None) for standing in store.standings().values()]
        alone, shared = (
            [each for group in score_all(store, settings, rubrics, calls, jobs, stop) for each in group]
            for jobs in (1, 2)
        )
    assert alone == shared
    assert [each.change.call_id for each in alone if each.change] == ["c1", "c2"]


def test_what_a_night_left_need_not_be_read_again(scored: World) -> None:
    scored.edit_rubric("points: 10", "points: 9")
    kept = scored.rows("SELECT conversation_id, body FROM judgements")
    assert len(kept) == 3
    came = rescore(scored.settings, dry_run=False)
    assert came.written == 3
    assert scored.rows("SELECT conversation_id, body FROM judgements") == kept
