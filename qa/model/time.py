"""Stretches of time and how they lie to each other."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, `start <= end`, in seconds. An empty span is falsy.

    >>> Span(1.0, 3.0) & Span(2.0, 5.0)
    Span(start=2.0, end=3.0)
    >>> Span(1.0, 3.0).gap(Span(4.5, 5.0))
    1.5
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    def __bool__(self) -> bool:
        return self.end > self.start

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The instant half way through."""
        return (self.start + self.end) / 2

    def __and__(self, other: Span) -> Span:
        """The part both share; an empty span at the later start if they share nothing."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))

    def __or__(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __contains__(self, instant: float) -> bool:
        return self.start <= instant < self.end

    def overlap(self, other: Span) -> float:
        """Seconds that both share."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Span) -> float:
        """Seconds between the two, 0 if they touch or overlap."""
        return max(0.0, max(self.start, other.start) - min(self.end, other.end))

    def covers(self, other: Span) -> bool:
        """True if `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, seconds: float) -> Span:
        """The same length, `seconds` later."""
        return Span(self.start + seconds, self.end + seconds)

    def pad(self, seconds: float, *, limit: Span | None = None) -> Span:
        """Wider by `seconds` on both sides, kept inside `limit`."""
        wide = Span(self.start - seconds, self.end + seconds)
        return wide & limit if limit is not None else wide


def merge_spans(spans: Iterable[Span], gap: float = 0.0) -> tuple[Span, ...]:
    """The union of `spans` in time order, joining those at most `gap` seconds apart.

    >>> merge_spans([Span(3, 4), Span(0, 1), Span(0.5, 2)], gap=0.5)
    (Span(start=0, end=2), Span(start=3, end=4))
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start - merged[-1].end <= gap:
            merged[-1] = merged[-1] | span
        else:
            merged.append(span)
    return tuple(merged)


def outside(spans: Iterable[Span], others: Iterable[Span], at_least: float = 0.0) -> tuple[Span, ...]:
    """The parts of `spans` that none of `others` covers, those longer than `at_least` seconds, in time order.

    >>> outside([Span(0, 5)], [Span(1, 2), Span(4, 9)])
    (Span(start=0, end=1), Span(start=2, end=4))
    """
    covered = merge_spans(others)
    left: list[Span] = []
    for span in merge_spans(spans):
        start = span.start
        for cover in overlapping(span, covered):
            if cover.start > start:
                left.append(Span(start, cover.start))
            start = cover.end
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(part for part in left if part.duration > at_least)


def overlapping(span: Span, merged: Sequence[Span]) -> Sequence[Span]:
    """Those of `merged` (in time order, none overlapping another: see `merge_spans`) that `span` overlaps.

    >>> overlapping(Span(1, 5), [Span(0, 1), Span(2, 3), Span(4, 9), Span(9, 10)])
    [Span(start=2, end=3), Span(start=4, end=9)]
    """
    first = bisect.bisect_right(merged, span.start, key=lambda one: one.end)
    return merged[first : bisect.bisect_left(merged, span.end, lo=first, key=lambda one: one.start)]


def total_overlap(span: Span, others: Iterable[Span]) -> float:
    """Seconds of `span` that lie under `others` (which must not overlap each other)."""
    return sum(span.overlap(other) for other in others)
