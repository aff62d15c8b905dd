"""Calibration: a lead scores calls without seeing the machine's scores, then both stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from qa.model import Conversation, Finding, Outcome
from qa.review.asking import TheCall, TheDesk, TheStore, TheViewer
from qa.review.names import Names
from qa.review.pages import show
from qa.review.routes.sound import trouble_with
from qa.review.transcript import call_data
from qa.store import BlindScore, BlindSet, Listed, Store

router = APIRouter()
MOST = 50
"""Calls of a set."""
OUTCOMES = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Sets:
    """Every blind set."""

    sets: tuple[BlindSet, ...]
    most: int = MOST
    problem: str = ""
    template: str = "calibration.html"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people and the machine said the same on a criterion."""

    criterion: str
    same: int
    count: int
    """Outcomes compared; what the machine left open is not one."""


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
class Beside:
    """A criterion, by each person and by the machine."""

    criterion: str
    machine: Outcome
    people: Mapping[str, BlindScore]
    """Who → what they said."""

    @property
    def differs(self) -> bool:
        """True if people and machine did not all say the same; what the machine left open is no word."""
        said = {score.outcome for score in self.people.values()}
        return len(said | {self.machine} - {Outcome.NEEDS_REVIEW}) > 1


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
    calls = store.calibration.draw(count, spoken or None)
    if not calls:
        return show(request, Sets(store.calibration.sets(), problem="none"), 422)
    number = store.calibration.begin(title.strip() or viewer.name, calls, viewer.name)
    store.people.note(viewer.name, "began a blind set", detail=str(number), address=viewer.address)
    return RedirectResponse(f"/calibration/{number}", 303)


@router.get("/calibration/{number}", name="calibration_set")
def one_set(request: Request, number: int, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """A set: what is left to score, and how far people and machine agree so far."""
    chosen = _set(store, number)
    own = {call for call, names in chosen.scored.items() if viewer.name in names}
    seen = [score for score in store.calibration.scores(number) if score.call_id in own]
    return show(request, OneSet(chosen, agreements(seen), desk.names(store, viewer.language)))


@router.get("/calibration/{number}/{call_id:path}", name="blind")
def blind(
    request: Request, number: int, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer
) -> Response:
    """Score a call without seeing the machine's outcomes; once that is done, see both."""
    chosen = _set(store, number, call.call_id)
    names = desk.names(store, viewer.language)
    scores = [score for score in store.calibration.scores(number) if score.call_id == call.call_id]
    if any(score.who == viewer.name for score in scores):
        return show(request, SideBySide(chosen, call, beside(scores), people(scores), names))
    conversation, card = store.conversation(call.call_id), store.scorecard(call.call_id)
    data = call_data(conversation, card, viewer.language) | {"evidence": []}
    silent = trouble_with(desk, store, viewer, call)
    return show(request, Blind(chosen, call, conversation, card.findings, names, data, silent))


@router.post("/calibration/{number}/{call_id:path}", name="blind_give")
async def give(request: Request, number: int, call: TheCall, store: TheStore, viewer: TheViewer) -> Response:
    """The viewer's outcomes: one field `outcome:CRITERION` each, `why:CRITERION` beside it."""
    chosen = _set(store, number, call.call_id)
    form = await request.form()
    given = dict[str, tuple[Outcome, str]]()
    for finding in store.scorecard(call.call_id).findings:
        said = str(form.get(f"outcome:{finding.criterion}", ""))
        if said in OUTCOMES:
            given[finding.criterion] = (Outcome(said), str(form.get(f"why:{finding.criterion}", ""))[:2000])
    if not given:
        raise HTTPException(422, "nothing")
    store.calibration.give(number, call.call_id, given, viewer.name)
    store.people.note(viewer.name, "scored blindly", call.call_id, str(chosen.id), viewer.address)
    return RedirectResponse(request.url.path, 303)


def agreements(scores: Sequence[BlindScore]) -> tuple[Agreement, ...]:
    """By criterion, least agreement first."""
    found: dict[str, list[bool]] = {}
    for score in scores:
        if score.machine is not Outcome.NEEDS_REVIEW:
            found.setdefault(score.criterion, []).append(score.outcome is score.machine)
    rows = [Agreement(criterion, sum(same), len(same)) for criterion, same in found.items()]
    return tuple(sorted(rows, key=lambda row: (row.same / row.count, -row.count)))


def beside(scores: Sequence[BlindScore]) -> tuple[Beside, ...]:
    """One row a criterion, in the order in which they were scored."""
    criteria = dict.fromkeys(score.criterion for score in scores)
    return tuple(
        Beside(
            criterion,
            next(s.machine for s in scores if s.criterion == criterion),
            {s.who: s for s in scores if s.criterion == criterion},
        )
        for criterion in criteria
    )


def people(scores: Sequence[BlindScore]) -> tuple[str, ...]:
    """Who has scored."""
    return tuple(dict.fromkeys(score.who for score in scores))


def _set(store: Store, number: int, call_id: str | None = None) -> BlindSet:
    chosen = store.calibration.set_of(number) if number < 2**63 else None
    if chosen is None or (call_id is not None and call_id not in chosen.calls):
        raise HTTPException(404)
    return chosen
