"""A scorecard with people's words taken in: the same arithmetic on findings whose outcome a person gave."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set

import yaml

from qa.model import Evidence, Finding, Message, Outcome, Review, Role, Scorecard
from qa.rubric.schema import RubricFile
from qa.rubric.scores.score import arithmetic

MOMENT = Message("人が示した箇所", "The place a person named")


def read_file(source: Mapping[str, str]) -> RubricFile:
    """rubric.yaml out of the text of a rubric's files, as the store keeps it."""
    text = next(text for path, text in source.items() if path.rsplit("/", 1)[-1] == "rubric.yaml")
    return RubricFile.model_validate(yaml.safe_load(text))


def effective(
    scorecard: Scorecard,
    reviews: Mapping[str, Review],
    file: RubricFile,
    advice_only: Set[str] = frozenset(),
) -> Scorecard:
    """The scorecard that counts. `reviews`: criterion → the last word on it.

    `advice_only`: criteria that are shown, and whose points count neither for nor against anybody.
    """
    if not reviews and not any(finding.criterion in advice_only for finding in scorecard.findings):
        return scorecard
    findings = tuple(reviewed(finding, reviews.get(finding.criterion)) for finding in scorecard.findings)
    counted = [finding for finding in findings if finding.criterion not in advice_only]
    return dataclasses.replace(scorecard, findings=findings, score=arithmetic(counted, file))


def reviewed(finding: Finding, review: Review | None) -> Finding:
    """The finding with a person's outcome; the machine's evidence stays.

    Raises `ValueError` for a `not_met` that names no place in the audio: people owe evidence too.
    """
    if review is None or review.outcome is finding.outcome:
        return finding
    evidence = finding.evidence
    if review.span is not None:
        evidence = (Evidence(review.span, Role.UNKNOWN, "", 1.0, MOMENT), *evidence)
    points = finding.possible if review.outcome is Outcome.MET else 0.0
    return dataclasses.replace(finding, outcome=review.outcome, points=points, evidence=evidence)
