"""What a list is narrowed to, as an address says it: `/queue?agent=a17&outcome=not_met`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa.model import Outcome
from qa.store import Filter, Place

Showing = Literal["open", "review", "handled", "all"]


class Asked(BaseModel):
    """The query of a list; an empty value is one that was not given."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    show: Showing = Field(default="open", description="calls that need an ear, with open criteria, done, all")
    agent: str | None = Field(default=None, max_length=200)
    queue: str | None = Field(default=None, max_length=200)
    since: date | None = None
    until: date | None = Field(default=None, description="the last day that counts")
    criterion: str | None = Field(default=None, max_length=200)
    outcome: Outcome | None = None
    flag: str | None = Field(default=None, max_length=200)
    score_from: float | None = Field(default=None, ge=0, le=100, allow_inf_nan=False)
    score_to: float | None = Field(default=None, ge=0, le=100, allow_inf_nan=False)
    said: str = Field(default="", max_length=100, description="text that is said in the call")
    by: Literal["agent", "customer"] | None = Field(default=None, description="who says it")
    after: str | None = Field(
        default=None, pattern=r"^\d{1,15}\.\d{1,15}$", description="`next` of the page before"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _given(cls, value: Any, info: Any) -> Any:
        if value == "" and info.field_name not in ("said", "show"):
            return None
        return "open" if value == "" and info.field_name == "show" else value

    @field_validator("said")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.replace("\0", "").strip()

    @property
    def too_short(self) -> bool:
        """A single letter that nearly every call holds; a single kanji says enough."""
        return len(self.said) == 1 and not "\u3400" <= self.said <= "\u9fff"

    @property
    def filter(self) -> Filter:
        """As the store wants it."""
        return Filter(
            agent_id=self.agent,
            queue=self.queue,
            since=self.since,
            until=self.until,
            criterion=self.criterion,
            outcome=self.outcome,
            flag=self.flag,
            score_from=self.score_from,
            score_to=self.score_to,
            needs_review=self.show == "review",
            open={"open": True, "handled": False}.get(self.show),
            said="" if self.too_short else self.said,
            said_by=self.by,
        )

    @property
    def judged(self) -> bool:
        """True where the machine's word decides what is listed: a call in the list then tells it."""
        narrowed = (self.criterion, self.outcome, self.flag, self.score_from, self.score_to)
        return self.show == "review" or any(each is not None for each in narrowed)

    def blindly(self, hidden: Iterable[str]) -> Filter:
        """As the store wants it for somebody who still has to score these calls blindly."""
        return replace(self.filter, without=tuple(hidden)) if self.judged else self.filter

    @property
    def place(self) -> Place | None:
        """Where the page begins."""
        if self.after is None:
            return None
        rank, _, number = self.after.partition(".")
        return Place(int(rank), int(number))

    @property
    def narrowed(self) -> int:
        """How many things besides `show` the list is narrowed by."""
        given = self.model_dump(exclude={"show", "after"}, exclude_none=True, exclude_defaults=True)
        return len(given)

    def query(self, **changed: Any) -> str:
        """The query of the same list with something changed, `?` included; empty where nothing is asked."""
        values = self.model_dump(mode="json", exclude={"after"}, exclude_none=True, exclude_defaults=True)
        values |= changed
        given = {name: value for name, value in values.items() if value not in (None, "")}
        return f"?{urlencode(given)}" if given else ""
