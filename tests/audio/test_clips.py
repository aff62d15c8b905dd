"""A moment as a small file of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.audio import open_track
from qa.audio.clips import MAX_CLIP_SECONDS, clip
from qa.errors import AudioError
from qa.model import Span
from tests.audio.making import tone, write_wav

CALLS = Path(__file__).parents[2] / "audio_samples" / "calls"
SUFFIXES = [".wav", ".mp3", ".m4a", ".ogg", ".webm", ".flac", ".amr"]


def pitch(path: Path, span: Span, channel: int = 0) -> float:
    with open_track(path) as track:
        samples = track.read(channel, span)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * 16000 / len(samples))


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """Ten seconds of 300 Hz, 400 Hz, … in the left channel, 1000 Hz higher in the right one."""
    left = np.concatenate([tone(300 + 100 * n, 1) for n in range(10)])
    right = np.concatenate([tone(1300 + 100 * n, 1) for n in range(10)])
    return write_wav(tmp_path / "steps.wav", left, right)


def test_it_holds_the_moment_and_both_channels(tmp_path: Path, steps: Path) -> None:
    made = clip(steps, Span(4, 7))
    assert (made.media_type, made.span) == ("audio/mpeg", Span(4, 7))
    path = tmp_path / "clip.mp3"
    path.write_bytes(made.data)
    with open_track(path) as track:
        assert (track.channels, track.duration) == (2, pytest.approx(3, abs=0.1))
    for second in range(3):
        inside = Span(second + 0.2, second + 0.8)
        assert pitch(path, inside, 0) == pytest.approx(700 + 100 * second, abs=4)
        assert pitch(path, inside, 1) == pytest.approx(1700 + 100 * second, abs=4)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (Span(-3, 2), Span(0, 2)),
        (Span(8, 15), Span(8, 10)),
        (Span(2.5, 2.6), Span(2.5, 2.6)),
    ],
)
def test_it_stays_inside_the_recording(steps: Path, asked: Span, given: Span) -> None:
    span = clip(steps, asked).span
    assert (span.start, span.end) == (pytest.approx(given.start), pytest.approx(given.end, abs=0.01))


def test_it_is_never_long(tmp_path: Path) -> None:
    made = clip(write_wav(tmp_path / "long.wav", tone(440, 100)), Span(10, 90))
    assert made.span == Span(10, 10 + MAX_CLIP_SECONDS)
    assert len(made.data) < 5000 * MAX_CLIP_SECONDS


def test_beyond_the_end_is_said(steps: Path) -> None:
    with pytest.raises(AudioError, match=r"no sound from 12\.0 s to 14\.0 s"):
        clip(steps, Span(12, 14))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_every_format(tmp_path: Path, suffix: str) -> None:
    source = next(path for path in sorted(CALLS.iterdir()) if path.suffix == suffix)
    made = clip(source, Span(3, 8))
    path = tmp_path / "clip.mp3"
    path.write_bytes(made.data)
    with open_track(source) as track, open_track(path) as short:
        assert short.channels == track.channels
        for channel in range(track.channels):
            loud = track.read(channel, Span(3, 8)), short.read(channel, Span(0, 5))
            levels = [np.sqrt(np.mean(np.square(samples))) for samples in loud]
            assert levels[1] == pytest.approx(levels[0], rel=0.1, abs=0.001)
