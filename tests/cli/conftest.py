"""Run the command line as a person would: in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.model import Recording
from qa.store import Entry, Hearing, Result, RunState, State, Store, Tally
from tests import handmade

Done = subprocess.CompletedProcess[str]
Qa = Callable[..., Done]


@pytest.fixture
def qa(tmp_path: Path) -> Qa:
    """`qa("show", "--json", QA_DB="x.db")`: run it in `tmp_path`, with only these QA_ variables."""

    def run(*arguments: str | Path, **environment: str) -> Done:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "LC_"))}
        if "QA_MODELS" in os.environ:
            inherited["QA_MODELS"] = os.environ["QA_MODELS"]
        return subprocess.run(
            [sys.executable, "-m", "qa.cli", *map(str, arguments)],
            cwd=tmp_path,
            env=inherited | {"LANG": "C.UTF-8", "PYTHONUTF8": "1"} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A database with two scored calls (`call-1`, `長い通話 [2]`), one failure, one quarantined file."""
    path = tmp_path / "qa.db"
    with Store.open(path) as store:
        run_id = store.begin_run()
        for call_id, letters in (("call-1", "ab"), ("長い通話 [2]", "cd")):
            store.save(run_id, result(call_id, letters * 32))
        store.mark(
            run_id,
            Entry(Path("in/broken.wav"), State.QUARANTINED, attempts=1, reason="broken.wav: no audio in it"),
            Entry(Path("in/slow.wav"), State.FAILED, attempts=2, reason="slow.wav: the engine failed"),
        )
        store.finish_run(run_id, RunState.DONE, Tally(4, 2, 0, 1, 1, 2, 40.0, 10.0), "cpu (int8)")
    return path


def result(call_id: str, recording_id: str) -> Result:
    """What `qa run` would save for a hand-made call."""
    path = Path(f"in/{call_id}.wav")
    return Result(
        Recording(recording_id, path, 1000, 0.0),
        handmade.conversation(call_id, recording_id=recording_id),
        handmade.scorecard(call_id, recording_id=recording_id),
        Hearing({"asr": "whisper-base@905e"}, {"beam_size": "1"}),
        Entry(path, State.DONE, recording_id, call_id),
    )
