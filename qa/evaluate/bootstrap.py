"""Figures with 95 % intervals: calls are resampled, since what goes wrong in a call goes wrong together.

Percentile bootstrap (Efron & Tibshirani 1993, ch. 13) with a fixed seed: the same calls, the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
"""Shape (calls, counts), or (resamples, counts) when summed."""
Rate = Callable[[Counts], Counts]
"""Rows of summed counts → one value a row; NaN where it is not defined."""

RESAMPLES = 2000
SEED = 20260101
LEVEL = 95.0
"""Per cent of the resampled values that the interval holds."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over some calls. Without a value nothing could be counted."""

    value: float | None
    low: float | None
    high: float | None
    calls: int
    """Calls that gave it counts."""


def estimate(counts: Sequence[Sequence[float]], rate: Rate) -> Estimate:
    """The rate of the summed `counts` (one row a call), and its interval over resampled calls."""
    if not counts:
        return Estimate(None, None, None, 0)
    table = np.asarray(counts, dtype=np.float64)
    value = float(rate(table.sum(axis=0, keepdims=True))[0])
    if np.isnan(value):
        return Estimate(None, None, None, len(counts))
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(len(table), np.full(len(table), 1 / len(table)), size=RESAMPLES)
    values = rate(drawn.astype(np.float64) @ table)
    low, high = np.nanpercentile(values, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
    return Estimate(value, float(low), float(high), len(counts))


def ratio(sums: Counts) -> Counts:
    """Column 0 of column 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)


def kappa(sums: Counts) -> Counts:
    """Cohen's κ of flattened square tables (reference × machine), as `Confusion.kappa`."""
    side = round(sums.shape[1] ** 0.5)
    tables = sums.reshape(-1, side, side)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = tables.sum(axis=(1, 2))
        observed = np.trace(tables, axis1=1, axis2=2) / total
        chance = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1) / total**2
        return np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)
