"""Days as the lists store them: Julian day numbers, and ranks that order by day first."""

from __future__ import annotations

from datetime import date

JULIAN = 1_721_425
"""Julian day number of the day before 0001-01-01, for `date.toordinal`."""
RANKS = 10_000
"""Ranks of a day: see `desk_calls.rank`."""


def julian(day: date | None) -> int:
    """The Julian day number of a day; 0 for none: before every day there is."""
    return day.toordinal() + JULIAN if day else 0


def date_of(number: int | None) -> date | None:
    """The day of a Julian day number; None for 0, which stands for an unknown one."""
    return date.fromordinal(number - JULIAN) if number else None
