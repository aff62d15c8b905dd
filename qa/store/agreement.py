"""What people said of the machine's findings: counted by criterion and week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.model import Outcome
from qa.store.door import Door


@dataclass(frozen=True, slots=True)
class Judged:
    """So many findings that came out like this: by the machine, and by a person, in a week."""

    criterion: str
    monday: date
    """Of the week in which the person judged."""
    blind: bool
    """The person had not seen the machine's outcome."""
    machine: Outcome
    person: Outcome
    calls: int


class Agreements(Door):
    """People beside the machine."""

    def judged(self) -> tuple[Judged, ...]:
        """Every last word of a person on a finding, and every blind score, counted; oldest week first."""
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT criterion, date(substr(at, 1, 10), 'weekday 0', '-6 days') AS monday, blind, machine,
                    outcome, count(*)
                FROM (
                    SELECT criterion, at, 0 AS blind, machine, outcome FROM reviews AS last
                    WHERE version = (SELECT max(version) FROM reviews
                        WHERE call_id = last.call_id AND criterion = last.criterion)
                    UNION ALL
                    SELECT criterion, at, 1, machine, outcome FROM blind_scores
                )
                GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 1, 3, 4, 5
                """
            )
            return tuple(
                Judged(
                    criterion,
                    date.fromisoformat(monday),
                    bool(blind),
                    Outcome(machine),
                    Outcome(person),
                    int(calls),
                )
                for criterion, monday, blind, machine, person, calls in rows
            )
