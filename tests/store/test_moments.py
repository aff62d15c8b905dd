"""What an agent's report reads of their calls, and what people said of the machine's findings."""

from __future__ import annotations

from datetime import date

from qa.model import Outcome, Span
from qa.store import Store
from tests.history import MET, MONDAY, NA, NOT, REVIEW, Past, fill


def test_moments_are_the_agents_own_newest_first_and_not_of_calls_set_apart(store: Store) -> None:
    fill(
        store,
        [
            Past("old", criteria={"empathy": MET}),
            Past("new", week=2, criteria={"empathy": MET}),
            Past("bad", week=3, criteria={"empathy": NOT}),
            Past("noisy", week=4, criteria={"empathy": MET}, flags=("poor-audio",)),
            Past("another's", "b2", week=5, criteria={"empathy": MET}),
        ],
    )
    found = store.moments.of_findings("a17", "empathy", MET, None)
    assert [m.call_id for m in found] == ["new", "old"]
    assert (found[0].quote, found[0].span, found[0].about) == ("ご心配でしたね", Span(0.5, 3.2), "empathy")
    assert [m.call_id for m in store.moments.of_findings("a17", "empathy", MET, date(2026, 1, 6))] == ["new"]
    assert [m.call_id for m in store.moments.of_findings("a17", "empathy", MET, None, 1)] == ["new"]
    assert store.moments.of_findings("nobody", "empathy", MET, None) == ()


def test_what_a_person_overruled_is_no_moment(store: Store) -> None:
    fill(store, [Past("c1", criteria={"empathy": MET})])
    store.reviews.add("c1", "empathy", NOT, who="lead", why="a formula", seen=0)
    store.listing.settle(lambda call_id: store.scorecard(call_id).score)
    assert store.moments.of_findings("a17", "empathy", MET, None) == ()
    assert store.moments.of_findings("a17", "empathy", NOT, None) == ()


def test_praise_counts_also_in_a_call_set_apart(store: Store) -> None:
    fill(store, [Past("c1", flags=("praise", "busy-hour")), Past("c2", "b2", flags=("praise",))])
    (found,) = store.moments.of_flag("a17", "praise", None)
    assert (found.call_id, found.about, found.reason.en) == ("c1", "praise", "it is praise")


def test_a_stretch_says_what_was_set_apart(store: Store) -> None:
    fill(
        store,
        [
            Past("c1", flags=("poor-audio", "busy-hour")),
            Past("c2", week=3, flags=("harassment",)),
            Past("c3", week=1),
            Past("c4", dated=False),
            Past("c5", "b2", week=9, flags=("poor-audio",)),
        ],
    )
    found = store.moments.stretch("a17", None)
    assert (found.calls, found.first, found.last) == (4, date(2026, 1, 5), date(2026, 1, 26))
    assert found.apart == {"busy-hour": 1, "harassment": 1, "poor-audio": 1}
    nobody = store.moments.stretch("nobody", None)
    assert (nobody.calls, nobody.first, nobody.agent_name) == (0, None, None)


def test_what_was_said_around_a_moment(store: Store) -> None:
    fill(store, [Past("c1")])
    said = store.moments.around("c1", Span(7.8, 9.0), before=1)
    assert [turn.text for turn in said] == [
        "青空サポートの佐藤でございます。",
        "昨日届いた箱が、壊れていて困っているんですが",
        "申し訳ございません。",
    ]
    assert store.moments.around("c1", Span(0.0, 0.1)) == ()
    assert store.moments.around("unknown", Span(0, 1)) == ()


def test_before_and_after(store: Store) -> None:
    fill(
        store,
        [
            Past("c1", criteria={"empathy": NOT}),
            Past("c2", week=1, criteria={"empathy": NOT}),
            Past("c3", week=2, criteria={"empathy": MET}),
            Past("c4", week=2, criteria={"empathy": NA}),
            Past("c5", week=2, criteria={"empathy": MET}, flags=("poor-audio",)),
            Past("c6", criteria={"empathy": MET}, dated=False),
        ],
    )
    at = MONDAY.replace(day=12)
    assert store.moments.before_and_after("a17", "empathy", at) == ({NOT: 2}, {MET: 1, NA: 1})


def test_agreement_counts_the_last_word_on_each_finding(store: Store) -> None:
    fill(store, [Past(f"c{n}", criteria={"empathy": MET, "outcome": REVIEW}) for n in range(3)])
    for n in range(2):
        store.reviews.add(f"c{n}", "empathy", NOT, who="lead", why="no", seen=0)
    store.reviews.add("c0", "empathy", MET, who="other", why="yes", seen=1)
    store.reviews.add("c0", "outcome", MET, who="lead", why="heard it", seen=0)
    number = store.calibration.begin("May", ["c2"], "lead")
    store.calibration.give(number, "c2", {"empathy": (NOT, "")}, "lead")
    found = {(j.criterion, j.blind, j.machine, j.person): j.calls for j in store.agreements.judged()}
    assert found == {
        ("empathy", False, MET, MET): 1,
        ("empathy", False, MET, NOT): 1,
        ("empathy", True, MET, NOT): 1,
        ("outcome", False, REVIEW, Outcome.MET): 1,
    }
    assert all(j.monday.weekday() == 0 for j in store.agreements.judged())
