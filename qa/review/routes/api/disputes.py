"""Disagreements with findings, their answers, and "I have read this": `/api`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from qa.review.asking import Number, TheAgent, TheCall, TheStore, TheViewer
from qa.review.deeds import disputes as deeds
from qa.review.routes.api.router import Criterion, MaybeWords, Words, api
from qa.review.shapes.people import (
    AcknowledgementShape,
    DisputeShape,
    DisputesShape,
    acknowledgement_shape,
    dispute_shape,
)
from qa.store import Settled

router = api()
SIZE = 200
"""Disagreements on a page."""


class Wrong(BaseModel):
    """A finding, and what is wrong with it."""

    criterion: Criterion
    words: Words


class Answered(BaseModel):
    """What it came to, and why."""

    outcome: Settled
    words: Words


class Read(BaseModel):
    """Read, with or without words."""

    words: MaybeWords = ""


@router.get("/disputes", name="api_disputes")
def disputes(
    store: TheStore,
    viewer: TheViewer,
    waiting: Annotated[bool | None, Query(description="without an answer yet; null: all")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="`next` of the page before")] = None,
) -> DisputesShape:
    """Disagreements, newest first: an agent's own, or everybody's for a lead."""
    asked = [d for d in store.disputes.all(viewer.sight) if waiting in (None, d.answer is None)][::-1]
    found = [each for each in asked if before is None or each.id < before]
    return DisputesShape(
        count=len(asked),
        next=found[SIZE - 1].id if len(found) > SIZE else None,
        disputes=[dispute_shape(each) for each in found[:SIZE]],
    )


@router.post("/disputes/{call_id:path}", name="api_dispute", status_code=201)
def dispute(
    call: TheCall, agent_id: TheAgent, store: TheStore, viewer: TheViewer, said: Wrong
) -> DisputeShape:
    """An agent disagrees with a finding of an own call. 409 while one is waiting."""
    return dispute_shape(deeds.dispute(store, viewer, agent_id, call, said.criterion, said.words))


@router.post("/answers/{number}", name="api_answer", status_code=201)
def answer(number: Number, store: TheStore, viewer: TheViewer, said: Answered) -> DisputeShape:
    """A lead answers. 422 for `changed` where nothing was overruled since; 409 where it has an answer."""
    return dispute_shape(deeds.answer(store, viewer, number, said.outcome, said.words))


@router.post("/acknowledgements/{call_id:path}", name="api_acknowledge", status_code=201)
def acknowledge(
    call: TheCall, agent_id: TheAgent, store: TheStore, viewer: TheViewer, said: Read
) -> AcknowledgementShape:
    """An agent has read the scorecard of an own call, and may say something to it."""
    return acknowledgement_shape(deeds.acknowledge(store, viewer, agent_id, call, said.words))
