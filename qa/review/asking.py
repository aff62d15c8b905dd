"""What a route is given: the desk, a store of its own, the viewer, and a call the viewer may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, HTTPException, Request

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


def _call(call_id: str, store: TheStore, viewer: TheViewer) -> Listed:
    """404 where there is no such call, and where it is not theirs: the two look alike."""
    found = store.listing.find(call_id, viewer.sight)
    if found is None:
        raise HTTPException(404)
    return found


TheCall = Annotated[Listed, Depends(_call)]
"""Of the path parameter `call_id`."""
