"""Windows and frames: where the segmentation model looks, and what its classes mean. Pure numpy."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from qa.model import Span

SAMPLE_RATE = 16000
FRAME_SAMPLES = 270
"""Samples from one frame of segmentation-3.0 to the next."""
RECEPTIVE_SAMPLES = 991
"""Samples that one frame sees."""
WINDOW_FRAMES = 589
WINDOW_SAMPLES = 10 * SAMPLE_RATE
STEP_FRAMES = 296
"""Frames from one window to the next: 4.995 s, so that every instant is seen twice, not ten times."""
LOCAL_SPEAKERS = 3
"""Voices that the model can tell apart within one window; at most two of them at once."""

FRAME = FRAME_SAMPLES / SAMPLE_RATE
FRAME_OFFSET = (RECEPTIVE_SAMPLES - FRAME_SAMPLES) / 2 / SAMPLE_RATE
"""Seconds into a window at which the stretch that its frame 0 stands for begins."""


def powerset() -> NDArray[np.float32]:
    """(7, 3): which speakers each class of the powerset model means: nobody, one of three, or a pair.

    Plaquet and Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization",
    Interspeech 2023.
    """
    classes = [pair for size in range(3) for pair in combinations(range(LOCAL_SPEAKERS), size)]
    mapping = np.zeros((len(classes), LOCAL_SPEAKERS), dtype=np.float32)
    for row, members in enumerate(classes):
        mapping[row, list(members)] = 1.0
    return mapping


def frame_count(duration: float) -> int:
    """Frames of the grid that lie within `duration` seconds."""
    return max(0, round((duration - FRAME_OFFSET) / FRAME))


def window_starts(duration: float, speech: tuple[Span, ...], margin: float = 0.5) -> list[int]:
    """First frame of each window, in order, such that the windows cover all of `speech`.

    Windows lie on one grid of frames, so that they overlay exactly. Those without speech are left out:
    hold music costs nothing. The last one is moved back to end with the recording (within a frame).
    """
    window = WINDOW_SAMPLES / SAMPLE_RATE
    last = max(0, math.ceil((duration - window) / FRAME))
    starts = [*range(0, last, STEP_FRAMES), last]
    wanted = [span.pad(margin) for span in speech]
    chosen: list[int] = []
    first = 0
    for start in starts:
        seen = Span(start * FRAME, start * FRAME + window)
        while first < len(wanted) and wanted[first].end <= seen.start:
            first += 1
        if first < len(wanted) and wanted[first].overlap(seen) > 0:
            chosen.append(start)
    return chosen


def span_of(first: int, last: int) -> Span:
    """The time that frames `first` to `last` (exclusive) stand for."""
    return Span(FRAME_OFFSET + first * FRAME, FRAME_OFFSET + last * FRAME)
