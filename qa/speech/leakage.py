"""Hearing the other party in one's own channel, and not taking that for speech.

A headset or a hybrid lets some of the other party through. While only the other one speaks, a
channel is quieter than the other by the leakage; while its own party speaks, it is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qa.model import Quality, Span, StereoKind
from qa.speech.protocols import AudioSource
from qa.speech.vad import FRAME, STEP, VadOptions, blocks, reader, tidy

SEPARATE_MARGIN = 30.0
"""dB: even in clean stereo, speech this far below the other channel's is the other channel's."""
MIN_MARGIN = 4.0
FAINT_MARGIN = 12.0
"""dB: the least where leakage is too faint to be told from the line's noise over the whole call."""
_SOUNDING = 12.0
"""dB above the quietest tenth: somebody or something is there."""
_LEAST = 60
"""Frames (2 s) of the other party, below which nothing is concluded."""
_SHARE = 0.6
"""Of the leakage, in dB: beyond it a frame is leakage. Both talking at once lies near 0 dB."""
_SURER = 4 / 3
"""Times the margin in dB, where one's own speech goes on."""
_REACH = 3
"""Frames (0.1 s) by which the leaked copy may lag behind."""


def margin(quality: Quality, own: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How many dB louder the other channel must be for a frame of `own` to be its leakage."""
    if quality.stereo is StereoKind.LEAKING and quality.leakage_db is not None:
        return min(SEPARATE_MARGIN, max(MIN_MARGIN, -_SHARE * quality.leakage_db))
    heard = leaked(own, other)
    return SEPARATE_MARGIN if heard is None else min(SEPARATE_MARGIN, max(FAINT_MARGIN, -_SHARE * heard))


def leaked(own: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    """How loud the other party is in one's own channel at most, dB relative to theirs; None: cannot be told.

    Where the other party is at their loudest and one's own is, mostly, silent. Faint leakage drowns in the
    line's noise, which then is what is measured: the bound holds all the same.
    """
    if not len(other):
        return None
    sounding = other > np.percentile(other, 10) + _SOUNDING
    if sounding.sum() < _LEAST:
        return None
    loud = other >= np.percentile(other[sounding], 50)
    return float(np.percentile((own - other)[loud], 30))


def levels(source: AudioSource, channel: int, parts: int = 1) -> NDArray[np.float32]:
    """Level of each VAD frame of a channel, dB relative to full scale (floor -120).

    `parts`: of so many equal parts of each frame; a power of two.
    """
    size = FRAME // parts
    found = [np.zeros(0, np.float32)]
    for samples in blocks(reader(source, channel), source.duration):
        frames = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
        power = np.mean(frames.astype(np.float64) ** 2, axis=1)
        found.append((10 * np.log10(np.maximum(power, 1e-12))).astype(np.float32))
    return np.concatenate(found)


def without_leakage(
    speech: tuple[Span, ...],
    own: NDArray[np.float32],
    other: NDArray[np.float32],
    margin: float,
    options: VadOptions,
) -> tuple[Span, ...]:
    """`speech` of a channel without the stretches where the other channel is louder by `margin` dB.

    Where one's own speech runs into the other's, or out of it, it takes `_SURER` times the margin: whoever is
    already speaking, more softly than the other, does not stop at every weak syllable.
    """
    louder = _recent_peak(other) - own
    leaked = _open(louder > margin, louder > _SURER * margin, speech)
    return tidy(_kept(speech, leaked), options)


def _open(
    leaked: NDArray[np.bool_], surely: NDArray[np.bool_], speech: tuple[Span, ...]
) -> NDArray[np.bool_]:
    """`leaked` without what runs on from one's own frames in a span of `speech`, as far as not `surely`."""
    found = leaked.copy()
    for span in speech:
        first, last = round(span.start / STEP), min(len(leaked), int(np.ceil(span.end / STEP)))
        for places in (range(first + 1, last), range(last - 2, first - 1, -1)):
            step = places.step
            for place in places:
                if found[place] and not found[place - step] and not surely[place]:
                    found[place] = False
    return found


def _recent_peak(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest of each frame and the few before it."""
    padded = np.concatenate([np.full(_REACH, -120.0, np.float32), values])
    peaks: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(padded, _REACH + 1).max(axis=1)
    return peaks


def _kept(speech: tuple[Span, ...], leaked: NDArray[np.bool_]) -> Iterator[Span]:
    for span in speech:
        first, last = round(span.start / STEP), min(len(leaked), int(np.ceil(span.end / STEP)))
        start: float | None = None
        for index in range(first, last):
            instant = max(span.start, index * STEP)
            if leaked[index] and start is not None:
                yield Span(start, instant)
                start = None
            elif not leaked[index] and start is None:
                start = instant
        if start is not None:
            yield Span(start, span.end)
