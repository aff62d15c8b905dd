"""What a lead says about a call: reviews, comments, marks, "done with it". Nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, field_validator

from qa.errors import Conflict
from qa.model import Finding, Outcome, Review, Span
from qa.review.asking import TheDesk, TheScoredCall, TheStore, TheViewer
from qa.review.desk import Desk
from qa.review.names import Names
from qa.review.pages import show
from qa.store import Listed, Stage, Store

router = APIRouter()
LONGEST = 2000
"""Characters of a reason or comment."""


class Said(BaseModel):
    """A lead's word on a criterion."""

    criterion: str = Field(max_length=200)
    outcome: Outcome
    why: str = Field(default="", max_length=LONGEST)
    seen: int = Field(
        default=0, ge=0, le=1_000_000, description="version of the review that was shown; 0: none"
    )
    start: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="seconds; the moment it rests on, where the machine showed none",
    )

    @field_validator("start", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("outcome")
    @classmethod
    def _decided(cls, value: Outcome) -> Outcome:
        if value is Outcome.NEEDS_REVIEW:
            raise ValueError("a person decides: met, not_met or not_applicable")
        return value


@dataclass(frozen=True, slots=True)
class Faster:
    """Two leads on one criterion: both words, and the choice to send one's own again."""

    call: Listed
    machine: Finding
    theirs: Review
    mine: Said
    names: Names
    query: str
    template: str = "faster.html"


def decide(desk: Desk, store: Store, call: Listed, said: Said, who: str) -> Review:
    """Add the review. Raises `Conflict`, or `HTTPException` 422 saying what is missing."""
    card = store.scorecard(call.call_id)
    machine = next((f for f in card.findings if f.criterion == said.criterion), None)
    if machine is None:
        raise HTTPException(422, f"no such criterion: {said.criterion}")
    why = said.why.strip()
    if said.outcome is not machine.outcome and not why:
        raise HTTPException(422, "why")
    span = None
    if said.start is not None:
        if said.start > call.duration:
            raise HTTPException(422, f"the call is {call.duration:.0f} s long")
        span = Span(said.start, min(call.duration, said.start + 5.0))
    if said.outcome is Outcome.NOT_MET and not machine.evidence and span is None:
        raise HTTPException(422, "moment")
    words = Review(call.call_id, said.criterion, said.outcome, who, why, datetime.now(UTC), span)
    desk.with_words(store, card, {**store.reviews.standing(call.call_id), said.criterion: words})
    review = store.reviews.add(
        call.call_id, said.criterion, said.outcome, who=who, why=why, seen=said.seen, span=span
    )
    desk.changed(store, call.call_id)
    return review


@router.post("/review/{call_id:path}", name="review")
def review(
    request: Request,
    call: TheScoredCall,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    said: Annotated[Said, Form()],
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Confirm or overrule an outcome. 409 with both words where another lead was faster."""
    try:
        decide(desk, store, call, said, viewer.name)
    except Conflict:
        theirs = store.reviews.standing(call.call_id)[said.criterion]
        card = store.scorecard(call.call_id)
        machine = next(f for f in card.findings if f.criterion == said.criterion)
        return show(
            request, Faster(call, machine, theirs, said, desk.names(store, viewer.language), query), 409
        )
    store.people.note(
        viewer.name, "reviewed", call.call_id, f"{said.criterion}: {said.outcome}", viewer.address
    )
    return _back(call, query, f"f-{said.criterion}")


@router.post("/comment/{call_id:path}", name="comment")
def comment(
    call: TheScoredCall,
    store: TheStore,
    viewer: TheViewer,
    words: Annotated[str, Form(max_length=LONGEST)] = "",
    start: Annotated[str, Form(max_length=20)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Words about a moment, or about the whole call."""
    if not words.strip():
        raise HTTPException(422, "words")
    at = moment(start, call.duration)
    store.reviews.comment(call.call_id, words.strip(), viewer.name, at)
    store.people.note(viewer.name, "commented", call.call_id, address=viewer.address)
    return _back(call, query, "comments")


@router.post("/mark/{call_id:path}", name="mark")
def mark(
    call: TheScoredCall,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)],
    stage: Annotated[Stage, Form()] = Stage.MARKED,
    why: Annotated[str, Form(max_length=LONGEST)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Mark a criterion of this call as a point to work on, or take that back."""
    known = {finding.criterion for finding in store.scorecard(call.call_id).findings}
    if criterion not in known or call.agent_id is None or stage not in (Stage.MARKED, Stage.DROPPED):
        raise HTTPException(422, "no such criterion, or nobody knows whose call it is")
    store.coaching.add(call.call_id, criterion, call.agent_id, stage, why.strip(), viewer.name)
    store.people.note(viewer.name, f"coaching: {stage}", call.call_id, criterion, viewer.address)
    return _back(call, query, f"f-{criterion}")


@router.post("/handled/{call_id:path}", name="handled")
def handled(
    call: TheScoredCall,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    done: Annotated[bool, Form()] = True,
    next: Annotated[str, Form(max_length=1000)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Take a call off the queue and go on to the next one, or put it back."""
    store.reviews.handle(call.call_id, viewer.name, done=done)
    desk.changed(store, call.call_id)
    store.people.note(
        viewer.name, "done with" if done else "took up again", call.call_id, address=viewer.address
    )
    if done:
        to = f"/call/{quote(next, safe='')}" if next else "/queue"
        return RedirectResponse(to + _query(query), 303)
    return _back(call, query, "main")


def moment(text: str, duration: float) -> float | None:
    """Seconds, written as `63.5` or `1:03`; None for nothing. Raises 422."""
    if not text.strip():
        return None
    try:
        parts = [float(part) for part in text.strip().split(":")]
    except ValueError:
        raise HTTPException(422, "moment") from None
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + part
    if not 0 <= seconds <= duration + 1:
        raise HTTPException(422, "moment")
    return seconds


def _query(query: str) -> str:
    return query if query.startswith("?") else ""


def _back(call: Listed, query: str, anchor: str) -> Response:
    return RedirectResponse(f"/call/{quote(call.call_id, safe='')}{_query(query)}#{quote(anchor)}", 303)
