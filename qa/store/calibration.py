"""Blind sets: a lead scores calls without seeing the machine's scores; then both are shown. Only added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qa.errors import Conflict
from qa.model import Outcome
from qa.store.door import Door, instant, utc_now


@dataclass(frozen=True, slots=True)
class BlindSet:
    """Calls to be scored without seeing the machine's scores."""

    id: int
    title: str
    who: str
    at: datetime
    calls: tuple[str, ...]
    scored: Mapping[str, tuple[str, ...]]
    """Call → who has scored it."""


@dataclass(frozen=True, slots=True)
class BlindScore:
    """A person's outcome, given before the machine's was shown, beside the machine's."""

    calibration_id: int
    call_id: str
    criterion: str
    outcome: Outcome
    machine: Outcome
    why: str
    who: str
    at: datetime


_SCORE = "calibration_id, call_id, criterion, outcome, machine, why, who, at"


class Calibration(Door):
    """Blind sets and the scores given in them."""

    def draw(self, count: int, language: str | None = None) -> tuple[str, ...]:
        """Ids of calls drawn at random among those that no blind set holds yet."""
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT call_id FROM desk_calls WHERE (? IS NULL OR language = ?)
                    AND call_id NOT IN (SELECT call_id FROM calibration_calls)
                ORDER BY random() LIMIT ?
                """,
                (language, language, count),
            )
            return tuple(id for (id,) in rows)

    def begin(self, title: str, call_ids: Sequence[str], who: str) -> int:
        """A new blind set of these calls; its number."""
        with self.writing() as connection:
            row = connection.execute(
                "INSERT INTO calibrations (title, who, at) VALUES (?, ?, ?)",
                (title, who, utc_now().isoformat()),
            )
            number = int(row.lastrowid or 0)
            connection.executemany(
                "INSERT INTO calibration_calls SELECT ?, ?, call_id, id FROM current_scorecards"
                " WHERE call_id = ?",
                [(number, position, call_id) for position, call_id in enumerate(call_ids)],
            )
        return number

    def sets(self) -> tuple[BlindSet, ...]:
        """Every blind set, newest first."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT id, title, who, at FROM calibrations ORDER BY id DESC"
            ).fetchall()
            calls: dict[int, list[str]] = {}
            for number, call_id in connection.execute(
                "SELECT calibration_id, call_id FROM calibration_calls ORDER BY calibration_id, position"
            ):
                calls.setdefault(number, []).append(call_id)
            scored: dict[int, dict[str, list[str]]] = {}
            for number, call_id, who in connection.execute(
                "SELECT DISTINCT calibration_id, call_id, who FROM blind_scores ORDER BY id"
            ):
                scored.setdefault(number, {}).setdefault(call_id, []).append(who)
        return tuple(
            BlindSet(
                number,
                title,
                who,
                instant(at),
                tuple(calls.get(number, ())),
                {call: tuple(names) for call, names in scored.get(number, {}).items()},
            )
            for number, title, who, at in rows
        )

    def set_of(self, number: int) -> BlindSet | None:
        """A blind set by its number."""
        return next((each for each in self.sets() if each.id == number), None)

    def hidden(self, who: str) -> Mapping[str, int]:
        """Calls of one's own sets that one still has to score blindly → the set's number.

        Until then one may not see the machine's score.
        """
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT c.call_id, c.calibration_id FROM calibrations
                JOIN calibration_calls AS c ON c.calibration_id = calibrations.id
                WHERE calibrations.who = :who AND NOT EXISTS (SELECT 1 FROM blind_scores AS b
                    WHERE b.calibration_id = c.calibration_id AND b.call_id = c.call_id AND b.who = :who)
                """,
                {"who": who},
            )
            return dict(rows.fetchall())

    def give(self, number: int, call_id: str, given: Mapping[str, tuple[Outcome, str]], who: str) -> None:
        """Somebody's outcomes for a call: criterion → outcome and why. Raises `Conflict` the second time."""
        at = utc_now().isoformat()
        with self.writing() as connection:
            done = connection.execute(
                "SELECT 1 FROM blind_scores WHERE calibration_id = ? AND call_id = ? AND who = ?",
                (number, call_id, who),
            ).fetchone()
            if done:
                raise Conflict(
                    f"{call_id}: {who} has scored it already, and has seen the machine's score since"
                )
            machine = dict(
                connection.execute(
                    """
                    SELECT criterion, outcome FROM findings WHERE scorecard_id =
                        (SELECT scorecard_id FROM calibration_calls WHERE calibration_id = ? AND call_id = ?)
                    """,
                    (number, call_id),
                ).fetchall()
            )
            connection.executemany(
                f"INSERT INTO blind_scores ({_SCORE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (number, call_id, criterion, outcome, machine[criterion], why, who, at)
                    for criterion, (outcome, why) in given.items()
                    if criterion in machine
                ],
            )

    def scores(self, number: int | None = None) -> tuple[BlindScore, ...]:
        """The blind scores of a set (None: of all), in order."""
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT {_SCORE} FROM blind_scores WHERE (? IS NULL OR calibration_id = ?) ORDER BY id",
                (number, number),
            )
            return tuple(
                BlindScore(
                    set_id, call_id, criterion, Outcome(outcome), Outcome(machine), why, who, instant(at)
                )
                for set_id, call_id, criterion, outcome, machine, why, who, at in rows
            )
