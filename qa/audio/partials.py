"""Partials that hold their pitch: what music and tones have and speech has not.

A spectrum of 128 ms every 32 ms; the eight strongest peaks of each; a peak is steady if the next 0.2 s
has one within 10 cents of it each time. A voice glides by more than that even in a drawn-out vowel: over
hours of speech the steady share of the energy, averaged over 3 s, stays under 0.1; for music it is 0.15
to 0.95. The idea is the "continuous frequency activation" of K. Seyerlehner, T. Pohle, M. Schedl and
G. Widmer (2007): Automatic music detection in television productions, DAFx-07; here on single partials,
so that a plain melody counts too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.audio.prosody import Source
from qa.model import Span

HOP = 0.032
"""Seconds from frame to frame."""
REACH = 0.32
"""Seconds that one frame's verdict looks at."""

_RATE = 16000
_HOP = 512
_WINDOW = 2048
_BIN = _RATE / _WINDOW
_LOW, _HIGH = round(180 / _BIN), round(3600 / _BIN)
_PEAKS = 8
_LAGS = (2, 4, 6)
"""Frames ahead in which a steady partial is found again."""
_SAME = 0.006
"""Relative difference of a steady partial: 10 cents."""
_SAME_HZ = 1.5
_FADES_TO = 0.03
"""A plucked note may lose this much power in 0.2 s and is still the same note."""
_SECOND = 0.1
"""Share of the strongest peak's power from which a second one belongs to the tone."""
_APART = 25.0
"""Hz: nearer peaks are the side bands of a modulated tone (Japan's ring-back: 400 Hz by 16 Hz)."""
_BLOCK = 940
"""Frames worked on together: 30 s."""
_HANN = np.hanning(_WINDOW).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Partials:
    """One value a frame; frame i looks at the sound from i * HOP on."""

    level: NDArray[np.float64]
    """Power between 180 and 3600 Hz, dBFS."""
    steady: NDArray[np.float64]
    """Share of that power in steady partials, 0 to 1."""
    purity: NDArray[np.float64]
    """Share of that power around the two strongest partials, 0 to 1."""
    first: NDArray[np.float64]
    """Frequency of the strongest partial, Hz."""
    second: NDArray[np.float64]
    """Frequency of another one nearly as strong, Hz; 0 if there is none."""


def measure_partials(track: Source, channel: int) -> Partials:
    """The partials of one channel, worked out block by block."""
    frames = max(0, (round(track.duration * _RATE) - _WINDOW) // _HOP + 1)
    ahead = max(_LAGS)
    columns: list[NDArray[np.float64]] = []
    for start in range(0, frames, _BLOCK):
        stop = min(start + _BLOCK + ahead, frames)
        span = Span(start * HOP, ((stop - 1) * _HOP + _WINDOW) / _RATE)
        block = _measure(track.read(channel, span))
        columns.append(block[:, :_BLOCK])
    table = np.concatenate(columns, axis=1) if columns else np.zeros((5, 0))
    return Partials(*table)


def _measure(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """(5, frames): level, steady, purity, first, second."""
    pieces = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP]
    spectra = np.fft.rfft(pieces * _HANN, axis=1)
    power = (spectra.real**2 + spectra.imag**2)[:, _LOW - 3 : _HIGH + 3] * np.float32(
        2 / (_WINDOW * float((_HANN**2).sum()))
    )
    total = np.maximum(power[:, 3:-3].sum(axis=1), 1e-12)
    hertz, energy = _strongest_peaks(power)
    steady = (energy * _is_steady(hertz, energy)).sum(axis=1) / total
    first, second, pure = _tone(hertz, energy)
    level = 10 * np.log10(total)
    return np.stack([level, np.minimum(steady, 1.0), np.minimum(pure / total, 1.0), first, second])


def _strongest_peaks(power: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(frames, 8) frequencies and powers, strongest first, by parabolic interpolation of the log power."""
    log = np.log(power + 1e-12)
    before, here, after = log[:, 2:-4], log[:, 3:-3], log[:, 4:-2]
    peak = (here > before) & (here >= after)
    lobe = power[:, 1:-5] + power[:, 2:-4] + power[:, 3:-3] + power[:, 4:-2] + power[:, 5:-1]
    ranked = np.where(peak, lobe, 0)
    chosen = _largest(ranked)
    energy = np.take_along_axis(ranked, chosen, 1).astype(np.float64)
    low, top, high = (np.take_along_axis(part, chosen, 1) for part in (before, here, after))
    curve = low - 2 * top + high
    shift = np.where(curve < 0, 0.5 * (low - high) / np.where(curve < 0, curve, 1), 0)
    return np.asarray((chosen + _LOW + shift) * _BIN, np.float64), energy


def _largest(ranked: NDArray[Any]) -> NDArray[np.intp]:
    """(frames, 8) places of the largest values, largest first. Most are 0: to sort those is slow."""
    left, rows = ranked.copy(), np.arange(len(ranked))
    chosen = np.empty((len(ranked), _PEAKS), np.intp)
    for place in range(_PEAKS):
        chosen[:, place] = left.argmax(axis=1)
        left[rows, chosen[:, place]] = -1
    return chosen


def _is_steady(hertz: NDArray[np.float64], energy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which peaks are found again 64, 128 and 192 ms later. The last frames have no later: not steady."""
    steady = np.zeros(energy.shape, np.bool_)
    usable = len(hertz) - max(_LAGS)
    if usable <= 0:
        return steady
    here, strength = hertz[:usable, :, None], energy[:usable, :, None]
    found = strength[:, :, 0] > 0
    for lag in _LAGS:
        later, power = hertz[lag : lag + usable, None, :], energy[lag : lag + usable, None, :]
        same = np.abs(later - here) <= np.maximum(_SAME * here, _SAME_HZ)
        found &= (same & (power > _FADES_TO * strength)).any(axis=2)
    steady[:usable] = found
    return steady


def _tone(
    hertz: NDArray[np.float64], energy: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """First and second frequency, and the power around both."""
    first = hertz[:, 0]
    around_first = np.abs(hertz - hertz[:, :1]) <= _APART
    other = np.where(around_first, 0.0, energy)
    row, index = np.arange(len(hertz)), other.argmax(axis=1)
    strong = other[row, index] >= _SECOND * energy[:, 0]
    second = np.where(strong, hertz[row, index], 0.0)
    around = around_first | ((np.abs(hertz - second[:, None]) <= _APART) & strong[:, None])
    return first, second, (energy * around).sum(axis=1)
