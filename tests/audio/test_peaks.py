"""The outline of a recording against numpy, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audio.peaks import Outline, Peaks, peaks
from qa.errors import AudioError
from tests.audio.making import noise, tone, write_mulaw_header, write_wav

CALLS = Path(__file__).parents[2] / "audio_samples" / "calls"


def steps_of(peaks: Peaks) -> np.ndarray:
    """(channels, steps)."""
    return np.frombuffer(peaks.body, np.uint8).reshape(peaks.channels, -1)


def reference(samples: np.ndarray) -> np.ndarray:
    pieces = [samples[at : at + 640].astype(float) for at in range(0, len(samples), 640)]
    return np.array([np.ceil(np.abs(p).max(axis=0) / 32768 * 255) for p in pieces]).T


@given(
    lengths=st.lists(st.integers(0, 2000), max_size=6),
    channels=st.sampled_from([1, 2]),
    seed=st.integers(0, 9),
    loud=st.sampled_from([3, 200, 32767]),
)
def test_blocks_of_any_size_give_what_numpy_gives(
    lengths: list[int], channels: int, seed: int, loud: int
) -> None:
    rng = np.random.default_rng(seed)
    parts = [rng.integers(-loud - 1, loud, (length, channels), dtype=np.int16) for length in lengths]
    outline = Outline(channels)
    for part in parts:
        outline.add(part)
    whole = np.concatenate([np.zeros((0, channels), np.int16), *parts])
    made = outline.peaks()
    assert (made.channels, made.per_second) == (channels, 25)
    assert np.array_equal(steps_of(made), reference(whole).reshape(channels, -1))


def test_a_recording_of_two_channels(tmp_path: Path) -> None:
    quiet, loud = tone(200, 3, 16000, 0.1), tone(300, 3, 16000, 0.5)
    path = write_wav(tmp_path / "call.wav", quiet, loud, rate=16000)
    samples = np.clip(np.stack([quiet, loud], axis=1) * 32767, -32768, 32767).astype("<i2")
    assert np.array_equal(steps_of(peaks(path)), reference(samples))


@pytest.mark.parametrize("path", sorted(CALLS.glob("*-0[1-6]-*.[!j]*")), ids=lambda path: path.name)
def test_the_samples(path: Path) -> None:
    made = peaks(path)
    steps = steps_of(made)
    assert made.channels == (2 if "stereo" in path.name else 1)
    assert 40 < steps.shape[1] / made.per_second < 120
    assert (steps.max(axis=1) > 20).all(), "somebody speaks in each channel"


def test_no_sound_is_said(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    write_mulaw_header(path, 0)
    with pytest.raises(AudioError, match=r"empty\.wav"):
        peaks(path)


def test_three_hours_stay_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    minute = np.clip(noise(60, 8000, -20) * 127 + 128, 0, 255).astype(np.uint8).tobytes()
    write_mulaw_header(path, 180 * len(minute))
    with path.open("ab") as file:
        for _ in range(180):
            file.write(minute)
    program = """
import resource, sys
from pathlib import Path
from qa.audio.peaks import peaks
from tests.audio.making import write_wav, tone
peaks(write_wav(Path(sys.argv[2]), tone(440, 5)))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
data = peaks(Path(sys.argv[1])).body
print(len(data), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    run = [sys.executable, "-c", program, str(path), str(tmp_path / "short.wav")]
    size, grown = map(int, subprocess.run(run, check=True, capture_output=True, text=True).stdout.split())
    assert size == 180 * 60 * 25
    assert grown < 40_000, f"{grown} kB more for three hours"
