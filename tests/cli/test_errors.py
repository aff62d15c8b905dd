"""Each error: one line on stderr that names the thing and the remedy, nothing on stdout, the right code."""

import sqlite3
from pathlib import Path

import pytest

from qa.cli import exits
from qa.errors import AudioError, LockHeld, ModelError, RubricError, SettingsError, StoreError
from tests.cli.conftest import Done, Qa


def complains(done: Done, code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    line = done.stderr.strip().splitlines()[-1]
    assert [word for word in words if word not in line] == [], line


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("a"), 2),
        (ModelError("a"), 2),
        (StoreError("a"), 2),
        (RubricError("a"), 2),
        (AudioError("a"), 2),
        (LockHeld("a"), 75),
    ],
)
def test_exit_codes(error: Exception, code: int) -> None:
    assert exits.of(error) == code  # type: ignore[arg-type]


def test_one_line_a_problem() -> None:
    assert exits.lines(SettingsError("a  b")) == ["a b"]
    assert exits.lines(RubricError("a.yaml:1:1: x\n\na.yaml:2:1: y")) == ["a.yaml:1:1: x", "a.yaml:2:1: y"]
    assert exits.lines(ValueError("x\ny")) == ["ValueError: x y"]
    assert exits.lines(SettingsError()) == ["SettingsError: "]


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["run"], ["run", "x", "--nonsense"], ["transcript", "c", "--format", "pdf"]]
)
def test_wrong_usage(qa: Qa, arguments: list[str]) -> None:
    done = qa(*arguments)
    assert done.returncode == 2
    assert "Usage: qa" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_file_that_is_not_there(qa: Qa) -> None:
    complains(qa("status", "--config", "none.toml"), 2, "none.toml", "qa init")


def test_settings_file_with_a_wrong_word(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "qa.toml").write_text("[night]\njob = 1\n")
    complains(qa("status"), 2, "qa.toml", "did you mean jobs?")


def test_environment_variable_with_a_wrong_value(qa: Qa) -> None:
    complains(qa("status", QA_ATTEMPTS="many"), 2, "QA_ATTEMPTS", "'many'")


def test_an_executor_that_is_not_there_yet(qa: Qa, tmp_path: Path) -> None:
    done = qa("run", str(tmp_path), "--db", str(tmp_path / "qa.db"), "--executor", "ray")
    complains(done, 2, "ray", "--executor local")


def test_no_database(qa: Qa) -> None:
    for command in (["status"], ["show"], ["show", "x"], ["transcript", "x"], ["export", "calls"]):
        complains(qa(*command, "--db", "none.db"), 2, "none.db", "--db")


def test_a_file_that_is_no_database(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "qa.db").write_text("not a database, but longer than the header of one" * 20)
    complains(qa("show"), 2, "qa.db", "choose another")


def test_a_database_of_a_newer_version(qa: Qa, filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (9999, 'm', '2030-01-01', '99.0')")
    connection.close()
    complains(qa("show"), 2, "qa.db", "99.0", "Upgrade qa")


def test_an_unknown_call_names_the_nearest(qa: Qa, filled: Path) -> None:
    complains(qa("show", "cal-1"), 2, "cal-1", "did you mean call-1?")


def test_a_model_pack_that_does_not_exist(qa: Qa) -> None:
    complains(qa("models", "fetch", "whisper-bass"), 2, "whisper-bass", "did you mean whisper-base?")


def test_a_model_pack_that_was_not_fetched(qa: Qa, tmp_path: Path) -> None:
    done = qa("models", "verify", "whisper-base", QA_MODELS=str(tmp_path / "models"))
    complains(done, 2, "whisper-base", "qa models fetch")


def test_a_settings_file_is_not_written_over(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "qa.toml").write_text("[night]\njobs = 2\n")
    complains(qa("init"), 2, "qa.toml", "--force")
    assert "jobs = 2" in (tmp_path / "qa.toml").read_text()


def test_a_defect_of_ours_is_short_and_debug_shows_where(qa: Qa, filled: Path) -> None:
    """What a defect might have written."""
    with sqlite3.connect(filled) as connection:
        connection.execute("DROP TRIGGER conversations_stay")
        connection.execute("UPDATE conversations SET body = x'00'")
    connection.close()
    done = qa("show", "call-1")
    assert done.returncode == exits.Exit.DEFECT
    assert "report it" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" in qa("--debug", "show", "call-1").stderr
    assert "Traceback" in qa("show", "call-1", QA_DEBUG="1").stderr
