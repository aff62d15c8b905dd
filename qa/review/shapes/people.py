"""What agents and leads say to each other, and the audit log."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from qa.report.coaching import Measured
from qa.review.names import Names
from qa.review.shapes.figures import ChangeShape, ShareShape, change_shape, share_shape
from qa.store import Acknowledgement, Dispute, Goal, Settled, Stage, Step
from qa.store.people import Line


class AnswerShape(BaseModel):
    """A lead's answer."""

    outcome: Settled
    words: str
    who: str
    at: datetime


class DisputeShape(BaseModel):
    """An agent says that a finding is wrong."""

    id: int
    call_id: str
    criterion: str
    agent_id: str
    words: str
    who: str
    at: datetime
    answer: AnswerShape | None
    """Null: it is waiting for one."""


class DisputesShape(BaseModel):
    """Disagreements, newest first."""

    count: int
    """Of all that were asked for."""
    next: int | None
    """`before` of the next page."""
    disputes: list[DisputeShape]


class AcknowledgementShape(BaseModel):
    """An agent has read the scorecard of a call."""

    call_id: str
    agent_id: str
    words: str
    """Their answer; may be empty."""
    who: str
    at: datetime


class StepShape(BaseModel):
    """A step of a point to work on."""

    call_id: str
    criterion: str
    agent_id: str
    stage: Stage
    words: str
    who: str
    at: datetime


class MeasuredShape(BaseModel):
    """How often the criterion was met before the point was told, and since."""

    since: datetime
    before: ShareShape
    after: ShareShape
    change: ChangeShape | None
    """Null: too few calls on either side."""


class PointShape(BaseModel):
    """A point to work on: a criterion in a call."""

    call_id: str
    criterion: str
    title: str
    agent_id: str
    stage: Stage
    steps: list[StepShape]
    """Oldest first; the last one is where it stands."""
    measured: MeasuredShape


class PointsShape(BaseModel):
    """Points to work on, the last moved first."""

    count: int
    """Of all that were asked for."""
    next: int | None
    """`skip` of the next page."""
    points: list[PointShape]


class GoalShape(BaseModel):
    """What an agent chose to work on."""

    criterion: str
    title: str
    words: str
    who: str
    at: datetime


class GoalsShape(BaseModel):
    """The goal, and what can be chosen."""

    goal: GoalShape | None
    criteria: dict[str, str]
    """Criterion → title."""


class LineShape(BaseModel):
    """A line of the audit log."""

    id: int
    at: datetime
    who: str
    action: str
    call_id: str | None
    detail: str
    address: str


class LogShape(BaseModel):
    """Lines of the audit log, newest first."""

    next: int | None
    """`before` of the next page."""
    lines: list[LineShape]


def dispute_shape(dispute: Dispute) -> DisputeShape:
    """A disagreement with its answer."""
    return DisputeShape.model_validate(dispute, from_attributes=True)


def acknowledgement_shape(read: Acknowledgement) -> AcknowledgementShape:
    """Read by the agent."""
    return AcknowledgementShape.model_validate(read, from_attributes=True)


def step_shape(step: Step) -> StepShape:
    """A step."""
    return StepShape.model_validate(step, from_attributes=True)


def point_shape(steps: tuple[Step, ...], found: Measured, names: Names) -> PointShape:
    """A point (its steps, oldest first) and what the calls since say of it."""
    last = steps[-1]
    return PointShape(
        call_id=last.call_id,
        criterion=last.criterion,
        title=names.criterion(last.criterion),
        agent_id=last.agent_id,
        stage=last.stage,
        steps=[step_shape(step) for step in steps],
        measured=MeasuredShape(
            since=found.since,
            before=share_shape(found.before),
            after=share_shape(found.after),
            change=change_shape(found.change),
        ),
    )


def goal_shape(goal: Goal, names: Names) -> GoalShape:
    """A goal."""
    return GoalShape(
        criterion=goal.criterion,
        title=names.criterion(goal.criterion),
        words=goal.words,
        who=goal.who,
        at=goal.at,
    )


def line_shape(line: Line) -> LineShape:
    """A line."""
    return LineShape.model_validate(line, from_attributes=True)
