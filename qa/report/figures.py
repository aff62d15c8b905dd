"""What agents' calls came to, criterion by criterion and week by week, from the store's tallies. Pure.

Calls that a flag sets apart (harassment, poor audio, a busy hour) are counted beside the others, never with
them: nobody is judged by a bad line or by a full queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TypeVar

from qa.model import Outcome
from qa.statistics import Change, Moments, Share, Week, trend_of_means, trend_of_shares
from qa.store.days import date_of
from qa.store.weekly import Tallied

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """How often a criterion was met, of the calls in which it was decided."""

    criterion: str
    share: Share = field(default_factory=Share)
    weeks: tuple[Week[Share], ...] = ()
    trend: Change | None = None
    """Later half of the weeks less the earlier; None below the minimum sample."""
    apart: Share = field(default_factory=Share)
    """In the calls set apart."""
    undecided: int = 0
    """Calls in which a person must still judge."""


@dataclass(frozen=True, slots=True)
class ScoreFigure:
    """The score of the calls that have one."""

    moments: Moments = field(default_factory=Moments)
    weeks: tuple[Week[Moments], ...] = ()
    trend: Change | None = None
    apart: Moments = field(default_factory=Moments)


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """One agent's calls."""

    agent_id: str
    calls: int = 0
    """Scored calls, those set apart too."""
    apart: int = 0
    score: ScoreFigure = field(default_factory=ScoreFigure)
    criteria: Mapping[str, Figure] = field(default_factory=dict)


def by_agent(tallies: Iterable[Tallied], least: int) -> tuple[AgentFigures, ...]:
    """The figures of each agent, by agent id. `least`: calls a half below which no trend is said."""
    ordered = sorted(tallies, key=lambda t: (t.agent_id, t.criterion))
    return tuple(
        agent(agent_id, list(rows), least) for agent_id, rows in groupby(ordered, key=lambda t: t.agent_id)
    )


def agent(agent_id: str, tallies: Iterable[Tallied], least: int) -> AgentFigures:
    """The figures of one agent from that agent's tallies."""
    rows = list(tallies)
    scores = [row for row in rows if not row.criterion]
    names = dict.fromkeys(row.criterion for row in rows if row.criterion)
    return AgentFigures(
        agent_id,
        calls=sum(row.calls for row in scores),
        apart=sum(row.calls for row in scores if row.apart),
        score=_score(scores, least),
        criteria={name: figure(name, (r for r in rows if r.criterion == name), least) for name in names},
    )


def team(tallies: Iterable[Tallied], least: int) -> AgentFigures:
    """The figures of everybody together."""
    return agent("", tallies, least)


def figure(criterion: str, tallies: Iterable[Tallied], least: int) -> Figure:
    """One criterion's figure from its tallies."""
    counted: dict[date | None, Share] = {}
    apart, undecided = Share(), 0
    for row in tallies:
        share = _share(row)
        if row.outcome == Outcome.NEEDS_REVIEW:
            undecided += row.calls
        if row.apart:
            apart += share
        else:
            counted[monday(row)] = counted.get(monday(row), Share()) + share
    weeks = tuple(Week(week, share) for week, share in _dated(counted) if share.of)
    total = sum(counted.values(), Share())
    return Figure(criterion, total, weeks, trend_of_shares(weeks, least), apart, undecided)


def monday(row: Tallied) -> date | None:
    """The first day of a tally's week; None: the calls' date is unknown."""
    return date_of(row.week * 7)


def _share(row: Tallied) -> Share:
    """A tally as met of decided: what was not applicable or not decided counts in neither."""
    decided = row.calls if row.outcome in (Outcome.MET, Outcome.NOT_MET) else 0
    return Share(row.calls if row.outcome == Outcome.MET else 0, decided)


def _score(tallies: Iterable[Tallied], least: int) -> ScoreFigure:
    counted: dict[date | None, Moments] = {}
    apart = Moments()
    for row in tallies:
        if row.outcome != "scored":
            continue
        moments = Moments(row.calls, row.total, row.squares)
        if row.apart:
            apart += moments
        else:
            counted[monday(row)] = counted.get(monday(row), Moments()) + moments
    weeks = tuple(Week(week, moments) for week, moments in _dated(counted))
    return ScoreFigure(sum(counted.values(), Moments()), weeks, trend_of_means(weeks, least), apart)


def _dated(figures: Mapping[date | None, T]) -> list[tuple[date, T]]:
    """The weeks that are known, in order; calls of unknown date count in totals only."""
    return sorted(((week, value) for week, value in figures.items() if week is not None), key=lambda w: w[0])
