"""Counts that rates are derived from, last. All of them add up with `+`, so that calls can be pooled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """So much of so much: errors of words, seconds of seconds. A `part` may exceed its `whole` (WER does)."""

    part: float = 0.0
    whole: float = 0.0

    def __post_init__(self) -> None:
        if self.part < 0 or self.whole < 0:
            raise ValueError(f"counts and seconds are not negative: {self}")

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> float | None:
        """part / whole; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for: found, missed, and found where nothing is. Events, or seconds."""

    hits: float = 0.0
    missed: float = 0.0
    wrong: float = 0.0

    def __add__(self, other: Found) -> Found:
        return Found(self.hits + other.hits, self.missed + other.missed, self.wrong + other.wrong)

    @property
    def precision(self) -> Ratio:
        """Of what was found, the share that is there."""
        return Ratio(self.hits, self.hits + self.wrong)

    @property
    def recall(self) -> Ratio:
        """Of what is there, the share that was found."""
        return Ratio(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> Ratio:
        """Harmonic mean of both, as 2·hits of 2·hits + missed + wrong."""
        return Ratio(2 * self.hits, 2 * self.hits + self.missed + self.wrong)


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Edit operations that turn the reference into the result, as jiwer counts them."""

    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    length: int = 0
    """Words (or characters) of the reference."""

    def __post_init__(self) -> None:
        if self.substitutions + self.deletions > self.length:
            raise ValueError(f"more of the reference is wrong than there is: {self}")

    def __add__(self, other: ErrorCounts) -> ErrorCounts:
        return ErrorCounts(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.length + other.length,
        )

    @property
    def errors(self) -> int:
        """All of them."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> Ratio:
        """Errors of words: WER, CER."""
        return Ratio(self.errors, self.length)


@dataclass(frozen=True, slots=True)
class SpeakerErrors:
    """Seconds, as pyannote.metrics' diarization error rate takes them apart."""

    total: float = 0.0
    """Speech in the reference; overlap counts once a speaker."""
    missed: float = 0.0
    false_alarm: float = 0.0
    confusion: float = 0.0

    def __add__(self, other: SpeakerErrors) -> SpeakerErrors:
        return SpeakerErrors(
            self.total + other.total,
            self.missed + other.missed,
            self.false_alarm + other.false_alarm,
            self.confusion + other.confusion,
        )

    @property
    def rate(self) -> Ratio:
        """Diarization error rate."""
        return Ratio(self.missed + self.false_alarm + self.confusion, self.total)
