"""Stored results beside their references, by kind of recording and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.evaluate.calibration import Reliability
from qa.evaluate.confusion import Confusion
from qa.evaluate.reference import Reference
from qa.evaluate.score import CORE, CallScore, Result, Verdict, score_call

SEPARATIONS = ("stereo", "mono")


@dataclass(frozen=True, slots=True)
class Group:
    """Some calls that are looked at together."""

    separation: str
    language: str
    """`ja`, `en`, or empty: both."""
    scores: tuple[CallScore, ...]

    @property
    def criteria(self) -> Mapping[str, Confusion]:
        """Criterion → confusion, by name."""
        names = sorted({v.finding.criterion for score in self.scores for v in score.verdicts})
        return {name: self.confusion(name) for name in names}

    def confusion(self, *criteria: str) -> Confusion:
        """Of these criteria together; of all if none is named."""
        return sum((score.confusion(criteria or None) for score in self.scores), Confusion())

    @property
    def core(self) -> Confusion:
        """The three core criteria together."""
        return self.confusion(*CORE)

    @property
    def roles(self) -> Reliability:
        """How sure the roles were, and how right."""
        return Reliability.of(said for score in self.scores for said in score.roles)

    @property
    def sure(self) -> Reliability:
        """How sure the decided criteria were, and how right."""
        return Reliability.of(said for score in self.scores for said in score.sure)

    @property
    def agreeing(self) -> Mapping[int, tuple[int, int]]:
        """Interruptions by the number of signals that saw them: how many, and how many of them are real."""
        seen = [pair for score in self.scores for pair in score.events.agreeing]
        return {
            signals: (
                sum(number == signals for number, _ in seen),
                sum(real for number, real in seen if number == signals),
            )
            for signals in sorted({number for number, _ in seen})
        }


@dataclass(frozen=True, slots=True)
class Phantoms:
    """Words recognised where the reference has nobody speaking: there should be none."""

    calls: int
    seconds: float
    words: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All calls that have both a reference and a result."""

    scores: tuple[CallScore, ...]
    missing: tuple[str, ...]
    """References whose call has no scorecard."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Stereo and mono; each with both languages together first, then apart if there are both."""
        found = []
        for separation in SEPARATIONS:
            scores = tuple(s for s in self.scores if s.separation == separation)
            languages = sorted({s.language for s in scores}, reverse=True)
            if scores:
                found.append(Group(separation, "", scores))
            if len(languages) > 1:
                for language in languages:
                    part = tuple(s for s in scores if s.language == language)
                    found.append(Group(separation, language, part))
        return tuple(found)

    @property
    def phantoms(self) -> Phantoms:
        """Over the recordings without any speech."""
        silent = [s for s in self.scores if s.phantom_words is not None]
        return Phantoms(
            len(silent), sum(s.duration for s in silent), sum(s.phantom_words or 0 for s in silent)
        )

    @property
    def wrong(self) -> tuple[tuple[CallScore, Verdict], ...]:
        """Every wrong verdict with its call, calls with the most wrong ones first."""
        ordered = sorted(self.scores, key=lambda score: (-len(score.wrong), score.call_id))
        return tuple((score, verdict) for score in ordered for verdict in score.wrong)


def evaluate(references: Iterable[Reference], results: Mapping[str, Result]) -> Evaluation:
    """Compare each reference with the result of the same call id."""
    scores: list[CallScore] = []
    missing: list[str] = []
    for reference in references:
        result = results.get(reference.call_id)
        if result is None:
            missing.append(reference.call_id)
        else:
            scores.append(score_call(reference, result))
    return Evaluation(tuple(scores), tuple(missing))
