"""Music, ring-back and tones are found where they are; speech is none of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.audio import Sounds, open_track
from qa.model import Sound, SoundKind, Span, merge_spans
from tests.audio.making import Sound as Samples
from tests.audio.making import encode, melody, noise, times, tone, voice, write_wav

NO_SPEECH: tuple[Span, ...] = ()


def sounds(tmp_path: Path, samples: Samples, speech: tuple[Span, ...] = NO_SPEECH) -> tuple[Sound, ...]:
    line = samples + noise(len(samples) / 8000, dbfs=-58)
    with open_track(write_wav(tmp_path / "line.wav", line)) as track:
        return Sounds(track).find(0, speech)


def cadence(seconds: float, *pattern: float) -> Samples:
    """On and off by turns, `pattern` seconds each, over and over."""
    edges = np.cumsum(pattern)
    return np.searchsorted(edges, times(seconds) % edges[-1], side="right") % 2 == 0


RING_BACK = {
    "Japan": tone(400, 12) * (0.5 + 0.5 * np.sin(2 * np.pi * 16 * times(12))) * cadence(12, 1, 2),
    "America": 0.5 * (tone(440, 14) + tone(480, 14)) * cadence(14, 2, 4),
    "UK": 0.5 * (tone(400, 12) + tone(450, 12)) * cadence(12, 0.4, 0.2, 0.4, 2),
    "Europe": tone(425, 15) * cadence(15, 1, 4),
}
LAST_RING_ENDS = {"Japan": 10.0, "America": 14.0, "UK": 10.0, "Europe": 11.0}


@pytest.mark.parametrize("country", RING_BACK)
def test_ring_back_runs_from_the_first_ring_to_the_last(tmp_path: Path, country: str) -> None:
    (ring,) = sounds(tmp_path, RING_BACK[country])
    assert ring.kind is SoundKind.RINGBACK
    assert ring.span.start == pytest.approx(0, abs=0.2)
    assert ring.span.end == pytest.approx(LAST_RING_ENDS[country], abs=0.2)
    assert ring.confidence > 0.9


def test_ring_back_before_the_first_word(tmp_path: Path) -> None:
    ring = RING_BACK["Japan"][: 8000 * 7]
    found = sounds(tmp_path, np.concatenate([ring, np.zeros(8000), voice(20)]), (Span(8, 28),))
    assert [sound.kind for sound in found] == [SoundKind.RINGBACK]
    assert found[0].span.end == pytest.approx(7, abs=0.3)


def test_one_ring_is_less_sure(tmp_path: Path) -> None:
    ring = np.concatenate([np.zeros(16000), RING_BACK["Japan"][:8000], np.zeros(32000), voice(10)])
    (found,) = sounds(tmp_path, ring)
    assert found.kind is SoundKind.RINGBACK
    assert found.confidence < 0.7


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("Japan's busy tone", tone(400, 10) * cadence(10, 0.5, 0.5)),
        ("America's busy tone", 0.5 * (tone(480, 10) + tone(620, 10)) * cadence(10, 0.5, 0.5)),
        ("dial tone", 0.5 * (tone(350, 10) + tone(440, 10))),
        ("recording beep", np.concatenate([np.zeros(16000), tone(1000, 1), np.zeros(16000)])),
    ],
)
def test_other_tones(tmp_path: Path, name: str, samples: Samples) -> None:
    (found,) = sounds(tmp_path, samples)
    assert found.kind is SoundKind.TONE, name


@pytest.mark.parametrize("seed", range(3))
def test_hold_music_between_speech(tmp_path: Path, seed: int) -> None:
    call = np.concatenate([voice(10, seed=seed), melody(20, seed=seed), voice(10, seed=seed + 9)])
    (found,) = sounds(tmp_path, call, (Span(0, 10), Span(30, 40)))
    assert found.kind is SoundKind.MUSIC
    assert found.span.start == pytest.approx(10, abs=0.6)
    assert found.span.end == pytest.approx(30, abs=0.6)


def test_music_is_found_where_voice_activity_fired_on_it(tmp_path: Path) -> None:
    found = sounds(tmp_path, melody(30), (Span(0, 30),))
    assert [sound.kind for sound in found] == [SoundKind.MUSIC]
    assert found[0].span.duration > 28


def test_music_through_a_mobile_codec(tmp_path: Path) -> None:
    path = encode(tmp_path / "moh.mp3", melody(20), codec="libmp3lame", bits=8000)
    with open_track(path) as track:
        found = Sounds(track).find(0, NO_SPEECH)
    assert [sound.kind for sound in found] == [SoundKind.MUSIC]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("pitch", [110.0, 220.0])
def test_speech_is_none_of_them(tmp_path: Path, seed: int, pitch: float) -> None:
    assert sounds(tmp_path, voice(60, pitch=pitch, seed=seed)) == ()


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(8000 * 20),
        noise(20, dbfs=-25),
        sum(tone(50 * n, 20, level=0.05 / n) for n in range(1, 12)),
        np.zeros(800),
    ],
    ids=["silence", "noise", "mains hum", "a tenth of a second"],
)
def test_nor_are_silence_noise_and_hum(tmp_path: Path, samples: Samples) -> None:
    assert sounds(tmp_path, samples) == ()


def test_spans_of_a_kind_lie_in_the_recording_and_apart(tmp_path: Path) -> None:
    call = np.concatenate([RING_BACK["Japan"], melody(12), voice(5), melody(10), tone(1000, 2)])
    found = sounds(tmp_path, call)
    whole = Span(0, len(call) / 8000)
    assert {sound.kind for sound in found} >= {SoundKind.RINGBACK, SoundKind.MUSIC}
    for kind in SoundKind:
        spans = [sound.span for sound in found if sound.kind is kind]
        assert list(merge_spans(spans)) == sorted(spans)
        assert all(whole.covers(span) for span in spans)
