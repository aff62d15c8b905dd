"""The networks over a whole recording, a block of windows at a time; and a second look where needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
LEAST_BANKS = 10
"""A voice heard alone for less than this many filter-bank frames (0.1 s) is not embedded."""
STRETCH_SECONDS = 6.0
"""No more than this of a stretch is embedded in a second look."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the networks made of a recording."""

    starts: list[int]
    activity: NDArray[np.float16]
    """(windows, 589, 3): probability that each local speaker speaks."""
    active: NDArray[np.bool_]
    """(windows, 589, 3): the same, decided."""
    voices: voices.Voices


def look(source: AudioSource, starts: list[int], engine: Engine) -> Seen:
    """Segments every window and embeds every voice in it, a block of windows at a time."""
    mapping = grid.powerset()
    activity: list[NDArray[np.float16]] = []
    active: list[NDArray[np.bool_]] = []
    found: list[tuple[int, int, float]] = []
    vectors: list[NDArray[np.float32]] = []
    for block in _blocks(starts):
        samples = _read(source, block)
        scores = engine.segment(_windows(samples, block))
        classes = scores.argmax(axis=2)
        stretches = []
        banks = engine.filter_banks(samples)
        for index, start in enumerate(block):
            for local in np.flatnonzero(mapping[classes[index]].any(axis=0)).tolist():
                frames = voices.clean_frames(classes[index], local)
                chosen = banks[voices.bank_frames(frames, start - block[0], len(banks))]
                if len(chosen) < LEAST_BANKS:
                    chosen = chosen[:0]
                stretches.append(chosen)
                found.append((len(activity) + index, local, len(chosen) * voices.BANK_SHIFT))
        vectors.append(engine.embed(stretches))
        activity.extend((scores @ mapping).astype(np.float16))
        active.extend(mapping[classes] > 0)
    table = np.array(found, dtype=np.float64).reshape(-1, 3)
    heard = voices.Voices(
        window=table[:, 0].astype(np.intp),
        local=table[:, 1].astype(np.intp),
        seconds=table[:, 2].astype(np.float32),
        vectors=np.concatenate(vectors),
    )
    return Seen(starts, np.stack(activity), np.stack(active), heard)


def embed_spans(source: AudioSource, spans: Sequence[Span], engine: Engine) -> NDArray[np.float32]:
    """(n, 192): each span of `source` embedded as if it were one voice."""
    banks = [engine.filter_banks(_sound(source, span)) for span in spans]
    return engine.embed(banks)


def _sound(source: AudioSource, span: Span) -> NDArray[np.float32]:
    whole = Span(span.start, min(span.end, span.start + STRETCH_SECONDS))
    return source.mix(whole).astype(np.float32, copy=False)


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
