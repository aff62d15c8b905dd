"""What it came to: findings with evidence, scores, flags, and what a person says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qa.model.kinds import Outcome, Role
from qa.model.time import Span


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for people, in both languages."""

    ja: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in `language` (`ja`; anything else is English)."""
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the audio that a verdict rests on."""

    span: Span
    role: Role
    quote: str
    confidence: float
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion came to in one call.

    A `not_met` without evidence is refused: every point taken off names a place in the audio.
    """

    criterion: str
    section: str
    outcome: Outcome
    points: float
    possible: float
    reason: Message
    evidence: tuple[Evidence, ...] = ()
    critical: bool = False
    bonus: bool = False

    def __post_init__(self) -> None:
        if self.outcome is Outcome.NOT_MET and not self.evidence:
            raise ValueError(f"{self.criterion}: not_met needs evidence")
        if not 0 <= self.points <= self.possible:
            raise ValueError(f"{self.criterion}: {self.points} of {self.possible} points")
        if self.outcome is not Outcome.MET and self.points:
            raise ValueError(f"{self.criterion}: points without being met")

    @property
    def decided(self) -> bool:
        """True if it counts in the score's denominator."""
        return self.outcome in (Outcome.MET, Outcome.NOT_MET)


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a person should listen to this call, or know something about it."""

    id: str
    reason: Message
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The arithmetic of a scorecard; it refuses to be inconsistent.

    `points` of `possible` come from decided, non-bonus criteria; `undecided` is what needs review;
    `value` is 100 * weighted points / weighted possible, plus bonus, at most 100, at most `cap` if a
    critical criterion failed. None when nothing could be decided.
    """

    points: float
    possible: float
    undecided: float = 0.0
    bonus: float = 0.0
    weighted_share: float | None = None
    """Weighted mean of the sections' shares, 0 to 1; None: nothing decided."""
    critical_failed: tuple[str, ...] = ()
    cap: float | None = None
    """Highest value allowed after a critical failure."""

    def __post_init__(self) -> None:
        if not 0 <= self.points <= self.possible or self.undecided < 0 or self.bonus < 0:
            raise ValueError(f"impossible score: {self}")
        if (self.weighted_share is None) != (self.possible == 0):
            raise ValueError("a share exists exactly where something was decided")
        if self.weighted_share is not None and not 0 <= self.weighted_share <= 1:
            raise ValueError(f"a share lies within 0 and 1, not {self.weighted_share}")
        if bool(self.critical_failed) != (self.cap is not None):
            raise ValueError("a cap and a critical failure come together")

    @property
    def value(self) -> float | None:
        """0 to 100, one decimal; None if nothing could be decided."""
        if self.weighted_share is None:
            return None
        raw = min(100.0, 100 * self.weighted_share + self.bonus)
        return round(min(raw, self.cap) if self.cap is not None else raw, 1)

    @property
    def coverage(self) -> float | None:
        """Share of the applicable points that could be decided, 0 to 1."""
        applicable = self.possible + self.undecided
        return self.possible / applicable if applicable else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a scorecard was made from: the same receipt gives the same score."""

    recording_id: str
    rubric: str
    """`name@revision`."""
    models: Mapping[str, str]
    """`asr`, `vad`, `segmentation`, `embedding` → `pack@hash`."""
    settings: Mapping[str, str]
    code: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The verdict on one call under one rubric."""

    call_id: str
    findings: tuple[Finding, ...]
    score: Score
    flags: tuple[Flag, ...]
    receipt: Receipt

    @property
    def needs_review(self) -> tuple[str, ...]:
        """Ids of the criteria that a person must judge."""
        return tuple(f.criterion for f in self.findings if f.outcome is Outcome.NEEDS_REVIEW)


@dataclass(frozen=True, slots=True)
class Review:
    """A person's word on a finding. Appended, never replacing."""

    call_id: str
    criterion: str
    outcome: Outcome
    who: str
    why: str
    when: datetime
    span: Span | None = None
    """The moment it rests on, where the machine showed none."""
    machine: Outcome | None = None
    """What the machine had said; None: not known any more."""
    version: int = 1
    """1, 2, 3, … of this call and criterion; the highest counts."""

    @property
    def agrees(self) -> bool:
        """True if the person confirmed the machine's outcome."""
        return self.outcome is self.machine
