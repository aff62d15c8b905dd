"""Reports as JSON values, for programs. Shares are counts; whoever wants a ratio has what it takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qa.model import Role
from qa.report.agent import AgentReport, Good, Point, Work
from qa.report.figures import AgentFigures, Figure, ScoreFigure
from qa.report.gather import TeamReport
from qa.report.trust import CriterionTrust
from qa.statistics import Change, Interval, Moments, Share
from qa.store.moments import Moment


def agent_json(report: AgentReport, language: str) -> dict[str, Any]:
    """An agent's report; sentences in `language`."""
    return {
        "agent_id": report.stretch.agent_id,
        "agent_name": report.stretch.agent_name,
        "first": _day(report.stretch.first),
        "last": _day(report.stretch.last),
        "praise": [_moment(moment, language) for moment in report.praise],
        "went_well": [_good(one, language) for one in report.good],
        "work_on": _work(report.work, language) if report.work else None,
        "coaching": [_point(point) for point in report.points],
        "advice_only": sorted(report.advice_only),
        **figures_json(report.figures),
        "set_apart_by_flag": dict(report.stretch.apart),
    }


def team_json(report: TeamReport) -> dict[str, Any]:
    """The team's report."""
    return {
        "first": _day(report.first),
        "last": _day(report.last),
        "advice_only": sorted(report.advice_only),
        "everybody": figures_json(report.everybody),
        "agents": [
            {"agent_id": one.agent_id, "agent_name": report.names.get(one.agent_id), **figures_json(one)}
            for one in report.agents
        ],
    }


def figures_json(figures: AgentFigures) -> dict[str, Any]:
    """Calls, score and criteria of one agent, or of everybody."""
    return {
        "calls": figures.calls,
        "set_apart": figures.apart,
        "score": _score(figures.score),
        "criteria": {name: figure_json(figure) for name, figure in figures.criteria.items()},
    }


def figure_json(figure: Figure) -> dict[str, Any]:
    """One criterion."""
    return {
        "met": share_json(figure.share),
        "change": change_json(figure.trend),
        "set_apart": share_json(figure.apart),
        "undecided": figure.undecided,
        "weeks": [{"monday": week.monday.isoformat(), **share_json(week.figure)} for week in figure.weeks],
    }


def change_json(change: Change | None) -> dict[str, Any] | None:
    """A change; None below the minimum sample."""
    if change is None:
        return None
    return {
        "amount": round(change.amount, 4),
        "interval": _interval(change.interval),
        "direction": change.direction.value,
        "before": change.before,
        "after": change.after,
    }


def _score(score: ScoreFigure) -> dict[str, Any]:
    return {
        **_mean(score.moments),
        "change": change_json(score.trend),
        "set_apart": _mean(score.apart),
        "weeks": [{"monday": week.monday.isoformat(), **_mean(week.figure)} for week in score.weeks],
    }


def share_json(share: Share) -> dict[str, Any]:
    """A share: counts, and the interval of their ratio."""
    return {"count": share.count, "of": share.of, "interval": _interval(share.interval)}


def _mean(moments: Moments) -> dict[str, Any]:
    mean = None if moments.mean is None else round(moments.mean, 2)
    return {"mean": mean, "calls": moments.count, "interval": _interval(moments.interval)}


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, 4), round(interval.high, 4)]


def _moment(moment: Moment, language: str) -> dict[str, Any]:
    return {
        "call_id": moment.call_id,
        "start": round(moment.span.start, 3),
        "end": round(moment.span.end, 3),
        "role": moment.role.value,
        "quote": moment.quote,
        "sentence": moment.sentence,
        "reason": moment.reason.text(language),
    }


def _work(work: Work, language: str) -> dict[str, Any]:
    return {
        "criterion": work.guide.id,
        "title": work.guide.title.text(language),
        "own_goal": work.chosen,
        "met": share_json(work.figure.share),
        "change": change_json(work.figure.trend),
        "moment": _moment(work.moment, language) if work.moment else None,
        "said": _lines(work.pairs),
        "could_say": [_lines(one.lines) for one in work.could_say],
    }


def _good(good: Good, language: str) -> dict[str, Any]:
    return {
        "criterion": good.guide.id,
        "met": share_json(good.figure.share),
        "moment": _moment(good.moment, language),
    }


def _lines(lines: Iterable[tuple[Role, str]]) -> list[dict[str, str]]:
    return [{"role": role.value, "text": text} for role, text in lines]


def _point(point: Point) -> dict[str, Any]:
    return {
        "criterion": point.guide.id,
        "call_id": point.call_id,
        "stage": point.stage.value,
        "at": point.at.isoformat(),
        "before": share_json(point.before),
        "after": share_json(point.after),
        "change": change_json(point.change),
    }


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def trust_json(one: CriterionTrust) -> dict[str, Any]:
    """How far a criterion is to be trusted."""
    kappa = one.trust.agreement.kappa
    return {
        "standing": one.trust.standing.value,
        "agreed": share_json(one.trust.agreement.share),
        "blind": share_json(one.blind.share),
        "kappa": None if kappa is None else round(kappa, 4),
        "machine_abstained": one.trust.agreement.abstained,
        "drift": change_json(one.trust.drift),
        "weeks": [{"monday": w.monday.isoformat(), **share_json(w.figure.share)} for w in one.trust.weeks],
    }
