"""What the JSON API says: the shapes of `/api`, made from the store's and the model's values."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from qa.model import Evidence, Finding, Outcome, Review, Role, Scorecard, Turn
from qa.review.names import Names
from qa.store import Comment, Listed


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
    turns: list[TurnShape]


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


class Problem(BaseModel):
    """What is wrong."""

    detail: str


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


def whole_shape(
    listed: Listed,
    counts: Scorecard,
    criteria: list[CriterionShape],
    reviews: tuple[Review, ...],
    comments: tuple[Comment, ...],
    turns: tuple[Turn, ...],
) -> CallWholeShape:
    """A call with all that belongs to it."""
    return CallWholeShape(
        call=call_shape(listed),
        points=counts.score.points,
        possible=counts.score.possible,
        coverage=counts.score.coverage,
        critical_failed=list(counts.score.critical_failed),
        criteria=criteria,
        reviews=[review_shape(review) for review in reviews],
        comments=[comment_shape(comment) for comment in comments],
        turns=[turn_shape(turn) for turn in turns],
    )


def _evidence(place: Evidence) -> EvidenceShape:
    return EvidenceShape(
        start=place.span.start,
        end=place.span.end,
        role=place.role,
        quote=place.quote,
        confidence=place.confidence,
    )
