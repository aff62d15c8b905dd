"""Thirty minutes in which nobody speaks: silence, ring-back, hold music, line noise; references are empty.

Whatever a recogniser writes under these was never said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from audio_samples.channel import RATE, Samples, to_telephone
from audio_samples.music import hold_music, ring_back
from audio_samples.script import LineQuality
from bench.corpus.line import Condition, record

SECONDS = 150
"""Of each recording; twelve of them are thirty minutes."""


@dataclass(frozen=True, slots=True)
class Phantom:
    """One recording without speech."""

    id: str
    language: str
    channels: Samples
    """(1 or 2, n) at `RATE`."""


def phantoms(seed: int) -> Iterator[Phantom]:
    """Six kinds, each as stereo and as mono; the same ones for the same `seed`."""
    kinds = ("digital-silence", "line-noise", "loud-noise", "ring-back", "hold-music", "mixed")
    for number, kind in enumerate(kinds):
        rng = np.random.default_rng([seed, number])
        for form, language in (("stereo", "ja"), ("mono", "en")):
            channels = _channels(kind, "jp" if language == "ja" else "us", rng)
            mono = channels.mean(axis=0, keepdims=True).astype(np.float32)
            yield Phantom(f"phantom-{kind}-{form}", language, channels if form == "stereo" else mono)


def _channels(kind: str, country: str, rng: np.random.Generator) -> Samples:
    """(2, n) of one kind."""
    length = SECONDS * RATE
    silent = np.zeros(length, np.float32)
    if kind == "digital-silence":
        return np.stack([silent, silent])
    side = _side(kind, country, rng)
    crackle = 2.0 if kind == "loud-noise" else 0.0
    noise = {"line-noise": -55.0, "loud-noise": -35.0}.get(kind, -60.0)
    quality = LineQuality("leaking", noise=noise, leak=-30.0, crackle=crackle)
    codec = "gsm" if kind == "mixed" else "ulaw"
    return record((side, silent), Condition(quality, codec, "plain", (30, 30), 0, 0, 0, "ulaw", "ulaw"), rng)


def _side(kind: str, country: str, rng: np.random.Generator) -> Samples:
    if kind == "ring-back":
        return ring_back(country, SECONDS, RATE)
    if kind == "hold-music":
        return _music(SECONDS, rng)
    if kind == "mixed":
        return _mixed(country, rng)
    return np.zeros(SECONDS * RATE, np.float32)


def _music(seconds: int, rng: np.random.Generator) -> Samples:
    """Tunes of ten seconds one after the other."""
    tunes = [hold_music(10, RATE, rng) for _ in range(-(-seconds // 10))]
    return to_telephone(np.concatenate(tunes), RATE)[: seconds * RATE]


def _mixed(country: str, rng: np.random.Generator) -> Samples:
    """Ring-back, silence, music, silence, music again: a call that nobody took."""
    pieces = [
        ring_back(country, 20, RATE),
        np.zeros(20 * RATE, np.float32),
        _music(40, rng),
        np.zeros(30 * RATE, np.float32),
        _music(SECONDS - 110, rng),
    ]
    return np.concatenate(pieces)[: SECONDS * RATE].astype(np.float32)
