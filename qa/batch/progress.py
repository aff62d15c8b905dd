"""What a run tells while it goes on, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.model import Message


class Came(StrEnum):
    """What a recording came to in this run."""

    SCORED = "scored"
    """Heard and scored."""
    RESCORED = "rescored"
    """Scored again from the stored conversation: the rubric, or what is known of the call, changed."""
    SKIPPED = "skipped"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    LEFT = "left"
    """Still due: the next run takes it."""


@dataclass(frozen=True, slots=True)
class Started:
    """The run knows what it found."""

    run_id: str
    found: int
    known: int
    """Of those, recordings that are done and unchanged; no `Finished` follows for them."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Work on a call has begun."""

    call_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Finished:
    """A recording is through, one way or another."""

    call_id: str
    path: Path
    came: Came
    reason: str = ""
    """Why it was skipped, failed, quarantined or left."""
    audio_seconds: float = 0.0
    work_seconds: float = 0.0
    score: float | None = None
    needs_review: int = 0
    """Criteria that a person must judge."""
    done: int = 0
    """Recordings through so far, with those known before."""
    found: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the operator should know; not about one call."""

    message: Message


Progress = Started | Begun | Finished | Notice
Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A recording without a scorecard, and why."""

    path: Path
    reason: str
    fresh: bool = True
    """False: quarantined by an earlier run, and unchanged since."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a run came to: every recording found is in exactly one of the counts, or in `left`."""

    run_id: str
    found: int
    scored: int
    skipped: int
    needs_review: int
    """Calls scored in this run with a criterion that a person must judge."""
    audio_seconds: float
    """Of the calls that were heard in this run."""
    wall_seconds: float
    device: str
    failures: tuple[Fault, ...] = ()
    quarantine: tuple[Fault, ...] = ()
    left: tuple[Fault, ...] = ()
    """Still being written, or not started in time: the next run takes them."""
    stopped: bool = False
    """True: asked to stop, or out of disk, before the end."""

    @property
    def failed(self) -> int:
        """Recordings that failed and will be tried again."""
        return len(self.failures)

    @property
    def quarantined(self) -> int:
        """Recordings that are not tried again until their bytes change."""
        return len(self.quarantine)

    @property
    def rtfx(self) -> float | None:
        """Audio seconds a wall second; None if nothing was heard."""
        return self.audio_seconds / self.wall_seconds if self.audio_seconds and self.wall_seconds else None

    @property
    def exit_code(self) -> int:
        """0: all done. 3: some calls failed or were newly quarantined (they are listed)."""
        return 3 if self.failures or any(fault.fresh for fault in self.quarantine) else 0

    def as_json(self) -> dict[str, Any]:
        """The object that ends `qa run --json`."""
        return {
            "run_id": self.run_id,
            "found": self.found,
            "scored": self.scored,
            "skipped": self.skipped,
            "failed": self.failed,
            "quarantined": self.quarantined,
            "needs_review": self.needs_review,
            "audio_seconds": round(self.audio_seconds, 3),
            "wall_seconds": round(self.wall_seconds, 3),
            "rtfx": None if self.rtfx is None else round(self.rtfx, 3),
            "device": self.device,
        }
