"""What a call really was: the scoring references that results are compared with.

A reference may know only a part (who spoke when, or the words): what it does not know is None, and the
figures that need it are absent, not zero.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.errors import QaError
from qa.model import Event, Outcome, Role, Span

PARTS = ("turns", "spoken", "events", "criteria")
"""What a reference may know."""


class BadReference(QaError):
    """A scoring reference cannot be read."""


@dataclass(frozen=True, slots=True)
class ReferenceTurn:
    """Who really said what, and when. `speaker` is "" where a word list does not tell the speakers apart."""

    role: Role
    span: Span
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceSpeech:
    """Somebody's voice is really heard here: a turn's speech, split where the audio itself pauses."""

    speaker: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """One call's truth, in the shape that docs/references.md gives."""

    call_id: str
    language: str = ""
    """`ja`, `en`, or empty where the file does not say: the result's language is taken then."""
    turns: tuple[ReferenceTurn, ...] | None = None
    spoken: tuple[ReferenceSpeech, ...] | None = None
    events: tuple[Event, ...] | None = None
    criteria: Mapping[str, Outcome] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def speech(self) -> tuple[ReferenceSpeech, ...] | None:
        """Who speaks when: as told to the pause, else turn by turn; None where no speaker is told."""
        if self.spoken is not None:
            return self.spoken
        if self.turns is None or any(not turn.speaker for turn in self.turns):
            return None
        return tuple(ReferenceSpeech(turn.speaker, turn.role, turn.span) for turn in self.turns)

    @property
    def knows_roles(self) -> bool:
        """True if somebody's role is told."""
        known = (Role.AGENT, Role.CUSTOMER)
        return any(piece.role in known for piece in self.speech or ())

    @property
    def silent(self) -> bool:
        """True if nobody speaks in the whole recording: any word found in it is made up."""
        return self.turns == () and not self.spoken

    def joined(self, other: Reference) -> Reference:
        """Both files' knowledge of one call. Raises `BadReference` where they tell the same part."""
        both = [p for p in PARTS if getattr(self, p) is not None and getattr(other, p) is not None]
        if both:
            raise BadReference(f"a second reference for call {self.call_id} ({', '.join(both)}); keep one")
        mine = {p: getattr(self, p) if getattr(self, p) is not None else getattr(other, p) for p in PARTS}
        return dataclasses.replace(
            self, language=self.language or other.language, names={**other.names, **self.names}, **mine
        )
