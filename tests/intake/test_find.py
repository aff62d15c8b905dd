"""Which files are recordings, finished and to be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.intake import Candidate, Found, find
from qa.settings import Settings
from tests.somebody import as_somebody_else

NOW = 2_000_000_000.0
SETTINGS = Settings(min_age=60, settle=2)


class Clock:
    """The time of the test; sleeping moves it on and lets something happen."""

    def __init__(self, meanwhile: object = None) -> None:
        self.time = NOW
        self.slept: list[float] = []
        self._meanwhile = meanwhile

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        if callable(self._meanwhile):
            self._meanwhile()


def make(path: Path, age: float = 3600, data: bytes = b"RIFF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (NOW - age, NOW - age))
    return path


def look(*paths: Path, clock: Clock | None = None, settings: Settings = SETTINGS) -> Found:
    clock = clock or Clock()
    return find(paths, settings, now=clock.now, sleep=clock.sleep)


def names(found: Found) -> list[str]:
    return [candidate.path.name for candidate in found.candidates]


def test_folders_are_searched_on_all_levels(tmp_path: Path) -> None:
    for name in ("b.wav", "2025/06/a.MP3", "2025/06/c.ogg", "録音 6月/通話　1.m4a"):
        make(tmp_path / name)
    found = look(tmp_path)
    assert names(found) == ["a.MP3", "c.ogg", "b.wav", "通話　1.m4a"]
    assert found.candidates[2] == Candidate(tmp_path / "b.wav", 4, NOW - 3600)
    assert found.unfinished == found.unreadable == found.ignored == ()


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.wav",
        ".cache/a.wav",
        "a.wav.part",
        "a.part.wav",
        "a.tmp",
        "a.wav~",
        "~a.wav",
        "a.json",
        "calls.csv",
        "readme",
        "wav",
    ],
)
def test_what_is_no_recording_is_passed_over_in_a_folder(tmp_path: Path, name: str) -> None:
    make(tmp_path / name)
    assert look(tmp_path) == Found(())


def test_a_file_that_is_named_may_end_in_anything(tmp_path: Path) -> None:
    found = look(make(tmp_path / "recording.20250603"), make(tmp_path / ".hidden.wav"))
    assert names(found) == [".hidden.wav", "recording.20250603"]


def test_companions_that_a_shell_names_are_ignored_and_said(tmp_path: Path) -> None:
    found = look(make(tmp_path / "a.json"), make(tmp_path / "a.wav"), make(tmp_path / "b.wav.part"))
    assert names(found) == ["a.wav"]
    assert [skipped.path.name for skipped in found.ignored] == ["a.json", "b.wav.part"]


def test_globs(tmp_path: Path) -> None:
    for name in ("2025-05/a.wav", "2025-06/b.wav", "2025-06/deep/c.wav", "2025-06/b.json"):
        make(tmp_path / name)
    assert names(look(tmp_path / "2025-06" / "*")) == ["b.wav", "c.wav"]
    assert names(look(tmp_path / "**" / "*.wav")) == ["a.wav", "b.wav", "c.wav"]
    (nothing,) = look(tmp_path / "2024-*").unreadable
    assert "nothing matches" in nothing.reason


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    assert names(look(make(tmp_path / "call[1].wav"))) == ["call[1].wav"]


def test_a_file_reached_twice_is_one(tmp_path: Path) -> None:
    path = make(tmp_path / "calls" / "a.wav")
    (tmp_path / "calls" / "b.wav").symlink_to(path)
    (tmp_path / "again").symlink_to(tmp_path / "calls")
    assert names(look(tmp_path, path, tmp_path / "calls")) == ["a.wav"]


def test_a_relative_path_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "calls" / "a.wav")
    monkeypatch.chdir(tmp_path / "calls")
    (found,) = look(Path("../calls/a.wav")).candidates
    assert found.path == tmp_path / "calls" / "a.wav"


def test_an_old_file_is_finished_without_waiting(tmp_path: Path) -> None:
    make(tmp_path / "old.wav", age=60)
    clock = Clock()
    assert names(look(tmp_path, clock=clock)) == ["old.wav"]
    assert clock.slept == []


def test_young_files_are_waited_for_once_and_together(tmp_path: Path) -> None:
    for number in range(5):
        make(tmp_path / f"{number}.wav", age=number)
    make(tmp_path / "future.wav", age=-500)
    clock = Clock()
    assert len(look(tmp_path, clock=clock).candidates) == 6
    assert clock.slept == [2]


def test_a_growing_file_is_left_for_the_next_run(tmp_path: Path) -> None:
    path = make(tmp_path / "growing.wav", age=1)
    make(tmp_path / "still.wav", age=1)

    def grow() -> None:
        make(path, age=-1, data=b"RIFF and more")

    found = look(tmp_path, clock=Clock(grow))
    assert names(found) == ["still.wav"]
    (unfinished,) = found.unfinished
    assert unfinished.path == path
    assert "still being written" in unfinished.reason


def test_a_young_empty_file_is_not_finished_and_an_old_one_is(tmp_path: Path) -> None:
    make(tmp_path / "young.wav", age=1, data=b"")
    make(tmp_path / "old.wav", data=b"")
    found = look(tmp_path)
    assert names(found) == ["old.wav"]
    assert [skipped.path.name for skipped in found.unfinished] == ["young.wav"]


def test_a_file_that_vanishes_is_reported(tmp_path: Path) -> None:
    path = make(tmp_path / "gone.wav", age=1)
    found = look(tmp_path, clock=Clock(path.unlink))
    assert found.candidates == ()
    assert "vanished" in found.unreadable[0].reason


def test_what_cannot_be_had_does_not_stop_the_rest(tmp_path: Path) -> None:
    make(tmp_path / "good.wav")
    (tmp_path / "dangling.wav").symlink_to(tmp_path / "nowhere.wav")
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    (tmp_path / "inside").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.wav")
    found = look(tmp_path, tmp_path / "missing.wav")
    assert names(found) == ["good.wav"]
    said = {skipped.path.name: skipped.reason for skipped in found.unreadable}
    assert said.keys() == {"dangling.wav", "loop.wav", "pipe.wav", "missing.wav"}
    assert "a link to nothing" in said["dangling.wav"]
    assert "no such file" in said["missing.wav"]
    assert "a pipe" in said["pipe.wav"]


def test_no_permission_is_said_of_files_and_folders(tmp_path: Path) -> None:
    secret = make(tmp_path / "secret.wav")
    folder = make(tmp_path / "locked" / "a.wav").parent
    secret.chmod(0)
    folder.chmod(0)
    try:
        with as_somebody_else():
            found = look(secret, folder)
    finally:
        folder.chmod(0o700)
    assert found.candidates == ()
    assert [skipped.path for skipped in found.unreadable] == [folder, secret]
    assert all("ermission" in skipped.reason for skipped in found.unreadable)
