"""What an agent's report says: first what went well, then one thing to work on. Pure choices, no words.

A single call is noise: everything shown is a figure with its interval over the calls that count, and moments
to listen to. Nothing is chosen at random: the same calls give the same report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from qa.model import Message, Role
from qa.report.figures import AgentFigures, Figure
from qa.rubric import CriterionGuide, Guide, SaidWell
from qa.statistics import Change, Share
from qa.store.coaching import Goal, Stage
from qa.store.moments import Moment, Said, Stretch
from qa.store.refresh import APART

PRAISED = 3
"""Words of thanks that a report begins with, at most."""
WENT_WELL = 3
"""Criteria that went well which a report shows, at most."""
EXAMPLES = 1
"""Dialogues of the rubric that a report shows, at most."""
LIVELY = 12.0
"""Seconds; a longer place is no moment to listen to, it is a search."""


@dataclass(frozen=True, slots=True)
class Good:
    """A criterion that went well, with a moment to listen to."""

    guide: CriterionGuide
    figure: Figure
    moment: Moment


@dataclass(frozen=True, slots=True)
class Work:
    """The one thing to work on."""

    guide: CriterionGuide
    figure: Figure
    chosen: bool
    """The agent's own goal."""
    why: str
    """The agent's own words about the goal."""
    moment: Moment | None
    said: tuple[Said, ...]
    """What was said there."""
    language: str
    """Spoken there; where there is no moment, in most of their calls."""

    @property
    def pairs(self) -> tuple[tuple[Role, str], ...]:
        """Who said what there."""
        return tuple((each.role, each.text) for each in self.said)

    @property
    def could_say(self) -> tuple[SaidWell, ...]:
        """What could be said: dialogues of the rubric, in the language that they speak."""
        return self.guide.in_language(self.language)[:EXAMPLES]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of coaching: how far it has come, and what the calls since say."""

    guide: CriterionGuide
    call_id: str
    stage: Stage
    at: datetime
    before: Share
    after: Share
    change: Change | None
    """None: too few calls on either side."""

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The three stages of coaching, in order."""
        return (Stage.TOLD, Stage.UNDERSTOOD, Stage.CHANGED)


@dataclass(frozen=True, slots=True)
class AgentReport:
    """Everything that a report about one agent shows."""

    stretch: Stretch
    figures: AgentFigures
    praise: tuple[Moment, ...]
    good: tuple[Good, ...]
    work: Work | None
    points: tuple[Point, ...]
    others: tuple[tuple[CriterionGuide, Figure], ...]
    """Every criterion with a figure, in the rubric's order; empty where the agent sees only a goal."""
    advice_only: frozenset[str]
    """Criteria that people disagree with too often: shown, never counted against anybody."""
    least: int
    """Calls on either side below which no trend is said."""
    flags: Mapping[str, Message]
    """Flag → what it means, of the calls set apart."""

    @property
    def name(self) -> str:
        """What the agent is called."""
        return self.stretch.agent_name or self.stretch.agent_id

    @property
    def set_apart(self) -> tuple[tuple[str, int], ...]:
        """(flag, calls) of those that set calls apart."""
        return tuple((flag, calls) for flag, calls in self.stretch.apart.items() if flag in APART)


def praise(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """The thanks to begin with: at most one a call, the newest first."""
    first: dict[str, Moment] = {}
    for moment in moments:
        first.setdefault(moment.call_id, moment)
    return tuple(first.values())[:PRAISED]


def went_well(
    figures: AgentFigures, moments: Mapping[str, Sequence[Moment]], guide: Guide, without: Set[str]
) -> tuple[Good, ...]:
    """The criteria that are met most surely and that have something to listen to, each in another call.

    Most surely: by the lower end of the interval, then by points. `without`: criteria left out.
    """
    candidates = sorted(
        (figures.criteria[name] for name in moments if name in figures.criteria and name not in without),
        key=lambda f: (-_surely(f.share), -guide[f.criterion].points, f.criterion),
    )
    found: list[Good] = []
    heard: set[str] = set()
    for figure in candidates:
        best = _best(moments[figure.criterion], heard)
        if best is not None and figure.share.count and len(found) < WENT_WELL:
            heard.add(best.call_id)
            found.append(Good(guide[figure.criterion], figure, best))
    return tuple(found)


def to_work_on(
    figures: AgentFigures, guide: Guide, goal: Goal | None, showable: Set[str], without: Set[str]
) -> str | None:
    """The criterion to work on: the agent's goal, else the one that cost most points in all; None: nothing.

    `showable`: criteria with a moment that shows it; `without`: criteria that count against nobody.
    """
    if goal is not None:
        return goal.criterion
    costs = {
        name: guide[name].points * (figure.share.of - figure.share.count)
        for name, figure in figures.criteria.items()
        if name in showable and name not in without and not guide[name].bonus
    }
    order = {name: place for place, name in enumerate(guide.criteria)}
    return max(costs, key=lambda name: (costs[name], -order.get(name, len(order))), default=None)


def moment_of(moments: Sequence[Moment]) -> Moment | None:
    """The moment that shows best what to work on."""
    return _best(moments, set())


def _surely(share: Share) -> float:
    return share.interval.low if share.interval else 0.0


def _best(moments: Sequence[Moment], heard: Set[str]) -> Moment | None:
    """A moment with words, short enough, in a call not heard yet; of those the surest, then the newest."""

    def fitness(place: tuple[int, Moment]) -> tuple[object, ...]:
        number, moment = place
        long = moment.span.duration > LIVELY
        return (moment.call_id in heard, not moment.quote, long, -round(moment.confidence, 1), number)

    return min(enumerate(moments), key=fitness)[1] if moments else None
