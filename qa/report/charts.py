"""Small charts as numbers: where each week's dot and its interval stand. Templates draw them as SVG. Pure.

top    ┤      ┬        a dot: the week's figure; the line through it: its 95 % interval
       │   ┬  ●  ┬
bottom ┤   ●  ┴  ●     weeks without calls leave a gap
       └───┴─────┴──
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from qa.statistics import Interval, Moments, Share, Week

WIDTH = 220.0
HEIGHT = 64.0
MARGIN = 6.0
"""Around the dots, so that those at the ends are whole."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A week: its place, its interval's ends, and what it stands for."""

    x: float
    y: float
    low: float
    """y of the interval's lower end; larger than `high`, since y runs down."""
    high: float
    monday: date
    value: float
    """Percent, or points."""
    calls: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Dots by week, and lines between weeks that follow each other."""

    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]
    width: float = WIDTH
    height: float = HEIGHT

    def __bool__(self) -> bool:
        """A single week has no course that could be drawn."""
        return len(self.dots) > 1


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and its interval on a line from 0 to 100, in percent of its length."""

    value: float
    low: float
    high: float


def of_shares(weeks: Sequence[Week[Share]]) -> Chart:
    """A chart of shares, 0 to 100 %."""
    return _chart([(w.monday, 100 * (w.figure.value or 0), _percent(w.figure), w.figure.of) for w in weeks])


def of_means(weeks: Sequence[Week[Moments]]) -> Chart:
    """A chart of mean scores, 0 to 100; a week of one call has no interval."""
    return _chart([(w.monday, w.figure.mean or 0, w.figure.interval, w.figure.count) for w in weeks])


def share_bar(share: Share) -> Bar | None:
    """A share as a bar; None of nothing."""
    interval = _percent(share)
    return None if interval is None else Bar(100 * share.count / share.of, interval.low, interval.high)


def mean_bar(moments: Moments) -> Bar | None:
    """A mean score as a bar; None of nothing. Without an interval it is as long as the scale."""
    if moments.mean is None:
        return None
    interval = moments.interval or Interval(0, 100)
    return Bar(moments.mean, interval.low, interval.high)


def _percent(share: Share) -> Interval | None:
    interval = share.interval
    return None if interval is None else Interval(100 * interval.low, 100 * interval.high)


def _chart(weeks: Sequence[tuple[date, float, Interval | None, int]]) -> Chart:
    if not weeks:
        return Chart((), ())
    first, last = weeks[0][0], weeks[-1][0]
    days = (last - first).days

    def across(monday: date) -> float:
        share = (monday - first).days / days if days else 0.5
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    dots = []
    for monday, value, interval, calls in weeks:
        low, high = (interval.low, interval.high) if interval else (value, value)
        dots.append(Dot(across(monday), _down(value), _down(low), _down(high), monday, value, calls))
    near = tuple((one, other) for one, other in pairwise(dots) if (other.monday - one.monday).days == 7)
    return Chart(tuple(dots), near)


def _down(value: float) -> float:
    return round(HEIGHT - MARGIN - value / 100 * (HEIGHT - 2 * MARGIN), 1)
