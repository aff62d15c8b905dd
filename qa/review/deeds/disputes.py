"""What agents say to their scorecards, and what leads answer. Only added to."""

from __future__ import annotations

from fastapi import HTTPException

from qa.review.deeds.words import said
from qa.review.viewer import Viewer
from qa.store import Acknowledgement, Dispute, Listed, Settled, Store


def dispute(store: Store, viewer: Viewer, agent_id: str, call: Listed, criterion: str, words: str) -> Dispute:
    """An agent says that a finding of an own call is wrong. Raises `Conflict` while one is waiting."""
    if criterion not in {finding.criterion for finding in store.scorecard(call.call_id).findings}:
        raise HTTPException(422, "no such criterion")
    made = store.disputes.add(call.call_id, criterion, agent_id, said(words), viewer.name)
    store.people.note(viewer.name, "disputed", call.call_id, criterion, viewer.address)
    return made


def answer(store: Store, viewer: Viewer, number: int, outcome: Settled, words: str) -> Dispute:
    """A lead answers. “Changed” needs a review since the dispute: the score must really have changed."""
    found = store.disputes.find(number, viewer.sight)
    if found is None:
        raise HTTPException(404)
    if outcome is Settled.CHANGED and not _changed(store, found):
        raise HTTPException(422, "overrule")
    store.disputes.answer(number, outcome, said(words), viewer.name)
    detail = f"{found.criterion}: {outcome}"
    store.people.note(viewer.name, "answered a dispute", found.call_id, detail, viewer.address)
    return store.disputes.find(number, viewer.sight) or found


def acknowledge(store: Store, viewer: Viewer, agent_id: str, call: Listed, words: str) -> Acknowledgement:
    """An agent has read the scorecard of an own call, and may say something to it."""
    made = store.disputes.acknowledge(call.call_id, agent_id, words.strip(), viewer.name)
    store.people.note(viewer.name, "acknowledged", call.call_id, address=viewer.address)
    return made


def _changed(store: Store, found: Dispute) -> bool:
    review = store.reviews.standing(found.call_id).get(found.criterion)
    return review is not None and review.when >= found.at and not review.agrees
