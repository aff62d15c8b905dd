"""A call: scorecard beside transcript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from qa.model import Conversation, Finding, Outcome, Review, Scorecard
from qa.report.coaching import Measured, measured
from qa.review.asked import Asked
from qa.review.asking import TheDesk, TheHidden, TheScoredCall, TheStore, TheViewer
from qa.review.desk import Desk
from qa.review.names import Names
from qa.review.pages import show
from qa.review.routes.sound import trouble_with
from qa.review.transcript import call_data
from qa.review.viewer import Viewer
from qa.store import Acknowledgement, Comment, Dispute, Handled, Listed, Step, Store

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion of the call: the machine's finding, people's words, and the one that counts."""

    machine: Finding
    counts: Finding
    reviews: tuple[Review, ...]
    """Oldest first; the last one counts."""
    coaching: tuple[Step, ...]
    disputes: tuple[Dispute, ...]

    @property
    def seen(self) -> int:
        """The version that a form on this page replies to."""
        return self.reviews[-1].version if self.reviews else 0

    @property
    def marked(self) -> bool:
        """True while it is a point to work on."""
        return bool(self.coaching) and self.coaching[-1].stage != "dropped"


@dataclass(frozen=True, slots=True)
class Section:
    """Criteria that belong together."""

    title: str
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page of one call."""

    call: Listed
    conversation: Conversation
    machine: Scorecard
    counts: Scorecard
    """With people's words taken in."""
    sections: tuple[Section, ...]
    names: Names
    comments: tuple[Comment, ...]
    handled: Handled | None
    read: tuple[Acknowledgement, ...]
    """Their agent has read it, and may have said something to it."""
    measured: Mapping[str, Measured]
    """Criterion → what the calls since say, for points of coaching."""
    advice_only: frozenset[str]
    """Criteria whose points count for nobody."""
    data: Mapping[str, Any]
    """For the player: `<script type="application/json" id="call-data">`."""
    asked: Asked
    """The list it was opened from."""
    before: str | None
    after: str | None
    """The calls beside it in that list."""
    silent: str
    """Why it cannot be heard; empty: it can."""
    outcomes: tuple[Outcome, ...] = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE)
    """What a person can say."""
    template: str = "call.html"

    @property
    def open(self) -> tuple[Judged, ...]:
        """What a person still has to decide."""
        return tuple(each for each in self._judged if each.counts.outcome is Outcome.NEEDS_REVIEW)

    @property
    def disputed(self) -> tuple[Judged, ...]:
        """What waits for an answer to the agent."""
        return tuple(each for each in self._judged if each.disputes and each.disputes[-1].answer is None)

    @property
    def _judged(self) -> tuple[Judged, ...]:
        return tuple(each for section in self.sections for each in section.judged)


@router.get("/call/{call_id:path}", name="call")
def call(
    request: Request,
    call: TheScoredCall,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    hidden: TheHidden,
    asked: Annotated[Asked, Query()],
) -> Response:
    """A call. Somebody who still has to score it blindly is sent there first."""
    store.people.note(viewer.name, "saw", call.call_id, address=viewer.address)
    return show(request, page_of(desk, store, viewer, call, asked, hidden))


def page_of(
    desk: Desk, store: Store, viewer: Viewer, call: Listed, asked: Asked, hidden: Iterable[str]
) -> CallPage:
    """All that the page of a call shows to this viewer; `hidden`: calls still to be scored blindly."""
    conversation, machine = store.conversation(call.call_id), store.scorecard(call.call_id)
    counts = desk.counting(store, call.call_id)
    names = desk.names(store, viewer.language)
    before, after = store.listing.beside(asked.blindly(hidden), viewer.sight, call)
    return CallPage(
        call,
        conversation,
        machine,
        counts,
        _sections(store, machine, counts, names),
        names,
        store.reviews.comments(call.call_id),
        store.reviews.handled(call.call_id),
        store.disputes.acknowledgements(call.call_id),
        _measured(desk, store, call),
        desk.advice_only(store),
        call_data(conversation, counts, viewer.language),
        asked,
        before,
        after,
        trouble_with(desk, store, viewer, call),
    )


def _measured(desk: Desk, store: Store, call: Listed) -> Mapping[str, Measured]:
    """What later calls say of the points of coaching of this call."""
    steps: dict[str, list[Step]] = {}
    for step in store.coaching.of_call(call.call_id):
        steps.setdefault(step.criterion, []).append(step)
    if call.agent_id is None:
        return {}
    least = desk.settings.trend_least
    return {criterion: measured(store.moments, call.agent_id, own, least) for criterion, own in steps.items()}


def _sections(store: Store, machine: Scorecard, counts: Scorecard, names: Names) -> tuple[Section, ...]:
    """In the rubric's order."""
    call_id = machine.call_id
    reviews = store.reviews.of(call_id)
    coaching = store.coaching.of_call(call_id)
    disputes = store.disputes.of_call(call_id)
    judged = [
        Judged(
            ours,
            counted,
            tuple(r for r in reviews if r.criterion == ours.criterion),
            tuple(s for s in coaching if s.criterion == ours.criterion),
            tuple(d for d in disputes if d.criterion == ours.criterion),
        )
        for ours, counted in zip(machine.findings, counts.findings, strict=True)
    ]
    ids = dict.fromkeys([*names.sections, *(finding.section for finding in machine.findings)])
    found = (Section(names.section(id), tuple(j for j in judged if j.machine.section == id)) for id in ids)
    return tuple(section for section in found if section.judged)
