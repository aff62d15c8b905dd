"""The voices that each window hears, as clustering sees them. Pure numpy.

A *voice* is one of the up to three speakers that the segmentation model tells apart within a window.
Which of them is which in the next window is for the embeddings (and the seconds both windows share)
to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.speech.diarization.grid import FRAME, FRAME_OFFSET, LOCAL_SPEAKERS, STEP_FRAMES, WINDOW_FRAMES

EMBED_SECONDS = 3.0
"""At most this much of a voice is embedded in each window; neighbours add theirs by the shared seconds."""
FULL_MARGIN = 0.3
"""Difference of similarity to the owner and to the next person at which there is no doubt left."""
BANK_SHIFT = 0.01
BANK_MIDDLE = 0.0125
"""Filter-bank frame i is centred on this + i * `BANK_SHIFT` seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """n voices: in which window, which of its speakers, heard alone for how long, sounding like what."""

    window: NDArray[np.intp]
    local: NDArray[np.intp]
    seconds: NDArray[np.float32]
    """Non-overlapped speech that the vector was made from; 0: there was none, and the vector is 0."""
    vectors: NDArray[np.float32]
    """(n, 192), each of length 1."""


def clean_frames(classes: NDArray[np.intp], local: int) -> NDArray[np.intp]:
    """Frames in which speaker `local` of a window speaks alone; `classes` (589,) are powerset classes.

    Of more than `EMBED_SECONDS` of them, those nearest the middle of the window, where the model is at
    its best and the neighbouring windows do not look.
    """
    frames = np.flatnonzero(classes == 1 + local)
    most = int(EMBED_SECONDS / FRAME)
    if len(frames) <= most:
        return frames
    nearest = np.argsort(np.abs(frames - WINDOW_FRAMES // 2), kind="stable")[:most]
    return np.sort(frames[nearest])


def bank_frames(frames: NDArray[np.intp], start: int, banks: int) -> NDArray[np.intp]:
    """The filter-bank frames (of `banks` in all) that lie in `frames` of the window at frame `start`.

    Both are counted from the same instant: filter bank 0 begins where frame 0 of the grid does.
    """
    wanted = np.zeros(WINDOW_FRAMES + 1, dtype=bool)
    wanted[frames] = True
    offset = start * FRAME + FRAME_OFFSET
    first = max(0, int((offset - BANK_MIDDLE) / BANK_SHIFT))
    last = min(banks, int((offset + WINDOW_FRAMES * FRAME) / BANK_SHIFT) + 1)
    index = np.arange(first, last)
    inside = np.floor((index * BANK_SHIFT + BANK_MIDDLE - offset) / FRAME).astype(np.intp)
    return index[wanted[np.clip(inside, -1, WINDOW_FRAMES)] & (inside >= 0)]


def share(voices: Voices, active: NDArray[np.bool_], starts: list[int]) -> NDArray[np.float32]:
    """The vectors, each joined by those of the same voice in the window before and after.

    Windows overlap by half: two local speakers who are active in the same frames of the shared part
    are one person, so what little one window heard of them is eked out by what the other heard.
    `active` (windows, 589, 3).
    """
    place = {
        (w, s): i for i, (w, s) in enumerate(zip(voices.window.tolist(), voices.local.tolist(), strict=True))
    }
    weighted = voices.vectors * voices.seconds[:, None]
    joined = weighted.copy()
    for left in range(len(starts) - 1):
        step = starts[left + 1] - starts[left]
        if step >= WINDOW_FRAMES:
            continue
        for here, there, agreement in _links(active[left, step:], active[left + 1, : WINDOW_FRAMES - step]):
            one, other = place[left, here], place[left + 1, there]
            joined[one] += agreement * weighted[other]
            joined[other] += agreement * weighted[one]
    return joined / np.maximum(np.linalg.norm(joined, axis=1, keepdims=True), 1e-9)


def _links(
    left: NDArray[np.bool_], right: NDArray[np.bool_], least: float = 0.5
) -> list[tuple[int, int, float]]:
    """(speaker left, speaker right, Jaccard index) of those who agree in at least half of their frames."""
    found = []
    for here in range(LOCAL_SPEAKERS):
        for there in range(LOCAL_SPEAKERS):
            either = int((left[:, here] | right[:, there]).sum())
            both = int((left[:, here] & right[:, there]).sum())
            if both >= STEP_FRAMES // 20 and both >= least * either:
                found.append((here, there, both / either))
    return found


def margins(similarity: NDArray[np.float32], owner: NDArray[np.intp]) -> NDArray[np.float32]:
    """0.5 where the owner is no closer than the next person, 1 where nobody else comes near."""
    if similarity.shape[1] < 2:
        return np.ones(len(owner), dtype=np.float32)
    rows = np.arange(len(owner))
    own = similarity[rows, np.maximum(owner, 0)]
    others = similarity.copy()
    others[rows, np.maximum(owner, 0)] = -np.inf
    doubt = np.clip((own - others.max(axis=1)) / FULL_MARGIN, 0.0, 1.0)
    margins: NDArray[np.float32] = (0.5 + 0.5 * doubt).astype(np.float32)
    return margins
