"""What the two channels of a recording really hold: one party each, the same thing twice, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.audio.levels import BINS, FLOOR_DB, LevelMeter, percentile
from qa.model import StereoKind

WINDOW = 16000
"""Samples at 16 kHz: 1 s."""

_LAG = 320
"""Samples: a copy may be up to 20 ms late."""
_ALIKE = 0.9
"""Correlation from which two windows carry the same signal; two telephone codecs leave 0.95 and more."""
_GAIN_SPREAD = 2.0
"""dB: a copy keeps its gain. A channel pair with leakage flips between two gains as parties take turns."""
_COPY_RANGE = 25.0
"""dB: a copy that is fainter than this is leakage into a channel that has nothing of its own."""
_DEAD = -55.0
"""dBFS: a channel that is hardly ever louder carries nothing."""
_DEAD_SECONDS = 0.3
_STEADY = 5.0
"""dB that a steady noise stays within; music that never pauses swings further."""
_RISE = 6.0
"""dB: how far a channel must rise while only the other party speaks for that to be leakage."""
_LEAK_LEAST = -40.0
"""dB: fainter leakage is inaudible under any speech."""
_ALONE_LEAST = 10
"""Stretches of 0.2 s, with and without a party's voice, before leakage is judged."""
_LOUD = -55.0


@dataclass(frozen=True, slots=True)
class StereoFacts:
    """The verdict on a pair of channels."""

    kind: StereoKind
    leakage_db: float | None = None
    dead_channel: int | None = None
    note: str = ""


class StereoMeter:
    """Compares the channels window by window; keeps counts only."""

    def __init__(self) -> None:
        self._loud = 0
        self._gains = np.zeros(121, np.int64)
        """Windows that are alike, by gain of channel 1 over channel 0, -60 to 60 dB."""

    def add(self, windows: NDArray[np.float32]) -> None:
        """Compare (2, n, WINDOW) samples in -1..1."""
        centred = windows - windows.mean(axis=2, keepdims=True)
        energy = np.asarray((centred * centred).sum(axis=2, dtype=np.float64))
        loud = energy.max(axis=0) > WINDOW * 10 ** (_LOUD / 10)
        self._loud += int(loud.sum())
        both = loud & (energy.min(axis=0) > 0)
        if not both.any():
            return
        spectra = np.fft.rfft(centred[:, both], axis=2)
        cross = np.fft.irfft(spectra[0] * np.conj(spectra[1]), n=WINDOW, axis=1)
        near = np.abs(np.concatenate([cross[:, : _LAG + 1], cross[:, -_LAG:]], axis=1))
        alike = near.max(axis=1) / np.sqrt(energy[0, both] * energy[1, both]) >= _ALIKE
        gain = 10 * np.log10(energy[1, both][alike] / energy[0, both][alike])
        self._gains += np.bincount(np.clip(np.round(gain), -60, 60).astype(np.int64) + 60, minlength=121)

    def copy_gain(self) -> float | None:
        """Gain in dB of channel 1 over channel 0 if they carry the same signal throughout, else None."""
        alike = self._gains.sum()
        if not self._loud or alike < 0.9 * self._loud:
            return None
        gain = float(np.searchsorted(np.cumsum(self._gains), alike / 2) - 60)
        near = np.abs(np.arange(-60, 61) - gain) <= _GAIN_SPREAD
        return gain if self._gains[near].sum() >= 0.9 * alike else None

    def facts(self, levels: LevelMeter) -> StereoFacts:
        """The verdict, once everything is in."""
        dead = [c for c in (0, 1) if _is_dead(levels, c)]
        if len(dead) == 2:
            return StereoFacts(StereoKind.DUPLICATED, note="nothing but silence in both channels")
        if dead:
            return _one_dead(dead[0])
        gain = self.copy_gain()
        if gain is not None and abs(gain) <= _COPY_RANGE:
            return StereoFacts(StereoKind.DUPLICATED, note="both channels carry the same signal")
        if gain is not None:
            return _one_dead(1 if gain < 0 else 0)
        leakage = [found for found in (_leakage(levels, 0), _leakage(levels, 1)) if found is not None]
        leaks = any(rises and level >= _LEAK_LEAST for level, rises in leakage)
        worst = round(max(level for level, _ in leakage), 1) if leakage else None
        return StereoFacts(StereoKind.LEAKING if leaks else StereoKind.SEPARATE, leakage_db=worst)


def _one_dead(channel: int) -> StereoFacts:
    note = f"channel {channel} carries nothing of its own"
    return StereoFacts(StereoKind.ONE_DEAD, dead_channel=channel, note=note)


def _is_dead(levels: LevelMeter, channel: int) -> bool:
    """Hardly ever above -55 dBFS, or nothing but a steady noise (hum, comfort noise)."""
    floor = levels.noise_floor(channel)
    if levels.active_seconds(channel, max(_DEAD, floor + 10)) >= _DEAD_SECONDS:
        return False
    swing = percentile(levels.counts[channel], 0.95) - floor
    return swing < _STEADY or levels.active_seconds(channel, _DEAD) < _DEAD_SECONDS


def _leakage(levels: LevelMeter, speaker: int) -> tuple[float, bool] | None:
    """How loud `speaker` is in the other channel, in dB relative to their own, and whether that is leakage.

    Looked at: stretches of 0.2 s in which the speaker is near their active level and the louder one. It
    is leakage if the other channel is then hardly ever as quiet as while neither speaks. If not, the
    level is the line's noise, and the leakage is at most that. None if the speaker is never heard alone,
    or never silent.
    """
    joint = levels.syllables if speaker == 0 else levels.syllables.T
    own, other = np.indices((BINS, BINS))
    from_bin = round(levels.active_level(speaker) - 6 - FLOOR_DB)
    alone = joint * ((own >= from_bin) & (other < own))
    quiet_own = round(levels.speech_threshold(speaker) - FLOOR_DB)
    quiet_other = round(levels.speech_threshold(1 - speaker) - FLOOR_DB)
    while_quiet = joint[:quiet_own].sum(axis=0)
    if min(alone.sum(), while_quiet.sum()) < _ALONE_LEAST:
        return None
    # The second: music in the other channel is never at rest, whoever speaks here.
    at_rest = max(percentile(while_quiet[:quiet_other], 0.5), percentile(while_quiet, 0.1))
    in_other = alone.sum(axis=0)
    level = percentile(in_other, 0.5) - percentile(alone.sum(axis=1), 0.5)
    return level, percentile(in_other, 0.2) - at_rest >= _RISE
