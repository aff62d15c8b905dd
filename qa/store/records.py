"""What the store gives back besides the nouns of `qa.model`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.model import Call, Conversation, EventDefinitions, Outcome, Recording, Scorecard


class State(StrEnum):
    """What became of a recording in a run."""

    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"


class RunState(StrEnum):
    """How a run ended, if it did."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Hearing:
    """The models and settings that heard a call. Equal hearings give equal words."""

    models: Mapping[str, str]
    settings: Mapping[str, str]

    def as_text(self) -> str:
        """Canonical JSON: equal hearings give equal texts."""
        return canonical({"models": dict(self.models), "settings": dict(self.settings)})

    @classmethod
    def from_text(cls, text: str) -> Hearing:
        """The hearing that `as_text` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was hashed."""

    recording_id: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What is stored of a call, as far as a plan needs it. Of the current scorecard."""

    call: Call
    recording_id: str
    path: Path | None
    """The first of the names it was seen under; None: the file now holds other bytes."""
    conversation_id: int
    hearing: Hearing
    definitions: EventDefinitions
    language: str
    rubric: str
    """`name@revision`."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last word of the ledger on a recording that is not done."""

    state: State
    attempts: int
    """Tries that failed, over all runs."""
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger."""

    path: Path
    state: State
    recording_id: str | None = None
    """None: it could not even be read."""
    call_id: str | None = None
    attempts: int = 0
    reason: str = ""
    seconds: float = 0.0
    """Of work."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything of one call that one transaction writes."""

    recording: Recording
    conversation: Conversation
    scorecard: Scorecard
    hearing: Hearing
    entry: Entry | None = None
    """The ledger's line; None: a rescoring, which no recording waits for."""
    conversation_id: int | None = None
    """The stored conversation it was scored from; None: `conversation` is new."""
    reading: bytes | None = None
    """What scoring worked out from the conversation, to keep for the next time; None: nothing new."""
    judgements: bytes | None = None
    """What its criteria came to, to keep for the next time; None: nothing new."""


@dataclass(frozen=True, slots=True)
class Again:
    """A stored conversation's new scorecard; None of it need be written."""

    conversation_id: int
    scorecard: Scorecard | None
    reading: bytes | None = None
    judgements: bytes | None = None

    def without_scorecard(self) -> Again:
        """Only what is kept for the next scoring."""
        return Again(self.conversation_id, None, self.reading, self.judgements)


@dataclass(frozen=True, slots=True)
class Before:
    """What is stored of a call's last scoring: what scoring it again compares and reuses."""

    outcomes: Mapping[str, Outcome]
    """Criterion → outcome, in the order of the scorecard."""
    score: float | None
    judgements: bytes | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a call took, by an earlier run."""

    suffix: str
    """Of the file's name: `.wav`."""
    size: int
    """Bytes."""
    audio_seconds: float
    work_seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a run."""

    found: int = 0
    scored: int = 0
    skipped: int = 0
    failed: int = 0
    quarantined: int = 0
    needs_review: int = 0
    """Calls scored in this run that a person must look at."""
    audio_seconds: float = 0.0
    wall_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the database remembers it."""

    id: str
    kind: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    pid: int
    host: str
    code: str
    device: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Status:
    """How the database stands, for `qa status`."""

    path: Path
    size: int
    """Bytes."""
    schema: int
    recordings: int
    calls: int
    """Calls with a scorecard."""
    needs_review: int
    """Of those, calls with a criterion that a person must judge."""
    flagged: int
    runs: tuple[RunRecord, ...]
    """The last ones, newest first."""
    open: tuple[Entry, ...]
    """Recordings that are due, failed or quarantined, by the ledger's last word on each."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to export."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that a search found."""

    call_id: str
    role: str
    start: float
    end: float
    text: str


def canonical(value: Any) -> str:
    """JSON that is equal for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
