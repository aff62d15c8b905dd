"""Levels of 20 ms frames, kept as histograms: their size does not grow with the recording.

The joint histogram of two channels answers what leaks into what and when nobody speaks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRAME = 320
"""Samples at 16 kHz: 20 ms."""
FLOOR_DB = -96.0
"""dBFS of digital silence: the step of 16 bit."""
BINS = 97
"""1 dB each, from -96 to 0 dBFS."""

SYLLABLE = 10
"""Frames: 0.2 s."""

_CLEAR_DB = 5.0
_MARGIN_DB = 15.9
"""ITU-T P.56: the active level lies this far above the threshold that makes a frame active."""


class LevelMeter:
    """Frame levels of one or two channels."""

    def __init__(self, channels: int) -> None:
        self.frames = 0
        self.counts = np.zeros((channels, BINS), np.int64)
        """Frames at each level, a row a channel."""
        self.powers = np.zeros((channels, BINS))
        """Their summed power, full scale = 1."""
        self.joint = np.zeros((BINS, BINS), np.int64)
        """Frames at level (channel 0, channel 1); for mono, the diagonal."""
        self.syllables = np.zeros((BINS, BINS), np.int64)
        """The same for stretches of ten frames: in 0.2 s an echo catches up with its voice."""

    def add(self, frames: NDArray[np.float32]) -> NDArray[np.float64]:
        """Count (channels, n, FRAME) frames in -1..1; gives back their levels in dBFS, (channels, n).

        The variance is the power: a constant offset, as cheap sound cards add, is not sound.
        """
        mean = frames.mean(axis=2, keepdims=True)
        power = np.square(frames - mean).mean(axis=2).astype(np.float64)
        level = _decibels(power)
        index = _bin(level)
        for channel in range(len(frames)):
            self.counts[channel] += np.bincount(index[channel], minlength=BINS)
            self.powers[channel] += np.bincount(index[channel], power[channel], minlength=BINS)
        self.joint += _pairs(index)
        whole = power.shape[1] // SYLLABLE * SYLLABLE
        longer = power[:, :whole].reshape(len(frames), -1, SYLLABLE).mean(axis=2)
        self.syllables += _pairs(_bin(_decibels(longer)))
        self.frames += frames.shape[1]
        return level

    def active_level(self, channel: int) -> float:
        """Active speech level in dBFS (ITU-T P.56, method B, on 20 ms frames).

        The mean power of the frames above a threshold, the threshold being the one that lies 15.9 dB
        below that mean, but clear of the noise: P.56 is meant for clean lines. -96 for digital silence.
        """
        clear = round(self.noise_floor(channel) + _CLEAR_DB - FLOOR_DB)
        if not self.counts[channel, clear:].sum():
            clear = 1
        counts = np.cumsum(self.counts[channel, ::-1])[::-1]
        powers = np.cumsum(self.powers[channel, ::-1])[::-1]
        level = FLOOR_DB
        for index in range(max(1, clear), BINS):
            if not counts[index] or powers[index] <= 0:
                break
            level = 10 * np.log10(powers[index] / counts[index])
            if level - (index + FLOOR_DB) <= _MARGIN_DB:
                break
        return float(max(FLOOR_DB, level))

    def noise_floor(self, channel: int) -> float:
        """Level in dBFS that a tenth of the frames stay under, digital silence left out.

        People pause for well over a tenth of any call, so the quietest tenth is the line itself. The
        same idea as the NIST `stnr` estimate, which reads noise and speech off the frame histogram.
        """
        counts = self.counts[channel].copy()
        counts[:6] = 0
        if counts.sum() < 0.05 * self.frames:
            return FLOOR_DB
        return percentile(counts, 0.1)

    def snr(self, channel: int) -> float:
        """Active level over noise floor in dB, the noise's share of the active level taken off; >= 0."""
        signal = 10 ** (self.active_level(channel) / 10)
        noise = 10 ** (self.noise_floor(channel) / 10)
        return float(max(0.0, 10 * np.log10(max(signal - noise, noise) / noise)))

    def speech_threshold(self, channel: int) -> float:
        """dBFS above which a frame is more than the line's noise; -30 at most: that is never silence."""
        return min(-30.0, max(self.noise_floor(channel) + 6, self.active_level(channel) - 25, -65.0))

    def silence_share(self) -> float:
        """Share of frames in which no channel is above its threshold."""
        if not self.frames:
            return 1.0
        first = self._quiet_bins(0)
        second = self._quiet_bins(len(self.counts) - 1)
        return float(self.joint[:first, :second].sum() / self.frames)

    def active_seconds(self, channel: int, above: float) -> float:
        """Seconds spent louder than `above` dBFS."""
        return float(self.counts[channel, max(0, round(above - FLOOR_DB)) :].sum()) * FRAME / 16000

    def _quiet_bins(self, channel: int) -> int:
        return round(self.speech_threshold(channel) - FLOOR_DB)


def percentile(counts: NDArray[np.int64], share: float) -> float:
    """The level in dBFS that `share` of the counted frames stay at or under; FLOOR_DB if there are none."""
    total = counts.sum()
    if not total:
        return FLOOR_DB
    return float(np.searchsorted(np.cumsum(counts), share * total) + FLOOR_DB)


def _decibels(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10))))


def _bin(level: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.clip(np.round(level - FLOOR_DB).astype(np.int64), 0, BINS - 1)


def _pairs(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Histogram of (first channel, last channel)."""
    return np.bincount(index[0] * BINS + index[-1], minlength=BINS * BINS).reshape(BINS, BINS)
