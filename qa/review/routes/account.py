"""One's own account: password, language, theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from qa.review import security
from qa.review.asking import TheDesk, TheStore, TheViewer
from qa.review.pages import show
from qa.review.routes.sign import ours

router = APIRouter()
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Account:
    """The account page."""

    problem: str
    """`wrong`, `short`, `differ`, or empty."""
    least: int
    """Characters of a password."""
    template: str = "account.html"


@router.get("/account", name="account")
def account(request: Request) -> Response:
    """Who I am, and how I like the desk."""
    return show(request, Account("", security.LEAST_PASSWORD))


@router.post("/account/password", name="account_password")
def account_password(
    request: Request,
    store: TheStore,
    viewer: TheViewer,
    now: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Change the password; every session of the account ends."""
    user = viewer.user
    assert user is not None
    problem = ""
    if not security.right_password(user.password_hash, now):
        problem = "wrong"
    elif len(new) < security.LEAST_PASSWORD:
        problem = "short"
    elif new != again:
        problem = "differ"
    if problem:
        return show(request, Account(problem, security.LEAST_PASSWORD), 422)
    store.people.set_password(user, security.hash_password(new))
    store.people.note(user.name, "changed the password", address=viewer.address)
    return RedirectResponse("/sign-in", 303)


@router.post("/looks", name="looks")
def looks(
    store: TheStore,
    desk: TheDesk,
    viewer: TheViewer,
    language: Annotated[Literal["", "ja", "en"] | None, Form()] = None,
    theme: Annotated[Literal["", "light", "dark"] | None, Form()] = None,
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Language and theme: kept with the account, or in a cookie for somebody who has not signed in."""
    answer = RedirectResponse(ours(to), 303)
    chosen = {"qa_language": language, "qa_theme": theme}
    if viewer.user is not None:
        user = viewer.user
        store.people.set_looks(
            user, user.language if language is None else language, user.theme if theme is None else theme
        )
    for name, value in chosen.items():
        if value is not None:
            answer.set_cookie(
                name, value, max_age=YEAR, samesite="lax", httponly=True, secure=desk.settings.behind_tls
            )
    return answer
