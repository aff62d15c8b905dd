"""Blind sets. Nothing of the machine's is in them but for calls that the viewer has scored."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from qa.model import Conversation, Finding, Outcome
from qa.review.deeds.calibration import Agreement, Beside
from qa.review.names import Names
from qa.review.shapes.calls import TurnShape, turn_shape
from qa.store import BlindSet


class BlindCallShape(BaseModel):
    """A call of a set."""

    call_id: str
    scored_by: list[str]


class SetShape(BaseModel):
    """A blind set."""

    id: int
    title: str
    who: str
    at: datetime
    calls: list[BlindCallShape]


class SetsShape(BaseModel):
    """Every blind set, newest first."""

    sets: list[SetShape]


class AgreementShape(BaseModel):
    """How often people and the machine said the same on a criterion."""

    criterion: str
    title: str
    same: int
    count: int
    """Outcomes compared; what the machine left open is not one."""


class SetWholeShape(SetShape):
    """A set, and how far people and machine agree on the calls that the viewer has scored."""

    agreements: list[AgreementShape]
    """Least agreement first."""


class AskedShape(BaseModel):
    """A criterion to be scored."""

    id: str
    title: str
    meaning: str


class WordShape(BaseModel):
    """What somebody said on a criterion."""

    outcome: Outcome
    why: str
    at: datetime


class BesideShape(BaseModel):
    """A criterion, by the machine and by each person."""

    criterion: str
    title: str
    machine: Outcome
    people: dict[str, WordShape]
    """Who → what they said."""
    differs: bool
    """Not all said the same; what the machine left open is no word."""


class BlindShape(BaseModel):
    """A call of a set, for whoever asks."""

    set_id: int
    call_id: str
    duration: float
    scored: bool
    """By whoever asks; until then, `compared` is empty."""
    criteria: list[AskedShape]
    turns: list[TurnShape]
    compared: list[BesideShape]


def set_shape(chosen: BlindSet) -> SetShape:
    """A set."""
    return SetShape(
        id=chosen.id,
        title=chosen.title,
        who=chosen.who,
        at=chosen.at,
        calls=[
            BlindCallShape(call_id=call, scored_by=list(chosen.scored.get(call, ()))) for call in chosen.calls
        ],
    )


def set_whole_shape(chosen: BlindSet, agreements: tuple[Agreement, ...], names: Names) -> SetWholeShape:
    """A set with its figures."""
    rows = [
        AgreementShape(
            criterion=row.criterion, title=names.criterion(row.criterion), same=row.same, count=row.count
        )
        for row in agreements
    ]
    return SetWholeShape(**set_shape(chosen).model_dump(), agreements=rows)


def blind_shape(
    number: int,
    conversation: Conversation,
    findings: tuple[Finding, ...],
    compared: tuple[Beside, ...],
    names: Names,
) -> BlindShape:
    """A call to be scored: what the criteria are about, never how the machine found them."""
    ids = [finding.criterion for finding in findings]
    return BlindShape(
        set_id=number,
        call_id=conversation.call.id,
        duration=conversation.duration,
        scored=bool(compared),
        criteria=[
            AskedShape(id=id, title=names.criterion(id), meaning=names.meanings.get(id, "")) for id in ids
        ],
        turns=[turn_shape(turn) for turn in conversation.turns],
        compared=[_beside_shape(row, names) for row in compared],
    )


def _beside_shape(row: Beside, names: Names) -> BesideShape:
    return BesideShape(
        criterion=row.criterion,
        title=names.criterion(row.criterion),
        machine=row.machine,
        people={
            who: WordShape(outcome=score.outcome, why=score.why, at=score.at)
            for who, score in row.people.items()
        },
        differs=row.differs,
    )
