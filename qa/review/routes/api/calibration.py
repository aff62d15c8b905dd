"""Blind sets: list, begin, score without seeing the machine's scores, compare: `/api`."""

from __future__ import annotations

from typing import Literal

from fastapi import HTTPException
from pydantic import BaseModel, Field

from qa.model import Outcome
from qa.review.asking import Number, TheCall, TheDesk, TheStore, TheViewer
from qa.review.deeds import calibration as deeds
from qa.review.deeds.calibration import MOST
from qa.review.names import Names
from qa.review.routes.api.router import Criterion, MaybeWords, api
from qa.review.shapes.calibration import (
    BlindShape,
    SetShape,
    SetsShape,
    SetWholeShape,
    blind_shape,
    set_shape,
    set_whole_shape,
)
from qa.review.viewer import Viewer
from qa.store import Listed, Store

router = api()


class NewSet(BaseModel):
    """A set of calls drawn at random."""

    title: str = Field(default="", max_length=100, description="empty: the lead's name")
    count: int = Field(default=5, ge=1, le=MOST)
    language: Literal["ja", "en"] | None = Field(default=None, description="spoken; null: any")


class Word(BaseModel):
    """A person's outcome."""

    outcome: Literal[Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE]
    why: MaybeWords = ""


class Scored(BaseModel):
    """Outcomes of a call; a criterion that is left out is not compared."""

    outcomes: dict[Criterion, Word] = Field(min_length=1)


@router.get("/calibration", name="api_calibration")
def calibration(store: TheStore) -> SetsShape:
    """Every blind set."""
    return SetsShape(sets=[set_shape(each) for each in store.calibration.sets()])


@router.post("/calibration", name="api_calibration_begin", status_code=201)
def begin(store: TheStore, viewer: TheViewer, said: NewSet) -> SetShape:
    """A new set. 422 where no call is left to draw."""
    made = deeds.begin(store, viewer, said.title, said.count, said.language)
    if made is None:
        raise HTTPException(422, "no calls left to draw")
    return set_shape(made)


@router.get("/calibration/{number}", name="api_calibration_set")
def one_set(number: Number, desk: TheDesk, store: TheStore, viewer: TheViewer) -> SetWholeShape:
    """A set, and how far people and machine agree on the calls that the viewer has scored."""
    chosen = deeds.set_of(store, number)
    agreements = deeds.agreements(deeds.seen(store, viewer, chosen))
    return set_whole_shape(chosen, agreements, desk.names(store, viewer.language))


@router.get("/calibration/{number}/{call_id:path}", name="api_blind")
def blind(number: Number, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer) -> BlindShape:
    """A call of a set: what is to be scored; once the viewer has, all outcomes side by side."""
    return _blind(number, call, store, viewer, desk.names(store, viewer.language))


@router.post("/calibration/{number}/{call_id:path}", name="api_blind_give", status_code=201)
def give(
    number: Number, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Scored
) -> BlindShape:
    """The viewer's outcomes, once and for all (409 the second time); answered by all of them side by side."""
    given = {name: (Outcome(word.outcome), word.why) for name, word in said.outcomes.items()}
    deeds.give(store, viewer, number, call, given)
    return _blind(number, call, store, viewer, desk.names(store, viewer.language))


def _blind(number: int, call: Listed, store: Store, viewer: Viewer, names: Names) -> BlindShape:
    chosen = deeds.set_of(store, number, call.call_id)
    scores = [score for score in deeds.seen(store, viewer, chosen) if score.call_id == call.call_id]
    findings = store.scorecard(call.call_id).findings
    return blind_shape(number, store.conversation(call.call_id), findings, deeds.beside(scores), names)
