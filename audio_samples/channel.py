"""From two clean sides to what a recorder writes: telephone band, line noise, and its mistakes."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from audio_samples.script import LineQuality

RATE = 8_000
"""Hz, of every recording built here."""
_LEAK_DELAY = 0.004
_LOUDEST = 0.92

Samples = NDArray[np.float32]


def to_telephone(clip: Samples, rate: int) -> Samples:
    """A clip of any rate as the telephone carries it: 300-3400 Hz at `RATE`, without delay."""
    from scipy.signal import resample_poly, sosfiltfilt

    narrow = resample_poly(clip.astype(np.float64), RATE, rate)
    if len(narrow) < 200:
        narrow = np.pad(narrow, (0, 200 - len(narrow)))
    return np.asarray(sosfiltfilt(band(), narrow), dtype=np.float32)


def record(agent: Samples, customer: Samples, line: LineQuality, rng: np.random.Generator) -> Samples:
    """(2, n): the two channels as the recorder writes them. Left is the agent unless `swapped`."""
    agent, customer = (side + _line_noise(len(side), line, rng) for side in (agent, customer))
    mixed = agent + customer
    channels = {
        "separate": (agent, customer),
        "swapped": (customer, agent),
        "leaking": (agent + _leak(customer, line.leak), customer + _leak(agent, line.leak)),
        "duplicated": (mixed, mixed),
        "one_dead": (mixed, np.zeros_like(mixed)),
    }[line.layout]
    return _limit(np.stack(channels).astype(np.float32))


def mix(channels: Samples, line: LineQuality) -> Samples:
    """(1, n): the mono recording of the same call."""
    if line.layout in ("duplicated", "one_dead"):
        return channels[:1]
    return _limit(channels.sum(axis=0, keepdims=True))


def _limit(channels: Samples) -> Samples:
    peak = float(np.abs(channels).max(initial=0.0))
    return np.asarray(channels * min(1.0, _LOUDEST / max(peak, 1e-9)), dtype=np.float32)


def _leak(side: Samples, level: float) -> Samples:
    """The other party as it comes back over the hybrid: quieter and a little late."""
    delay = round(_LEAK_DELAY * RATE)
    late = np.concatenate([np.zeros(delay, np.float32), side[: len(side) - delay]])
    return np.asarray(late * 10 ** (level / 20), dtype=np.float32)


def _line_noise(length: int, line: LineQuality, rng: np.random.Generator) -> Samples:
    """Pink-ish hiss at `line.noise` dBFS, with clicks if the line crackles."""
    from scipy.signal import lfilter, sosfilt

    hiss = lfilter([0.05], [1, -0.95], rng.standard_normal(length)) + 0.3 * rng.standard_normal(length)
    hiss = sosfilt(band(), hiss)
    hiss *= 10 ** (line.noise / 20) / max(1e-9, float(np.sqrt(np.mean(hiss**2))))
    clicks = rng.random(length) < line.crackle / RATE
    hiss += lfilter([1.0], [1, -0.8], clicks * rng.uniform(-0.12, 0.12, length))
    return np.asarray(hiss, dtype=np.float32)


@functools.cache
def band() -> NDArray[np.float64]:
    """The telephone band as second-order sections at `RATE`."""
    from scipy.signal import butter

    return np.asarray(butter(4, [300, 3400], "bandpass", fs=RATE, output="sos"))
