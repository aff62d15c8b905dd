"""Points to work on, from marked to changed, and an agent's own goal: `/api`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field

from qa.review.asking import TheAgent, TheDesk, TheHidden, TheScoredCall, TheStore, TheViewer
from qa.review.deeds import coaching as deeds
from qa.review.routes.api.router import Criterion, MaybeWords, api
from qa.review.shapes.people import GoalsShape, PointsShape, StepShape, goal_shape, point_shape, step_shape
from qa.store import Stage, Step

router = api()
SIZE = 100
"""Points on a page."""


class Marked(BaseModel):
    """A criterion of the call, as a point to work on or not any more."""

    criterion: Criterion
    marked: bool = True
    words: MaybeWords = ""


class Moved(BaseModel):
    """The next stage of a point."""

    criterion: Criterion
    stage: Literal[Stage.TOLD, Stage.UNDERSTOOD, Stage.CHANGED]
    words: MaybeWords = Field(default="", description="what was said, or understood; not needed for changed")


class Chosen(BaseModel):
    """A goal; an empty criterion: none any more."""

    criterion: Criterion
    words: Annotated[str, Field(max_length=500)] = ""


@router.get("/coaching", name="api_coaching")
def coaching(
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    hidden: TheHidden,
    agent: Annotated[str | None, Query(max_length=200)] = None,
    stage: Stage | None = None,
    skip: Annotated[int, Query(ge=0, le=1_000_000, description="`next` of the page before")] = 0,
) -> PointsShape:
    """Points to work on with what the calls since say: an agent's own, or everybody's for a lead.

    Points that were taken back are left out unless `stage` asks for them, and so are those of calls that the
    lead still has to score blindly.
    """
    points: dict[tuple[str, str], tuple[Step, ...]] = {}
    for step in store.coaching.all(viewer.sight):
        if step.call_id not in hidden and agent in (None, step.agent_id):
            point = (step.call_id, step.criterion)
            points[point] = (*points.pop(point, ()), step)  # the last moved comes last
    asked = [
        steps
        for steps in reversed(points.values())
        if (steps[-1].stage is stage if stage else steps[-1].stage is not Stage.DROPPED)
    ]
    names = desk.names(store, viewer.language)
    shown = asked[skip : skip + SIZE]
    return PointsShape(
        count=len(asked),
        next=skip + SIZE if len(asked) > skip + SIZE else None,
        points=[point_shape(each, deeds.since(desk, store, each), names) for each in shown],
    )


@router.post("/marks/{call_id:path}", name="api_mark", status_code=201)
def mark(call: TheScoredCall, store: TheStore, viewer: TheViewer, said: Marked) -> StepShape:
    """Mark a criterion of a call as a point to work on, or take that back."""
    made = deeds.mark(store, viewer, call, said.criterion, said.words, dropped=not said.marked)
    return step_shape(made)


@router.post("/coaching/{call_id:path}", name="api_move", status_code=201)
def move(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Moved) -> StepShape:
    """The next stage of a point. 422 where it cannot follow; only the agent can have understood (403)."""
    return step_shape(deeds.move(desk, store, viewer, call, said.criterion, said.stage, said.words))


@router.get("/me/goal", name="api_goal")
def goal(agent_id: TheAgent, desk: TheDesk, store: TheStore, viewer: TheViewer) -> GoalsShape:
    """The goal of the agent who asks, and what can be chosen."""
    names = desk.names(store, viewer.language)
    chosen = store.coaching.goal(agent_id)
    return GoalsShape(
        goal=goal_shape(chosen, names) if chosen else None,
        criteria={id: names.criterion(id) for id in desk.guide(store).criteria},
    )


@router.post("/me/goal", name="api_choose", status_code=201)
def choose(agent_id: TheAgent, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Chosen) -> GoalsShape:
    """Choose one criterion to work on; an empty one: see everything again."""
    deeds.choose(desk, store, viewer, agent_id, said.criterion, said.words)
    return goal(agent_id, desk, store, viewer)
