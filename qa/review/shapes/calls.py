"""Calls, their scorecards, and what leads decide."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from qa.model import Event, EventKind, Evidence, Finding, Outcome, Review, Role, Scorecard, Turn
from qa.review.names import Names
from qa.review.shapes.people import (
    AcknowledgementShape,
    DisputeShape,
    StepShape,
    acknowledgement_shape,
    dispute_shape,
    step_shape,
)
from qa.store import Comment, Listed, Store


class CallShape(BaseModel):
    """A call as lists show it."""

    id: str
    agent_id: str | None
    agent_name: str | None
    queue: str | None
    started_at: datetime | None
    language: str
    duration: float
    score: float | None
    """The score that counts."""
    machine_score: float | None
    not_met: list[str]
    needs_review: list[str]
    reviewed: int
    flags: list[str]
    open: bool
    handled: bool


class ListShape(BaseModel):
    """A page of calls."""

    count: int
    """Of all pages."""
    next: str | None
    """`after` of the next page."""
    calls: list[CallShape]


class EvidenceShape(BaseModel):
    """A place in the audio; seconds."""

    start: float
    end: float
    role: Role
    quote: str
    confidence: float


class ReviewShape(BaseModel):
    """A person's word."""

    criterion: str
    outcome: Outcome
    machine: Outcome | None
    who: str
    why: str
    when: datetime
    version: int


class CriterionShape(BaseModel):
    """A criterion of a call."""

    id: str
    title: str
    section: str
    outcome: Outcome
    """The one that counts."""
    machine: Outcome
    points: float
    possible: float
    reason: str
    evidence: list[EvidenceShape]
    version: int
    """Of the last review, to be sent back as `seen`; 0: none."""


class TurnShape(BaseModel):
    """A turn; seconds."""

    role: Role
    start: float
    end: float
    text: str


class EventShape(BaseModel):
    """Something that happened between the parties; seconds."""

    kind: EventKind
    start: float
    end: float
    by: Role | None
    confirmed: bool
    """Two independent signals agree."""


class CommentShape(BaseModel):
    """Words about a call."""

    start: float | None
    words: str
    who: str
    at: datetime


class CallWholeShape(BaseModel):
    """A call with its scorecard and what was said."""

    call: CallShape
    points: float
    possible: float
    coverage: float | None
    critical_failed: list[str]
    criteria: list[CriterionShape]
    reviews: list[ReviewShape]
    comments: list[CommentShape]
    disputes: list[DisputeShape]
    coaching: list[StepShape]
    """Every step of every point of this call, oldest first."""
    acknowledgements: list[AcknowledgementShape]
    turns: list[TurnShape]
    events: list[EventShape]


class CountsShape(BaseModel):
    """How many calls there are."""

    all: int
    open: int
    needs_review: int
    handled: int


class MeShape(BaseModel):
    """Who asks."""

    name: str
    role: str
    agent_id: str | None
    language: str
    csrf_token: str
    """For the header X-CSRF-Token of every POST."""


def call_shape(listed: Listed, *, hidden: bool = False) -> CallShape:
    """A listed call; `hidden`: still to be scored blindly by whoever asks."""
    return CallShape(
        id=listed.call_id,
        agent_id=listed.agent_id,
        agent_name=listed.agent_name,
        queue=listed.queue,
        started_at=listed.started_at,
        language=listed.language,
        duration=listed.duration,
        score=None if hidden else listed.score,
        machine_score=None if hidden else listed.machine_score,
        not_met=[] if hidden else list(listed.not_met_criteria),
        needs_review=[] if hidden else list(listed.open_criteria),
        reviewed=listed.reviewed,
        flags=[] if hidden else list(listed.flags),
        open=listed.open,
        handled=listed.handled,
    )


def review_shape(review: Review) -> ReviewShape:
    """A review."""
    return ReviewShape(
        criterion=review.criterion,
        outcome=review.outcome,
        machine=review.machine,
        who=review.who,
        why=review.why,
        when=review.when,
        version=review.version,
    )


def comment_shape(comment: Comment) -> CommentShape:
    """A comment."""
    return CommentShape(start=comment.start, words=comment.words, who=comment.who, at=comment.at)


def criterion_shape(
    counts: Finding, machine: Finding, names: Names, language: str, version: int
) -> CriterionShape:
    """A criterion, as it counts and as the machine had it."""
    return CriterionShape(
        id=counts.criterion,
        title=names.criterion(counts.criterion),
        section=names.section(counts.section),
        outcome=counts.outcome,
        machine=machine.outcome,
        points=counts.points,
        possible=counts.possible,
        reason=machine.reason.text(language),
        evidence=[_evidence(place) for place in counts.evidence],
        version=version,
    )


def turn_shape(turn: Turn) -> TurnShape:
    """A turn."""
    return TurnShape(role=turn.role, start=turn.span.start, end=turn.span.end, text=turn.text)


def event_shape(event: Event) -> EventShape:
    """An event."""
    return EventShape(
        kind=event.kind,
        start=event.span.start,
        end=event.span.end,
        by=event.by,
        confirmed=event.confirmed,
    )


def whole_shape(
    store: Store, listed: Listed, counts: Scorecard, criteria: list[CriterionShape]
) -> CallWholeShape:
    """A call with all that belongs to it."""
    call_id = listed.call_id
    conversation = store.conversation(call_id)
    return CallWholeShape(
        call=call_shape(listed),
        points=counts.score.points,
        possible=counts.score.possible,
        coverage=counts.score.coverage,
        critical_failed=list(counts.score.critical_failed),
        criteria=criteria,
        reviews=[review_shape(review) for review in store.reviews.of(call_id)],
        comments=[comment_shape(comment) for comment in store.reviews.comments(call_id)],
        disputes=[dispute_shape(each) for each in store.disputes.of_call(call_id)],
        coaching=[step_shape(step) for step in store.coaching.of_call(call_id)],
        acknowledgements=[acknowledgement_shape(each) for each in store.disputes.acknowledgements(call_id)],
        turns=[turn_shape(turn) for turn in conversation.turns],
        events=[event_shape(event) for event in conversation.events],
    )


def _evidence(place: Evidence) -> EvidenceShape:
    return EvidenceShape(
        start=place.span.start,
        end=place.span.end,
        role=place.role,
        quote=place.quote,
        confidence=place.confidence,
    )
