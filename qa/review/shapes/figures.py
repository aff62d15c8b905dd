"""The numbers of reports, of the team and of trust: what `qa.report.plain` writes, typed."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from qa.model import Role
from qa.report.plain import change_json, share_json
from qa.statistics import Change, Direction, Share, Standing
from qa.store import Stage

Interval = tuple[float, float]
"""Of 95 %: low, high."""


class ShareShape(BaseModel):
    """So many of so many."""

    count: int
    of: int
    interval: Interval | None


class WeekShareShape(ShareShape):
    """Of a week."""

    monday: date


class MeanShape(BaseModel):
    """A mean score."""

    mean: float | None
    calls: int
    interval: Interval | None


class WeekMeanShape(MeanShape):
    """Of a week."""

    monday: date


class ChangeShape(BaseModel):
    """A change: the later half less the earlier one."""

    amount: float
    interval: Interval | None
    direction: Direction
    before: int
    """Calls."""
    after: int


class FigureShape(BaseModel):
    """A criterion."""

    met: ShareShape
    change: ChangeShape | None
    """Null: too few calls."""
    set_apart: ShareShape
    """Calls with poor audio, harassment, in a busy hour: not averaged in."""
    undecided: int
    weeks: list[WeekShareShape]


class ScoreShape(MeanShape):
    """The score."""

    change: ChangeShape | None
    set_apart: MeanShape
    weeks: list[WeekMeanShape]


class FiguresShape(BaseModel):
    """Calls, score and criteria of one agent, or of everybody."""

    calls: int
    set_apart: int
    score: ScoreShape
    criteria: dict[str, FigureShape]


class OwnFiguresShape(FiguresShape):
    """Of the agent who asks."""

    agent_id: str


class AgentFiguresShape(OwnFiguresShape):
    """Of an agent of the team."""

    agent_name: str | None


class TeamShape(BaseModel):
    """The team."""

    first: date | None
    last: date | None
    advice_only: list[str]
    """Criteria whose points count for nobody."""
    everybody: FiguresShape
    agents: list[AgentFiguresShape]


class TrustShape(BaseModel):
    """How far a criterion is to be trusted."""

    standing: Standing
    agreed: ShareShape
    blind: ShareShape
    """In blind sets."""
    kappa: float | None
    machine_abstained: int
    drift: ChangeShape | None
    weeks: list[WeekShareShape]


class TrustsShape(BaseModel):
    """Every criterion that people spoke on."""

    criteria: dict[str, TrustShape]


class MomentShape(BaseModel):
    """A moment of a call; seconds."""

    call_id: str
    start: float
    end: float
    role: Role
    quote: str
    sentence: str
    reason: str


class WordsShape(BaseModel):
    """Something said."""

    role: Role
    text: str


class GoodShape(BaseModel):
    """A criterion that goes well."""

    criterion: str
    met: ShareShape
    moment: MomentShape


class WorkShape(BaseModel):
    """The one thing to work on."""

    criterion: str
    title: str
    own_goal: bool
    """They chose it themselves."""
    met: ShareShape
    change: ChangeShape | None
    moment: MomentShape | None
    said: list[WordsShape]
    could_say: list[list[WordsShape]]
    """Dialogues of the rubric that meet it."""


class CoachedShape(BaseModel):
    """A point of coaching and what came of it."""

    criterion: str
    call_id: str
    stage: Stage
    at: datetime
    before: ShareShape
    after: ShareShape
    change: ChangeShape | None


class ReportShape(AgentFiguresShape):
    """An agent's report; sentences in the viewer's language."""

    first: date | None
    last: date | None
    praise: list[MomentShape]
    went_well: list[GoodShape]
    work_on: WorkShape | None
    coaching: list[CoachedShape]
    advice_only: list[str]
    set_apart_by_flag: dict[str, int]


def share_shape(share: Share) -> ShareShape:
    """A share."""
    return ShareShape.model_validate(share_json(share))


def change_shape(change: Change | None) -> ChangeShape | None:
    """A change."""
    return None if change is None else ChangeShape.model_validate(change_json(change))
