"""Retention: everything of an old call goes, also out of the file's bytes; recordings are not heard again."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.model import Outcome, Score
from qa.store import EVERYTHING, Filter, Peaks, Settled, Stage, Store
from qa.store.retention import ABOUT_A_CALL
from tests.store.conftest import make_result, sha

SECRET = "カード番号は零一二三です"


@pytest.fixture
def spoken(store: Store) -> Store:
    """Two calls with everything that people can say about them."""
    run = store.begin_run()
    for call_id in ("old", "new"):
        store.save(run, make_result(call_id, text=SECRET))
        store.reviews.add(call_id, "no-arguing", Outcome.MET, who="lead", why=SECRET, seen=0)
        store.reviews.comment(call_id, SECRET, "lead", 1.0)
        store.reviews.handle(call_id, "lead", done=True)
        store.coaching.add(call_id, "no-arguing", "a1", Stage.MARKED, SECRET, "lead")
        dispute = store.disputes.add(call_id, "no-arguing", "a1", SECRET, "agent")
        store.disputes.answer(dispute.id, Settled.STANDS, SECRET, "lead")
        store.disputes.acknowledge(call_id, "a1", SECRET, "agent")
        number = store.calibration.begin("set", [call_id], "lead")
        store.calibration.give(number, call_id, {"no-arguing": (Outcome.MET, SECRET)}, "lead")
        store.waveforms.keep(sha(call_id), Peaks(1, 10.0, b"123"))
    store.listing.settle(lambda call_id: Score(10, 10, 0, 0, 1.0))
    return store


def test_a_purged_call_is_gone_everywhere(spoken: Store, db_path: Path) -> None:
    spoken.retention.purge(["old"], "qa purge")
    assert spoken.call_ids() == ("new",)
    assert [hit.call_id for hit in spoken.search("カード")] == ["new"]
    assert [row.call_id for row in spoken.listing.page(Filter(), EVERYTHING).rows] == ["new"]
    assert {t.calls for t in spoken.weekly.tallies(EVERYTHING)} == {1}
    assert spoken.waveforms.find(sha("old")) is None
    assert spoken.retention.recordings() == {sha("old")}
    assert spoken.people.log()[0].call_id == "old"
    with sqlite3.connect(db_path) as connection:
        for table in ABOUT_A_CALL:
            counted = connection.execute(f"SELECT count(*) FROM {table} WHERE call_id = 'old'").fetchone()
            assert counted == (0,), table
        (dangling,) = connection.execute("SELECT count(*) FROM pragma_foreign_key_check").fetchone()
        assert dangling == 0
    connection.close()


def test_nothing_of_it_is_left_in_the_file(spoken: Store, db_path: Path) -> None:
    assert SECRET.encode() in db_path.read_bytes() + db_path.with_name("qa.db-wal").read_bytes()
    spoken.retention.purge(["old", "new"], "qa purge")
    spoken.close()
    left = b"".join(path.read_bytes() for path in db_path.parent.glob("qa.db*"))
    assert SECRET.encode() not in left
    assert "カード番".encode() not in left


def test_what_is_due_hangs_on_when_the_call_began(store: Store) -> None:
    store.save(store.begin_run(), make_result("undated"))
    now = datetime.now(UTC)
    assert store.retention.due(now - timedelta(days=1)) == ()
    assert store.retention.due(now + timedelta(days=1)) == ("undated",)
