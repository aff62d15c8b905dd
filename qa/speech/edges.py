"""Where speech begins and ends: voice activity says that there is speech, its level says when.

Silero takes a few frames to believe a soft beginning, some more to let go of an ending, and loses a syllable
in between that is swallowed. Whether a start came in the last half second of the other's talk is decided on
such edges. Each is moved to where the sound stands out of the channel's own noise:

    level      ____.-#######.#####-._____       # well above the noise
    activity         |------| |-------|
    sharpened     |---------------|             pauses under 0.25 s are breath
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa.model import Span, merge_spans
from qa.speech.vad import STEP, VadOptions, tidy

PARTS = 4
"""Steps of level to one of voice activity: 8 ms each."""
FINE = STEP / PARTS
SHORTEST_PAUSE = 0.25
"""Seconds of one's own silence under which somebody goes on speaking (stop consonants last 0.15)."""
_ABOVE = 6.0
"""dB above the noise of the channel."""
_BELOW = 35.0
"""dB under the channel's loud speech: quieter is no speech, however still the line is (noise gates)."""
_LOUD = 90
"""Percentile of the level within speech that is called loud."""
_NOISE = 60
"""Percentile of the level far from speech that is called its noise."""
_FAR = 0.3
"""Seconds from speech that are far."""
_LEAST_NOISE = 0.5
"""Seconds of it, below which nothing is known of the noise."""
_EARLIER, _LATER, _SHORTER = 0.2, 0.15, 0.12
"""Seconds by which a start may move back, an end on or back: as much as voice activity is off by."""
_GAP = 0.03
"""Seconds of quiet within a syllable."""
_LOUDER = 12.0
"""dB by which the other channel, just before, may be louder: beyond it this sound may be its leakage."""
_LAG = 0.1
"""Seconds by which leakage lags behind."""
_SMOOTH = 3


def sharpened(
    speech: Sequence[Span],
    own: NDArray[np.float32],
    other: NDArray[np.float32],
    margin: float,
    duration: float,
) -> tuple[Span, ...]:
    """`speech` of a channel with its edges on its level; pauses under `SHORTEST_PAUSE` are gone.

    `own`, `other`: levels of the channel and of the other one, dB, a value each `FINE` seconds. `margin`: dB
    by which the other is louder where it leaks (see `leakage.margin`).
    """
    spans = merge_spans(speech)
    level = _smooth(own)
    noise = _noise(level, spans)
    if noise is None:
        return spans
    loud = level > max(noise + _ABOVE, _loud(level, spans) - _BELOW)
    reach = round(_LAG / FINE)
    theirs = np.pad(other[: len(level)], (reach, max(0, len(level) - len(other))), constant_values=-120.0)
    before = np.lib.stride_tricks.sliding_window_view(theirs, reach + 1).max(axis=1)
    mine = loud & (before - level < min(margin, _LOUDER))
    moved = []
    for place, span in enumerate(spans):
        least = spans[place - 1].end if place else 0.0
        most = spans[place + 1].start if place + 1 < len(spans) else duration
        moved.append(Span(_start(span, mine, least), _end(span, mine, loud, min(most, duration))))
    return tidy(iter(merge_spans(moved)), replace(VadOptions(), min_silence=SHORTEST_PAUSE))


def _start(span: Span, mine: NDArray[np.bool_], least: float) -> float:
    """Earlier, as long as there is sound."""
    first = round(span.start / FINE)
    lowest = max(round(least / FINE), first - round(_EARLIER / FINE), 0)
    before = mine[lowest:first][::-1]
    sounding = _unbroken(before)
    return min(span.start, (first - sounding) * FINE) if sounding else span.start


def _end(span: Span, mine: NDArray[np.bool_], loud: NDArray[np.bool_], most: float) -> float:
    """Later, as long as there is sound; else earlier, as long as there is none."""
    last = min(round(span.end / FINE), len(mine))
    highest = min(round(most / FINE), last + round(_LATER / FINE), len(mine))
    sounding = _unbroken(mine[last:highest])
    if sounding:
        return max(span.end, min(most, (last + sounding) * FINE))
    lowest = max(round(span.start / FINE) + 1, last - round(_SHORTER / FINE))
    heard = np.flatnonzero(loud[lowest:last])
    return (lowest + int(heard[-1]) + 1) * FINE if len(heard) else max(span.start + FINE, lowest * FINE)


def _unbroken(sound: NDArray[np.bool_]) -> int:
    """Steps up to the last sound that no more than `_GAP` of quiet comes before."""
    reached = 0
    for step in np.flatnonzero(sound).tolist():
        if step - reached > round(_GAP / FINE):
            break
        reached = step + 1
    return reached


def _smooth(level: NDArray[np.float32]) -> NDArray[np.float32]:
    power = np.convolve(10 ** (level.astype(np.float64) / 10), np.ones(_SMOOTH) / _SMOOTH, "same")
    return np.asarray(10 * np.log10(np.maximum(power[: len(level)], 1e-12)), dtype=np.float32)


def _loud(level: NDArray[np.float32], speech: Sequence[Span]) -> float:
    parts = [level[int(span.start / FINE) : int(span.end / FINE) + 1] for span in speech]
    return float(np.percentile(np.concatenate(parts), _LOUD)) if any(len(part) for part in parts) else 0.0


def _noise(level: NDArray[np.float32], speech: Sequence[Span]) -> float | None:
    far = np.ones(len(level), dtype=bool)
    for span in speech:
        far[max(0, int((span.start - _FAR) / FINE)) : int((span.end + _FAR) / FINE)] = False
    quiet = level[far]
    return float(np.percentile(quiet, _NOISE)) if len(quiet) * FINE >= _LEAST_NOISE else None
