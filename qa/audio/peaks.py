"""The outline of a recording, for drawing: the loudest sample of each channel, 25 times a second."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.audio.decode import SAMPLE_RATE, Decoder
from qa.audio.files import open_readonly
from qa.errors import AudioError

PER_SECOND = 25
"""Five minutes of stereo are 15 kB; at the closest zoom a step is still narrower than a syllable."""
_STEP = SAMPLE_RATE // PER_SECOND


@dataclass(frozen=True, slots=True)
class Peaks:
    """Loudest sample of each step, a channel after the other."""

    channels: int
    per_second: float
    """Steps a second."""
    body: bytes
    """One unsigned byte a step, 255 full scale: all of channel 0, then all of channel 1."""


class Outline:
    """Samples in, peaks out: it keeps a byte a step and channel, and less than a step of samples."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._rest: NDArray[np.int16] = np.zeros((0, channels), np.int16)
        self._done: list[NDArray[np.uint8]] = []

    def add(self, samples: NDArray[np.int16]) -> None:
        """(n, channels) samples at 16 kHz, in order."""
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // _STEP * _STEP
        self._rest = samples[whole:].copy()
        if whole:
            self._done.append(_loudest(samples[:whole].reshape(-1, _STEP, self._channels)))

    def peaks(self) -> Peaks:
        """Of all that was added; what is left over at the end is a step too."""
        parts = list(self._done)
        if len(self._rest):
            parts.append(_loudest(self._rest[np.newaxis]))
        steps = np.concatenate(parts) if parts else np.zeros((0, self._channels), np.uint8)
        return Peaks(self._channels, float(PER_SECOND), steps.T.tobytes())


def peaks(path: Path) -> Peaks:
    """The outline of a recording. Memory stays bounded: 90 kB an hour and channel. Raises `AudioError`."""
    with open_readonly(path) as file:
        decoder = Decoder(file, path, os.fstat(file.fileno()).st_size)
        outline: Outline | None = None
        for block in decoder.blocks():
            outline = outline or Outline(decoder.channels)
            outline.add(block.samples)
    if outline is None:
        raise AudioError(f"{path}: a header but no sound; fetch the recording from the recorder again")
    return outline.peaks()


def _loudest(steps: NDArray[np.int16]) -> NDArray[np.uint8]:
    """(steps, samples, channels) to (steps, channels); any sound at all is at least 1."""
    loudest = np.abs(steps.astype(np.int32)).max(axis=1)
    return np.asarray(np.ceil(loudest * 255 / 32768).astype(np.uint8))
