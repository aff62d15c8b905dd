"""The numbers of the team, of trust, and of an agent's report: `/api`."""

from __future__ import annotations

from fastapi import HTTPException

from qa.report import gather
from qa.report.agent import AgentReport
from qa.report.plain import agent_json, figures_json, team_json, trust_json
from qa.report.trust import by_criterion
from qa.review.asking import TheAgent, TheDesk, TheStore, TheViewer
from qa.review.desk import Desk
from qa.review.routes.api.router import api
from qa.review.routes.own import report_of
from qa.review.shapes.figures import OwnFiguresShape, ReportShape, TeamShape, TrustShape, TrustsShape
from qa.store import Store

router = api()


@router.get("/team", name="api_team")
def team(desk: TheDesk, store: TheStore) -> TeamShape:
    """Every agent and criterion: counts, means with intervals, change."""
    return TeamShape.model_validate(team_json(gather.of_team(store, desk.guide(store), desk.settings)))


@router.get("/team/{agent_id:path}", name="api_their_report")
def their_report(agent_id: str, desk: TheDesk, store: TheStore, viewer: TheViewer) -> ReportShape:
    """One agent's report, as the agent reads it."""
    made = _report(desk, store, agent_id)
    store.people.note(viewer.name, "saw the report", detail=agent_id, address=viewer.address)
    return ReportShape.model_validate(agent_json(made, viewer.language))


@router.get("/trust", name="api_trust")
def trust(desk: TheDesk, store: TheStore) -> TrustsShape:
    """Every criterion that people spoke on: agreement with interval and count, κ, drift, standing."""
    found = by_criterion(store.agreements.judged(), desk.settings)
    return TrustsShape(
        criteria={name: TrustShape.model_validate(trust_json(one)) for name, one in found.items()}
    )


@router.get("/me/figures", name="api_own_figures")
def own_figures(agent_id: TheAgent, desk: TheDesk, store: TheStore) -> OwnFiguresShape:
    """The figures of the agent who asks."""
    made = _report(desk, store, agent_id)
    return OwnFiguresShape.model_validate({"agent_id": agent_id, **figures_json(made.figures)})


@router.get("/me/report", name="api_own_report")
def own_report(agent_id: TheAgent, desk: TheDesk, store: TheStore, viewer: TheViewer) -> ReportShape:
    """The report of the agent who asks: what went well, one thing to work on, what is known of a change."""
    return ReportShape.model_validate(agent_json(_report(desk, store, agent_id), viewer.language))


def _report(desk: Desk, store: Store, agent_id: str) -> AgentReport:
    made = report_of(desk, store, agent_id)
    if made is None:
        raise HTTPException(404)
    return made
