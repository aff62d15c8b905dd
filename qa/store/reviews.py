"""What people say about a call: reviews of criteria, comments at a moment, "done with it". Only added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qa.errors import Conflict
from qa.model import Outcome, Review, Span
from qa.store.door import Door, instant, utc_now

_REVIEW = 'call_id, criterion, outcome, who, why, at, start, "end", machine, version, scorecard_id'


@dataclass(frozen=True, slots=True)
class Comment:
    """Words about a call, or about a moment of it."""

    id: int
    call_id: str
    start: float | None
    """Seconds; None: the whole call."""
    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Handled:
    """A lead is done with a call, or takes that back."""

    done: bool
    who: str
    at: datetime


class Reviews(Door):
    """The words of people on calls."""

    def add(
        self,
        call_id: str,
        criterion: str,
        outcome: Outcome,
        *,
        who: str,
        why: str,
        seen: int,
        span: Span | None = None,
    ) -> Review:
        """A person's word on a criterion of the current scorecard, beside the machine's.

        `seen`: the version that was on the page (0: nobody had spoken). `span`: the moment it rests on, where
        the machine showed none. Raises `Conflict` where somebody spoke in the meantime, `KeyError` where the
        scorecard has no such criterion.
        """
        with self.writing() as connection:
            machine = connection.execute(
                """
                SELECT card.id, findings.outcome FROM current_scorecards AS card
                JOIN findings ON findings.scorecard_id = card.id
                WHERE card.call_id = ? AND findings.criterion = ?
                """,
                (call_id, criterion),
            ).fetchone()
            if machine is None:
                raise KeyError(criterion)
            (newest,) = connection.execute(
                "SELECT coalesce(max(version), 0) FROM reviews WHERE call_id = ? AND criterion = ?",
                (call_id, criterion),
            ).fetchone()
            if newest != seen:
                raise Conflict(f"{call_id}, {criterion}: somebody reviewed it since this page was shown")
            review = Review(
                call_id,
                criterion,
                outcome,
                who,
                why,
                utc_now(),
                span=span,
                machine=Outcome(machine[1]),
                version=newest + 1,
            )
            connection.execute(
                f"INSERT INTO reviews ({_REVIEW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    call_id,
                    criterion,
                    outcome,
                    who,
                    why,
                    review.when.isoformat(),
                    span.start if span else None,
                    span.end if span else None,
                    review.machine,
                    review.version,
                    machine[0],
                ),
            )
        return review

    def of(self, call_id: str) -> tuple[Review, ...]:
        """Every word on a call's criteria, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT {_REVIEW} FROM reviews WHERE call_id = ? ORDER BY id", (call_id,)
            )
            return tuple(map(_review, rows))

    def standing(self, call_id: str) -> Mapping[str, Review]:
        """Criterion → the word that counts: the last one."""
        return {review.criterion: review for review in self.of(call_id)}

    def all(self) -> tuple[Review, ...]:
        """Every word on every call, oldest first: for statistics of agreement."""
        with self.reading() as connection:
            return tuple(map(_review, connection.execute(f"SELECT {_REVIEW} FROM reviews ORDER BY id")))

    def comment(self, call_id: str, words: str, who: str, start: float | None = None) -> Comment:
        """Add words about a call, or about a moment of it."""
        at = utc_now()
        with self.writing() as connection:
            row = connection.execute(
                "INSERT INTO comments (call_id, start, words, who, at) VALUES (?, ?, ?, ?, ?)",
                (call_id, start, words, who, at.isoformat()),
            )
        return Comment(int(row.lastrowid or 0), call_id, start, words, who, at)

    def comments(self, call_id: str) -> tuple[Comment, ...]:
        """A call's comments, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT id, call_id, start, words, who, at FROM comments WHERE call_id = ? ORDER BY id",
                (call_id,),
            )
            return tuple(
                Comment(number, call_id, start, words, who, instant(at))
                for number, call_id, start, words, who, at in rows
            )

    def handle(self, call_id: str, who: str, *, done: bool) -> None:
        """Take a call off the queue, or put it back."""
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO handled (call_id, done, who, at) VALUES (?, ?, ?, ?)",
                (call_id, done, who, utc_now().isoformat()),
            )

    def handled(self, call_id: str) -> Handled | None:
        """Who last took it off the queue or put it back; None: nobody did."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT done, who, at FROM handled WHERE call_id = ? ORDER BY id DESC LIMIT 1", (call_id,)
            ).fetchone()
        return None if row is None else Handled(bool(row[0]), row[1], instant(row[2]))


def _review(row: tuple[Any, ...]) -> Review:
    call_id, criterion, outcome, who, why, at, start, end, machine, version, _ = row
    return Review(
        call_id,
        criterion,
        Outcome(outcome),
        who,
        why,
        instant(at),
        span=None if start is None else Span(start, end),
        machine=Outcome(machine),
        version=version,
    )
