"""Points to work on, from marked to changed, and the goals that agents chose. Only added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa.store.door import Door, instant, utc_now
from qa.store.filters import Sight


class Stage(StrEnum):
    """How far a point has come."""

    MARKED = "marked"
    TOLD = "told"
    UNDERSTOOD = "understood"
    CHANGED = "changed"
    """Seen in later calls."""
    DROPPED = "dropped"
    """Taken back."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a point: this criterion in this call, for this agent."""

    call_id: str
    criterion: str
    agent_id: str
    stage: Stage
    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Goal:
    """What an agent chose to work on."""

    agent_id: str
    criterion: str
    """Empty: nothing any more."""
    words: str
    who: str
    at: datetime


_STEP = "call_id, criterion, agent_id, stage, words, who, at"


class Coaching(Door):
    """Points to work on, and agents' own goals."""

    def add(self, call_id: str, criterion: str, agent_id: str, stage: Stage, words: str, who: str) -> Step:
        """The next step of a point."""
        step = Step(call_id, criterion, agent_id, stage, words, who, utc_now())
        with self.writing() as connection:
            connection.execute(
                f"INSERT INTO coaching ({_STEP}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (call_id, criterion, agent_id, stage, words, who, step.at.isoformat()),
            )
        return step

    def of_call(self, call_id: str) -> tuple[Step, ...]:
        """Every step of a call's points, oldest first."""
        return self._steps("call_id = ?", call_id)

    def of_agent(self, agent_id: str) -> tuple[Step, ...]:
        """Every step of an agent's points, oldest first."""
        return self._steps("agent_id = ?", agent_id)

    def all(self, sight: Sight) -> tuple[Step, ...]:
        """Every step that may be seen, oldest first."""
        return self._steps("agent_id = coalesce(?, agent_id)", sight.agent_id)

    def points(self, agent_id: str) -> Mapping[tuple[str, str], Step]:
        """(call, criterion) → the last step of the point, dropped ones left out."""
        last = {(step.call_id, step.criterion): step for step in self.of_agent(agent_id)}
        return {point: step for point, step in last.items() if step.stage is not Stage.DROPPED}

    def _steps(self, where: str, value: str | None) -> tuple[Step, ...]:
        with self.reading() as connection:
            rows = connection.execute(f"SELECT {_STEP} FROM coaching WHERE {where} ORDER BY id", (value,))
            return tuple(
                Step(call_id, criterion, agent_id, Stage(stage), words, who, instant(at))
                for call_id, criterion, agent_id, stage, words, who, at in rows
            )

    def choose(self, agent_id: str, criterion: str, words: str, who: str) -> None:
        """An agent's goal from now on; an empty criterion: none."""
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO goals (agent_id, criterion, words, who, at) VALUES (?, ?, ?, ?, ?)",
                (agent_id, criterion, words, who, utc_now().isoformat()),
            )

    def goal(self, agent_id: str) -> Goal | None:
        """The goal an agent works on; None: none was chosen."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT agent_id, criterion, words, who, at FROM goals WHERE agent_id = ?"
                " ORDER BY id DESC LIMIT 1",
                (agent_id,),
            ).fetchone()
        if row is None or not row[1]:
            return None
        agent_id, criterion, words, who, at = row
        return Goal(agent_id, criterion, words, who, instant(at))
