"""Level and pitch, on sounds whose level and pitch are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.audio import measure_prosody, open_track
from qa.model import Prosody
from tests.audio.making import Sound, noise, times, tone, write_wav


def prosody(tmp_path: Path, samples: Sound) -> Prosody:
    with open_track(write_wav(tmp_path / "voice.wav", samples)) as track:
        return measure_prosody(track, 0)


def buzz(hertz: float, seconds: float = 3, lowest: float = 0, level: float = 0.1) -> Sound:
    """A voice-like tone: every harmonic below 3.4 kHz and above `lowest`."""
    harmonics = [n for n in range(1, int(3400 / hertz) + 1) if n * hertz >= lowest]
    return np.sum([tone(n * hertz, seconds, level=level / n**0.5) for n in harmonics], axis=0)


@pytest.mark.parametrize("hertz", [70, 90, 120, 180, 250, 330, 390])
@pytest.mark.parametrize("lowest", [0, 300], ids=["whole", "telephone band"])
def test_pitch_is_found_also_without_its_fundamental(tmp_path: Path, hertz: float, lowest: float) -> None:
    measured = prosody(tmp_path, buzz(hertz, lowest=lowest) + noise(3, dbfs=-50))
    voiced = np.array([pitch for pitch in measured.pitch if pitch])
    assert len(voiced) >= 0.9 * len(measured.pitch)
    assert np.median(voiced) == pytest.approx(hertz, rel=0.01)


def test_a_glide_is_followed(tmp_path: Path) -> None:
    seconds = 4.0
    pitch = np.interp(times(seconds), [0, seconds], [120, 240])
    phase = 2 * np.pi * np.cumsum(pitch) / 8000
    sound = sum(0.08 * np.sin(n * phase) / n**0.5 for n in range(1, 12))
    measured = prosody(tmp_path, sound)
    expected = np.interp((np.arange(len(measured.pitch)) + 0.5) * measured.step, [0, seconds], [120, 240])
    assert np.allclose(measured.pitch[1:-1], expected[1:-1], rtol=0.03)


@pytest.mark.parametrize("dbfs", [-25, -70])
def test_noise_has_no_pitch(tmp_path: Path, dbfs: float) -> None:
    measured = prosody(tmp_path, noise(20, dbfs=dbfs))
    assert np.count_nonzero(measured.pitch) <= 0.02 * len(measured.pitch)


@pytest.mark.parametrize("level", [0.5, 0.05])
def test_level_is_in_dbfs(tmp_path: Path, level: float) -> None:
    measured = prosody(tmp_path, np.concatenate([tone(300, 1, level=level), np.zeros(8000)]))
    assert measured.level[5] == pytest.approx(20 * np.log10(level) - 3.0, abs=0.2)
    assert measured.level[15] == -96.0
    assert measured.pitch[15] == 0.0


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.55, 61.0, 125.3])
def test_one_frame_a_tenth_of_a_second(tmp_path: Path, seconds: float) -> None:
    measured = prosody(tmp_path, tone(200, seconds))
    assert measured.step == 0.1
    assert len(measured.level) == int(seconds / 0.1 + 1e-6)
