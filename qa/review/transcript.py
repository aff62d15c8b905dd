"""A conversation as the player wants it: turns with word times, events, and where the evidence is."""

from __future__ import annotations

from typing import Any

from qa.model import Conversation, Evidence, Scorecard, Span


def call_data(conversation: Conversation, scorecard: Scorecard, language: str) -> dict[str, Any]:
    """What `<script type="application/json" id="call-data">` holds. Times in seconds, to the millisecond."""
    return {
        "id": conversation.call.id,
        "duration": round(conversation.duration, 3),
        "channels": conversation.quality.channels,
        "separation": conversation.separation.value,
        "language": conversation.language,
        "channel_roles": _channel_roles(conversation),
        "turns": [
            {
                "role": turn.role.value,
                "speaker": turn.speaker,
                **_span(turn.span),
                "words": [
                    {"text": word.text, **_span(word.span), "probability": round(word.probability, 2)}
                    for word in turn.words
                ],
            }
            for turn in conversation.turns
        ],
        "events": [
            {
                "kind": event.kind.value,
                "by": event.by.value if event.by else None,
                **_span(event.span),
                "confirmed": event.confirmed,
            }
            for event in conversation.events
        ],
        "sounds": [{"kind": sound.kind.value, **_span(sound.span)} for sound in conversation.sounds],
        "evidence": [
            {"criterion": finding.criterion, "outcome": finding.outcome.value, **_place(evidence, language)}
            for finding in scorecard.findings
            for evidence in finding.evidence
        ],
    }


def _span(span: Span) -> dict[str, float]:
    return {"start": round(span.start, 3), "end": round(span.end, 3)}


def _place(evidence: Evidence, language: str) -> dict[str, Any]:
    return {
        **_span(evidence.span),
        "role": evidence.role.value,
        "quote": evidence.quote,
        "note": evidence.note.text(language) if evidence.note else "",
    }


def _channel_roles(conversation: Conversation) -> list[str]:
    """The role heard on each channel, as far as it is known."""
    roles = ["unknown"] * conversation.quality.channels
    for turn in conversation.turns:
        for word in turn.words[:1]:
            if word.channel < len(roles) and roles[word.channel] == "unknown":
                roles[word.channel] = turn.role.value
    return roles
