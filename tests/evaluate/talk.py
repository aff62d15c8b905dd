"""Tiny conversations and references, drawn as lanes: one character is `STEP` seconds.

agent    "aaaa....aaaa"
customer "...bbbb....."
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from qa.evaluate.reference import Reference, ReferenceSpeech, ReferenceTurn
from qa.model import (
    Call,
    Conversation,
    Event,
    Measures,
    Quality,
    Role,
    Separation,
    Span,
    SpeakerRole,
    SpeakerSpan,
    StereoKind,
    Turn,
    Word,
)

STEP = 0.5


def spans(lane: str) -> list[Span]:
    """The runs of anything but dots."""
    found, at = [], 0
    for silent, run in itertools.groupby(lane, lambda letter: letter == "."):
        length = len(list(run))
        if not silent:
            found.append(Span(at * STEP, (at + length) * STEP))
        at += length
    return found


def reference(lanes: Mapping[Role, str], events: Sequence[Event] | None = None) -> Reference:
    """Who really speaks when, speakers named by their roles."""
    spoken = [ReferenceSpeech(role.value, role, span) for role, lane in lanes.items() for span in spans(lane)]
    ordered = tuple(sorted(spoken, key=lambda piece: piece.span))
    return Reference("call", "en", spoken=ordered, events=None if events is None else tuple(events))


def conversation(
    lanes: Mapping[str, tuple[Role, str]],
    *,
    events: Sequence[Event] = (),
    words: Sequence[tuple[str, Role, Word]] = (),
    language: str = "en",
    confidence: float = 0.9,
) -> Conversation:
    """What was heard: speaker → (stated role, lane); `words` are turns of one word."""
    speech = [SpeakerSpan(name, span) for name, (_, lane) in lanes.items() for span in spans(lane)]
    return Conversation(
        call=Call("call"),
        recording_id="0" * 64,
        language=language,
        separation=Separation.DIARIZED,
        quality=Quality(60.0, 8000, 1, "pcm", StereoKind.MONO, "narrow", (-20.0,), (30.0,), (0.0,), 0.1),
        turns=tuple(Turn(name, role, word.span, (word,), word.text) for name, role, word in words),
        roles=tuple(SpeakerRole(name, role, confidence) for name, (role, _) in lanes.items()),
        speech=tuple(sorted(speech, key=lambda piece: piece.span)),
        sounds=(),
        events=tuple(events),
        measures=Measures(),
    )


def said(turns: Sequence[tuple[Role, float, float, str]], language: str = "en") -> Reference:
    """A reference that knows the words."""
    made = (ReferenceTurn(role, Span(start, end), text, role.value) for role, start, end, text in turns)
    return Reference("call", language, turns=tuple(made))
