"""Speech that no word accounts for, and one more attempt to hear it.

Small models leave out whole sentences of a noisy or breathy voice. Each such gap is heard once more, alone,
without hints and with a wider beam; what still has no words is kept as unheard, so that nothing is held
against anyone for words that were spoken and not recognised.

    speech   |==================|   |=====|
    words    |-ご-注-文-|
    gap                  |======|   |=====|
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.model import Span, Word, outside
from qa.speech import phantoms
from qa.speech.chunks import cut, plan_layouts, quietest_in
from qa.speech.protocols import AudioSource, Chunk, Transcriber

SHORTEST = 0.7
"""Seconds: shorter stretches are breaths, syllables and the wandering of word times."""
REACH = 0.3
"""A word accounts for this much speech on either side of it, seconds."""
LONGEST_WORD = 1.0
"""Seconds of speech one word can account for; alignment stretches words over what was left out."""
BELIEVED = 0.5
"""Mean word probability from which a sentence of a second attempt is taken."""
AT_ONCE = 64
"""Gaps of a call that are queued together."""


class Wanted(NamedTuple):
    """Gaps of one channel (None: the mix)."""

    channel: int | None
    gaps: tuple[Span, ...]


def uncovered(speech: Sequence[Span], words: Sequence[Word]) -> tuple[Span, ...]:
    """Where `speech` has no word of `words` (of the same channel) on it, in time order."""
    accounted = (
        Span(word.span.start, min(word.span.end, word.span.start + LONGEST_WORD)).pad(REACH) for word in words
    )
    return outside(speech, accounted, SHORTEST)


def hear(
    source: AudioSource, wanted: Sequence[Wanted], language: str, transcriber: Transcriber
) -> list[tuple[Word, ...]]:
    """What a second attempt hears in each of `wanted` and is believed, in time order.

    All gaps of a call are handed in together, whichever channel: it then waits for the recogniser once.
    """
    found: list[list[Word]] = [[] for _ in wanted]
    chunks = _chunks(source, wanted)
    while group := list(itertools.islice(chunks, AT_ONCE)):
        heard = transcriber.transcribe_again([chunk for _, chunk in group], language)
        for (index, _), words in zip(group, heard, strict=True):
            found[index] += _believed(words, wanted[index].gaps, language)
    return [tuple(sorted(words, key=lambda word: word.span)) for words in found]


def _chunks(source: AudioSource, wanted: Sequence[Wanted]) -> Iterator[tuple[int, Chunk]]:
    """Each gap by itself, with its place in `wanted`: what was heard beside it is not heard twice."""
    for index, (channel, gaps) in enumerate(wanted):
        for gap in gaps:
            for layout in plan_layouts([gap], source.duration, channel, quietest_in(source, channel)):
                yield index, cut(source, layout)


def _believed(words: Sequence[Word], gaps: Sequence[Span], language: str) -> Iterator[Word]:
    inside = [word for word in words if any(word.span.middle in gap for gap in gaps)]
    screened = phantoms.screen(inside, gaps, language).words
    for sentence in phantoms.sentences(screened):
        if phantoms.certainty(sentence) >= BELIEVED:
            yield from sentence
