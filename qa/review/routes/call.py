"""A call: scorecard beside transcript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from qa.model import Conversation, Review, Scorecard
from qa.review.asking import TheCall, TheDesk, TheStore, TheViewer
from qa.review.pages import show
from qa.review.transcript import call_data
from qa.store import Comment, Listed

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page of one call."""

    call: Listed
    conversation: Conversation
    machine: Scorecard
    counts: Scorecard
    """With people's words taken in."""
    titles: Mapping[str, str]
    """Criterion → its title, in the viewer's language."""
    reviews: tuple[Review, ...]
    comments: tuple[Comment, ...]
    data: Mapping[str, Any]
    """For the player: `<script type="application/json" id="call-data">`."""
    template: str = "call.html"


@router.get("/call/{call_id:path}", name="call")
def call(request: Request, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """A call."""
    conversation, machine = store.conversation(call.call_id), store.scorecard(call.call_id)
    counts = desk.counting(store, call.call_id)
    file = desk.rubric(store, machine.receipt.rubric)
    store.people.note(viewer.name, "saw", call.call_id, address=viewer.address)
    return show(
        request,
        CallPage(
            call,
            conversation,
            machine,
            counts,
            {c.id: getattr(c.title, viewer.language) for c in file.criteria},
            store.reviews.of(call.call_id),
            store.reviews.comments(call.call_id),
            call_data(conversation, counts, viewer.language),
        ),
    )
