"""A conversation as the player wants it: turns with word times, events, and where the evidence is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.model import Conversation, Evidence, Role, Scorecard, Span, Turn, Word, merge_spans

UNSURE = 0.5
"""Words that were recognised with less probability than this are marked."""
SKIPPED_PAUSE = 1.2
"""Seconds: shorter pauses belong to the talk, and are not skipped."""
PAUSE_EDGE = 0.3
"""Seconds of a pause that stay at either end."""
LONGEST = 40
"""Letters of a quote that a mark on the waveform shows; the scorecard has all of it."""


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
    begun = 0
    for word, at, end in _found(turn):
        if word.probability < UNSURE:
            if at > begun:
                yield Piece(turn.text[begun:at])
            yield Piece(turn.text[at:end], round(100 * word.probability))
            begun = end
    if begun < len(turn.text):
        yield Piece(turn.text[begun:])


def _found(turn: Turn) -> Iterator[tuple[Word, int, int]]:
    """The words of a turn that its text holds, with their first and last place in it."""
    at = 0
    for word in turn.words:
        text = word.text.strip()
        begin = turn.text.find(text, at)
        if text and begin >= 0:
            at = begin + len(text)
            yield word, begin, at


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
    """What `<script type="application/json" id="call-data">` holds; `player/words.js` reads it.

    A call has a thousand words, and a page has a weight: what there is much of is a list of values without
    names. Times in seconds; those of words as `_packed` says.
    """
    return {
        "duration": round(conversation.duration, 3),
        "channels": conversation.quality.channels,
        "channel_roles": _channel_roles(conversation),
        "turns": [
            [turn.role.value, turn.words[0].channel if turn.words else 0, *_span(turn.span), _packed(turn)]
            for turn in conversation.turns
        ],
        "events": [
            [event.kind.value, *_span(event.span), int(event.confirmed)] for event in conversation.events
        ],
        "pauses": [_span(span) for span in pauses(conversation)],
        "evidence": [
            [finding.outcome.value, *_span(evidence.span), _words(evidence, language)]
            for finding in scorecard.findings
            for evidence in finding.evidence
        ],
    }


def _packed(turn: Turn) -> list[int]:
    """Four numbers a word: letters skipped and letters in the turn's text, time waited and time taken.

    Letters as JavaScript counts them, times in hundredths of a second, the first from the turn's start.
    """
    packed = list[int]()
    text, now = 0, _hundredths(turn.span.start)
    for word, begin, end in _found(turn):
        first, last = _hundredths(word.span.start), _hundredths(word.span.end)
        packed += [
            _letters(turn.text[text:begin]),
            _letters(turn.text[begin:end]),
            first - now,
            last - first,
        ]
        text, now = end, last
    return packed


def _letters(text: str) -> int:
    """How long a text is to JavaScript: in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _hundredths(seconds: float) -> int:
    return round(100 * seconds)


def _span(span: Span) -> list[float]:
    return [round(span.start, 2), round(span.end, 2)]


def _words(evidence: Evidence, language: str) -> str:
    """What a mark on the waveform says of itself."""
    said = evidence.quote or (evidence.note.text(language) if evidence.note else "")
    return said if len(said) <= LONGEST else said[:LONGEST] + "…"


def _channel_roles(conversation: Conversation) -> list[str]:
    """Whose channel each is: the party that says most there; a recorded voice only if nobody else speaks."""
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
