"""From windows back to one timeline: who speaks in each frame, and the spans of that. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.model import Span
from qa.speech.diarization.grid import WINDOW_FRAMES, span_of

EDGE_WEIGHT = 0.1
"""Weight of a window's first and last frame; its middle counts 1: the model sees both sides there."""


def taper() -> NDArray[np.float32]:
    """(589,) how much each frame of a window counts where windows overlay: a triangle."""
    ramp = 1.0 - np.abs(np.linspace(-1.0, 1.0, WINDOW_FRAMES))
    return np.asarray(EDGE_WEIGHT + (1.0 - EDGE_WEIGHT) * ramp, dtype=np.float32)


def overlay(
    activity: NDArray[np.floating], starts: list[int], owners: NDArray[np.intp], speakers: int, frames: int
) -> NDArray[np.float32]:
    """(frames, speakers): how likely each speaker is to speak in each frame, as all windows see it.

    `activity` (windows, 589, 3) holds the probability that each local voice speaks; `owners`
    (windows, 3) whose voice it is, -1 for nobody's. Two local voices of one owner count as one.
    """
    weight = taper()
    total = np.zeros((frames + WINDOW_FRAMES, 1), dtype=np.float32)
    summed = np.zeros((frames + WINDOW_FRAMES, speakers), dtype=np.float32)
    for window, start, owner in zip(activity, starts, owners, strict=True):
        place = slice(start, start + WINDOW_FRAMES)
        total[place, 0] += weight
        for speaker in set(owner[owner >= 0].tolist()):
            summed[place, speaker] += weight * window[:, owner == speaker].max(axis=1)
    return np.asarray((summed / np.maximum(total, 1e-6))[:frames], dtype=np.float32)


def runs(active: NDArray[np.bool_], *, gap: int = 0, least: int = 1) -> list[tuple[int, int]]:
    """[first, last) of each run of true frames; runs at most `gap` apart are one, those under `least` go.

    >>> runs(np.array([1, 1, 0, 1, 0, 0, 0, 1], bool), gap=1, least=2)
    [(0, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    joined: list[tuple[int, int]] = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if joined and first - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [(first, last) for first, last in joined if last - first >= least]


def to_spans(found: list[tuple[int, int]], duration: float) -> list[Span]:
    """Runs of frames as time, kept inside the recording."""
    whole = Span(0.0, duration)
    return [span for first, last in found if (span := span_of(first, last) & whole)]
