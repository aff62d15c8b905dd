"""One call's stored result beside its reference: counts only, rates come later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from qa.evaluate.calibration import Said, said_of_criteria, said_of_roles
from qa.evaluate.confusion import Confusion
from qa.evaluate.events import EventFigures, event_figures
from qa.evaluate.reference import Reference
from qa.evaluate.speakers import SpeakerFigures, speaker_figures
from qa.evaluate.words import WordFigures, word_figures
from qa.model import Conversation, Finding, Outcome, Scorecard, Separation

CORE = ("self-identification", "no-interruption", "empathy-before-apology")
"""The three criteria that people fight about."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is stored of one call."""

    conversation: Conversation
    scorecard: Scorecard


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a criterion came to, and should have."""

    finding: Finding
    expected: Outcome

    @property
    def right(self) -> bool:
        """The outcome is the reference's."""
        return self.finding.outcome is self.expected

    @property
    def undecided(self) -> bool:
        """The machine left it to a person."""
        return self.finding.outcome is Outcome.NEEDS_REVIEW

    @property
    def wrong(self) -> bool:
        """Decided, and not as the reference has it."""
        return not self.right and not self.undecided


@dataclass(frozen=True, slots=True)
class CallScore:
    """Everything that is counted of one call."""

    call_id: str
    separation: str
    """`stereo` or `mono`, as `separation_of` has it."""
    language: str
    duration: float
    words: WordFigures
    speakers: SpeakerFigures
    events: EventFigures
    verdicts: tuple[Verdict, ...]
    roles: tuple[Said, ...]
    phantom_words: int | None
    """Words recognised where the reference has nobody speaking in the whole recording; else None."""

    def confusion(self, criteria: Collection[str] | None = None) -> Confusion:
        """Of these criteria together; None: of all."""
        return Confusion.of(
            (verdict.expected, verdict.finding.outcome)
            for verdict in self.verdicts
            if criteria is None or verdict.finding.criterion in criteria
        )

    @property
    def sure(self) -> tuple[Said, ...]:
        """How sure each decided criterion was, and whether it was right."""
        return said_of_criteria([(verdict.finding, verdict.expected) for verdict in self.verdicts])

    @property
    def wrong(self) -> tuple[Verdict, ...]:
        """The verdicts that are wrong."""
        return tuple(verdict for verdict in self.verdicts if verdict.wrong)


def score_call(reference: Reference, result: Result) -> CallScore:
    """Compare. A criterion counts where both the reference and the rubric have it."""
    conversation = result.conversation
    words = sum(len(turn.words) for turn in conversation.turns)
    return CallScore(
        call_id=reference.call_id,
        separation=separation_of(conversation),
        language=reference.language or conversation.language,
        duration=conversation.duration,
        words=word_figures(reference, conversation),
        speakers=speaker_figures(reference, conversation),
        events=event_figures(reference, conversation),
        verdicts=verdicts(reference, result.scorecard),
        roles=said_of_roles(reference, conversation),
        phantom_words=words if reference.silent else None,
    )


def verdicts(reference: Reference, scorecard: Scorecard) -> tuple[Verdict, ...]:
    """The findings that the reference vouches for or against."""
    expected = reference.criteria or {}
    return tuple(Verdict(f, expected[f.criterion]) for f in scorecard.findings if f.criterion in expected)


def separation_of(conversation: Conversation) -> str:
    """`stereo` where the channel told the parties apart, else `mono`."""
    return "stereo" if conversation.separation is Separation.CHANNEL else "mono"
