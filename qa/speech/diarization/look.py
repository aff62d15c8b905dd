"""The networks over a whole recording, a block of windows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.model import Span
from qa.speech.diarization import grid, voices
from qa.speech.protocols import AudioSource

if TYPE_CHECKING:
    from qa.speech.diarization.engine import Engine

BLOCK_WINDOWS = 16
"""Windows that are read and worked on at once: 85 s of sound."""
BANK_SECONDS = 0.01
"""From one filter-bank frame to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the networks made of a recording."""

    starts: list[int]
    """First frame of each window."""
    activity: NDArray[np.float16]
    """(windows, 589, 3): probability that each local speaker speaks."""
    active: NDArray[np.bool_]
    """(windows, 589, 3): the same, decided."""
    pieces: NDArray[np.intp]
    """(n, 2): [first, last) frame of each piece, in time order."""
    heard: voices.Heard
    """The pieces' sound."""


def look(source: AudioSource, starts: list[int], engine: Engine) -> Seen:
    """Segments every window, cuts the speech into pieces and embeds each of them, once."""
    mapping = grid.powerset()
    regions = dict(zip(starts, voices.regions(starts), strict=True))
    activity: list[NDArray[np.float16]] = []
    active: list[NDArray[np.bool_]] = []
    pieces: list[tuple[int, int]] = []
    vectors: list[NDArray[np.float32]] = []
    for block in _blocks(starts):
        samples = _read(source, block)
        scores = engine.segment(_windows(samples, block))
        classes = scores.argmax(axis=2)
        found = [
            piece
            for start, seen in zip(block, classes, strict=True)
            for piece in voices.cut_pieces(seen, start, regions[start])
        ]
        banks = engine.filter_banks(samples)
        vectors.append(engine.embed([_banks_of(piece, block[0], banks) for piece in found]))
        pieces += found
        activity.extend((scores @ mapping).astype(np.float16))
        active.extend(mapping[classes] > 0)
    table = np.array(pieces, dtype=np.intp).reshape(-1, 2)
    joined = np.concatenate(vectors)
    seconds = (table[:, 1] - table[:, 0]) * grid.FRAME * joined.any(axis=1)
    heard = voices.Heard(seconds.astype(np.float32), joined)
    return Seen(starts, np.stack(activity), np.stack(active), table, heard)


def _banks_of(piece: tuple[int, int], first: int, banks: NDArray[np.float32]) -> NDArray[np.float32]:
    """The filter banks of a piece; bank 0 begins with frame `first`."""
    span = grid.span_of(piece[0] - first, piece[1] - first)
    return banks[round(span.start / BANK_SECONDS) : round(span.end / BANK_SECONDS)]


def _blocks(starts: list[int]) -> Iterator[list[int]]:
    """`starts` in runs of overlapping windows, at most `BLOCK_WINDOWS` in each."""
    block: list[int] = []
    for start in starts:
        if block and (len(block) == BLOCK_WINDOWS or start - block[-1] >= grid.WINDOW_FRAMES):
            yield block
            block = []
        block.append(start)
    if block:
        yield block


def _read(source: AudioSource, block: list[int]) -> NDArray[np.float32]:
    """The sound of a block of windows; what lies beyond the recording's end is silence."""
    first = block[0] * grid.FRAME
    wanted = (block[-1] - block[0]) * grid.FRAME_SAMPLES + grid.WINDOW_SAMPLES
    samples = source.mix(Span(first, first + wanted / grid.SAMPLE_RATE))[:wanted]
    return np.pad(samples.astype(np.float32, copy=False), (0, wanted - len(samples)))


def _windows(samples: NDArray[np.float32], block: list[int]) -> NDArray[np.float32]:
    offsets = [(start - block[0]) * grid.FRAME_SAMPLES for start in block]
    return np.stack([samples[offset : offset + grid.WINDOW_SAMPLES] for offset in offsets])
