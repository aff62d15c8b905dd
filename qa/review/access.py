"""Who may use which route: the one table. A route that is not in it cannot be added to the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute

from qa.review import security
from qa.review.viewer import Who, recognise

EVERYBODY = frozenset(Who)
SIGNED_IN = frozenset({Who.AGENT, Who.LEAD, Who.ADMIN})
"""Agents see their own calls only: `Viewer.sight` goes with every query."""
AGENTS = frozenset({Who.AGENT})
LEADS = frozenset({Who.LEAD, Who.ADMIN})
ADMINS = frozenset({Who.ADMIN})

ROUTES: Mapping[str, frozenset[Who]] = MappingProxyType(
    {
        "home": SIGNED_IN,
        "sign_in": EVERYBODY,
        "sign_in_now": EVERYBODY,
        "sign_out": SIGNED_IN,
        "looks": EVERYBODY,
        "account": SIGNED_IN,
        "account_password": SIGNED_IN,
        "queue": LEADS,
        "call": SIGNED_IN,
        "audio": SIGNED_IN,
        "peaks": SIGNED_IN,
        "review": LEADS,
        "comment": LEADS,
        "mark": LEADS,
        "handled": LEADS,
        "calibration": LEADS,
        "calibration_begin": LEADS,
        "calibration_set": LEADS,
        "blind": LEADS,
        "blind_give": LEADS,
        "own": AGENTS,
        "own_file": AGENTS,
        "own_calls": AGENTS,
        "goal": AGENTS,
        "report_style": EVERYBODY,
        "team": LEADS,
        "their_report": LEADS,
        "trust": LEADS,
        "audit": ADMINS,
        "disputes": SIGNED_IN,
        "dispute": AGENTS,
        "answer": LEADS,
        "acknowledge": AGENTS,
        "coaching": SIGNED_IN,
        "guide": SIGNED_IN,
        "guide_picture": SIGNED_IN,
        "api_team": LEADS,
        "api_trust": LEADS,
        "api_own_figures": AGENTS,
        "api_document": SIGNED_IN,
        "api_me": SIGNED_IN,
        "api_counts": SIGNED_IN,
        "api_calls": SIGNED_IN,
        "api_call": SIGNED_IN,
        "api_review": LEADS,
        "api_comment": LEADS,
        "api_handled": LEADS,
        "api_disputes": SIGNED_IN,
        "api_dispute": AGENTS,
        "api_answer": LEADS,
        "api_acknowledge": AGENTS,
        "api_coaching": SIGNED_IN,
        "api_mark": LEADS,
        "api_move": SIGNED_IN,
        "api_goal": AGENTS,
        "api_choose": AGENTS,
        "api_calibration": LEADS,
        "api_calibration_begin": LEADS,
        "api_calibration_set": LEADS,
        "api_blind": LEADS,
        "api_blind_give": LEADS,
        "api_own_report": AGENTS,
        "api_their_report": LEADS,
        "api_audit": ADMINS,
    }
)
"""Name of the route → who may use it."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def check(routers: Iterable[APIRouter]) -> None:
    """Raises `LookupError` for a route that the table does not know, or the other way round."""
    names = {route.name for router in routers for route in router.routes if isinstance(route, APIRoute)}
    if names != set(ROUTES):
        raise LookupError(f"routes and the access table differ: {sorted(names ^ set(ROUTES))}")


async def admit(request: Request) -> None:
    """Let the request in, or answer it: 303 to the sign-in page, 401, 403. Runs before every route."""
    desk = request.app.state.desk
    with desk.stores.borrow() as store:
        viewer = recognise(request, desk, store)
    request.state.viewer = viewer
    if viewer.who not in ROUTES[request.scope["route"].name]:
        raise HTTPException(401 if viewer.user is None else 403)
    if request.method not in SAFE:
        given = request.headers.get("x-csrf-token") or str((await request.form()).get("token", ""))
        if not security.same(given, viewer.token):
            raise HTTPException(403, "form")
