"""What a lead sees of the team: agents and criteria with intervals, one agent's report, and trust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from markupsafe import Markup

from qa.report import charts, gather
from qa.report.agent import AgentReport
from qa.report.figures import AgentFigures
from qa.report.gather import TeamReport
from qa.report.trust import CriterionTrust, by_criterion
from qa.report.wording import STANDINGS, Wording
from qa.review.asking import TheDesk, TheStore, TheViewer
from qa.review.names import Names
from qa.review.pages import show
from qa.review.routes.own import body_of, report_of
from qa.settings import Settings
from qa.statistics import Share, Week

router = APIRouter()
SIZE = 50
"""Agents on a page."""


@dataclass(frozen=True, slots=True)
class Team:
    """The team page."""

    report: TeamReport
    agents: tuple[AgentFigures, ...]
    """Of this page."""
    criterion: str
    """Shown for each agent; empty: the score."""
    number: int
    pages: int
    names: Names
    w: Wording
    charts: Any = charts
    template: str = "team.html"


@dataclass(frozen=True, slots=True)
class TheirReport:
    """What an agent reads, as a lead sees it."""

    agent_id: str
    report: AgentReport
    body: Markup
    template: str = "agent.html"


@dataclass(frozen=True, slots=True)
class TrustPage:
    """How far each criterion is to be trusted."""

    trusts: tuple[CriterionTrust, ...]
    silent: tuple[str, ...]
    """Criteria that nobody has spoken on."""
    settings: Settings
    names: Names
    w: Wording
    charts: Any = charts
    template: str = "trust.html"

    def standing(self, one: CriterionTrust) -> str:
        """What its verdicts are good for, in words."""
        return self.w.text(STANDINGS[one.trust.standing])

    def weeks(self, one: CriterionTrust) -> tuple[Week[Share], ...]:
        """Agreement by week, of weeks in which something was judged."""
        weeks = (Week(week.monday, week.figure.share) for week in one.trust.weeks)
        return tuple(week for week in weeks if week.figure.of)


@router.get("/team", name="team")
def team(
    request: Request,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Per agent: means with intervals, change, number of calls."""
    made = gather.of_team_on(store, desk.guide(store), desk.settings, criterion)
    if criterion and criterion not in made.criteria:
        raise HTTPException(404)
    pages = max(1, -(-len(made.agents) // SIZE))
    number = min(page, pages)
    agents = made.agents[(number - 1) * SIZE : number * SIZE]
    names = desk.names(store, viewer.language)
    return show(request, Team(made, agents, criterion, number, pages, names, Wording(viewer.language)))


@router.get("/team/{agent_id:path}", name="their_report")
def their_report(
    request: Request, agent_id: str, desk: TheDesk, store: TheStore, viewer: TheViewer
) -> Response:
    """One agent's report, as the agent reads it."""
    made = report_of(desk, store, agent_id)
    if made is None:
        raise HTTPException(404)
    store.people.note(viewer.name, "saw the report", detail=agent_id, address=viewer.address)
    return show(request, TheirReport(agent_id, made, body_of(made, viewer.language)))


@router.get("/trust", name="trust")
def trust(request: Request, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """Per criterion: how often people agreed with the machine."""
    trusts = by_criterion(store.agreements.judged(), desk.settings)
    order = list(desk.guide(store).criteria)
    ranked = sorted(trusts.values(), key=lambda t: (_place(order, t.criterion), t.criterion))
    silent = tuple(name for name in order if name not in trusts)
    names = desk.names(store, viewer.language)
    return show(request, TrustPage(tuple(ranked), silent, desk.settings, names, Wording(viewer.language)))


def _place(order: list[str], criterion: str) -> int:
    return order.index(criterion) if criterion in order else len(order)
