"""What a lead says about a call: reviews of criteria, comments, "done with it". Nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import HTTPException
from pydantic import BaseModel, Field, field_validator

from qa.model import Outcome, Review, Span
from qa.review.deeds.words import LONGEST, said
from qa.review.desk import Desk
from qa.review.viewer import Viewer
from qa.store import Comment, Listed, Store

PLACE = 5.0
"""Seconds of the call that a moment which a person names stands for."""


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


def decide(desk: Desk, store: Store, viewer: Viewer, call: Listed, word: Said) -> Review:
    """Confirm or overrule an outcome. Raises `Conflict` where another lead was faster."""
    card = store.scorecard(call.call_id)
    machine = next((f for f in card.findings if f.criterion == word.criterion), None)
    if machine is None:
        raise HTTPException(422, f"no such criterion: {word.criterion}")
    why, span = word.why.strip(), _place(call, word)
    if word.outcome is not machine.outcome and not why:
        raise HTTPException(422, "why")
    if word.outcome is Outcome.NOT_MET and not machine.evidence and span is None:
        raise HTTPException(422, "moment")
    tried = Review(call.call_id, word.criterion, word.outcome, viewer.name, why, datetime.now(UTC), span)
    desk.with_words(store, card, {**store.reviews.standing(call.call_id), word.criterion: tried})
    review = store.reviews.add(
        call.call_id, word.criterion, word.outcome, who=viewer.name, why=why, seen=word.seen, span=span
    )
    desk.changed(store, call.call_id)
    detail = f"{word.criterion}: {word.outcome}"
    store.people.note(viewer.name, "reviewed", call.call_id, detail, viewer.address)
    return review


def comment(store: Store, viewer: Viewer, call: Listed, words: str, start: float | None) -> Comment:
    """Words about a moment (seconds), or about the whole call."""
    if start is not None and start > call.duration + 1:
        raise HTTPException(422, "moment")
    made = store.reviews.comment(call.call_id, said(words), viewer.name, start)
    store.people.note(viewer.name, "commented", call.call_id, address=viewer.address)
    return made


def handle(desk: Desk, store: Store, viewer: Viewer, call: Listed, *, done: bool) -> None:
    """Take a call off the queue, or put it back."""
    store.reviews.handle(call.call_id, viewer.name, done=done)
    desk.changed(store, call.call_id)
    action = "done with" if done else "took up again"
    store.people.note(viewer.name, action, call.call_id, address=viewer.address)


def _place(call: Listed, word: Said) -> Span | None:
    if word.start is None:
        return None
    if word.start > call.duration:
        raise HTTPException(422, f"the call is {call.duration:.0f} s long")
    return Span(word.start, min(call.duration, word.start + PLACE))
