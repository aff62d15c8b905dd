"""`qa doctor` and `qa models`: each line says what was found and what to do about it."""

import json
from pathlib import Path

import pytest

from qa import settings
from qa.cli import checks
from qa.settings import Settings
from tests.cli.conftest import Qa


@pytest.mark.models
def test_a_ready_machine(qa: Qa) -> None:
    done = qa("doctor", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ready"]) == (0, True), told
    names = {check["name"] for check in told["checks"]}
    assert names >= {"python", "device", "decoders", "database", "disk", "rubrics", "transcription model"}
    assert names >= {"voice activity", "transcription"}
    assert not [check for check in told["checks"] if check["state"] != "ok" and not check["remedy"]]


def test_models_that_are_missing(qa: Qa, tmp_path: Path) -> None:
    done = qa("doctor", QA_MODELS=str(tmp_path / "none"))
    assert done.returncode == 2
    assert "failed   transcription model: whisper-base" in done.stdout
    assert "→ qa models fetch whisper-base" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("chosen", "name", "state", "says"),
    [
        (Settings(db="/no/such/folder/qa.db"), "database", "failed", "no such folder"),
        (Settings(min_free_mb=10**9), "disk", "failed", "MB free"),
        (Settings(rubric="support-xx"), "rubrics", "failed", "did you mean 'support-"),
        (Settings(model="whisper-bass"), "transcription model", "failed", "did you mean whisper-base?"),
        (Settings(), "python", "ok", "cores"),
        (Settings(), "decoders", "ok", "PyAV"),
    ],
)
def test_each_check(chosen: Settings, name: str, state: str, says: str) -> None:
    (found,) = checks.every([named for named in checks.CHECKS if named[0] == name], chosen)
    assert (found.name, found.state) == (name, state)
    assert says in found.detail


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "qa.db"
    path.write_text("something else, longer than a header, " * 20)
    (found,) = checks.every([("database", checks.database)], Settings(db=str(path)))
    assert found.state == "failed"
    assert "qa.db" in found.detail


def test_models_list_names_licences(qa: Qa, tmp_path: Path) -> None:
    listed = json.loads(qa("models", "list", "--json", QA_MODELS=str(tmp_path)).stdout)
    assert {"whisper-base", "diarization-offline"} <= {pack["name"] for pack in listed if pack["used"]}
    assert all(pack["licence"] and pack["state"] == "missing" for pack in listed)


@pytest.mark.models
def test_fetch_is_safe_to_run_twice_and_one_changed_byte_is_seen(qa: Qa, tmp_path: Path) -> None:
    here = settings.load().models
    models = tmp_path / "models"
    for _ in range(2):
        done = qa("models", "fetch", "diarization-offline", "--from", here, QA_MODELS=str(models))
        assert done.returncode == 0, done.stderr
    assert qa("models", "verify", "diarization-offline", QA_MODELS=str(models)).returncode == 0
    config = models / "diarization-offline" / "config.yaml"
    config.write_bytes(config.read_bytes()[:-1] + b"?")
    done = qa("models", "verify", "diarization-offline", QA_MODELS=str(models))
    assert done.returncode == 2
    assert str(config) in done.stderr
    assert "qa models fetch" in done.stderr
