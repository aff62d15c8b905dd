"""Figures week by week, and what may be said of them over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, Self, TypeVar

from qa.statistics.change import Change, mean_change, share_change
from qa.statistics.samples import Moments, Share


class Adds(Protocol):
    """A figure that adds up."""

    def __add__(self, other: Self, /) -> Self: ...


T = TypeVar("T")
F = TypeVar("F", bound=Adds)


@dataclass(frozen=True, slots=True)
class Week(Generic[T]):
    """A figure of one week."""

    monday: date
    figure: T


def week_of(day: date) -> date:
    """The Monday of the day's week (ISO 8601)."""
    return date(day.year, day.month, day.day) - timedelta(days=day.weekday())


def halves(weeks: Sequence[Week[F]], nothing: F) -> tuple[F, F]:
    """The earlier and the later half of the stretch from the first week to the last.

    The stretch is cut at its middle, by the calendar: of an odd number of weeks the middle one goes to the
    earlier half. A single week has no later half.
    """
    if not weeks:
        return nothing, nothing
    first, last = min(week.monday for week in weeks), max(week.monday for week in weeks)
    middle = first + (last - first) / 2
    early = late = nothing
    for week in weeks:
        if week.monday <= middle:
            early = early + week.figure
        else:
            late = late + week.figure
    return early, late


def trend_of_shares(weeks: Sequence[Week[Share]], least: int) -> Change | None:
    """The later half of these weeks less the earlier; None below `least` calls in either."""
    early, late = halves(weeks, Share())
    return share_change(early, late, least)


def trend_of_means(weeks: Sequence[Week[Moments]], least: int) -> Change | None:
    """The later half of these weeks less the earlier; None below `least` calls in either."""
    early, late = halves(weeks, Moments())
    return mean_change(early, late, least)
