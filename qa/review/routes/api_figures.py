"""The figures of the team, of trust and of one's own calls, as JSON: /api."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException

from qa.report import gather
from qa.report.plain import figures_json, team_json, trust_json
from qa.report.trust import CriterionTrust, by_criterion
from qa.review.asking import TheDesk, TheStore, TheViewer
from qa.review.routes.api import TROUBLES
from qa.review.routes.own import report_of

router = APIRouter(prefix="/api", responses=TROUBLES)


@router.get("/team", name="api_team")
def api_team(desk: TheDesk, store: TheStore) -> dict[str, Any]:
    """Every agent and criterion: counts, means with intervals, change."""
    return team_json(gather.of_team(store, desk.guide(store), desk.settings))


@router.get("/trust", name="api_trust")
def api_trust(desk: TheDesk, store: TheStore) -> dict[str, Any]:
    """Every criterion that people spoke on: agreement with interval and count, κ, drift, standing."""
    found: Mapping[str, CriterionTrust] = by_criterion(store.agreements.judged(), desk.settings)
    return {"criteria": {name: trust_json(one) for name, one in found.items()}}


@router.get("/me/figures", name="api_own_figures")
def api_own_figures(desk: TheDesk, store: TheStore, viewer: TheViewer) -> dict[str, Any]:
    """The figures of the agent who asks."""
    agent_id = viewer.sight.agent_id
    made = report_of(desk, store, agent_id) if agent_id else None
    if made is None:
        raise HTTPException(404)
    return {"agent_id": agent_id, **figures_json(made.figures)}
