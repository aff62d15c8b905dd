"""What goes wrong, told on a page (or as JSON under /api)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from qa.errors import Conflict, PersonError, QaError
from qa.review.pages import show
from qa.review.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be done."""

    status: int
    detail: str
    """For operators; may be empty."""
    template: str = "trouble.html"


async def http(request: Request, error: Exception) -> Response:
    """An HTTP status: the sign-in page for pages that need it, else a page that says what is wrong."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 401 and request.method == "GET" and not _is_api(request):
        raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
        here = raw.decode("ascii", "ignore") + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?to={quote(here, safe='')}", 303)
    if error.headers and "Location" in error.headers:
        return RedirectResponse(error.headers["Location"], error.status_code)
    return _answer(request, error.status_code, str(error.detail))


async def unreadable(request: Request, error: Exception) -> Response:
    """A form or address that makes no sense."""
    if not isinstance(error, RequestValidationError):
        raise error
    wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return _answer(request, 422, wrong)


async def explained(request: Request, error: Exception) -> Response:
    """An error that qa can explain: the database is locked, a recording is gone."""
    if not isinstance(error, QaError):
        raise error
    status = 409 if isinstance(error, Conflict) else 404 if isinstance(error, PersonError) else 503
    return _answer(request, status, str(error))


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _answer(request: Request, status: int, detail: str) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": detail}, status)
    if not hasattr(request.state, "viewer"):  # it never came to a route
        request.state.viewer = Viewer(None, "", _language(request), "", "")
    return show(request, Trouble(status, detail), status)


def _language(request: Request) -> str:
    from qa.review.languages import LANGUAGES, preferred

    chosen = request.cookies.get("qa_language", "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))
