"""The queue: calls that need an ear, why, newest and worst first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from qa.model import Outcome
from qa.review.asked import Asked
from qa.review.asking import TheDesk, TheHidden, TheStore, TheViewer
from qa.review.names import Names
from qa.review.pages import show
from qa.review.viewer import Who
from qa.store import Choices, Facet, Hit, Page

router = APIRouter()
SIZE = 50
"""Calls on a page."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue page."""

    asked: Asked
    calls: Page
    choices: Choices
    counts: Facet
    names: Names
    outcomes: tuple[Outcome, ...]
    hits: Mapping[str, Hit]
    """Call → the first turn in which the text that was asked for is said."""
    blind: Collection[str]
    """Calls whose score the viewer may not see yet."""
    template: str = "queue.html"

    @property
    def here(self) -> str:
        """The query that calls are opened with, so that they know what comes before and after."""
        return self.asked.query()

    @property
    def next(self) -> str | None:
        """The query of the next page."""
        place = self.calls.next
        return self.asked.query(after=f"{place.rank}.{place.id}") if place else None


@router.get("/", name="home")
def home(viewer: TheViewer) -> Response:
    """The first page of whoever asks."""
    return RedirectResponse("/mine" if viewer.who is Who.AGENT else "/queue", 303)


@router.get("/queue", name="queue")
def queue(
    request: Request,
    desk: TheDesk,
    store: TheStore,
    viewer: TheViewer,
    hidden: TheHidden,
    asked: Annotated[Asked, Query()],
) -> Response:
    """The queue."""
    sight = viewer.sight
    calls = store.listing.page(asked.blindly(hidden), sight, after=asked.place, size=SIZE)
    return show(
        request,
        Queue(
            asked,
            calls,
            store.listing.choices(),
            store.listing.counts(sight),
            desk.names(store, viewer.language),
            tuple(Outcome),
            store.listing.said(calls.rows, asked.said, asked.by) if asked.filter.said else {},
            hidden,
        ),
    )
