"""A share of calls, and a mean of scores, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
"""Of every interval."""
MEAN_LEAST = 5
"""Scores below which their spread says too little for an interval of the mean."""
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies, with the confidence of `CONFIDENCE`; `low <= high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval cannot end ({self.high}) below its start ({self.low})")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Shares add up: `Share(1, 2) + Share(3, 4)` is `Share(4, 6)`."""

    count: int = 0
    of: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is no share")

    def __add__(self, other: Share) -> Share:
        return Share(self.count + other.count, self.of + other.of)

    @property
    def value(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's score interval (E. B. Wilson 1927, JASA 22): holds near 0 and 1 too; None of nothing."""
        if not self.of:
            return None
        n, share = self.of, self.count / self.of
        middle = share + Z**2 / (2 * n)
        half = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        scale = 1 + Z**2 / n
        # Rounding must not push the ends over what was observed, nor out of 0 to 1.
        low = 0.0 if self.count == 0 else min(share, (middle - half) / scale)
        high = 1.0 if self.count == n else max(share, (middle + half) / scale)
        return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, sum and sum of squares of some scores: all that a mean and its interval need; they add up."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Iterable[float]) -> Moments:
        """The moments of these values."""
        listed = list(values)
        return cls(len(listed), math.fsum(listed), math.fsum(value**2 for value in listed))

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.count + other.count, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float | None:
        """None of nothing."""
        return self.total / self.count if self.count else None

    @property
    def variance(self) -> float | None:
        """The sample's (over n - 1), never below 0; None for fewer than two values."""
        if self.count < 2:
            return None
        return max(0.0, self.squares - self.total**2 / self.count) / (self.count - 1)

    @property
    def interval(self) -> Interval | None:
        """Student's t interval of the mean, kept within 0 to 100 (scores).

        None for fewer than `MEAN_LEAST` values, and where all are alike: a spread of nothing is no certainty.
        """
        mean, variance = self.mean, self.variance
        if mean is None or not variance or self.count < MEAN_LEAST:
            return None
        half = student(self.count - 1) * math.sqrt(variance / self.count)
        return Interval(min(mean, max(0.0, mean - half)), max(mean, min(100.0, mean + half)))


def student(freedom: float) -> float:
    """The two-sided quantile of Student's t at `CONFIDENCE` for so many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
