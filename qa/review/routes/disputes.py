"""The list of disagreements; the forms on the page of a call: disagree, answer, read, stages of coaching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from qa.review.asking import Number, TheAgent, TheCall, TheDesk, TheScoredCall, TheStore, TheViewer
from qa.review.deeds import coaching as points
from qa.review.deeds import disputes as deeds
from qa.review.deeds.words import LONGEST
from qa.review.names import Names
from qa.review.pages import show
from qa.store import Dispute, Settled, Stage

router = APIRouter()
Text = Annotated[str, Form(max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Disputes:
    """The list of disputes."""

    waiting: tuple[Dispute, ...]
    """Oldest first."""
    answered: tuple[Dispute, ...]
    """Newest first."""
    names: Names
    template: str = "disputes.html"


@router.get("/disputes", name="disputes")
def disputes(request: Request, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """What waits for an answer, and what was answered. Agents see their own."""
    waiting = store.disputes.waiting(viewer.sight)
    answered = [each for each in store.disputes.all(viewer.sight) if each.answer]
    shown = Disputes(waiting, tuple(answered[::-1][:200]), desk.names(store, viewer.language))
    return show(request, shown)


@router.post("/dispute/{call_id:path}", name="dispute")
def dispute(
    call: TheCall,
    agent_id: TheAgent,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)],
    words: Text = "",
) -> Response:
    """An agent says that a finding of an own call is wrong. 409 while one is waiting."""
    deeds.dispute(store, viewer, agent_id, call, criterion, words)
    return _back(call.call_id, f"f-{criterion}")


@router.post("/answer/{number}", name="answer")
def answer(
    number: Number,
    store: TheStore,
    viewer: TheViewer,
    outcome: Annotated[Settled, Form()],
    words: Text = "",
) -> Response:
    """A lead answers."""
    found = deeds.answer(store, viewer, number, outcome, words)
    return _back(found.call_id, f"f-{found.criterion}")


@router.post("/read/{call_id:path}", name="acknowledge")
def acknowledge(
    call: TheCall, agent_id: TheAgent, store: TheStore, viewer: TheViewer, words: Text = ""
) -> Response:
    """An agent has read the scorecard of an own call, and may say something to it."""
    deeds.acknowledge(store, viewer, agent_id, call, words)
    return _back(call.call_id, "read")


@router.post("/coaching/{call_id:path}", name="coaching")
def coaching(
    call: TheScoredCall,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)],
    stage: Annotated[Stage, Form()],
    words: Text = "",
) -> Response:
    """The next stage of a point."""
    points.move(desk, store, viewer, call, criterion, stage, words)
    return _back(call.call_id, f"f-{criterion}")


def _back(call_id: str, anchor: str) -> Response:
    return RedirectResponse(f"/call/{quote(call_id, safe='')}#{quote(anchor)}", 303)
