"""The pages of calibration: sets, a call to be scored blindly, and both outcomes side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from qa.model import Conversation, Finding, Outcome
from qa.review.asking import Number, TheCall, TheDesk, TheStore, TheViewer
from qa.review.deeds import calibration as deeds
from qa.review.deeds.calibration import MOST, OUTCOMES, Agreement, Beside
from qa.review.deeds.words import LONGEST
from qa.review.names import Names
from qa.review.pages import show
from qa.review.routes.sound import trouble_with
from qa.review.transcript import call_data
from qa.store import BlindSet, Listed

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Sets:
    """Every blind set."""

    sets: tuple[BlindSet, ...]
    most: int = MOST
    problem: str = ""
    template: str = "calibration.html"


@dataclass(frozen=True, slots=True)
class OneSet:
    """A blind set: its calls, and how far people and machine agree on those that were scored."""

    set: BlindSet
    agreements: tuple[Agreement, ...]
    """Over the calls that the viewer has scored."""
    names: Names
    template: str = "calibration_set.html"


@dataclass(frozen=True, slots=True)
class Blind:
    """A call to be scored blindly."""

    set: BlindSet
    call: Listed
    conversation: Conversation
    criteria: tuple[Finding, ...]
    """Only what they are about is shown."""
    names: Names
    data: Mapping[str, Any]
    silent: str
    """Why it cannot be heard; empty: it can."""
    outcomes: tuple[Outcome, ...] = OUTCOMES
    template: str = "blind.html"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A call that the viewer has scored: all outcomes side by side."""

    set: BlindSet
    call: Listed
    rows: tuple[Beside, ...]
    people: tuple[str, ...]
    names: Names
    template: str = "side_by_side.html"


@router.get("/calibration", name="calibration")
def calibration(request: Request, store: TheStore) -> Response:
    """Every blind set, and a form for a new one."""
    return show(request, Sets(store.calibration.sets()))


@router.post("/calibration", name="calibration_begin")
def begin(
    request: Request,
    store: TheStore,
    viewer: TheViewer,
    title: Annotated[str, Form(max_length=100)] = "",
    count: Annotated[int, Form(ge=1, le=MOST)] = 5,
    spoken: Annotated[Literal["", "ja", "en"], Form()] = "",
) -> Response:
    """A new set of calls drawn at random."""
    made = deeds.begin(store, viewer, title, count, spoken or None)
    if made is None:
        return show(request, Sets(store.calibration.sets(), problem="none"), 422)
    return RedirectResponse(f"/calibration/{made.id}", 303)


@router.get("/calibration/{number}", name="calibration_set")
def one_set(request: Request, number: Number, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """A set: what is left to score, and how far people and machine agree so far."""
    chosen = deeds.set_of(store, number)
    agreements = deeds.agreements(deeds.seen(store, viewer, chosen))
    return show(request, OneSet(chosen, agreements, desk.names(store, viewer.language)))


@router.get("/calibration/{number}/{call_id:path}", name="blind")
def blind(
    request: Request, number: Number, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer
) -> Response:
    """Score a call without seeing the machine's outcomes; once that is done, see both."""
    chosen = deeds.set_of(store, number, call.call_id)
    names = desk.names(store, viewer.language)
    scores = [score for score in deeds.seen(store, viewer, chosen) if score.call_id == call.call_id]
    if scores:
        return show(request, SideBySide(chosen, call, deeds.beside(scores), deeds.people(scores), names))
    conversation, card = store.conversation(call.call_id), store.scorecard(call.call_id)
    data = call_data(conversation, card, viewer.language) | {"evidence": []}
    silent = trouble_with(desk, store, viewer, call)
    return show(request, Blind(chosen, call, conversation, card.findings, names, data, silent))


@router.post("/calibration/{number}/{call_id:path}", name="blind_give")
async def give(
    request: Request, number: Number, call: TheCall, store: TheStore, viewer: TheViewer
) -> Response:
    """The viewer's outcomes: one field `outcome:CRITERION` each, `why:CRITERION` beside it."""
    form = await request.form()
    given = dict[str, tuple[Outcome, str]]()
    for field, value in form.items():
        criterion = field.removeprefix("outcome:")
        if criterion != field and value in OUTCOMES:
            why = str(form.get(f"why:{criterion}", ""))[:LONGEST]
            given[criterion] = (Outcome(str(value)), why)
    deeds.give(store, viewer, number, call, given)
    return RedirectResponse(request.url.path, 303)
