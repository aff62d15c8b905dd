"""When the system says that it is 0.9 sure, is it right nine times of ten? Reliability tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.evaluate.reference import Reference
from qa.model import Conversation, Finding, Outcome, Role, total_overlap

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Borders of the bins; a bin holds its lower border, the last one both."""
PARTIES = (Role.AGENT, Role.CUSTOMER)

Said = tuple[float, bool]
"""A stated confidence, and whether what was stated is right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The statements of about one confidence."""

    lower: float
    upper: float
    count: int
    right: int
    confidence: float
    """Mean of the stated confidences."""

    @property
    def share_right(self) -> float:
        """right / count."""
        return self.right / self.count


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins that hold something, in order."""

    bins: tuple[Bin, ...]

    @classmethod
    def of(cls, said: Iterable[Said]) -> Reliability:
        """From statements."""
        held: list[list[Said]] = [[] for _ in EDGES[1:]]
        for confidence, right in said:
            place = sum(confidence >= edge for edge in EDGES[1:-1])
            held[place].append((confidence, right))
        return cls(
            tuple(
                Bin(
                    EDGES[place],
                    EDGES[place + 1],
                    len(group),
                    sum(right for _, right in group),
                    sum(confidence for confidence, _ in group) / len(group),
                )
                for place, group in enumerate(held)
                if group
            )
        )

    @property
    def count(self) -> int:
        """Statements."""
        return sum(bin.count for bin in self.bins)

    @property
    def expected_error(self) -> float | None:
        """Expected calibration error: |share right − confidence|, by statements (Guo et al. 2017)."""
        if not self.count:
            return None
        return sum(abs(bin.right - bin.count * bin.confidence) for bin in self.bins) / self.count


def said_of_roles(reference: Reference, conversation: Conversation) -> tuple[Said, ...]:
    """Each speaker called agent or customer; right if most of their speech is that party's."""
    if not reference.knows_roles:
        return ()
    found = []
    for stated in conversation.roles:
        real = real_role(stated.speaker, reference, conversation)
        if stated.role in PARTIES and real is not None:
            found.append((stated.confidence, stated.role is real))
    return tuple(found)


def real_role(speaker: str, reference: Reference, conversation: Conversation) -> Role | None:
    """The role under most of a speaker's speech in the reference; None if nobody speaks there."""
    own = [piece.span for piece in conversation.speech if piece.speaker == speaker]
    shares = dict.fromkeys(Role, 0.0)
    for piece in reference.speech or ():
        shares[piece.role] += total_overlap(piece.span, own)
    best = max(Role, key=lambda role: shares[role])
    return best if shares[best] > 0 else None


def said_of_criteria(
    pairs: Sequence[tuple[Finding, Outcome]],
) -> tuple[Said, ...]:
    """Each decided finding that rests on evidence; it is as sure as its least sure piece."""
    return tuple(
        (min(evidence.confidence for evidence in finding.evidence), finding.outcome is expected)
        for finding, expected in pairs
        if finding.evidence and finding.outcome is not Outcome.NEEDS_REVIEW
    )
