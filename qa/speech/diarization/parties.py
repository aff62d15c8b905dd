"""Two parties whose voices are much alike, heard beside each other: the one direction in which they differ.

Two voices of one telephone line may lie closer to each other than two sentences of either: distances between
pieces then find one person. But the segmentation model has heard them side by side, within ten seconds and on
the same line, and in window after window the difference between its two voices points the same way. Along
that axis the pieces fall into two heaps; in every other direction lies only what was said. Where one person
speaks, such differences are few, point anywhere, and leave one heap.

    pieces on the axis   aa.aaa.a......cc.c.cccc     two people
                         ...a.aa.aaaaa.aa.a.a...     one
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.speech.diarization.voices import Heard, Voices

SIDE_SECONDS = 0.6
"""What a voice must have said alone in a window to be set against the other."""
PIECE_SECONDS = 0.6
"""Shorter pieces say too little about who it is to be counted."""
ALONG, ALONE = 0.4, 0.6
"""The share of the differences that must lie along the axis: `ALONG`, and `ALONE` / n more, as the axis of a
few differences fits them whatever they are. Two people: 0.58 and more of six, 0.8 of two; one person cut in
two: 0.55 of two, 0.23 of nine."""
CLEAR = 0.68
"""Share of the pieces' spread along the axis that two heaps account for. One heap cut in the middle accounts
for 0.64 (normally spread); two people for 0.71 and more, most of them for 0.9."""
CLEAR_ONCE, PIECES_ONCE = 0.75, 8
"""The same, and how many pieces there must be, where one window alone heard two voices. A talk of one person,
cut in two at random, comes to more in one case of fifty."""
LEAST_SECONDS = 1.0
"""What each of the two must have said."""


def heard_side_by_side(pieces: Heard, voices: Voices) -> bool:
    """True if windows have heard the same two voices beside each other, and the pieces bear it out."""
    differences = side_by_side(voices)
    if not len(differences):
        return False
    _, strengths, axes = np.linalg.svd(differences, full_matrices=False)
    axis = axes[0]
    if strengths[0] ** 2 < (ALONG + ALONE / len(differences)) * (strengths**2).sum():
        return False
    known = pieces.seconds >= PIECE_SECONDS
    vectors, seconds = pieces.vectors[known], pieces.seconds[known]
    low, explained = heaps(vectors @ axis, seconds)
    once = len(differences) == 1
    if explained < (CLEAR_ONCE if once else CLEAR) or len(seconds) < (PIECES_ONCE if once else 2):
        return False
    return bool(min(seconds[low].sum(), seconds[~low].sum()) >= LEAST_SECONDS)


def side_by_side(voices: Voices) -> NDArray[np.float32]:
    """(n, 192): in each window with two voices or more, the difference between the two that speak longest.

    Each weighs as much as the shorter of the two is sure: the square root of its seconds.
    """
    found: list[NDArray[np.float32]] = []
    for window in np.unique(voices.window):
        here = np.flatnonzero((voices.window == window) & (voices.heard.seconds >= SIDE_SECONDS))
        here = here[np.argsort(-voices.heard.seconds[here], kind="stable")][:2]
        if len(here) == 2:
            one, other = voices.heard.vectors[here]
            found.append((one - other) * np.sqrt(voices.heard.seconds[here[1]]))
    return np.array(found, dtype=np.float32).reshape(len(found), voices.heard.vectors.shape[1])


def heaps(along: NDArray[np.floating], weights: NDArray[np.floating]) -> tuple[NDArray[np.bool_], float]:
    """Which values belong to the lower of two heaps, and the share of the variance that the two explain.

    The best cut of all (two means in one dimension); nothing in the lower one and 0.0 if all are equal.

    >>> heaps(np.array([0.0, 5.0, 0.2, 5.2]), np.ones(4))[0].tolist()
    [True, False, True, False]
    """
    order = np.argsort(along, kind="stable")
    values, heavy = along[order].astype(float), weights[order].astype(float)
    count, total = heavy.cumsum(), (heavy * values).cumsum()
    if len(values) < 2:
        return np.zeros(len(along), dtype=bool), 0.0
    mean = total[-1] / count[-1]
    spread = float((heavy * (values - mean) ** 2).sum())
    left, right = count[:-1], count[-1] - count[:-1]
    means = total[:-1] / left, (total[-1] - total[:-1]) / right
    between = left * (means[0] - mean) ** 2 + right * (means[1] - mean) ** 2
    best = int(between.argmax())
    low = np.zeros(len(along), dtype=bool)
    if spread <= 1e-12:
        return low, 0.0
    low[order[: best + 1]] = True
    return low, float(between[best] / spread)
