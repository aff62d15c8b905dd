"""The facts about the sound, on sounds whose facts are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.audio import open_track
from qa.model import Quality, Span, StereoKind
from tests.audio.making import Sound, encode, melody, noise, tone, turns, voice, write_wav

SILENCE = np.zeros(8000 * 20)


def quality(tmp_path: Path, *channels: Sound, rate: int = 8000) -> Quality:
    with open_track(write_wav(tmp_path / "call.wav", *channels, rate=rate)) as track:
        return track.quality


def test_a_mono_call_has_no_stereo_facts(tmp_path: Path) -> None:
    facts = quality(tmp_path, voice(10) + noise(10))
    assert facts.stereo is StereoKind.MONO
    assert facts.leakage_db is None
    assert facts.dead_channel is None


def test_all_silence(tmp_path: Path) -> None:
    facts = quality(tmp_path, SILENCE)
    assert facts.silence_share == 1.0
    assert facts.level_dbfs == (-96.0,)
    assert facts.snr_db == (0.0,)


def test_silence_in_both_channels_is_one_signal(tmp_path: Path) -> None:
    facts = quality(tmp_path, SILENCE, SILENCE)
    assert facts.stereo is StereoKind.DUPLICATED
    assert facts.silence_share == 1.0
    assert any("silence" in note for note in facts.notes)


@pytest.mark.parametrize("dbfs", [-30, -20, -10])
def test_active_level_leaves_the_pauses_out(tmp_path: Path, dbfs: float) -> None:
    """A tone for a tenth of the time has the level of the tone, not a tenth of it."""
    sound = np.concatenate([tone(440, 2, level=10 ** (dbfs / 20)), np.zeros(8000 * 18)])
    assert quality(tmp_path, sound).level_dbfs[0] == pytest.approx(dbfs - 3, abs=0.3)


@pytest.mark.parametrize("snr", [10, 20, 30, 40])
def test_snr_is_within_a_few_db(tmp_path: Path, snr: float) -> None:
    speech = voice(30)
    active = np.sqrt(np.mean(speech[np.abs(speech) > 0.01] ** 2))
    sound = speech + noise(30, dbfs=20 * np.log10(active) - snr)
    assert quality(tmp_path, sound).snr_db[0] == pytest.approx(snr, abs=4)


def test_clipping_is_counted_before_resampling(tmp_path: Path) -> None:
    clipped = np.clip(tone(440, 5, 44100, level=2.0), -1, 1)
    facts = quality(tmp_path, clipped, tone(440, 5, 44100), rate=44100)
    assert facts.clipped_share[0] == pytest.approx(2 / np.pi * np.arccos(0.49), abs=0.01)
    assert facts.clipped_share[1] == 0.0


def test_clipping_of_mu_law_counts_too(tmp_path: Path) -> None:
    path = encode(tmp_path / "u.wav", np.clip(tone(440, 2, level=1.5), -1, 1), codec="pcm_mulaw")
    with open_track(path) as track:
        assert track.quality.clipped_share[0] > 0.3


@pytest.mark.parametrize(
    ("rate", "cutoff", "band"),
    [(8000, 4000, "narrow"), (16000, 3400, "narrow"), (44100, 3400, "narrow"), (16000, 8000, "wide")],
)
def test_the_band_is_what_is_heard_not_the_rate(tmp_path: Path, rate: int, cutoff: int, band: str) -> None:
    spectrum = np.fft.rfft(noise(5, rate, -25))
    spectrum[np.fft.rfftfreq(5 * rate, 1 / rate) > cutoff] = 0
    assert quality(tmp_path, np.fft.irfft(spectrum), rate=rate).band == band


def test_silence_share_counts_time_when_nobody_speaks(tmp_path: Path) -> None:
    pause = np.zeros(8000 * 5)
    agent = np.concatenate([tone(300, 5), pause, pause, pause]) + noise(20, dbfs=-70)
    customer = np.concatenate([pause, pause, tone(500, 5), pause]) + noise(20, dbfs=-70, seed=1)
    assert quality(tmp_path, agent, customer).silence_share == pytest.approx(0.5, abs=0.02)


def test_a_constant_offset_is_not_sound(tmp_path: Path) -> None:
    facts = quality(tmp_path, voice(10) + noise(10), np.full(80000, 0.2))
    assert facts.stereo is StereoKind.ONE_DEAD
    assert facts.dead_channel == 1


def test_parties_apart_are_separate(tmp_path: Path) -> None:
    facts = quality(tmp_path, *turns(60))
    assert facts.stereo is StereoKind.SEPARATE
    assert facts.leakage_db is not None
    assert facts.leakage_db < -35


@pytest.mark.parametrize("leak", [-10, -20, -30])
@pytest.mark.parametrize("delay", [0, 0.05])
def test_leakage_is_measured(tmp_path: Path, leak: float, delay: float) -> None:
    agent, customer = turns(60)
    gain, late = 10 ** (leak / 20), round(delay * 8000)
    facts = quality(tmp_path, agent + gain * np.roll(customer, late), customer + gain * np.roll(agent, late))
    assert facts.stereo is StereoKind.LEAKING
    assert facts.leakage_db == pytest.approx(leak, abs=4)


@pytest.mark.parametrize("gain", [1.0, -1.0, 0.3, -0.25])
@pytest.mark.parametrize("late", [0, 7, 100])
def test_the_same_signal_twice_is_duplicated(tmp_path: Path, gain: float, late: int) -> None:
    agent, customer = turns(30)
    both = agent + customer
    facts = quality(tmp_path, both, gain * np.roll(both, late))
    assert facts.stereo is StereoKind.DUPLICATED


def test_the_same_signal_through_a_codec_is_duplicated(tmp_path: Path) -> None:
    agent, customer = turns(30, 16000)
    both = agent + customer
    path = encode(tmp_path / "twice.mp3", both, both, codec="libmp3lame", rate=16000)
    with open_track(path) as track:
        assert track.quality.stereo is StereoKind.DUPLICATED


@pytest.mark.parametrize("dead", [0, 1])
@pytest.mark.parametrize("dbfs", [-200, -65, -45])
def test_a_dead_channel_is_named(tmp_path: Path, dead: int, dbfs: float) -> None:
    channels = [voice(20) + noise(20), noise(20, dbfs=dbfs, seed=5)]
    facts = quality(tmp_path, *(channels if dead == 1 else channels[::-1]))
    assert facts.stereo is StereoKind.ONE_DEAD
    assert facts.dead_channel == dead


def test_a_channel_with_only_leakage_is_dead(tmp_path: Path) -> None:
    speech = voice(20)
    facts = quality(tmp_path, speech, 0.03 * speech)
    assert (facts.stereo, facts.dead_channel) == (StereoKind.ONE_DEAD, 1)


def test_a_party_who_says_one_word_is_not_dead(tmp_path: Path) -> None:
    one_word = np.zeros(8000 * 60)
    one_word[80000:88000] = tone(300, 1, level=0.1)
    facts = quality(tmp_path, voice(60) + noise(60), one_word + noise(60, seed=2))
    assert facts.stereo is StereoKind.SEPARATE


def test_music_in_one_channel_is_a_signal_of_its_own(tmp_path: Path) -> None:
    facts = quality(tmp_path, melody(20) + noise(20), voice(20) + noise(20, seed=1))
    assert facts.stereo is StereoKind.SEPARATE


def test_the_mix_does_not_cancel_out(tmp_path: Path) -> None:
    speech = voice(10) + noise(10)
    with open_track(write_wav(tmp_path / "inverted.wav", speech, -speech)) as track:
        assert track.quality.stereo is StereoKind.DUPLICATED
        assert np.abs(track.mix(Span(0, 10))).max() > 0.1


def test_the_mix_is_the_mean_of_two_parties_and_the_whole_of_one(tmp_path: Path) -> None:
    agent, customer = turns(20)
    with open_track(write_wav(tmp_path / "two.wav", agent, customer)) as track:
        mean = (track.read(0, Span(3, 4)) + track.read(1, Span(3, 4))) / 2
        assert np.allclose(track.mix(Span(3, 4)), mean, atol=1e-6)
    with open_track(write_wav(tmp_path / "one.wav", agent + customer, 0 * agent)) as track:
        assert np.array_equal(track.mix(Span(3, 4)), track.read(0, Span(3, 4)))
