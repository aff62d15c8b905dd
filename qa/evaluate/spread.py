"""Times for the words of a reference that has none: spread over the turn's speech, by length."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from qa import language as languages
from qa.evaluate.reference import Reference, ReferenceTurn
from qa.model import Span


def timed(turn: ReferenceTurn, reference: Reference, code: str) -> tuple[tuple[str, Span], ...]:
    """The turn's words in order, each with the time it takes if all letters take equally long.

    Punctuation stays with the word before. The turn's pauses (gaps of its speaker's `speech`) hold no word.
    English words come with the space before them, as recognisers write them.
    """
    pieces = split(turn.text, code)
    spans = speech_of(turn, reference)
    seconds = sum(span.duration for span in spans)
    letters = sum(len(piece) for piece in pieces) or 1
    found, at = [], 0
    for piece in pieces:
        start, end = (seconds * n / letters for n in (at, at + len(piece)))
        found.append((piece, Span(_instant(spans, start, last=False), _instant(spans, end, last=True))))
        at += len(piece)
    return tuple(found)


def split(text: str, code: str) -> tuple[str, ...]:
    """A text's words with what stands between them; together they are the text."""
    starts = [token.start for token in languages.get(code).tokens(text)]
    if not starts:
        return (text,) if text.strip() else ()
    cuts = [0, *starts[1:], len(text)]
    pieces = [text[a:b] for a, b in itertools.pairwise(cuts)]
    if code == "ja":
        return tuple(pieces)
    return tuple(f" {piece.strip()}" for piece in pieces)


def speech_of(turn: ReferenceTurn, reference: Reference) -> tuple[Span, ...]:
    """Where the turn's speaker is heard within it; the whole turn if nothing more is told."""
    within = [
        piece.span & turn.span
        for piece in reference.spoken or ()
        if piece.speaker == turn.speaker and piece.span & turn.span
    ]
    return tuple(within) or (turn.span,)


def _instant(spans: Sequence[Span], seconds: float, *, last: bool) -> float:
    """The time at which so many seconds of `spans` have gone by; `last`: before a pause, not after it."""
    for span in spans:
        if seconds < span.duration or (last and seconds <= span.duration):
            return span.start + seconds
        seconds -= span.duration
    return spans[-1].end
