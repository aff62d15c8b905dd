"""The audit log, for admins: who saw and changed what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from qa.review.asking import TheStore
from qa.review.pages import show
from qa.store.people import Line

router = APIRouter()
SIZE = 100
"""Lines on a page."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The page."""

    lines: tuple[Line, ...]
    """Newest first."""
    who: str
    call: str
    more: bool
    template: str = "audit.html"

    @property
    def next(self) -> str | None:
        """The query of the next page."""
        if not self.more:
            return None
        asked = {"who": self.who, "call": self.call, "before": self.lines[-1].id}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"


@router.get("/audit", name="audit")
def audit(
    request: Request,
    store: TheStore,
    who: Annotated[str, Query(max_length=200)] = "",
    call: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Lines of the log, narrowed to a person or a call."""
    who, call = who.strip(), call.strip()
    found = store.people.log(SIZE + 1, who=who or None, call_id=call or None, before=before)
    return show(request, Audit(found[:SIZE], who, call, len(found) > SIZE))
