"""`qa run` from outside: one short real call, real models, a process of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.batch.lock import held
from tests.cli.conftest import Done, Qa

SAMPLES = Path(__file__).parents[2] / "audio_samples"
KEYS = [
    "run_id",
    "found",
    "scored",
    "skipped",
    "failed",
    "quarantined",
    "needs_review",
    "audio_seconds",
    "wall_seconds",
    "rtfx",
    "device",
]
"""DESIGN.md: what `qa run --json` ends with."""


@dataclass(frozen=True)
class Night:
    """A folder after one night."""

    folder: Path
    call: str
    done: Done


def ran(folder: Path, *arguments: str | Path, **environment: str) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"LANG": "C.UTF-8", "QA_MIN_AGE": "0"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def shortest_stereo() -> Path:
    return min((SAMPLES / "calls").glob("*-stereo.wav"), key=lambda path: path.stat().st_size)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """One stereo call scored, every import of every process on stderr."""
    folder = tmp_path_factory.mktemp("night")
    recording = folder / "録音 1" / shortest_stereo().name
    recording.parent.mkdir()
    shutil.copy(shortest_stereo(), recording)
    return Night(folder, recording.stem, ran(folder, "run", "録音 1", "--json", PYTHONPROFILEIMPORTTIME="1"))


@pytest.mark.models
def test_it_ends_with_the_object_of_the_design(night: Night) -> None:
    assert night.done.returncode == 0, night.done.stderr[-2000:]
    told = json.loads(night.done.stdout.splitlines()[-1])
    assert list(told) == KEYS
    assert (told["found"], told["scored"], told["failed"]) == (1, 1, 0)
    assert told["audio_seconds"] > 20


@pytest.mark.models
def test_a_stereo_night_never_imports_torch(night: Night) -> None:
    imported = {
        line.rpartition("|")[2].strip() for line in night.done.stderr.splitlines() if "import time:" in line
    }
    assert "ctranslate2" in imported, "the profile covers the worker"
    assert "torch" not in imported


@pytest.mark.models
def test_one_line_a_call_on_stderr(night: Night) -> None:
    lines = [line for line in night.done.stderr.splitlines() if line.startswith("event=")]
    assert [line for line in lines if f"event=scored call={night.call} " in line]


@pytest.mark.models
def test_the_second_run_skips_it_and_says_so(night: Night) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = ran(night.folder, "run", "録音 1")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0
    assert after.ru_utime - before.ru_utime < 3, "seconds of work; a busy machine's waiting does not count"
    assert "1 recordings: 0 scored, 1 known" in done.stdout


@pytest.mark.models
def test_show_has_evidence_inside_the_recording(night: Night) -> None:
    shown = json.loads(ran(night.folder, "show", night.call, "--json").stdout)
    places = [place for criterion in shown["criteria"] for place in criterion["evidence"]]
    assert places
    assert all(0 <= place["start"] <= place["end"] <= shown["call"]["duration"] for place in places)
    assert not [c for c in shown["criteria"] if c["outcome"] == "not_met" and not c["evidence"]]
    assert shown["receipt"]["models"]["asr"].startswith("whisper-base@")


@pytest.mark.models
def test_rescore_needs_no_recording(night: Night) -> None:
    shutil.move(night.folder / "録音 1", night.folder / "elsewhere")
    try:
        told = json.loads(ran(night.folder, "rescore", "--dry-run", "--json").stdout)
    finally:
        shutil.move(night.folder / "elsewhere", night.folder / "録音 1")
    assert (told["calls"], told["changed"], told["written"]) == (1, 0, 0)


def test_a_second_run_says_who_holds_the_lock(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with held(tmp_path / "qa.db"):
        done = qa("run", "in")
    assert done.returncode == 75
    assert str(os.getpid()) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.models
def test_bad_files_are_listed_with_their_reasons_and_exit_3(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("this is no recording\n" * 100)
    done = ran(tmp_path, "run", "in")
    assert done.returncode == 3
    assert "empty.wav" in done.stdout
    assert "text.wav" in done.stdout
    told = json.loads(ran(tmp_path, "status", "--json").stdout)
    assert all(entry["reason"] for entry in told["open"])


@pytest.mark.models
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_in_order_and_nothing_is_lost(tmp_path: Path, number: signal.Signals) -> None:
    """Stopped while it hears the call: the call stays due."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "run", str(shortest_stereo()), "--json"],
        cwd=tmp_path,
        env=os.environ | {"LANG": "C.UTF-8", "QA_MIN_AGE": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("event=started")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number, err
    assert "stopping" in err
    assert json.loads(out)["scored"] == 0
    told = json.loads(ran(tmp_path, "status", "--json").stdout)
    assert told["runs"][0]["state"] == "stopped"
    assert [entry["state"] for entry in told["open"]] == ["due"]
