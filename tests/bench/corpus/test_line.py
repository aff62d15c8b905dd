"""The telephone line, on a tone: what each fault does and what it leaves alone."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest

from audio_samples.channel import RATE, Samples
from audio_samples.script import LineQuality
from bench.corpus import line
from bench.corpus.line import Condition, deal_conditions
from bench.corpus.phantoms import phantoms

PLAIN = Condition(LineQuality("separate", noise=-66), "ulaw", "plain", (35, 35), 0, 0, 0.02, "ulaw", "ulaw")


def tone(pitch: float, seconds: float = 4.0) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(0.2 * np.sin(2 * np.pi * pitch * time) * (time % 2 < 1.5), dtype=np.float32)


def level(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-12))


def likeness(one: Samples, other: Samples) -> float:
    return float(np.corrcoef(one, other)[0, 1])


AGENT, CUSTOMER = tone(500), tone(900)


def recorded(**changes: object) -> Samples:
    condition = dataclasses.replace(PLAIN, **changes)
    return line.record((AGENT, CUSTOMER), condition, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("layout", "left", "right"),
    [("separate", 0.99, 0.99), ("swapped", 0.0, 0.0), ("leaking", 0.98, 0.98)],
)
def test_layouts(layout: str, left: float, right: float) -> None:
    channels = recorded(quality=LineQuality(layout, noise=-66, leak=-20))
    assert likeness(channels[0], AGENT) == pytest.approx(left, abs=0.02)
    assert likeness(channels[1], CUSTOMER) == pytest.approx(right, abs=0.02)


def test_duplicated_and_dead_channels() -> None:
    twice = recorded(quality=LineQuality("duplicated"))
    assert np.array_equal(twice[0], twice[1])
    assert not recorded(quality=LineQuality("one_dead"))[1].any()


@pytest.mark.parametrize("snr", [15.0, 25.0, 35.0])
def test_noise_lies_as_far_below_speech_as_was_asked(snr: float) -> None:
    noise = line.surroundings(AGENT, snr, np.random.default_rng(2)) - AGENT
    assert level(AGENT[: RATE // 1]) - level(noise) == pytest.approx(snr, abs=1.0)


def test_gsm_is_heard_and_is_no_copy() -> None:
    through = line.through_gsm(AGENT)
    assert len(through) == len(AGENT)
    assert 0.8 < likeness(through, AGENT) < 0.9999


def test_lost_packets_are_the_share_that_was_asked_and_sound_on() -> None:
    steady = tone(450, 60.0)
    heard = line.lose_packets(steady, 0.03, np.random.default_rng(3))
    changed = np.abs(heard - steady).reshape(-1, 160).max(axis=1) > 1e-6
    assert 0.01 < changed.mean() < 0.06
    assert level(heard[:RATE]) > level(steady[:RATE]) - 1


def test_a_breathy_voice_has_noise_only_where_it_speaks() -> None:
    breath = line.breathy(AGENT, np.random.default_rng(4)) - 0.8 * AGENT
    assert level(breath[: RATE // 2]) > -32
    assert level(breath[round(1.6 * RATE) : round(1.9 * RATE)]) < -60


def test_conditions_are_dealt_the_same_for_the_same_seed() -> None:
    assert deal_conditions(30, random.Random(1)) == deal_conditions(30, random.Random(1))


def test_phantoms_are_thirty_minutes_without_speech() -> None:
    found = list(phantoms(1))
    assert sum(p.channels.shape[1] for p in found) / RATE == 30 * 60
    assert {len(p.channels) for p in found} == {1, 2}
    assert len({p.id for p in found}) == len(found)
    assert {p.id: level(p.channels[0]) < -30 for p in found if "noise" in p.id or "silence" in p.id} == {
        p.id: True for p in found if "noise" in p.id or "silence" in p.id
    }
