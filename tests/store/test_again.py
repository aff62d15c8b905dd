"""Stored conversations scored again: many at a time, whole calls only, beside what was there."""

from __future__ import annotations

import dataclasses
import sqlite3

import pytest

from qa.errors import StoreError
from qa.model import Outcome
from qa.store import Again, Store
from tests.store.conftest import make_result, sha

NAMES = [f"c{number}" for number in range(5)]


@pytest.fixture
def stored(store: Store) -> Store:
    """Five calls with a scorecard each."""
    store.save(store.begin_run(), *(make_result(name) for name in NAMES))
    return store


def again(store: Store, name: str, rubric: str = "support-ja@2") -> Again:
    """The call scored again, and now met."""
    number = store.standings()[sha(name)].conversation_id
    card = make_result(name, outcome=Outcome.MET, rubric=rubric).scorecard
    return Again(number, card, b"reading " + name.encode(), b"judgements " + name.encode())


def test_many_at_once_come_back_one_by_one(stored: Store) -> None:
    new = {name: again(stored, name) for name in NAMES}
    stored.save_again(stored.begin_run("rescore"), *new.values())
    for name, saved in new.items():
        assert stored.scorecard(name) == saved.scorecard
        old, newest = stored.scorecards(name)
        assert (old.receipt.rubric, newest.receipt.rubric) == ("support-ja@1", "support-ja@2")
        assert stored.reading(saved.conversation_id) == saved.reading
        assert stored.judgements(saved.conversation_id) == saved.judgements


def test_what_was_before(stored: Store) -> None:
    stored.save_again(stored.begin_run("rescore"), again(stored, "c1"))
    before = stored.before(["c1", "c2", "unknown"])
    assert before.keys() == {"c1", "c2"}
    assert (before["c1"].outcomes, before["c1"].score) == ({"no-arguing": Outcome.MET}, 100.0)
    assert (before["c2"].outcomes, before["c2"].score) == ({"no-arguing": Outcome.NOT_MET}, 0.0)
    assert (before["c1"].judgements, before["c2"].judgements) == (b"judgements c1", None)


def test_what_is_kept_can_be_renewed_without_a_scorecard(stored: Store) -> None:
    first = again(stored, "c1")
    stored.save_again(stored.begin_run("rescore"), first)
    only = dataclasses.replace(first.without_scorecard(), reading=None, judgements=b"later")
    stored.save_again(stored.begin_run("rescore"), only)
    assert len(stored.scorecards("c1")) == 2
    assert stored.reading(first.conversation_id) == first.reading
    assert stored.judgements(first.conversation_id) == b"later"


def test_one_that_cannot_be_written_takes_the_others_with_it(stored: Store) -> None:
    good = again(stored, "c1")
    nowhere = dataclasses.replace(again(stored, "c2"), conversation_id=999)
    with pytest.raises(StoreError):
        stored.save_again(stored.begin_run("rescore"), good, nowhere)
    assert len(stored.scorecards("c1")) == 1
    assert stored.judgements(good.conversation_id) is None


def test_another_process_reads_meanwhile(stored: Store) -> None:
    reader = sqlite3.connect(stored.path)
    reader.execute("BEGIN")
    count = "SELECT count(*) FROM scorecards"
    assert reader.execute(count).fetchone() == (5,)
    stored.save_again(stored.begin_run("rescore"), again(stored, "c1"))
    assert reader.execute(count).fetchone() == (5,)
    reader.rollback()
    assert reader.execute(count).fetchone() == (6,)
    reader.close()
