"""A night with the real engines, over the first seconds of one sample call, stereo and mono."""

from __future__ import annotations

import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from qa import audio, speech
from qa.batch import Night, run
from qa.batch.ears import Ears
from qa.model import Separation, Span
from qa.settings import Settings, load
from qa.store import Store
from tests.batch.conftest import nobody

SAMPLE = Path(__file__).parents[2] / "audio_samples" / "calls" / "ja-01-internet-down-stereo.wav"
SECONDS = 14.0
PROGRAM = """
import sys
from pathlib import Path
from qa.batch.pipeline import Pipeline
from qa.batch.task import Task
from qa.intake import hash_file
from qa.model import Call, Recording
from qa.settings import load

path = Path(sys.argv[1])
stat = path.stat()
task = Task(Recording(hash_file(path), path, stat.st_size, stat.st_mtime), Call(path.stem))
analysis = Pipeline(load()).analyse(task)
print(len(analysis.conversation.turns) > 0, *[name for name in ("torch", "pyannote") if name in sys.modules])
"""

pytestmark = pytest.mark.models


@dataclass(frozen=True)
class Done:
    """A finished night over a stereo and a mono call."""

    folder: Path
    settings: Settings
    night: Night


def write(path: Path, channels: list[np.ndarray]) -> None:
    """16 kHz, 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(audio.SAMPLE_RATE)
        samples = np.stack(channels, axis=1)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """One night; every test below looks at it."""
    root = tmp_path_factory.mktemp("real")
    folder = root / "calls"
    folder.mkdir()
    span = Span(0.0, SECONDS)
    with audio.open_track(SAMPLE) as track:
        both = [track.read(channel, span) for channel in (0, 1)]
        write(folder / "stereo.wav", both)
        write(folder / "mono.wav", [track.mix(span)])
    settings = load(flags={"db": str(root / "qa.db"), "min_age": 0.0})
    return Done(folder, settings, run([folder], settings))


def test_both_calls_are_scored(done: Done) -> None:
    assert (done.night.failures, done.night.quarantine) == ((), ())
    assert (done.night.scored, done.night.exit_code) == (2, 0)
    assert done.night.audio_seconds == pytest.approx(2 * SECONDS, abs=0.1)
    assert done.night.device.startswith(("cpu", "cuda"))


@pytest.mark.parametrize(
    ("call_id", "models"),
    [("stereo", {"asr", "vad"}), ("mono", {"asr", "vad", "segmentation", "embedding"})],
)
def test_the_receipt_names_the_models_that_were_used(done: Done, call_id: str, models: set[str]) -> None:
    with Store.open(done.settings.db) as store:
        receipt = store.scorecard(call_id).receipt
    assert set(receipt.models) == models
    assert receipt.models.items() <= speech.identities(done.settings).items()


def test_the_engines_are_called_what_they_were_expected_to_be_called(done: Done) -> None:
    """Skipping asks the packs for names; the engines must answer to the same ones."""
    engines = speech.Engines.load(done.settings)
    engine_names = {
        "asr": engines.transcriber.identity,
        "vad": engines.vad.identity,
        **engines.diarizer.identity,
    }
    assert engine_names == speech.identities(done.settings)


def test_stereo_is_heard_by_channel_with_words(done: Done) -> None:
    with Store.open(done.settings.db) as store:
        conversation = store.conversation("stereo")
    assert conversation.separation is Separation.CHANNEL
    assert sum(len(turn.words) for turn in conversation.turns) > 5
    assert {voice.channel for voice in conversation.prosody} == {0, 1}


def test_the_second_night_loads_nothing(done: Done) -> None:
    night = run([done.folder], done.settings, ears=Ears(speech.identities, nobody))
    assert (night.skipped, night.scored, night.exit_code) == (2, 0, 0)


def test_a_stereo_call_never_needs_torch(done: Done) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(done.folder / "stereo.wav")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["True"]
