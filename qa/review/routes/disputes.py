"""What agents say to their scorecards, what leads answer, and the stages of coaching. Only added to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from qa.report.coaching import measured
from qa.review.asking import TheCall, TheDesk, TheScoredCall, TheStore, TheViewer
from qa.review.names import Names
from qa.review.pages import show
from qa.review.routes.own import own_id
from qa.review.viewer import Viewer
from qa.statistics import Direction
from qa.store import Dispute, Listed, Settled, Stage, Step, Store

router = APIRouter()
LONGEST = 2000
"""Characters of what somebody says."""
MOVES = {
    Stage.TOLD: (Stage.MARKED, Stage.TOLD, Stage.UNDERSTOOD),
    Stage.UNDERSTOOD: (Stage.TOLD,),
    Stage.CHANGED: (Stage.TOLD, Stage.UNDERSTOOD),
}
"""Stage → the stages it can follow."""


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
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """An agent says that a finding of an own call is wrong. 409 while one is waiting."""
    agent_id = own_id(viewer)
    _known(store, call, criterion)
    store.disputes.add(call.call_id, criterion, agent_id, _said(words), viewer.name)
    store.people.note(viewer.name, "disputed", call.call_id, criterion, viewer.address)
    return _back(call.call_id, f"f-{criterion}")


@router.post("/answer/{number}", name="answer")
def answer(
    number: int,
    store: TheStore,
    viewer: TheViewer,
    outcome: Annotated[Settled, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """A lead answers. “Changed” needs a review since the dispute: the score must really have changed."""
    found = store.disputes.find(number, viewer.sight)
    if found is None:
        raise HTTPException(404)
    if outcome is Settled.CHANGED and not _changed(store, found):
        raise HTTPException(422, "overrule")
    store.disputes.answer(number, outcome, _said(words), viewer.name)
    detail = f"{found.criterion}: {outcome}"
    store.people.note(viewer.name, "answered a dispute", found.call_id, detail, viewer.address)
    return _back(found.call_id, f"f-{found.criterion}")


@router.post("/read/{call_id:path}", name="acknowledge")
def acknowledge(
    call: TheCall, store: TheStore, viewer: TheViewer, words: Annotated[str, Form(max_length=LONGEST)] = ""
) -> Response:
    """An agent has read the scorecard of an own call, and may say something to it."""
    store.disputes.acknowledge(call.call_id, own_id(viewer), words.strip(), viewer.name)
    store.people.note(viewer.name, "acknowledged", call.call_id, address=viewer.address)
    return _back(call.call_id, "read")


@router.post("/coaching/{call_id:path}", name="coaching")
def coaching(
    call: TheScoredCall,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)],
    stage: Annotated[Stage, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """The next stage of a point: a lead told it, the agent understood it, later calls show it changed."""
    steps = [step for step in store.coaching.of_call(call.call_id) if step.criterion == criterion]
    if call.agent_id is None or not steps or steps[-1].stage not in MOVES.get(stage, ()):
        raise HTTPException(422, "stage")
    _may(viewer, stage)
    said = _said(words) if stage is not Stage.CHANGED else words.strip()
    if stage is Stage.CHANGED and not _moved(desk.settings.trend_least, store, call.agent_id, steps):
        raise HTTPException(422, "not measured")
    store.coaching.add(call.call_id, criterion, call.agent_id, stage, said, viewer.name)
    store.people.note(viewer.name, f"coaching: {stage}", call.call_id, criterion, viewer.address)
    return _back(call.call_id, f"f-{criterion}")


def _may(viewer: Viewer, stage: Stage) -> None:
    """Leads tell and see the change; whether it was understood, only the agent can say."""
    if viewer.leads == (stage is Stage.UNDERSTOOD):
        raise HTTPException(403)


def _moved(least: int, store: Store, agent_id: str, steps: list[Step]) -> bool:
    change = measured(store.moments, agent_id, steps, least).change
    return change is not None and change.direction is Direction.UP


def _changed(store: Store, found: Dispute) -> bool:
    review = store.reviews.standing(found.call_id).get(found.criterion)
    return review is not None and review.when >= found.at and not review.agrees


def _known(store: Store, call: Listed, criterion: str) -> None:
    if criterion not in {finding.criterion for finding in store.scorecard(call.call_id).findings}:
        raise HTTPException(422, "no such criterion")


def _said(words: str) -> str:
    """What was said. Raises 422 for nothing."""
    if not words.strip():
        raise HTTPException(422, "words")
    return words.strip()


def _back(call_id: str, anchor: str) -> Response:
    return RedirectResponse(f"/call/{quote(call_id, safe='')}#{quote(anchor)}", 303)
