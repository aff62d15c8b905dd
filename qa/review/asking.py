"""What a route is given: the desk, a store of its own, the viewer, and a call the viewer may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Path, Request

from qa.review.desk import Desk
from qa.review.viewer import Viewer
from qa.store import Listed, Store


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _store(request: Request) -> Iterator[Store]:
    """Open for this request, its lists up to date."""
    desk = _desk(request)
    with desk.stores.borrow() as store:
        desk.settle(store)
        yield store


def _viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


TheDesk = Annotated[Desk, Depends(_desk)]
TheStore = Annotated[Store, Depends(_store)]
TheViewer = Annotated[Viewer, Depends(_viewer)]


def _agent(viewer: TheViewer) -> str:
    if viewer.user is None or viewer.user.agent_id is None:
        raise HTTPException(403)
    return viewer.user.agent_id


TheAgent = Annotated[str, Depends(_agent)]
"""Whose own pages these are: the agent's who is signed in, and nobody else's."""
Number = Annotated[int, Path(ge=1, le=2**62)]
"""Of a row: what SQLite can hold."""


def _call(call_id: str, store: TheStore, viewer: TheViewer) -> Listed:
    """404 where there is no such call, and where it is not theirs: the two look alike."""
    found = store.listing.find(call_id, viewer.sight)
    if found is None:
        raise HTTPException(404)
    return found


TheCall = Annotated[Listed, Depends(_call)]
"""Of the path parameter `call_id`."""


def _hidden(store: TheStore, viewer: TheViewer) -> Mapping[str, int]:
    return store.calibration.hidden(viewer.name) if viewer.leads else {}


TheHidden = Annotated[Mapping[str, int], Depends(_hidden)]
"""Calls that the viewer still has to score blindly → the set's number. No outcome of theirs may be told."""


def _scored(request: Request, call: TheCall, hidden: TheHidden) -> Listed:
    """403 while the viewer still has to score it blindly (on a page: 303 to where that is done)."""
    number = hidden.get(call.call_id)
    if number is None:
        return call
    if request.method == "GET" and not request.url.path.startswith("/api/"):
        to = f"/calibration/{number}/{quote(call.call_id, safe='')}"
        raise HTTPException(303, headers={"Location": to})
    raise HTTPException(403, "to be scored blindly first")


TheScoredCall = Annotated[Listed, Depends(_scored)]
"""As `TheCall`, where its score may be seen."""
