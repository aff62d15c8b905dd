"""Packing the speech of one channel into chunks of at most 30 s for the recogniser.

        recording  ..AAAA......BB.........CCCC..
        chunk      .AAAA..BB..CCCC.                silence cut out, each piece with a little air

Whisper looks at a whole window, so a full chunk costs what an almost empty one does. Turns of one
channel share a chunk; channels never do. The layout maps chunk time back to recording time.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.model import Span, merge_spans
from qa.speech.protocols import SAMPLE_RATE, AudioSource, Chunk, Layout, Piece
from qa.speech.vad import reader


@dataclass(frozen=True, slots=True)
class ChunkOptions:
    """How tightly speech is packed, all in seconds."""

    longest: float = 28.0
    """Whisper's window is 30 s; the rest is air for its sense of an ending."""
    least: float = 0.0
    """Left for the last chunk, if there is a pause to part at: a scrap without what was said before it is
    heard worse."""
    padding: float = 0.25
    """Kept before and after each span: consonants are quiet, and VAD is strict."""
    bridge: float = 0.6
    """Pauses up to this stay as they are; longer ones are cut out."""
    gap: float = 0.1
    """Silence between two pieces that did not follow each other."""


Quietest = Callable[[Span], float]
"""The instant within a span at which to cut if it must be cut."""


def plan_layouts(
    speech: Iterable[Span],
    duration: float,
    channel: int | None,
    quietest: Quietest = lambda span: span.middle,
    options: ChunkOptions = ChunkOptions(),
) -> tuple[Layout, ...]:
    """Pack `speech` (tight spans of one channel) into layouts, in time order.

    A span longer than a chunk is cut at its quietest instant near the end of each chunk.
    """
    whole = Span(0.0, duration)
    joined = merge_spans(speech, gap=options.bridge)
    stretches = [
        part
        for span in _padded(joined, whole, options.padding)
        for part in _cut_long(span, quietest, options.longest)
    ]
    return tuple(_lay_out(group, channel, options.gap) for group in _groups(stretches, options))


def _padded(spans: tuple[Span, ...], whole: Span, padding: float) -> Iterator[Span]:
    """Each span with air around it; neighbours share the air between them."""
    for index, span in enumerate(spans):
        before = spans[index - 1].end if index else whole.start - 2 * padding
        after = spans[index + 1].start if index + 1 < len(spans) else whole.end + 2 * padding
        start = span.start - min(padding, (span.start - before) / 2)
        end = span.end + min(padding, (after - span.end) / 2)
        yield Span(max(whole.start, start), min(whole.end, end))


def _cut_long(span: Span, quietest: Quietest, longest: float) -> Iterator[Span]:
    while span.duration > longest:
        instant = quietest(Span(span.start + longest * 0.6, span.start + longest))
        yield Span(span.start, instant)
        span = Span(instant, span.end)
    yield span


def _groups(stretches: list[Span], options: ChunkOptions) -> Iterator[list[Span]]:
    """Fill each chunk as far as it goes, ending it at the longest pause of its last third.

    The last but one leaves enough for the last.
    """
    waiting = list(stretches)
    while waiting:
        count = _fitting(waiting, options)
        if count < len(waiting):
            count = _best_end(waiting, count, options.least)
        yield waiting[:count]
        waiting = waiting[count:]


def _fitting(stretches: list[Span], options: ChunkOptions) -> int:
    filled = 0.0
    for index, span in enumerate(stretches):
        filled += span.duration + (options.gap if index else 0.0)
        if filled > options.longest and index:
            return index
    return len(stretches)


def _best_end(stretches: list[Span], count: int, least: float) -> int:
    """How many of the first `count` stretches to take; of those that follow, `least` seconds if possible."""
    lengths = np.cumsum([span.duration for span in stretches[:count]])
    late = [n for n in range(1, count + 1) if lengths[n - 1] >= 2 / 3 * lengths[-1]]
    candidates = [n for n in late if _last_at_least(stretches[n:], least)] or late
    return max(candidates, key=lambda n: (stretches[n].start - stretches[n - 1].end, n))


def _last_at_least(stretches: list[Span], least: float) -> bool:
    """True if what is left comes to `least` seconds."""
    filled = itertools.accumulate(span.duration for span in stretches)
    return any(length >= least for length in filled)


def _lay_out(spans: list[Span], channel: int | None, gap: float) -> Layout:
    pieces: list[Piece] = []
    at = 0.0
    for span in spans:
        if pieces and span.start > pieces[-1].span.end:
            at += gap
        pieces.append(Piece(at, span))
        at += span.duration
    return Layout(channel, tuple(pieces))


def cut(source: AudioSource, layout: Layout) -> Chunk:
    """The chunk of a layout; its audio is read when it is asked for."""
    return Chunk(functools.partial(_samples, source, layout), layout)


def _samples(source: AudioSource, layout: Layout) -> NDArray[np.float32]:
    read = reader(source, layout.channel)
    samples = np.zeros(round(layout.duration * SAMPLE_RATE), np.float32)
    for piece in layout.pieces:
        at = round(piece.at * SAMPLE_RATE)
        part = read(piece.span)[: len(samples) - at]
        samples[at : at + len(part)] = part
    return samples


def quietest_in(source: AudioSource, channel: int | None, window: float = 0.2) -> Quietest:
    """A `Quietest` that looks at the level of the channel."""
    read = reader(source, channel)

    def find(span: Span) -> float:
        power = _moving_power(read(span), round(window * SAMPLE_RATE))
        if not len(power):
            return span.middle
        return min(span.end, span.start + (int(np.argmin(power)) / SAMPLE_RATE + window / 2))

    return find


def _moving_power(samples: NDArray[np.float32], width: int) -> NDArray[np.float64]:
    if len(samples) < width:
        return np.zeros(0)
    total = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    power: NDArray[np.float64] = total[width:] - total[:-width]
    return power
