"""The shape that `qa evaluate --json` prints."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from qa.evaluate.bootstrap import Estimate
from qa.evaluate.calibration import Reliability
from qa.evaluate.confusion import Confusion
from qa.evaluate.evaluate import Evaluation, Group
from qa.evaluate.figures import FIGURES, figures
from qa.evaluate.oracle import Remedy
from qa.evaluate.score import CallScore
from qa.model import Outcome


def document(evaluation: Evaluation, found: Sequence[Remedy] = ()) -> dict[str, Any]:
    """Groups, calls, wrong verdicts, phantom words, missing results. What nothing allows is absent."""
    return {
        "groups": {_name(group): _group(group) for group in evaluation.groups},
        "calls": [_call(score) for score in evaluation.scores],
        "disagreements": [
            {
                "call": score.call_id,
                "criterion": verdict.finding.criterion,
                "group": score.separation,
                "reference": str(verdict.expected),
                "machine": str(verdict.finding.outcome),
                "reason": verdict.finding.reason.text(score.language),
                "quotes": [evidence.quote for evidence in verdict.finding.evidence],
            }
            for score, verdict in evaluation.wrong
        ],
        "phantoms": dataclasses.asdict(evaluation.phantoms),
        "missing": list(evaluation.missing),
        "oracles": [_remedy(remedy) for remedy in found],
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    counts = ("wrong", "wrong_righted", "still_wrong", "newly_wrong", "undecided", "undecided_righted")
    return {
        "oracle": str(remedy.oracle),
        "group": remedy.separation,
        "calls": remedy.calls,
        **{name: getattr(remedy, name) for name in counts},
        "righted": [
            {"call": call, "criterion": change.before.finding.criterion}
            for call, change in remedy.changes
            if change.after.right and not change.before.right
        ],
    }


def _name(group: Group) -> str:
    return f"{group.separation}-{group.language}" if group.language else group.separation


def _group(group: Group) -> dict[str, Any]:
    return {
        "calls": len(group.scores),
        "figures": {id: _estimate(found) for id, found in figures(group.scores).items()},
        "pooled": _agreement(group.confusion()),
        "core": _agreement(group.core),
        "criteria": {name: _agreement(confusion) for name, confusion in group.criteria.items()},
        "calibration": {
            "roles": _reliability(group.roles),
            "criteria": _reliability(group.sure),
            "interruptions_by_signals": {
                str(signals): {"count": count, "right": right}
                for signals, (count, right) in group.agreeing.items()
            },
        },
    }


def _call(score: CallScore) -> dict[str, Any]:
    ratios = {figure.id: figure.of(score) for figure in FIGURES}
    return {
        "call": score.call_id,
        "group": score.separation,
        "language": score.language,
        "duration": round(score.duration, 3),
        "figures": {
            id: _rounded(counts.kappa if isinstance(counts, Confusion) else counts.value)
            for id, counts in ratios.items()
            if counts is not None
        },
        "wrong": [verdict.finding.criterion for verdict in score.wrong],
        "phantom_words": score.phantom_words,
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    return {
        "value": _rounded(found.value),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "calls": found.calls,
    }


def _agreement(confusion: Confusion) -> dict[str, Any]:
    return {
        "calls": confusion.total,
        "decided": confusion.decided,
        "agreement": _rounded(confusion.agreement),
        "kappa": _rounded(confusion.kappa),
        "not_met_precision": _rounded(confusion.not_met_precision),
        "not_met_recall": _rounded(confusion.not_met_recall),
        "needs_review_share": _rounded(confusion.needs_review_share),
        "confusion": {
            str(reference): {
                str(machine): confusion.counts.get((reference, machine), 0) for machine in Outcome
            }
            for reference in Outcome
            if reference is not Outcome.NEEDS_REVIEW
        },
    }


def _reliability(found: Reliability) -> dict[str, Any]:
    return {
        "bins": [dataclasses.asdict(bin) | {"share_right": _rounded(bin.share_right)} for bin in found.bins],
        "count": found.count,
        "expected_error": _rounded(found.expected_error),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
