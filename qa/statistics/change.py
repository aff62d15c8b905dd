"""Before and after: did it change, by how much, and how sure is that?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from qa.statistics.samples import Interval, Moments, Share, student


class Direction(StrEnum):
    """What a change may be called. `UNCLEAR`: the interval holds zero; nothing can be said."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Change:
    """After less before, with its interval."""

    amount: float
    interval: Interval
    before: int
    """Calls before."""
    after: int

    @property
    def direction(self) -> Direction:
        """Up or down only where the whole interval lies on one side of zero."""
        if self.interval.low > 0:
            return Direction.UP
        return Direction.DOWN if self.interval.high < 0 else Direction.UNCLEAR


def share_change(before: Share, after: Share, least: int) -> Change | None:
    """The difference of two shares (-1 to 1); None if either has fewer than `least` calls (at least 1).

    Interval: R. G. Newcombe 1998, Statistics in Medicine 17:873, method 10 (of two Wilson intervals).
    """
    old, new = before.interval, after.interval
    if old is None or new is None or min(before.of, after.of) < least:
        return None
    p, q = before.count / before.of, after.count / after.of
    amount = q - p
    low = amount - math.hypot(q - new.low, old.high - p)
    high = amount + math.hypot(new.high - q, p - old.low)
    return Change(amount, Interval(max(-1.0, low), min(1.0, high)), before.of, after.of)


def mean_change(before: Moments, after: Moments, least: int) -> Change | None:
    """The difference of two means; None if either has fewer than `least` values (at least 2).

    None, too, where the values of both sides are all alike: a spread of nothing is no certainty.
    Interval: B. L. Welch 1947, Biometrika 34, for unequal variances.
    """
    old, new = before.variance, after.variance
    if old is None or new is None or min(before.count, after.count) < least:
        return None
    a, b = old / before.count, new / after.count
    amount = after.total / after.count - before.total / before.count
    if a + b <= 0:
        return None
    freedom = (a + b) ** 2 / (a**2 / (before.count - 1) + b**2 / (after.count - 1))
    half = student(freedom) * math.sqrt(a + b)
    return Change(amount, Interval(amount - half, amount + half), before.count, after.count)
