"""Points to work on: marked, told, understood, changed; and the goal that an agent chooses. Only added to."""

from __future__ import annotations

from fastapi import HTTPException

from qa.report.coaching import Measured, measured
from qa.review.deeds.words import said
from qa.review.desk import Desk
from qa.review.viewer import Viewer
from qa.statistics import Direction
from qa.store import Goal, Listed, Stage, Step, Store

MOVES = {
    Stage.TOLD: (Stage.MARKED, Stage.TOLD, Stage.UNDERSTOOD),
    Stage.UNDERSTOOD: (Stage.TOLD,),
    Stage.CHANGED: (Stage.TOLD, Stage.UNDERSTOOD),
}
"""Stage → the stages it can follow."""


def mark(
    store: Store, viewer: Viewer, call: Listed, criterion: str, words: str, *, dropped: bool = False
) -> Step:
    """Mark a criterion of a call as a point to work on, or take that back."""
    known = {finding.criterion for finding in store.scorecard(call.call_id).findings}
    if criterion not in known or call.agent_id is None:
        raise HTTPException(422, "no such criterion, or nobody knows whose call it is")
    stage = Stage.DROPPED if dropped else Stage.MARKED
    return _add(store, viewer, call.call_id, criterion, call.agent_id, stage, words.strip())


def move(
    desk: Desk, store: Store, viewer: Viewer, call: Listed, criterion: str, stage: Stage, words: str
) -> Step:
    """The next stage of a point: a lead told it, the agent understood it, later calls show it changed."""
    steps = tuple(step for step in store.coaching.of_call(call.call_id) if step.criterion == criterion)
    if call.agent_id is None or not steps or steps[-1].stage not in MOVES.get(stage, ()):
        raise HTTPException(422, "stage")
    if viewer.leads == (stage is Stage.UNDERSTOOD):  # leads tell and see; only the agent knows the rest
        raise HTTPException(403)
    text = words.strip() if stage is Stage.CHANGED else said(words)
    if stage is Stage.CHANGED and not _went_up(since(desk, store, steps)):
        raise HTTPException(422, "not measured")
    return _add(store, viewer, call.call_id, criterion, call.agent_id, stage, text)


def since(desk: Desk, store: Store, steps: tuple[Step, ...]) -> Measured:
    """What the calls since say of a point (its steps, oldest first)."""
    return measured(store.moments, steps[0].agent_id, steps, desk.settings.trend_least)


def choose(
    desk: Desk, store: Store, viewer: Viewer, agent_id: str, criterion: str, words: str
) -> Goal | None:
    """Choose one criterion to work on; an empty one: none any more."""
    if criterion and criterion not in desk.guide(store).criteria:
        raise HTTPException(422, "no such criterion")
    store.coaching.choose(agent_id, criterion, words.strip(), viewer.name)
    store.people.note(viewer.name, "chose a goal", detail=criterion, address=viewer.address)
    return store.coaching.goal(agent_id)


def _went_up(found: Measured) -> bool:
    return found.change is not None and found.change.direction is Direction.UP


def _add(
    store: Store, viewer: Viewer, call_id: str, criterion: str, agent_id: str, stage: Stage, words: str
) -> Step:
    made = store.coaching.add(call_id, criterion, agent_id, stage, words, viewer.name)
    store.people.note(viewer.name, f"coaching: {stage}", call_id, criterion, viewer.address)
    return made
