"""The audit log, for admins: `/api`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from qa.review.asking import TheStore
from qa.review.routes.api.router import api
from qa.review.shapes.people import LogShape, line_shape

router = api()
SIZE = 100
"""Lines on a page."""


@router.get("/audit", name="api_audit")
def audit(
    store: TheStore,
    who: Annotated[str | None, Query(max_length=200)] = None,
    call: Annotated[str | None, Query(max_length=200)] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="`next` of the page before")] = None,
) -> LogShape:
    """Who saw and changed what, newest first; narrowed to a person or a call."""
    found = store.people.log(SIZE + 1, who=who or None, call_id=call or None, before=before)
    return LogShape(
        next=found[SIZE - 1].id if len(found) > SIZE else None,
        lines=[line_shape(line) for line in found[:SIZE]],
    )
