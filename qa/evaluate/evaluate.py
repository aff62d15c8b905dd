"""Stored results beside their references, counted by criterion and by kind of recording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa.evaluate.confusion import Confusion
from qa.evaluate.reference import Reference
from qa.model import Conversation, Evidence, Outcome, Scorecard, Separation


@dataclass(frozen=True, slots=True)
class Result:
    """What is stored of one call."""

    conversation: Conversation
    scorecard: Scorecard


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One wrong verdict, with what the machine rested it on: what a person looks at first."""

    call_id: str
    criterion: str
    group: str
    reference: Outcome
    machine: Outcome
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Agreement by group (`stereo`, `mono`) and criterion; the pool is their sum."""

    calls: Mapping[str, int]
    criteria: Mapping[str, Mapping[str, Confusion]]
    """group → criterion → confusion."""
    disagreements: tuple[Disagreement, ...]
    missing: tuple[str, ...]
    """References whose call has no scorecard."""

    def pooled(self, group: str) -> Confusion:
        """All criteria of a group together."""
        return sum(self.criteria.get(group, {}).values(), Confusion())

    def as_json(self) -> dict[str, Any]:
        """The shape that `qa evaluate --json` prints."""
        return {
            "groups": {
                group: {
                    "calls": self.calls[group],
                    "pooled": _figures(self.pooled(group)),
                    "criteria": {name: _figures(c) for name, c in sorted(criteria.items())},
                }
                for group, criteria in self.criteria.items()
            },
            "disagreements": [
                {
                    "call": d.call_id,
                    "criterion": d.criterion,
                    "group": d.group,
                    "reference": str(d.reference),
                    "machine": str(d.machine),
                    "reason": d.reason,
                    "quotes": [e.quote for e in d.evidence],
                }
                for d in self.disagreements
            ],
            "missing": list(self.missing),
        }


def evaluate(references: Iterable[Reference], results: Mapping[str, Result]) -> Evaluation:
    """Compare each reference with the result of the same call id.

    A criterion counts where both the reference and the rubric have it. Calls told apart by channel
    are `stereo`; all others are `mono`.
    """
    pairs: dict[str, dict[str, list[tuple[Outcome, Outcome]]]] = defaultdict(lambda: defaultdict(list))
    calls: dict[str, int] = defaultdict(int)
    disagreements: list[Disagreement] = []
    missing: list[str] = []
    for reference in references:
        result = results.get(reference.call_id)
        if result is None:
            missing.append(reference.call_id)
            continue
        group = group_of(result.conversation)
        calls[group] += 1
        for finding in result.scorecard.findings:
            expected = reference.criteria.get(finding.criterion)
            if expected is None:
                continue
            pairs[group][finding.criterion].append((expected, finding.outcome))
            if finding.outcome not in (expected, Outcome.NEEDS_REVIEW):
                disagreements.append(
                    Disagreement(
                        reference.call_id,
                        finding.criterion,
                        group,
                        expected,
                        finding.outcome,
                        finding.reason.text(reference.language),
                        finding.evidence,
                    )
                )
    criteria = {
        group: {name: Confusion.of(found) for name, found in by_name.items()}
        for group, by_name in sorted(pairs.items(), reverse=True)
    }
    return Evaluation(dict(calls), criteria, tuple(disagreements), tuple(missing))


def group_of(conversation: Conversation) -> str:
    """`stereo` where the channel told the parties apart, else `mono`."""
    return "stereo" if conversation.separation is Separation.CHANNEL else "mono"


def _figures(confusion: Confusion) -> dict[str, Any]:
    return {
        "calls": confusion.total,
        "decided": confusion.decided,
        "agreement": _rounded(confusion.agreement),
        "kappa": _rounded(confusion.kappa),
        "not_met_precision": _rounded(confusion.not_met_precision),
        "not_met_recall": _rounded(confusion.not_met_recall),
        "needs_review_share": _rounded(confusion.needs_review_share),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
