"""A conversation as the player wants it: turns with word times, events, and where the evidence is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.model import Conversation, Evidence, Role, Scorecard, Span, Turn, merge_spans

UNSURE = 0.5
"""Words that were recognised with less probability than this are marked."""
SKIPPED_PAUSE = 1.2
"""Seconds: shorter pauses belong to the talk, and are not skipped."""
PAUSE_EDGE = 0.3
"""Seconds of a pause that stay at either end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a turn's text."""

    text: str
    percent: int | None = None
    """For a word that was recognised unsurely: how sure, in percent."""


def pieces(turn: Turn) -> tuple[Piece, ...]:
    """The text of a turn, its unsure words apart."""
    return tuple(_pieces(turn))


def _pieces(turn: Turn) -> Iterator[Piece]:
    begun = at = 0
    for word in turn.words:
        text = word.text.strip()
        found = turn.text.find(text, at)
        if not text or found < 0:
            continue
        at = found + len(text)
        if word.probability < UNSURE:
            if found > begun:
                yield Piece(turn.text[begun:found])
            yield Piece(text, round(100 * word.probability))
            begun = at
    if begun < len(turn.text):
        yield Piece(turn.text[begun:])


def pauses(conversation: Conversation) -> tuple[Span, ...]:
    """Where nobody speaks, hold music included: what "skip silence" leaves out."""
    heard = [part.span for part in (*conversation.speech, *conversation.unheard)]
    heard += [word.span for turn in conversation.turns for word in turn.words]
    gaps: list[Span] = []
    at = 0.0
    for span in (*merge_spans(heard), Span(conversation.duration, conversation.duration)):
        if span.start - at >= SKIPPED_PAUSE:
            gaps.append(Span(at + PAUSE_EDGE, span.start - PAUSE_EDGE))
        at = max(at, span.end)
    return tuple(gaps)


def call_data(conversation: Conversation, scorecard: Scorecard, language: str) -> dict[str, Any]:
    """What `<script type="application/json" id="call-data">` holds. Times in seconds.

    A word is `[text, start, end, probability]`: a call has a thousand of them, and a page has a weight.
    """
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
                "channel": turn.words[0].channel if turn.words else 0,
                **_span(turn.span),
                "words": [
                    [
                        word.text,
                        round(word.span.start, 2),
                        round(word.span.end, 2),
                        round(word.probability, 2),
                    ]
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
        "pauses": [_span(span) for span in pauses(conversation)],
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
    """Whose channel each is: the party that says most there; a recorded voice only where nobody else speaks."""
    said = [Counter[Role]() for _ in range(conversation.quality.channels)]
    for turn in conversation.turns:
        for word in turn.words:
            if word.channel < len(said):
                said[word.channel][turn.role] += 1
    return [_whose(roles).value for roles in said]


def _whose(roles: Counter[Role]) -> Role:
    parties = Counter({role: roles[role] for role in (Role.AGENT, Role.CUSTOMER) if roles[role]})
    ranked = (parties or roles).most_common(1)
    return ranked[0][0] if ranked else Role.UNKNOWN
