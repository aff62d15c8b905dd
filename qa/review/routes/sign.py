"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from qa.review import security
from qa.review.asking import TheDesk, TheStore, TheViewer
from qa.review.desk import Desk
from qa.review.pages import show
from qa.store import Store, User

router = APIRouter()
WITHIN = timedelta(minutes=15)
TRIES_OF_A_NAME = 5
TRIES_FROM_AN_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in page."""

    name: str
    to: str
    """Where to go afterwards: a path of ours."""
    problem: str
    """`wrong`, `wait`, or empty."""
    token: str
    template: str = "sign_in.html"


@router.get("/sign-in", name="sign_in")
def sign_in(request: Request, desk: TheDesk, viewer: TheViewer, to: str = "/") -> Response:
    """The sign-in page."""
    if viewer.user:
        return RedirectResponse("/", 303)
    return _page(request, desk, SignIn("", to, "", viewer.token), 200)


@router.post("/sign-in", name="sign_in_now")
def sign_in_now(
    request: Request,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Check name and password. What is wrong is never said more closely than "one of the two"."""
    of_name, from_address = store.people.failures(name, viewer.address, WITHIN)
    if of_name >= TRIES_OF_A_NAME or from_address >= TRIES_FROM_AN_ADDRESS:
        return _page(request, desk, SignIn(name, to, "wait", viewer.token), 429)
    user = store.people.find(name)
    right = security.right_password(user.password_hash if user else None, password)
    store.people.tried(name, viewer.address, succeeded=right)
    if user is None or not right or user.disabled_at is not None:
        return _page(request, desk, SignIn(name, to, "wrong", viewer.token), 403)
    if security.outdated(user.password_hash):
        store.people.rehash(user, security.hash_password(password))
    store.people.note(user.name, "signed in", address=viewer.address)
    return _begun(desk, store, user, to)


@router.post("/sign-out", name="sign_out")
def sign_out(store: TheStore, viewer: TheViewer) -> Response:
    """End the session, here and on the server."""
    if viewer.session:
        store.people.end_session(viewer.session)
    store.people.note(viewer.name, "signed out", address=viewer.address)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(security.SESSION, path="/")
    return answer


def _begun(desk: Desk, store: Store, user: User, to: str) -> Response:
    """A session of its own each time: the old cookie is worth nothing any more."""
    token, lasts = security.new_token(), timedelta(hours=desk.settings.session_hours)
    store.people.begin_session(user, security.fingerprint(token), lasts)
    answer = RedirectResponse(ours(to), 303)
    answer.set_cookie(
        security.SESSION,
        security.sign(desk.secret, token),
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=desk.settings.behind_tls,
        path="/",
    )
    answer.delete_cookie(security.VISITOR, path="/")
    return answer


def _page(request: Request, desk: Desk, page: SignIn, status: int) -> Response:
    """The page, bound to a cookie of this visitor's."""
    visitor = request.cookies.get(security.VISITOR)
    if visitor:
        return show(request, page, status)
    visitor = security.new_token()
    token = security.form_token(desk.secret, f"visitor:{visitor}")
    answer = show(request, SignIn(page.name, page.to, page.problem, token), status)
    answer.set_cookie(
        security.VISITOR,
        visitor,
        httponly=True,
        samesite="lax",
        secure=desk.settings.behind_tls,
        path="/",
    )
    return answer


def ours(to: str) -> str:
    """`to` if it is a path of this desk, else the first page."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
