"""The voice-activity model laid out for a CPU says what the shipped one says."""

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from qa.model import Span
from qa.speech import silero
from tests.speech.samples import sample
from tests.speech.sounds import music, silence

pytestmark = pytest.mark.models
FRAMES = 156


def judged(model: bytes, rows: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Probabilities and states, block by block as `SileroVad` does it."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    h = c = np.zeros((1, 1, 128), np.float32)
    found = []
    for first in range(0, len(rows), FRAMES):
        probabilities, h, c = session.run(None, {"input": rows[first : first + FRAMES], "h": h, "c": c})
        found.append(probabilities)
    return [np.concatenate(found), h, c]


def talk() -> NDArray[np.float32]:
    return sample("ja-01-internet-down-stereo").source.read(0, Span(0.0, 20.0))


def noise() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0.0, 0.3, 16000).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [talk(), noise(), music(6), silence(2), talk()[:576]],
    ids=["talk", "noise", "music", "silence", "one frame"],
)
def test_frames_in_a_plane_are_judged_as_one_by_one(sound: NDArray[np.float32]) -> None:
    rows = sound[: len(sound) // 576 * 576].reshape(-1, 576)
    shipped = silero.model_file().read_bytes()
    expected, found = judged(shipped, rows), judged(silero.side_by_side(shipped), rows)
    assert expected[0].shape == found[0].shape == (len(rows),)
    for one, other, most in zip(expected, found, (5e-5, 1e-3, 1e-3), strict=True):
        np.testing.assert_allclose(other, one, rtol=0, atol=most)


def test_the_shipped_file_is_the_one_whose_layout_is_known() -> None:
    assert silero.identity() == f"silero-vad-v6@{silero.KNOWN}"
    assert silero.model() != silero.model_file().read_bytes()


def test_another_file_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silero, "KNOWN", "0" * 12)
    assert silero.model() == silero.model_file().read_bytes()
