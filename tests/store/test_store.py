"""Writing, reading again, never changing."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from qa.errors import UnknownCall
from qa.model import Conversation, Outcome, Recording, Scorecard
from qa.store import TABLES, Entry, Hearing, Result, RunState, State, Store, Tally
from tests.store.conftest import make_result, sha
from tests.store.strategies import results, with_id


@given(results())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_result_comes_back_exactly(result: tuple[Conversation, Scorecard]) -> None:
    conversation, scorecard = result
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "qa.db") as store:
        run_id = store.begin_run()
        recording = Recording(sha("x"), Path("/calls/x.wav"), 1, 2.0)
        conversation = with_id(conversation, conversation.call.id, recording.id)
        store.save(
            run_id,
            Result(recording, conversation, scorecard, Hearing({}, {}), Entry(recording.path, State.DONE)),
        )
        [(stored_conversation, stored_scorecard)] = store.scored()
        assert stored_conversation == conversation
        assert stored_scorecard == scorecard
        assert store.standings()[recording.id].call == conversation.call


def test_a_new_scorecard_does_not_replace_the_old_one(store: Store) -> None:
    run_id = store.begin_run()
    store.save(run_id, make_result("c1"))
    first = store.standings()[sha("c1")]
    again = make_result(
        "c1", outcome=Outcome.MET, rubric="support-ja@2", conversation_id=first.conversation_id
    )
    store.save(run_id, again)
    assert [card.receipt.rubric for card in store.scorecards("c1")] == ["support-ja@1", "support-ja@2"]
    assert store.scorecard("c1").score.value == 100.0
    assert count(store, "conversations") == 1


def test_another_model_keeps_the_old_conversation(store: Store) -> None:
    run_id = store.begin_run()
    store.save(run_id, make_result("c1", text="かいやく"))
    store.save(run_id, make_result("c1", text="解約", models="asr@2"))
    assert count(store, "conversations") == 2
    assert store.conversation("c1").turns[0].text == "解約"
    old = store.find_conversation("c1", Hearing({"asr": "asr@1"}, {"beam_size": "1"}))
    assert old is not None
    assert store.conversation_by_id(old).turns[0].text == "かいやく"
    assert store.find_conversation("c1", Hearing({"asr": "asr@3"}, {})) is None


@pytest.mark.parametrize("table", ["conversations", "scorecards", "findings"])
def test_what_is_stored_cannot_be_changed(store: Store, db_path: Path, table: str) -> None:
    store.save(store.begin_run(), make_result("c1"))
    with (
        sqlite3.connect(db_path) as connection,
        pytest.raises(sqlite3.IntegrityError, match="only ever added"),
    ):
        connection.execute(f"UPDATE {table} SET id = id + 1")
    connection.close()


def test_a_call_is_written_whole_or_not_at_all(store: Store) -> None:
    """The second of the two breaks a rule of the schema: nothing of either is there."""
    run_id = store.begin_run()
    good = make_result("c1")
    bad = make_result("c2", conversation_id=999)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.save(run_id, good, bad)
    assert [count(store, table) for table in ("calls", "conversations", "scorecards", "turns")] == [
        0,
        0,
        0,
        0,
    ]


def test_search_finds_the_inside_of_a_sentence_by_role(store: Store) -> None:
    run_id = store.begin_run()
    store.save(
        run_id, make_result("c1", text="今日は契約を解約したいのですが"), make_result("c2", text="注文です")
    )
    assert [hit.call_id for hit in store.search("解約した", role="customer")] == ["c1"]
    assert [hit.call_id for hit in store.search("解約")] == ["c1"]
    assert store.search("解約した", role="agent") == ()
    assert store.search('"%_') == ()


@pytest.mark.parametrize(
    ("text", "call_id"),
    [("night-1", "night-1"), ("night-2", "night-2"), ("day", "day-7"), (sha("day-7")[:6].upper(), "day-7")],
)
def test_a_call_is_found_by_a_piece_of_its_id_or_hash(store: Store, text: str, call_id: str) -> None:
    store.save(store.begin_run(), *map(make_result, ("night-1", "night-2", "day-7")))
    assert store.resolve(text) == call_id


@pytest.mark.parametrize(
    ("text", "says"),
    [("night", "several calls: night-1, night-2"), ("dya-7", "did you mean day-7"), ("", "several calls")],
)
def test_an_unknown_call_names_the_nearest(store: Store, text: str, says: str) -> None:
    store.save(store.begin_run(), *map(make_result, ("night-1", "night-2", "day-7")))
    with pytest.raises(UnknownCall, match=says):
        store.resolve(text)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_exports_its_rows(store: Store, table: str) -> None:
    store.save(store.begin_run(), make_result("c1"), make_result("c2"))
    exported = store.export(table)
    rows = list(exported.rows)
    assert len(rows) == (1 if table == "runs" else 2)
    assert all(len(row) == len(exported.columns) for row in rows)


def test_status_counts_what_is_current(store: Store) -> None:
    run_id = store.begin_run()
    store.save(run_id, make_result("c1"), make_result("c2", outcome=Outcome.NEEDS_REVIEW))
    store.mark(run_id, Entry(Path("/calls/x.wav"), State.QUARANTINED, reason="no audio"))
    store.finish_run(run_id, RunState.DONE, Tally(found=3, scored=2, quarantined=1), "cpu")
    status = store.status()
    assert (status.calls, status.needs_review, status.flagged) == (2, 1, 2)
    assert [(entry.path.name, entry.reason) for entry in status.open] == [("x.wav", "no audio")]
    assert status.runs[0].tally == Tally(found=3, scored=2, quarantined=1)


def test_a_run_that_died_is_closed_and_its_calls_are_due(store: Store) -> None:
    died = store.begin_run()
    store.mark(died, Entry(Path("/calls/x.wav"), State.RUNNING))
    now = store.begin_run()
    states = {run.id: run.state for run in store.runs()}
    assert states == {died: RunState.CRASHED, now: RunState.RUNNING}
    assert ledger(store) == [("/calls/x.wav", "due")]


def test_trouble_is_over_when_the_call_is_done(store: Store) -> None:
    result = make_result("c1")
    store.remember(result.recording)
    first = store.begin_run()
    store.mark(first, Entry(result.recording.path, State.FAILED, result.recording.id, "c1", 2, "engine"))
    assert store.troubles()[result.recording.id].attempts == 2
    store.save(store.begin_run(), result)
    assert store.troubles() == {}


def test_a_file_with_new_bytes_moves_to_its_new_recording(store: Store) -> None:
    path = Path("/calls/x.wav")
    store.remember(Recording(sha("old"), path, 10, 1.0))
    store.remember(Recording(sha("new"), path, 20, 2.0))
    assert store.known_files()[str(path)].recording_id == sha("new")


def count(store: Store, table: str) -> int:
    return int(store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def ledger(store: Store) -> list[tuple[str, str]]:
    return store._connection.execute("SELECT path, state FROM ledger ORDER BY id").fetchall()
