"""Hand-made sound for tests: numpy arrays, 16 kHz."""

import numpy as np
from numpy.typing import NDArray

from qa.model import Span
from qa.speech.protocols import SAMPLE_RATE

Samples = NDArray[np.float32]


def silence(seconds: float) -> Samples:
    """Nothing at all."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def hum(seconds: float, *spans: tuple[float, float], level: float = 0.1) -> Samples:
    """A 200 Hz tone in each of `spans`, silence elsewhere."""
    samples = silence(seconds)
    time = np.arange(len(samples)) / SAMPLE_RATE
    for start, end in spans:
        inside = (time >= start) & (time < end)
        samples[inside] = (level * np.sin(2 * np.pi * 200 * time[inside])).astype(np.float32)
    return samples


def ringback(seconds: float) -> Samples:
    """400 Hz in 20 Hz beats, one second on, two off: what a Japanese caller hears while it rings."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    on = (time % 3.0) < 1.0
    tone = 0.15 * np.sin(2 * np.pi * 400 * time) * (0.6 + 0.4 * np.sin(2 * np.pi * 20 * time))
    return np.asarray(tone * on, np.float32)


def music(seconds: float) -> Samples:
    """A slow arpeggio with overtones, as hold music goes."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    notes = (262, 330, 392, 523, 392, 330)
    found = np.zeros_like(time)
    for index in range(int(seconds / 0.4)):
        inside = (time >= index * 0.4) & (time < (index + 1) * 0.4)
        local = time[inside] - index * 0.4
        pitch = notes[index % len(notes)]
        found[inside] = sum(np.sin(2 * np.pi * pitch * k * local) / k**2 for k in (1, 2, 3)) * np.exp(
            -3 * local
        )
    return np.asarray(0.2 * found, np.float32)


def spans(*pairs: tuple[float, float]) -> tuple[Span, ...]:
    """Spans from pairs of numbers."""
    return tuple(Span(start, end) for start, end in pairs)
