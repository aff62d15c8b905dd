"""What a list of calls is narrowed to, and whose calls somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.model import Outcome


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose calls somebody may see. Every list and look-up takes one."""

    agent_id: str | None = None
    """None: everybody's."""


EVERYTHING = Sight()
"""For leads and admins."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the queue is narrowed to; every field that is None lets everything through."""

    agent_id: str | None = None
    queue: str | None = None
    since: date | None = None
    until: date | None = None
    """The last day that counts."""
    criterion: str | None = None
    outcome: Outcome | None = None
    """Of `criterion`, or of any where that is None."""
    flag: str | None = None
    score_from: float | None = None
    score_to: float | None = None
    needs_review: bool = False
    open: bool | None = None
    """True: calls that still need an ear; False: handled ones."""
    said: str = ""
    """Text that is said in the call."""
    said_by: str | None = None
    """`agent` or `customer`; None: anybody."""
    without: tuple[str, ...] = ()
    """Ids of calls that are left out."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list: its rank, and its id among those of the same rank."""

    rank: int
    id: int
