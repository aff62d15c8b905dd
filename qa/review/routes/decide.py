"""The forms of a lead on the page of a call: reviews, comments, marks, "done with it"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from qa.errors import Conflict
from qa.model import Finding, Review
from qa.review.asking import TheDesk, TheScoredCall, TheStore, TheViewer
from qa.review.deeds import coaching, reviews
from qa.review.deeds.reviews import Said
from qa.review.deeds.words import LONGEST
from qa.review.names import Names
from qa.review.pages import show
from qa.store import Listed, Stage

router = APIRouter()


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
        reviews.decide(desk, store, viewer, call, said)
    except Conflict:
        theirs = store.reviews.standing(call.call_id)[said.criterion]
        card = store.scorecard(call.call_id)
        machine = next(f for f in card.findings if f.criterion == said.criterion)
        return show(
            request, Faster(call, machine, theirs, said, desk.names(store, viewer.language), query), 409
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
    reviews.comment(store, viewer, call, words, moment(start, call.duration))
    return _back(call, query, "comments")


@router.post("/mark/{call_id:path}", name="mark")
def mark(
    call: TheScoredCall,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)],
    stage: Annotated[Literal[Stage.MARKED, Stage.DROPPED], Form()] = Stage.MARKED,
    why: Annotated[str, Form(max_length=LONGEST)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Mark a criterion of this call as a point to work on, or take that back."""
    coaching.mark(store, viewer, call, criterion, why, dropped=stage is Stage.DROPPED)
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
    reviews.handle(desk, store, viewer, call, done=done)
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
