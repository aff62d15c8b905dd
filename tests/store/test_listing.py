"""The queue's counts and pages beside a count by hand, over every pair of filters, few calls or many."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from qa.model import Outcome, Role
from qa.store import EVERYTHING, Filter, Place, Sight, Store, narrowing
from tests.handmade import turn
from tests.history import MET, NA, NOT, REVIEW, Past, result

AGENTS = ("a17", "b2", "c3")
QUEUES = ("billing", "support")
CRITERIA = ("ownership", "empathy", "no-arguing")
FLAGS = ("praise", "poor-audio", "low-score")
WORDS = ("解約したいのですが", "Please CANCEL it", "箱が壊れています", "はい")
WEEKS = 6
CALLS = 60


@dataclass(frozen=True)
class Known:
    """A call as the test knows it."""

    past: Past
    queue: str
    words: str
    by: Role
    handled: bool
    overruled: Outcome | None
    """A lead's word on the first criterion."""

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """With that word taken in."""
        own = dict(self.past.criteria)
        return own | ({next(iter(own)): self.overruled} if self.overruled else {})

    @property
    def open(self) -> bool:
        """It still needs an ear."""
        return not self.handled and (REVIEW in self.outcomes.values() or bool(self.past.flags))

    @property
    def day(self) -> date | None:
        """Of the call."""
        return (
            date.fromordinal(date(2026, 1, 5).toordinal() + 7 * self.past.week) if self.past.dated else None
        )


def any_call(chance: random.Random, number: int) -> Known:
    """A call of anybody."""
    return Known(
        Past(
            f"call-{number}",
            chance.choice(AGENTS),
            week=chance.randrange(WEEKS),
            criteria={
                name: chance.choice((MET, NOT, NA, REVIEW))
                for name in chance.sample(CRITERIA, chance.randint(1, 3))
            },
            flags=tuple(sorted(chance.sample(FLAGS, chance.choice((0, 0, 1, 2))))),
            dated=chance.random() < 0.9,
        ),
        chance.choice(QUEUES),
        chance.choice(WORDS),
        chance.choice((Role.AGENT, Role.CUSTOMER)),
        chance.random() < 0.2,
        chance.choice((None, None, MET)),
    )


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Known]]]:
    """A database with calls of every kind, and what is in it."""
    chance = random.Random(11)
    calls = [any_call(chance, number) for number in range(CALLS)]
    with Store.open(tmp_path_factory.mktemp("listing") / "qa.db") as store:
        run = store.begin_run()
        for call in calls:
            made = result(call.past)
            talk = replace(
                made.conversation,
                call=replace(made.conversation.call, queue=call.queue),
                turns=(turn(call.by, 0.5, 3.2, call.words), turn(Role.CUSTOMER, 4, 5, "ええ")),
            )
            store.save(run, replace(made, conversation=talk))
        for call in calls:
            if call.handled:
                store.reviews.handle(call.past.id, "lead", done=True)
            if call.overruled:
                first = next(iter(call.past.criteria))
                store.reviews.add(call.past.id, first, call.overruled, who="lead", why="heard it", seen=0)
        store.listing.settle(lambda call_id: store.scorecard(call_id).score)
        yield store, calls


ASKED: tuple[Filter, ...] = (
    Filter(),
    *(Filter(agent_id=name) for name in (*AGENTS, "nobody")),
    *(Filter(queue=name) for name in (*QUEUES, "none")),
    Filter(since=date(2026, 1, 15)),
    Filter(until=date(2026, 1, 19)),
    *(Filter(criterion=name) for name in CRITERIA),
    *(Filter(criterion=CRITERIA[0], outcome=outcome) for outcome in Outcome),
    *(Filter(outcome=outcome) for outcome in Outcome),
    *(Filter(flag=name) for name in (*FLAGS, "none")),
    Filter(score_from=50.0),
    Filter(score_to=66.0),
    Filter(needs_review=True),
    Filter(open=True),
    Filter(open=False),
    Filter(said="解約"),
    Filter(said="cancel", said_by="customer"),
    Filter(said="い"),
    Filter(said="不明な言葉"),
)


def passes(call: Known, wanted: Filter, score: float | None) -> bool:
    """What each field of a filter means, one by one."""
    own = call.outcomes
    judged = own.values() if wanted.criterion is None else [own.get(wanted.criterion)]
    words = [(call.by, call.words), (Role.CUSTOMER, "ええ")]
    said = [text for role, text in words if wanted.said_by in (None, role.value)]
    day = call.day or date.min
    return all(
        (
            wanted.agent_id in (None, call.past.agent_id),
            wanted.queue in (None, call.queue),
            wanted.flag in (None, *call.past.flags),
            wanted.since is None or day >= wanted.since,
            wanted.until is None or day <= wanted.until,
            wanted.criterion is None or wanted.criterion in own,
            wanted.outcome is None or wanted.outcome in judged,
            wanted.score_from is None or (score is not None and score >= wanted.score_from),
            wanted.score_to is None or (score is not None and score <= wanted.score_to),
            not wanted.needs_review or REVIEW in own.values(),
            wanted.open is None or (call.open if wanted.open else call.handled),
            any(wanted.said.lower() in text.lower() for text in said),
        )
    )


def together(one: Filter, other: Filter) -> Filter:
    """Both at once; where both say something of the same, the second one."""
    given = {
        name: value for name in Filter.__slots__ if (value := getattr(other, name)) != getattr(Filter(), name)
    }
    return replace(one, **given)


@pytest.mark.parametrize("few", [-1, 10, 10_000], ids=["walked", "either", "sorted"])
def test_counts_and_pages_are_what_a_count_by_hand_gives(
    few: int, known: tuple[Store, list[Known]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    store, calls = known
    scores = {row.call_id: row for row in store.listing.page(Filter(), EVERYTHING, size=CALLS).rows}
    for one, other in itertools.product(ASKED, ASKED):
        wanted = together(one, other)
        found = {c.past.id for c in calls if passes(c, wanted, scores[c.past.id].score)}
        order = sorted(found, key=lambda id: (scores[id].rank, scores[id].id), reverse=True)
        page = store.listing.page(wanted, EVERYTHING, size=4)
        assert page.count == len(found), wanted
        assert [row.call_id for row in page.rows] == order[:4], wanted
        if page.next:
            more = store.listing.page(wanted, EVERYTHING, after=page.next, size=CALLS)
            assert [row.call_id for row in more.rows] == order[4:], wanted
            assert more.count == len(found)
            middle = scores[order[3]]
            assert store.listing.beside(wanted, EVERYTHING, middle) == (order[2], order[4]), wanted


def test_a_page_of_many_calls_is_neither_sorted_nor_searched_for(
    known: tuple[Store, list[Known]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "FEW", -1)
    store, _ = known
    connection = store._connection
    asked: list[str] = []
    for wanted in ASKED:
        connection.set_trace_callback(lambda sql: asked.append(sql) if "ORDER BY desk.rank" in sql else None)
        store.listing.page(wanted, EVERYTHING, size=4)
        connection.set_trace_callback(None)
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
        assert not [step for step in plan if "TEMP B-TREE" in step], (wanted, plan)
        assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step], (wanted, plan)
    assert len(asked) == len(ASKED)


def test_an_agent_sees_own_calls_whatever_is_asked(known: tuple[Store, list[Known]]) -> None:
    store, calls = known
    for wanted in ASKED:
        page = store.listing.page(wanted, Sight("b2"), size=CALLS)
        assert {row.agent_id for row in page.rows} <= {"b2"}
        assert page.count == len(page.rows)
    counts = store.listing.counts(Sight("b2"))
    own = [call for call in calls if call.past.agent_id == "b2"]
    assert (counts.calls, counts.open, counts.handled) == (
        len(own),
        sum(call.open for call in own),
        sum(call.handled for call in own),
    )


def test_choices_are_what_the_calls_have(known: tuple[Store, list[Known]]) -> None:
    store, _ = known
    found = store.listing.choices()
    assert found.agents == tuple((name, "佐藤") for name in AGENTS)
    assert (found.queues, found.flags, found.criteria) == (
        QUEUES,
        tuple(sorted(FLAGS)),
        tuple(sorted(CRITERIA)),
    )


def counted_again(connection: sqlite3.Connection) -> dict[tuple[str, object, str], tuple[int, int, int, int]]:
    """`desk_facets` from the rows it is about, one by one."""
    found: dict[tuple[str, object, str], list[tuple[int, int, int]]] = {}
    for id, agent, queue, day, *state in connection.execute(
        "SELECT id, agent_id, queue, day, open, needs_review > 0, handled FROM desk_calls"
    ).fetchall():
        findings = connection.execute("SELECT criterion, outcome FROM desk_findings WHERE call = ?", (id,))
        judged = findings.fetchall()
        keys = {("call", "", ""), ("day", day, "")}
        keys |= {("finding", criterion, outcome) for criterion, outcome in judged}
        keys |= {("criterion", criterion, "") for criterion, _ in judged}
        keys |= {("outcome", "", outcome) for _, outcome in judged}
        flags = connection.execute("SELECT flag FROM desk_flags WHERE call = ?", (id,))
        keys |= {("flag", flag, "") for (flag,) in flags}
        keys |= {(kind, name, "") for kind, name in (("agent", agent), ("queue", queue)) if name is not None}
        for key in keys:
            found.setdefault(key, []).append(tuple(state))
    return {
        key: (len(rows), *(sum(row[place] for row in rows) for place in range(3)))
        for key, rows in found.items()
    }


def kept(connection: sqlite3.Connection) -> dict[tuple[str, object, str], tuple[int, int, int, int]]:
    """`desk_facets` as it stands."""
    rows = connection.execute("SELECT kind, value, outcome, calls, open, review, handled FROM desk_facets")
    return {row[:3]: row[3:] for row in rows if row[3]}


def test_kept_counts_stay_exact_through_nights_reviews_and_purges(tmp_path: Path) -> None:
    chance = random.Random(5)
    path = tmp_path / "qa.db"
    with Store.open(path) as store, sqlite3.connect(path) as connection:
        run = store.begin_run()
        stored: dict[str, Known] = {}
        for step in range(40):
            what = chance.choice(("heard", "heard", "again", "done", "said", "purged"))
            if what in ("heard", "again") or not stored:
                known = any_call(chance, step)
                if what == "again" and stored:  # heard again, by another agent, on another day
                    known = replace(known, past=replace(known.past, id=chance.choice(sorted(stored))))
                store.save(run, result(known.past))
                stored[known.past.id] = known
            else:
                call_id = chance.choice(sorted(stored))
                if what == "done":
                    store.reviews.handle(call_id, "lead", done=chance.random() < 0.7)
                elif what == "said":
                    name = chance.choice(sorted(f.criterion for f in store.scorecard(call_id).findings))
                    last = store.reviews.standing(call_id).get(name)
                    seen = last.version if last else 0
                    outcome = chance.choice((MET, NA))
                    store.reviews.add(call_id, name, outcome, who="lead", why="heard", seen=seen)
                else:
                    store.retention.purge([call_id], "qa purge")
                    del stored[call_id]
            store.listing.settle(lambda call_id: store.scorecard(call_id).score)
            assert kept(connection) == counted_again(connection), (step, what)
        assert store.listing.counts(EVERYTHING).calls == len(stored) > 2
    connection.close()


def test_lists_of_an_older_database_are_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "qa.db"
    with Store.open(path) as store:
        run = store.begin_run()
        for number in range(8):
            store.save(run, result(any_call(random.Random(number), number).past))
    with sqlite3.connect(path) as connection:  # as schema 10 was
        before = kept(connection)
        connection.executescript(
            """
            DROP TABLE desk_facets; DROP INDEX desk_calls_scan; DROP INDEX desk_calls_handled;
            DROP INDEX desk_calls_review; DROP INDEX desk_calls_talk; DROP INDEX desk_tallies_week;
            DROP INDEX desk_tallies_criterion; DELETE FROM schema_migrations WHERE number > 10;
            CREATE INDEX desk_calls_rank ON desk_calls(rank, id);
            CREATE INDEX desk_calls_conversation ON desk_calls(conversation_id);
            """
        )
        connection.commit()
        with Store.open(path) as store:
            assert store.listing.page(Filter(), EVERYTHING).count == 8
        assert kept(connection) == before
    connection.close()


def test_a_place_in_a_list_is_its_last_row(known: tuple[Store, list[Known]]) -> None:
    store, _ = known
    page = store.listing.page(Filter(), EVERYTHING, size=3)
    assert page.next == Place(page.rows[-1].rank, page.rows[-1].id)
    assert store.listing.page(Filter(), EVERYTHING, size=CALLS).next is None
