"""Pieces and voices: what is embedded, and how windows share it. Pure numpy.

A *piece* is up to two seconds in which one person speaks alone. Pieces do not overlap: each second is
embedded once, cut where the window that has it nearest its middle says so.

A *voice* is one of the up to three speakers that the segmentation model tells apart within a window.
It sounds like the pieces that lie in its speech, whichever window they were cut from.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.speech.diarization.grid import FRAME, LOCAL_SPEAKERS, WINDOW_FRAMES
from qa.speech.diarization.timeline import runs

PIECE_FRAMES = int(2.0 / FRAME)
"""Longest piece. Shorter says less about who it is; longer may hide a change that the model missed."""
LEAST_FRAMES = int(0.25 / FRAME)
PAUSE_FRAMES = int(0.1 / FRAME)
"""Shorter pauses do not end a piece."""

CHANGE_OTHER, CHANGE_SAME = 0.7, 0.2
"""How often the speaker changes from one piece to the next where a window hears another voice, or the same
one without a pause. Measured where two much alike voices were taken for one."""
CHANGE_PAUSE, CHANGE_LONG = 0.35, 0.4
"""The same after a pause and after a long one, or where no window hears both pieces."""
LONG_PAUSE = 0.6
"""Seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """n stretches of speech: how long, and sounding like what."""

    seconds: NDArray[np.float32]
    vectors: NDArray[np.float32]
    """(n, 192), each of length 1; 0 where nothing could be embedded (then `seconds` is 0, too)."""


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """n voices: of which window, and which of its speakers. In order of both."""

    window: NDArray[np.intp]
    local: NDArray[np.intp]
    heard: Heard


def regions(starts: list[int]) -> list[tuple[int, int]]:
    """[first, last) frame of what each window has nearer its middle than its neighbours do.

    Hand-drawn, windows 10 long at 0, 4 and 30: 0-7, 7-14, 30-40.
    """
    found: list[tuple[int, int]] = []
    first = starts[0]
    for start, after in itertools.zip_longest(starts, starts[1:]):
        end = start + WINDOW_FRAMES
        last = end if after is None or after >= end else (end + after) // 2
        found.append((first, last))
        first = last if after is None else max(last, after)
    return found


def cut_pieces(classes: NDArray[np.intp], start: int, region: tuple[int, int]) -> list[tuple[int, int]]:
    """[first, last) frames of the recording of each piece in `region` of the window at frame `start`.

    `classes` (589,): powerset classes; 1 to 3 are one speaker alone. In time order.
    """
    seen = classes[region[0] - start : region[1] - start]
    found: list[tuple[int, int]] = []
    for local in range(LOCAL_SPEAKERS):
        for first, last in _unbroken(seen, local):
            parts = -(-(last - first) // PIECE_FRAMES)
            edges = np.linspace(first, last, parts + 1).round().astype(int).tolist()
            found += itertools.pairwise(edges)
    return sorted((region[0] + first, region[0] + last) for first, last in found)


def _unbroken(classes: NDArray[np.intp], local: int) -> list[tuple[int, int]]:
    """Runs of one speaker alone, over pauses in which nobody else speaks."""
    alone = classes == 1 + local
    bridged = alone.copy()
    for first, last in runs(classes == 0):
        inside = first > 0 and last < len(classes)
        if inside and last - first <= PAUSE_FRAMES and alone[first - 1] and alone[last]:
            bridged[first:last] = True
    return runs(bridged, least=LEAST_FRAMES)


def gather(active: NDArray[np.bool_], starts: list[int], pieces: NDArray[np.intp], heard: Heard) -> Voices:
    """The voices of all windows: each the mean of the pieces in which it speaks alone, by seconds.

    `active` (windows, 589, 3); `pieces` (n, 2) in time order. As windows overlap by half, what one of
    them heard of a voice also tells the next one whose it is.
    """
    window: list[int] = []
    local: list[int] = []
    vectors: list[NDArray[np.float32]] = []
    seconds: list[float] = []
    for index, start in enumerate(starts):
        here = slice(
            *np.searchsorted(pieces[:, 1], [start + 1, start + WINDOW_FRAMES + PIECE_FRAMES]).tolist()
        )
        alone = active[index] & (active[index].sum(axis=1, keepdims=True) == 1)
        shares = _shares(alone, pieces[here] - start)
        for speaker in np.flatnonzero(active[index].any(axis=0)).tolist():
            weight = shares[:, speaker] * (heard.seconds[here] > 0)
            window.append(index)
            local.append(speaker)
            vectors.append(weight @ heard.vectors[here])
            seconds.append(float(weight.sum()) * FRAME)
    table = np.array(vectors, dtype=np.float32).reshape(len(window), heard.vectors.shape[1])
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    unit = table / np.maximum(lengths, 1e-9)
    of = Heard(np.array(seconds, dtype=np.float32), unit)
    return Voices(np.array(window, dtype=np.intp), np.array(local, dtype=np.intp), of)


def _shares(alone: NDArray[np.bool_], pieces: NDArray[np.intp]) -> NDArray[np.float32]:
    """(pieces, 3): in how many frames of each piece each speaker of a window speaks alone."""
    summed = np.concatenate(
        [np.zeros((1, alone.shape[1]), np.float32), alone.cumsum(axis=0, dtype=np.float32)]
    )
    edges = np.clip(pieces, 0, len(alone))
    shares: NDArray[np.float32] = summed[edges[:, 1]] - summed[edges[:, 0]]
    return shares


def changes(active: NDArray[np.bool_], starts: list[int], pieces: NDArray[np.intp]) -> NDArray[np.float32]:
    """(pieces - 1,): how likely the speaker changes after each piece, by the window that hears both best."""
    found = np.empty(max(0, len(pieces) - 1), dtype=np.float32)
    for place, ((first, end), (start, last)) in enumerate(itertools.pairwise(pieces.tolist())):
        pause = (start - end) * FRAME
        found[place] = CHANGE_LONG if pause > LONG_PAUSE else CHANGE_PAUSE if pause > 0.1 else CHANGE_SAME
        index = _best_window(starts, first, last)
        if index is None:
            found[place] = CHANGE_LONG
            continue
        heard = active[index]
        at = starts[index]
        one, other = (heard[a - at : b - at].sum(axis=0).argmax() for a, b in ((first, end), (start, last)))
        if one != other:
            found[place] = CHANGE_OTHER
    return found


def _best_window(starts: list[int], first: int, last: int) -> int | None:
    """The window with frames `first` to `last` nearest its middle; None if no window has them all."""
    after = bisect_right(starts, first)
    whole = [index for index in range(max(0, after - 3), after) if starts[index] + WINDOW_FRAMES >= last]
    middle = (first + last - WINDOW_FRAMES) / 2
    return min(whole, key=lambda index: abs(starts[index] - middle), default=None)
