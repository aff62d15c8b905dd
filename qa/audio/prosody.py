"""Level and pitch of a voice in steps of a tenth of a second."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.model import Prosody, Quality, Span

STEP = 0.1
"""Seconds."""
PITCH_MIN = 60.0
PITCH_MAX = 400.0
"""Hz: the lowest man's and the highest upset voice on a telephone."""

_RATE = 16000
_FRAME = round(STEP * _RATE)
_WINDOW = 800
"""Samples: three periods of 60 Hz, as Boersma asks for."""
_FFT = 2048
_BLOCK = 600
"""Frames worked on together: one minute."""
_VOICED = 0.5
"""Least normalised autocorrelation of a voiced frame (Boersma: 0.45, for clean speech)."""
_OCTAVE_COST = 0.02
"""Preference for the higher of two equally good pitches, an octave."""
_QUIETEST = -60.0
"""dBFS: nothing below is a voice."""


class Source(Protocol):
    """As much of a track as prosody and sounds need."""

    @property
    def duration(self) -> float:
        """Seconds."""

    @property
    def quality(self) -> Quality:
        """Facts about the sound."""

    def read(self, channel: int, span: Span) -> NDArray[np.float32]:
        """Samples of one channel."""


def measure_prosody(track: Source, channel: int) -> Prosody:
    """Level in dBFS and pitch in Hz (0.0 where unvoiced) of one channel, every 0.1 s.

    Pitch is the best peak of the autocorrelation of a windowed frame divided by that of the window
    (P. Boersma, 1993: Accurate short-term analysis of the fundamental frequency …, IFA Proceedings 17).
    Without his path finder: frames are 0.1 s apart, and each stands for itself.
    """
    frames = int(track.duration / STEP + 1e-6)
    quiet = max(_QUIETEST, track.quality.level_dbfs[channel] - 30)
    level = np.empty(frames)
    pitch = np.zeros(frames)
    for first in range(0, frames, _BLOCK):
        last = min(first + _BLOCK, frames)
        sound = track.read(channel, Span(first * STEP, last * STEP))
        rows = np.resize(sound, (last - first) * _FRAME) if len(sound) == 0 else sound
        padded = np.zeros((last - first) * _FRAME, np.float32)
        padded[: len(rows)] = rows[: len(padded)]
        cut = padded.reshape(-1, _FRAME)
        level[first:last] = 10 * np.log10(np.maximum(cut.var(axis=1, dtype=np.float64), 10**-9.6))
        loud = np.flatnonzero(level[first:last] > quiet)
        if len(loud):
            pitch[first + loud] = pitches(cut[loud, (_FRAME - _WINDOW) // 2 : (_FRAME + _WINDOW) // 2])
    return Prosody(channel, STEP, tuple(level.round(1).tolist()), tuple(pitch.round(1).tolist()))


def _autocorrelation(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Of (n, 800) samples, at half-sample lags from 0: a high voice's period is only 40 samples."""
    spectrum = np.fft.rfft(windows, _FFT, axis=1)
    correlation = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, _FINE * _FFT, axis=1)
    return np.asarray(correlation[:, : _LONGEST + 2], np.float64)


_FINE = 2
_SHORTEST, _LONGEST = int(_FINE * _RATE / PITCH_MAX), int(np.ceil(_FINE * _RATE / PITCH_MIN))
_LAGS = np.arange(_SHORTEST, _LONGEST + 1)
_HANN = np.hanning(_WINDOW).astype(np.float32)
_HANN_CORRELATION = _autocorrelation(_HANN[None]) / _autocorrelation(_HANN[None])[:, :1]


def pitches(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    """F0 in Hz of (n, 800) samples at 16 kHz; 0.0 where unvoiced."""
    correlation = _autocorrelation((windows - windows.mean(axis=1, keepdims=True)) * _HANN)
    correlation /= np.maximum(correlation[:, :1], 1e-12) * _HANN_CORRELATION
    low, middle, high = (correlation[:, _SHORTEST + k : _LONGEST + 1 + k] for k in (-1, 0, 1))
    curve = np.minimum(low - 2 * middle + high, -1e-12)
    shift = np.clip(0.5 * (low - high) / curve, -0.5, 0.5)
    height = middle - 0.25 * (low - high) * shift
    strength = height - _OCTAVE_COST * np.log2(PITCH_MIN * _LAGS / (_FINE * _RATE))
    strength[(middle < low) | (middle < high)] = -np.inf
    row, best = np.arange(len(windows)), strength.argmax(axis=1)
    voiced = np.isfinite(strength[row, best]) & (height[row, best] >= _VOICED)
    return np.where(voiced, _FINE * _RATE / (_LAGS[best] + shift[row, best]), 0.0)
