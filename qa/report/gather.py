"""An agent's or a team's report from the database."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.errors import UnknownAgent
from qa.model import Outcome, Score, Span
from qa.report import agent as choices
from qa.report.agent import AgentReport, Point, Work
from qa.report.coaching import measured
from qa.report.figures import AgentFigures, Figure, agent, by_agent, team
from qa.report.trust import advice_only
from qa.rubric import CriterionGuide, Guide, guide
from qa.rubric.schema import RubricFile
from qa.rubric.scores.effective import effective, read_file
from qa.settings import Settings
from qa.statistics import week_of
from qa.store import Store
from qa.store.coaching import Goal
from qa.store.filters import EVERYTHING, Sight
from qa.store.moments import Moment, Moments

PRAISE = "praise"
"""The flag of calls in which the caller thanks by more than formula."""


@dataclass(frozen=True, slots=True)
class TeamReport:
    """Everybody's figures, agent by agent."""

    first: date | None
    last: date | None
    everybody: AgentFigures
    agents: tuple[AgentFigures, ...]
    names: Mapping[str, str]
    """Agent id → name."""
    criteria: tuple[str, ...]
    """Those with a figure, in the rubric's order."""
    advice_only: frozenset[str]
    least: int


def of_agent(store: Store, agent_id: str, texts: Guide, settings: Settings) -> AgentReport:
    """The report about one agent. Raises `UnknownAgent` naming those there are."""
    since = _since(store.moments.stretch(agent_id, None).last, settings)
    stretch = store.moments.stretch(agent_id, since)
    if not stretch.calls:
        raise UnknownAgent(_nobody(store, agent_id))
    least = settings.trend_least
    figures = agent(agent_id, store.weekly.tallies(Sight(agent_id), since), least)
    advice = advice_only(store, settings)
    goal = store.coaching.goal(agent_id)
    good = _moments(store.moments, agent_id, figures, Outcome.MET, since)
    bad = _moments(store.moments, agent_id, figures, Outcome.NOT_MET, since)
    work = _work(store, figures, texts, goal, bad, advice, stretch.language)
    return AgentReport(
        stretch,
        figures,
        choices.praise(store.moments.of_flag(agent_id, PRAISE, since)),
        choices.went_well(figures, good, texts, advice | ({work.guide.id} if work else set())),
        work,
        _points(store, agent_id, texts, least),
        () if goal else _others(figures, texts),
        advice,
        least,
        texts.flags,
    )


def of_team(store: Store, texts: Guide, settings: Settings) -> TeamReport:
    """Everybody's figures, every criterion, over the last weeks up to the newest call."""
    last = store.moments.last_day()
    since = _since(last, settings)
    tallies = store.weekly.tallies(EVERYTHING, since)
    everybody = team(tallies, settings.trend_least)
    return _team(store, texts, settings, last, since, everybody, by_agent(tallies, settings.trend_least))


def of_team_on(store: Store, texts: Guide, settings: Settings, criterion: str) -> TeamReport:
    """As `of_team`, but of each agent only the score and one criterion (empty: only the score).

    Quick with 100,000 calls: the rest is added up where it lies.
    """
    last = store.moments.last_day()
    since = _since(last, settings)
    everybody = team(store.weekly.totals(since), settings.trend_least)
    tallies = store.weekly.tallies(EVERYTHING, since, ("", criterion))
    return _team(store, texts, settings, last, since, everybody, by_agent(tallies, settings.trend_least))


def _team(
    store: Store,
    texts: Guide,
    settings: Settings,
    last: date | None,
    since: date | None,
    everybody: AgentFigures,
    agents: tuple[AgentFigures, ...],
) -> TeamReport:
    return TeamReport(
        since,
        last,
        everybody,
        agents,
        dict(store.listing.choices().agents),
        tuple(_ordered(everybody, texts)),
        advice_only(store, settings),
        settings.trend_least,
    )


def settle(store: Store, settings: Settings) -> None:
    """Bring the lists up to date with what people said since; cheap where nothing is due."""
    advice = advice_only(store, settings)
    files: dict[str, RubricFile] = {}

    def counting(call_id: str) -> Score:
        card = store.scorecard(call_id)
        identity = card.receipt.rubric
        if identity not in files:
            files[identity] = read_file(store.rubric_source(identity))
        return effective(card, store.reviews.standing(call_id), files[identity], advice).score

    store.advice.become(advice)
    store.listing.settle(counting)
    while store.advice.settle(counting):
        pass


def guide_of(store: Store) -> Guide:
    """The guide to the rubrics that scored the calls."""
    return guide(read_file(store.rubric_source(identity)) for identity in store.listing.rubrics())


def _moments(
    moments: Moments, agent_id: str, figures: AgentFigures, outcome: Outcome, since: date | None
) -> Mapping[str, Sequence[Moment]]:
    """Criterion → places where it came to `outcome`, for criteria that have one."""
    found = {
        name: moments.of_findings(agent_id, name, outcome, since)
        for name, figure in figures.criteria.items()
        if (figure.share.count if outcome is Outcome.MET else figure.share.of - figure.share.count)
    }
    return {name: places for name, places in found.items() if places}


def _work(
    store: Store,
    figures: AgentFigures,
    texts: Guide,
    goal: Goal | None,
    bad: Mapping[str, Sequence[Moment]],
    advice: frozenset[str],
    spoken: str,
) -> Work | None:
    criterion = choices.to_work_on(figures, texts, goal, set(bad), advice)
    if criterion is None:
        return None
    moment = choices.moment_of(bad.get(criterion, ()))
    return Work(
        texts[criterion],
        figures.criteria.get(criterion) or Figure(criterion),
        goal is not None,
        goal.words if goal else "",
        moment,
        store.moments.around(moment.call_id, _heard(moment.span)) if moment else (),
        moment.language if moment else spoken,
    )


def _heard(span: Span) -> Span:
    """The stretch whose words are shown: of a very long place, its beginning."""
    return Span(span.start, min(span.end, span.start + choices.LIVELY))


def _points(store: Store, agent_id: str, texts: Guide, least: int) -> tuple[Point, ...]:
    """The agent's points of coaching, newest first, with what the calls say since each was told."""
    steps = store.coaching.of_agent(agent_id)
    found = []
    for (call_id, criterion), last in store.coaching.points(agent_id).items():
        own = [step for step in steps if (step.call_id, step.criterion) == (call_id, criterion)]
        figure = measured(store.moments, agent_id, own, least)
        found.append(
            Point(texts[criterion], call_id, last.stage, last.at, figure.before, figure.after, figure.change)
        )
    return tuple(sorted(found, key=lambda point: point.at, reverse=True))


def _others(figures: AgentFigures, texts: Guide) -> tuple[tuple[CriterionGuide, Figure], ...]:
    """Every criterion that was decided at least once."""
    each = ((texts[name], figures.criteria[name]) for name in _ordered(figures, texts))
    return tuple((text, figure) for text, figure in each if figure.share.of or figure.apart.of)


def _ordered(figures: AgentFigures, texts: Guide) -> list[str]:
    """The criteria in the rubric's order; those that no rubric has any more at the end."""
    order = {name: place for place, name in enumerate(texts.criteria)}
    return sorted(figures.criteria, key=lambda name: (order.get(name, len(order)), name))


def _since(last: date | None, settings: Settings) -> date | None:
    """The Monday that the last weeks begin with; None: no call has a date."""
    return week_of(last) - timedelta(weeks=settings.report_weeks - 1) if last else None


def _nobody(store: Store, agent_id: str) -> str:
    known = dict(store.listing.choices().agents)
    near = difflib.get_close_matches(agent_id, [*known, *known.values()], n=3)
    hint = (
        f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(sorted(known)[:10]) or 'none'}"
    )
    return f"no scored call is by agent {agent_id}; {hint}"
