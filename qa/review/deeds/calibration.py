"""Calibration: a lead scores calls without seeing the machine's scores, then both stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import HTTPException

from qa.model import Outcome
from qa.review.viewer import Viewer
from qa.store import BlindScore, BlindSet, Listed, Store

MOST = 50
"""Calls of a set."""
OUTCOMES = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE)
"""What a person can say."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people and the machine said the same on a criterion."""

    criterion: str
    same: int
    count: int
    """Outcomes compared; what the machine left open is not one."""


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


def begin(store: Store, viewer: Viewer, title: str, count: int, language: str | None) -> BlindSet | None:
    """A new set of calls drawn at random; None where no call is left to draw."""
    calls = store.calibration.draw(count, language)
    if not calls:
        return None
    number = store.calibration.begin(title.strip() or viewer.name, calls, viewer.name)
    store.people.note(viewer.name, "began a blind set", detail=str(number), address=viewer.address)
    return set_of(store, number)


def set_of(store: Store, number: int, call_id: str | None = None) -> BlindSet:
    """A set by its number, with this call in it. Raises `HTTPException` 404."""
    chosen = store.calibration.set_of(number)
    if chosen is None or (call_id is not None and call_id not in chosen.calls):
        raise HTTPException(404)
    return chosen


def give(
    store: Store, viewer: Viewer, number: int, call: Listed, given: Mapping[str, tuple[Outcome, str]]
) -> None:
    """The viewer's outcomes: criterion → outcome and why. Raises `Conflict` the second time."""
    chosen = set_of(store, number, call.call_id)
    known = {finding.criterion for finding in store.scorecard(call.call_id).findings}
    counted = {name: said for name, said in given.items() if name in known and said[0] in OUTCOMES}
    if not counted:
        raise HTTPException(422, "nothing")
    store.calibration.give(number, call.call_id, counted, viewer.name)
    store.people.note(viewer.name, "scored blindly", call.call_id, str(chosen.id), viewer.address)


def seen(store: Store, viewer: Viewer, chosen: BlindSet) -> tuple[BlindScore, ...]:
    """The scores of a set that the viewer may see: of calls that they have scored themselves."""
    own = {call for call, names in chosen.scored.items() if viewer.name in names}
    return tuple(score for score in store.calibration.scores(chosen.id) if score.call_id in own)


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
