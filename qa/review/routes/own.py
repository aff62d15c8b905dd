"""An agent's own pages: the report, their calls, their goal. Only ever of the agent who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from qa.errors import UnknownAgent
from qa.report import gather
from qa.report import page as report
from qa.report.agent import AgentReport
from qa.review.asked import Asked
from qa.review.asking import TheAgent, TheDesk, TheStore, TheViewer
from qa.review.deeds import coaching
from qa.review.desk import Desk
from qa.review.names import Names
from qa.review.pages import show
from qa.store import Goal, Page, Store
from qa.store.moments import Moment

router = APIRouter()
SIZE = 50
"""Calls on a page."""


@dataclass(frozen=True, slots=True)
class Own:
    """An agent's first page."""

    report: AgentReport | None
    """None: no call of theirs is scored yet."""
    body: Markup
    goal: Goal | None
    criteria: Mapping[str, str]
    """Criterion → title: what can be chosen as a goal."""
    template: str = "own.html"


@dataclass(frozen=True, slots=True)
class OwnCalls:
    """An agent's calls, newest first."""

    calls: Page
    names: Names
    read: frozenset[str]
    """Calls that they have said they read."""
    template: str = "own_calls.html"

    @property
    def next(self) -> str | None:
        """The query of the next page."""
        place = self.calls.next
        return f"?after={place.rank}.{place.id}" if place else None


@router.get("/mine", name="own")
def own(request: Request, agent_id: TheAgent, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """What went well, one thing to work on, and what is known of a change."""
    texts = desk.guide(store)
    titles = {id: one.title.text(viewer.language) for id, one in texts.criteria.items()}
    made = report_of(desk, store, agent_id)
    body = body_of(made, viewer.language) if made else Markup("")
    return show(request, Own(made, body, store.coaching.goal(agent_id), titles))


@router.get("/mine/report.html", name="own_file")
def own_file(agent_id: TheAgent, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """The same as one file to keep, without sound."""
    made = report_of(desk, store, agent_id)
    if made is None:
        raise HTTPException(404)
    return HTMLResponse(
        report.agent_file(made, viewer.language),
        headers={"Content-Disposition": 'attachment; filename="report.html"'},
    )


@router.get("/mine/calls", name="own_calls")
def own_calls(
    request: Request, desk: TheDesk, store: TheStore, viewer: TheViewer, asked: Annotated[Asked, Query()]
) -> Response:
    """Their calls, newest first."""
    wanted = Asked(show="all").filter
    calls = store.listing.page(wanted, viewer.sight, after=asked.place, size=SIZE)
    read = store.disputes.read([call.call_id for call in calls.rows])
    return show(request, OwnCalls(calls, desk.names(store, viewer.language), read))


@router.post("/mine/goal", name="goal")
def goal(
    agent_id: TheAgent,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    criterion: Annotated[str, Form(max_length=200)] = "",
    words: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Choose one criterion to work on, and to see only that; an empty one: see everything again."""
    coaching.choose(desk, store, viewer, agent_id, criterion, words)
    return RedirectResponse("/mine", 303)


@router.get("/report.css", name="report_style")
def report_style() -> Response:
    """The style sheet of reports: the same in the file and on the desk."""
    return Response(report.style(), media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def report_of(desk: Desk, store: Store, agent_id: str) -> AgentReport | None:
    """The report about an agent; None where no call of theirs is scored yet."""
    try:
        return gather.of_agent(store, agent_id, desk.guide(store), desk.settings)
    except UnknownAgent:
        return None


def body_of(made: AgentReport, language: str) -> Markup:
    """The report as part of a page, its moments linked to the calls. The template has escaped it."""
    return Markup(report.agent_body(made, language, _on_the_desk))


def _on_the_desk(moment: Moment) -> report.Listen:
    return report.Listen(href=f"/call/{quote(moment.call_id, safe='')}#t={moment.span.start:.2f}")
