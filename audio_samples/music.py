"""Sounds of the exchange: hold music of our own making, and ring-back tones.

Frequencies and cadences: Japan 400 Hz modulated by 16 Hz, 1 s on 2 s off; North America 440 + 480 Hz,
2 s on 4 s off (ITU-T E.180 supplement 2).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_BEAT = 0.42
_CHORDS = ((261.63, 329.63, 392.0), (220.0, 261.63, 329.63), (293.66, 349.23, 440.0), (246.94, 293.66, 392.0))
_CADENCE: Mapping[str, tuple[float, float]] = {"jp": (1.0, 2.0), "us": (2.0, 4.0)}


def hold_music(seconds: float, rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A broken-chord tune made up from `rng`, peak 0.3, faded at both ends."""
    time = np.arange(round(seconds * rate)) / rate
    sound = np.zeros(len(time))
    for beat in range(int(seconds / _BEAT) + 1):
        chord = _CHORDS[(beat // 8) % len(_CHORDS)]
        note = chord[int(rng.integers(3))] * (2 if beat % 2 else 1)
        sound += _pluck(time - beat * _BEAT, note) + 0.4 * _pluck(time - beat * _BEAT, chord[0])
    sound *= 0.3 / max(1e-9, float(np.abs(sound).max(initial=0.0)))
    return _fade(sound, rate, 0.15).astype(np.float32)


def ring_back(country: str, seconds: float, rate: int) -> NDArray[np.float32]:
    """The tone a caller hears until somebody answers, peak 0.15."""
    time = np.arange(round(seconds * rate)) / rate
    on, off = _CADENCE[country]
    if country == "jp":
        tone = np.sin(2 * np.pi * 400 * time) * (0.5 + 0.5 * np.sin(2 * np.pi * 16 * time))
    else:
        tone = 0.5 * (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time))
    return (0.15 * tone * (time % (on + off) < on)).astype(np.float32)


def _pluck(time: NDArray[np.float64], pitch: float) -> NDArray[np.float64]:
    """A decaying note with three overtones that begins at time 0."""
    sounding = np.maximum(time, 0.0)
    attack = np.minimum(sounding / 0.01, 1.0) * np.exp(-3.0 * sounding)
    wave = sum(np.sin(2 * np.pi * pitch * n * sounding) / n**1.5 for n in (1, 2, 3))
    return np.asarray(np.where(time >= 0, attack * wave, 0.0))


def _fade(sound: NDArray[np.float64], rate: int, seconds: float) -> NDArray[np.float64]:
    ramp = np.linspace(0.0, 1.0, min(len(sound), round(seconds * rate)))
    sound[: len(ramp)] *= ramp
    sound[len(sound) - len(ramp) :] *= ramp[::-1]
    return sound
