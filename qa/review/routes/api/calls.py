"""Who asks, the lists of calls, and a call: `/api`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import HTTPException, Query, Request

from qa.review.asked import Asked
from qa.review.asking import TheDesk, TheHidden, TheScoredCall, TheStore, TheViewer
from qa.review.routes.api.router import api
from qa.review.shapes.calls import (
    CallWholeShape,
    CountsShape,
    ListShape,
    MeShape,
    call_shape,
    criterion_shape,
    whole_shape,
)

router = api()


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
def calls(
    store: TheStore, viewer: TheViewer, hidden: TheHidden, asked: Annotated[Asked, Query()]
) -> ListShape:
    """Calls, newest day first and worst first in it. 422 for a search of one letter, unless it is a kanji.

    Calls that the lead still has to score blindly are listed without their scores, and left out where a
    score, an outcome or a flag is asked for.
    """
    if asked.too_short:
        raise HTTPException(422, "said: two letters at least")
    page = store.listing.page(asked.blindly(hidden), viewer.sight, after=asked.place)
    return ListShape(
        count=page.count,
        next=f"{page.next.rank}.{page.next.id}" if page.next else None,
        calls=[call_shape(row, hidden=row.call_id in hidden) for row in page.rows],
    )


@router.get("/calls/{call_id:path}", name="api_call")
def call(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer) -> CallWholeShape:
    """A call with its scorecard, what was said in it, and what people said to it."""
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
    return whole_shape(store, call, counted, criteria)
