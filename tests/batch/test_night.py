"""What a run does with each recording, and what the next run makes of it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from qa.batch import Came, Finished, Notice, Started
from qa.errors import LockHeld, RubricError, StoreVersionError
from qa.store import Store
from tests.batch.conftest import World, inline, nobody

KEYS = ["run_id", "found", "scored", "skipped", "failed", "quarantined", "needs_review"]
KEYS += ["audio_seconds", "wall_seconds", "rtfx", "device"]


def test_calls_are_scored_and_counted(world: World) -> None:
    for number in range(3):
        world.record(f"c{number}.wav", f"say {number} 番の注文です")
    night = world.night()
    assert (night.found, night.scored, night.failed, night.exit_code) == (3, 3, 0, 0)
    assert night.audio_seconds == 30.0
    assert night.device == "cpu (fake)"
    assert list(night.as_json()) == KEYS
    assert world.rows("SELECT count(*) FROM current_scorecards") == [(3,)]
    assert world.ledger() == {"c0.wav": "done", "c1.wav": "done", "c2.wav": "done"}
    assert world.rows("SELECT state, scored FROM runs") == [("done", 3)]


def test_the_second_run_hears_nothing(world: World) -> None:
    world.record("c1.wav", "say はい")
    world.night()
    before = world.results()
    night = world.night(nobody)
    assert (night.scored, night.skipped, night.rtfx, night.exit_code) == (0, 1, None, 0)
    assert world.results() == before


def test_a_hundred_known_recordings_are_skipped_at_once(world: World) -> None:
    """In processor time, so that a busy machine does not fail it; imports are in tests/batch/test_startup."""
    for number in range(100):
        world.record(f"c{number}.wav", f"say {number}")
    world.night()
    started = time.process_time()
    night = world.night(nobody)
    assert night.skipped == 100
    assert time.process_time() - started < 0.5


def test_a_recording_that_was_only_moved_in_time_is_not_heard_again(world: World) -> None:
    """A copy tool changed the mtime: it is hashed, found to be the same, and skipped."""
    path = world.record("c1.wav", "say はい")
    world.night()
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert world.night(nobody).skipped == 1
    assert world.night(nobody).skipped == 1


def test_the_same_audio_under_two_names_is_one_recording(world: World) -> None:
    world.record("a.wav", "say 同じ")
    world.record("b.wav", "say 同じ")
    night = world.night()
    assert (night.found, night.scored, night.skipped, night.exit_code) == (2, 1, 1, 0)
    assert world.rows("SELECT count(*) FROM recordings") == [(1,)]
    assert [name for (name,) in world.rows("SELECT path FROM files")] == [
        str(world.calls / "a.wav"),
        str(world.calls / "b.wav"),
    ]
    assert (world.night(nobody).skipped, world.rows("SELECT id FROM calls")) == (2, [("a",)])


def test_one_call_id_for_two_recordings_refuses_the_second(world: World) -> None:
    (world.calls / "other").mkdir()
    first = world.record("a.wav", "say 一")
    second = world.record("other/a.wav", "say 二")
    for ears in (inline, nobody):
        night = world.night(ears)
        [fault] = night.failures
        assert fault.path == second
        assert str(first) in fault.reason
        assert str(second) in fault.reason
        assert night.exit_code == 3
    assert world.rows("SELECT count(*) FROM scorecards") == [(1,)]


def test_a_file_with_new_bytes_is_heard_again(world: World) -> None:
    world.record("a.wav", "say 一")
    world.night()
    world.record("a.wav", "say やり直し")
    assert world.night().scored == 1
    with Store.open(world.settings.db) as store:
        assert store.conversation("a").turns[1].text == "やり直し"
    assert world.rows("SELECT count(*) FROM conversations") == [(2,)]
    assert world.night(nobody).skipped == 1


def test_bad_audio_is_quarantined_until_its_bytes_change(world: World) -> None:
    world.record("x.wav", "bad")
    night = world.night()
    assert [fault.reason for fault in night.quarantine] == [f"{world.calls}/x.wav: no audio in it"]
    assert (night.quarantined, night.exit_code) == (1, 3)
    again = world.night(nobody)
    assert (again.quarantined, again.exit_code) == (1, 0)
    world.record("x.wav", "say はい")
    assert world.night().scored == 1


def test_an_engine_failure_is_tried_once_more_at_the_end(world: World) -> None:
    world.record("a.wav", "fail-once marker")
    world.record("b.wav", "say はい")
    night = world.night()
    assert (night.scored, night.failed) == (2, 0)
    begun = [p.call_id for p in world.progress if isinstance(p, Finished)]
    assert begun == ["b", "a"]


def test_a_call_that_keeps_failing_is_quarantined_in_the_end(world: World) -> None:
    """Three attempts in all: two in the first run, one in the second."""
    world.record("a.wav", "fail")
    first = world.night()
    assert (first.failed, first.quarantined, world.ledger()["a.wav"]) == (1, 0, "failed")
    second = world.night()
    assert (second.failed, second.quarantined, world.ledger()["a.wav"]) == (0, 1, "quarantined")
    assert "failed 3 times" in second.quarantine[0].reason
    assert world.night(nobody).exit_code == 0


def test_a_missing_model_is_not_held_against_the_call(world: World) -> None:
    world.record("a.wav", "unmodelled")
    for _ in range(4):
        night = world.night()
        assert (night.failed, night.quarantined) == (1, 0)
    assert "qa models fetch" in night.failures[0].reason


def test_a_recording_still_being_written_is_left_for_the_next_run(world: World) -> None:
    world.record("a.wav", "growing")
    night = world.night()
    assert (len(night.left), night.failed, night.exit_code) == (1, 0, 0)
    world.record("a.wav", "say はい")
    assert world.night().scored == 1


def test_an_unknown_path_is_a_failure_with_its_name(world: World) -> None:
    world.calls.rmdir()
    night = world.night(nobody)
    assert (night.found, night.failed, night.exit_code) == (1, 1, 3)
    assert "no such file" in night.failures[0].reason


def test_a_changed_model_hears_again_and_keeps_the_old(world: World) -> None:
    world.record("a.wav", "say はい")
    world.night()
    world.change(model="whisper-small")
    assert world.night().scored == 1
    assert world.rows("SELECT count(*), count(DISTINCT hearing) FROM conversations") == [(2, 2)]
    assert world.night(nobody).skipped == 1


def test_back_to_the_old_model_scores_what_it_heard(world: World) -> None:
    world.record("a.wav", "say はい")
    world.night()
    world.change(model="whisper-small")
    world.night()
    world.change(model="whisper-base")
    assert world.night(nobody).scored == 1
    assert world.rows("SELECT conversation_id FROM current_scorecards") == [(1,)]
    assert world.night(nobody).skipped == 1


@pytest.mark.parametrize(
    "changed", [{"beam_size": 3}, {"company": ("さくら保険",)}, {"language": "ja"}, {"chunk_seconds": 19.0}]
)
def test_changed_hearing_settings_hear_again(world: World, changed: dict[str, object]) -> None:
    world.record("a.wav", "say はい")
    world.night()
    world.change(**changed)
    assert world.night().scored == 1


@pytest.mark.parametrize(
    "changed", [{"jobs": 3}, {"batch_size": 4}, {"device": "cpu"}, {"ui_language": "ja"}]
)
def test_settings_that_change_nothing_hear_nothing(world: World, changed: dict[str, object]) -> None:
    world.record("a.wav", "say はい")
    world.night()
    world.change(**changed)
    assert world.night(nobody).skipped == 1


def test_conversations_of_before_chunk_seconds_was_a_setting_are_still_known(world: World) -> None:
    world.change(chunk_seconds=28.0)
    world.record("a.wav", "say はい")
    world.night()
    assert "chunk_seconds" not in str(world.rows("SELECT hearing FROM conversations"))


def test_a_new_default_for_chunk_seconds_hears_nothing_again(world: World) -> None:
    """What was heard with the old one stays; what is new says which it was heard with."""
    default = world.settings.chunk_seconds
    world.change(chunk_seconds=28.0)
    world.record("a.wav", "say はい")
    world.night()
    world.change(chunk_seconds=default)
    assert world.night(nobody).skipped == 1
    world.record("b.wav", "say いいえ")
    world.night()
    rows = world.rows("SELECT hearing FROM conversations ORDER BY id")
    assert ["chunk_seconds" in str(row) for row in rows] == [False, True]


def test_a_long_roster_may_grow_without_hearing_all_again(world: World) -> None:
    roster = {f"a{number}": f"名前{number}" for number in range(20)}
    world.change(roster=roster)
    world.record("a.wav", "say はい")
    world.night()
    world.change(roster={**roster, "a20": "新人"})
    assert world.night(nobody).skipped == 1


def test_new_facts_about_a_call_score_it_again_without_audio(world: World) -> None:
    world.record("a.wav", "say はい")
    world.night()
    (world.calls / "a.json").write_text('{"agent_id": "a17"}', encoding="utf-8")
    assert world.night(nobody).scored == 1
    assert world.rows("SELECT agent_id FROM calls") == [("a17",)]
    with Store.open(world.settings.db) as store:
        assert store.conversation("a").call.agent_id == "a17"
    assert world.night(nobody).skipped == 1


def test_a_run_says_who_holds_the_lock(world: World) -> None:
    world.record("a.wav", "gate opened はい")
    entered = threading.Event()
    first = threading.Thread(target=world.night, kwargs={"report": lambda _: entered.set()})
    first.start()
    assert entered.wait(20)
    with pytest.raises(LockHeld, match=rf"process {os.getpid()} on .*, since 20"):
        world.night(nobody)
    (world.calls / "opened").touch()
    first.join()
    assert world.night(nobody).skipped == 1


def test_a_stale_lock_file_is_no_obstacle(world: World) -> None:
    Path(f"{world.settings.db}.lock").write_text('{"pid": 1, "host": "gone", "since": "2020"}')
    world.record("a.wav", "say はい")
    assert world.night().scored == 1


def test_asked_to_stop_it_stops_and_the_next_run_goes_on(world: World) -> None:
    for number in range(4):
        world.record(f"c{number}.wav", f"say {number}")
    stop = threading.Event()

    def report(progress: object) -> None:
        if isinstance(progress, Finished) and progress.came is Came.SCORED:
            stop.set()

    night = world.night(stop=stop, report=report)
    assert (night.scored, len(night.left), night.stopped, night.exit_code) == (1, 3, True, 0)
    assert world.rows("SELECT state FROM runs") == [("stopped",)]
    assert sorted(world.ledger().values()) == ["done", "due", "due", "due"]
    assert (world.night().scored, world.night(nobody).skipped) == (3, 4)


def test_a_full_disk_starts_nothing(world: World) -> None:
    world.record("a.wav", "say はい")
    world.change(min_free_mb=10**9)
    night = world.night(nobody)
    assert (night.scored, len(night.left), night.stopped) == (0, 1, True)
    assert any("MB free" in p.message.en for p in world.progress if isinstance(p, Notice))


def test_until_starts_no_call_that_cannot_end(world: World) -> None:
    """Half an hour is left; an hour of telephone audio may take an hour, as far as anybody knows."""
    world.record("long.wav", "say 長い")
    with (world.calls / "long.wav").open("r+b") as file:
        file.truncate(3600 * 8000)
    world.record("short.wav", "say はい")
    later = time.strftime("%H:%M", time.localtime(time.time() + 1800))
    world.change(until=later, min_age=0.0)
    night = world.night()
    assert (night.scored, [fault.path.name for fault in night.left]) == (1, ["long.wav"])
    assert f"not expected to end by {later}" in night.left[0].reason
    assert world.ledger() == {"long.wav": "due", "short.wav": "done"}


def test_the_first_word_is_how_much_was_found(world: World) -> None:
    world.record("a.wav", "say はい")
    world.record("b.wav", "bad")
    world.night()
    world.record("c.wav", "say いいえ")
    world.progress.clear()
    night = world.night()
    first, last = world.progress[0], world.progress[-1]
    assert isinstance(first, Started)
    assert (first.found, first.known) == (3, 1)
    assert isinstance(last, Finished)
    assert (last.done, last.found) == (3, 3)
    assert night.scored + night.skipped + night.failed + night.quarantined == night.found


def test_a_broken_rubric_stops_the_run_before_it_starts(world: World) -> None:
    world.record("a.wav", "say はい")
    world.change(rubric=str(world.calls))
    with pytest.raises(RubricError):
        world.night(nobody)
    assert world.rows("SELECT count(*) FROM runs") == [(0,)]


def test_a_newer_database_is_left_alone(world: World) -> None:
    with Store.open(world.settings.db) as store:
        store._connection.execute("INSERT INTO schema_migrations VALUES (99, 'future', 'later', '9.9')")
        store._connection.commit()
    with pytest.raises(StoreVersionError, match="Upgrade qa"):
        world.night(nobody)


def test_a_broken_sidecar_fails_its_call_only(world: World) -> None:
    world.record("a.wav", "say はい")
    world.record("b.wav", "say いいえ")
    (world.calls / "a.json").write_text("{", encoding="utf-8")
    night = world.night()
    assert (night.scored, night.failed) == (1, 1)
    assert "a.json" in night.failures[0].reason


def test_metadata_and_recordings_that_do_not_meet_are_told_and_nothing_fails(world: World) -> None:
    world.record("c1.wav", "say 一番の注文です")
    world.record("c2.wav", "say 二番の注文です")
    sheet = world.calls.parent / "calls.csv"
    sheet.write_text("call_id,agent_id\nc1,a1\nc9,a2\n", encoding="utf-8")
    world.change(metadata=str(sheet))
    night = world.night()
    told = " ".join(p.message.en for p in world.progress if isinstance(p, Notice))
    assert (night.scored, night.exit_code) == (2, 0)
    assert "1 row(s) without a recording: line 3" in told
    assert "no row for 1 recording(s): c2.wav" in told
