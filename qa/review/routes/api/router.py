"""What every part of `/api` shares: its prefix, the troubles it may answer with, and the words in a body."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from qa.review.deeds.words import LONGEST

Words = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"\S")]
"""Something said."""
MaybeWords = Annotated[str, Field(max_length=LONGEST)]
Criterion = Annotated[str, Field(max_length=200)]


class Problem(BaseModel):
    """What is wrong."""

    detail: str


TROUBLES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 422, 503)
}


def api(**more: Any) -> APIRouter:
    """A router of `/api`."""
    return APIRouter(prefix="/api", responses=TROUBLES, **more)
