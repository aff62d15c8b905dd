"""One call as JSON for programs: the shape that `qa show CALL --json` prints (DESIGN.md)."""

from __future__ import annotations

import dataclasses
from typing import Any

from qa.model import Conversation, Event, Evidence, Finding, Measures, Scorecard, Turn

DERIVED = (
    "agent_talk_share",
    "backchannels_per_minute",
    "agent_speech_rate",
    "customer_speech_rate",
)
"""Ratios of `Measures`, shown beside the counts they come from."""


def as_json(conversation: Conversation, scorecard: Scorecard, language: str) -> dict[str, Any]:
    """The scorecard with its evidence, the measures, events and turns; reasons in `language`.

    Times are seconds from the start of the recording, to the millisecond.
    """
    return {
        "call": call_json(conversation),
        "score": scorecard.score.value,
        "points": scorecard.score.points,
        "possible": scorecard.score.possible,
        "coverage": _rounded(scorecard.score.coverage),
        "critical_failed": list(scorecard.score.critical_failed),
        "needs_review": list(scorecard.needs_review),
        "flags": [flag.id for flag in scorecard.flags],
        "criteria": [_finding(finding, language) for finding in scorecard.findings],
        "measures": measures_json(conversation.measures),
        "events": [event_json(event) for event in conversation.events],
        "turns": [turn_json(turn) for turn in conversation.turns],
        "receipt": {
            "rubric": scorecard.receipt.rubric,
            "models": dict(scorecard.receipt.models),
            "code": scorecard.receipt.code,
            "settings": dict(scorecard.receipt.settings),
        },
    }


def call_json(conversation: Conversation) -> dict[str, Any]:
    """What is known of the call and its recording."""
    call = conversation.call
    return {
        "id": call.id,
        "agent_id": call.agent_id,
        "agent_name": call.agent_name,
        "queue": call.queue,
        "direction": call.direction,
        "started_at": call.started_at.isoformat() if call.started_at else None,
        "recording_sha256": conversation.recording_id,
        "duration": _rounded(conversation.duration),
        "channels": conversation.quality.channels,
        "separation": conversation.separation.value,
        "language": conversation.language,
        "attributes": dict(call.attributes),
    }


def measures_json(measures: Measures) -> dict[str, Any]:
    """Every count and second, then the ratios derived from them."""
    stored = {field.name: getattr(measures, field.name) for field in dataclasses.fields(measures)}
    derived = {name: getattr(measures, name) for name in DERIVED}
    return {name: _rounded(value) for name, value in (stored | derived).items()}


def event_json(event: Event) -> dict[str, Any]:
    """One event; `confirmed` is false where only one signal saw it."""
    return {
        "kind": event.kind.value,
        "by": event.by.value if event.by else None,
        "against": event.against.value if event.against else None,
        "start": _rounded(event.span.start),
        "end": _rounded(event.span.end),
        "successful": event.successful,
        "words": event.words,
        "confirmed": event.confirmed,
    }


def turn_json(turn: Turn) -> dict[str, Any]:
    """One turn with its text."""
    return {
        "role": turn.role.value,
        "speaker": turn.speaker,
        "start": _rounded(turn.span.start),
        "end": _rounded(turn.span.end),
        "text": turn.text,
        "probability": _rounded(turn.probability),
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "id": finding.criterion,
        "section": finding.section,
        "outcome": finding.outcome.value,
        "points": finding.points,
        "possible": finding.possible,
        "critical": finding.critical,
        "bonus": finding.bonus,
        "reason": finding.reason.text(language),
        "evidence": [_evidence(evidence, language) for evidence in finding.evidence],
    }


def _evidence(evidence: Evidence, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "start": _rounded(evidence.span.start),
        "end": _rounded(evidence.span.end),
        "role": evidence.role.value,
        "quote": evidence.quote,
        "confidence": _rounded(evidence.confidence),
    }
    if evidence.note:
        shown["note"] = evidence.note.text(language)
    return shown


def _rounded(value: float | None) -> float | None:
    return round(value, 3) if isinstance(value, float) else value
