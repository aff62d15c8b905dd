"""The queue: calls that need an ear, why, newest and worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from qa.review.asking import TheDesk, TheStore, TheViewer
from qa.review.pages import show
from qa.review.viewer import Who
from qa.store import Choices, Filter, Page

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue page."""

    calls: Page
    choices: Choices
    counts: Mapping[str, int]
    template: str = "queue.html"


@router.get("/", name="home")
def home(viewer: TheViewer) -> Response:
    """The first page of whoever asks."""
    return RedirectResponse("/account" if viewer.who is Who.AGENT else "/queue", 303)


@router.get("/queue", name="queue")
def queue(request: Request, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """The queue."""
    wanted = Filter(open=True)
    sight = viewer.sight
    return show(
        request,
        Queue(store.listing.page(wanted, sight), store.listing.choices(sight), store.listing.counts(sight)),
    )
