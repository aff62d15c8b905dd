"""`create`: the desk as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

import qa
from qa.errors import QaError
from qa.review import access, security
from qa.review.desk import Desk
from qa.review.pages import STATIC, Pages
from qa.review.routes import (
    account,
    api,
    audit,
    calibration,
    call,
    decide,
    disputes,
    guides,
    own,
    queue,
    sign,
    sound,
    team,
    trouble,
)
from qa.review.sound import Sound
from qa.review.stores import Stores
from qa.settings import Settings

PAGES = (
    sign.router,
    queue.router,
    call.router,
    sound.router,
    decide.router,
    disputes.router,
    own.router,
    team.router,
    calibration.router,
    guides.router,
    account.router,
    audit.router,
)
"""One a page (or a few that belong together), in the order in which paths are tried."""

INTERFACES = api.ROUTERS
"""The same for programs."""


def create(db: Path, settings: Settings, sound: Sound) -> FastAPI:
    """The desk over the database at `db`. Raises `StoreError` where that cannot be opened.

    `sound` brings peaks and playable copies: this room never opens audio itself.
    """
    stores = Stores(db)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        yield
        stores.close()

    app = FastAPI(
        title="qa review desk",
        version=qa.__version__,
        lifespan=living,
        dependencies=[Depends(access.admit)],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk = Desk(stores, settings, sound)
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    for router in INTERFACES:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.state.pages = Pages(app)
    app.middleware("http")(_headers)
    app.exception_handler(StarletteHTTPException)(trouble.http)
    app.exception_handler(RequestValidationError)(trouble.unreadable)
    app.exception_handler(QaError)(trouble.explained)
    access.check((*PAGES, *INTERFACES))
    return app


async def _headers(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    """The security headers of every answer; pages are never kept, static files for good.

    Scripts that another one imports have no mark of their content in their address: the browser keeps them,
    and asks each time whether they are still the same.
    """
    answer = await proceed(request)
    answer.headers.update(security.HEADERS)
    if request.url.path.startswith("/static/"):
        kept = "public, max-age=31536000, immutable" if request.url.query else "no-cache"
        answer.headers["Cache-Control"] = kept
    elif "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
    return answer
