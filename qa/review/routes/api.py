"""The same as the pages, as JSON: /api, described by /api/openapi.json.

Sign in on the page first (the session cookie counts), or through the proxy; every POST carries the token of
/api/me in the header X-CSRF-Token.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from qa.review.asked import Asked
from qa.review.asking import TheDesk, TheScoredCall, TheStore, TheViewer
from qa.review.routes.decide import LONGEST, Said, decide
from qa.review.shapes import (
    CallWholeShape,
    CommentShape,
    CountsShape,
    ListShape,
    MeShape,
    Problem,
    ReviewShape,
    call_shape,
    comment_shape,
    criterion_shape,
    review_shape,
    whole_shape,
)

TROUBLES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 422, 503)
}
router = APIRouter(prefix="/api", responses=TROUBLES)


class Words(BaseModel):
    """A comment."""

    words: str = Field(min_length=1, max_length=LONGEST, pattern=r"\S")
    start: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="seconds; null: no moment"
    )


class Done(BaseModel):
    """Done with a call, or not any more."""

    done: bool


@router.get("/openapi.json", name="api_document", include_in_schema=False)
def document(request: Request) -> dict[str, Any]:
    """The OpenAPI document."""
    described: dict[str, Any] = request.app.openapi()
    return described


@router.get("/me", name="api_me")
def me(viewer: TheViewer) -> MeShape:
    """Who asks."""
    agent_id = viewer.user.agent_id if viewer.user else None
    return MeShape(
        name=viewer.name,
        role=viewer.who,
        agent_id=agent_id,
        language=viewer.language,
        csrf_token=viewer.token,
    )


@router.get("/counts", name="api_counts")
def counts(store: TheStore, viewer: TheViewer) -> CountsShape:
    """How many calls there are that the viewer may see."""
    found = store.listing.counts(viewer.sight)
    return CountsShape(all=found.calls, open=found.open, needs_review=found.review, handled=found.handled)


@router.get("/calls", name="api_calls")
def calls(store: TheStore, viewer: TheViewer, asked: Annotated[Asked, Query()]) -> ListShape:
    """Calls, newest day first and worst first in it. 422 for a search of one letter, unless it is a kanji."""
    if asked.too_short:
        raise HTTPException(422, "said: two letters at least")
    page = store.listing.page(asked.filter, viewer.sight, after=asked.place)
    hidden = store.calibration.hidden(viewer.name) if viewer.leads else {}
    return ListShape(
        count=page.count,
        next=f"{page.next.rank}.{page.next.id}" if page.next else None,
        calls=[call_shape(row, hidden=row.call_id in hidden) for row in page.rows],
    )


@router.get("/calls/{call_id:path}", name="api_call")
def call(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer) -> CallWholeShape:
    """A call with its scorecard and what was said."""
    machine, counted = store.scorecard(call.call_id), desk.counting(store, call.call_id)
    names = desk.names(store, viewer.language)
    standing = store.reviews.standing(call.call_id)
    criteria = [
        criterion_shape(
            ours,
            theirs,
            names,
            viewer.language,
            standing[ours.criterion].version if ours.criterion in standing else 0,
        )
        for ours, theirs in zip(counted.findings, machine.findings, strict=True)
    ]
    store.people.note(viewer.name, "saw", call.call_id, address=viewer.address)
    return whole_shape(
        call,
        counted,
        criteria,
        store.reviews.of(call.call_id),
        store.reviews.comments(call.call_id),
        store.conversation(call.call_id).turns,
    )


@router.post("/reviews/{call_id:path}", name="api_review", status_code=201)
def review(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Said) -> ReviewShape:
    """Confirm or overrule an outcome. 409 where somebody spoke since `seen`."""
    made = decide(desk, store, call, said, viewer.name)
    detail = f"{said.criterion}: {said.outcome}"
    store.people.note(viewer.name, "reviewed", call.call_id, detail, viewer.address)
    return review_shape(made)


@router.post("/comments/{call_id:path}", name="api_comment", status_code=201)
def comment(call: TheScoredCall, store: TheStore, viewer: TheViewer, said: Words) -> CommentShape:
    """Add words about a moment, or about the whole call."""
    made = store.reviews.comment(call.call_id, said.words.strip(), viewer.name, said.start)
    store.people.note(viewer.name, "commented", call.call_id, address=viewer.address)
    return comment_shape(made)


@router.post("/handled/{call_id:path}", name="api_handled", status_code=204)
def handled(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Done) -> None:
    """Take a call off the queue, or put it back."""
    store.reviews.handle(call.call_id, viewer.name, done=said.done)
    desk.changed(store, call.call_id)
    action = "done with" if said.done else "took up again"
    store.people.note(viewer.name, action, call.call_id, address=viewer.address)
