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
AT_ONCE = 8
"""Gaps in memory together."""


def uncovered(speech: Sequence[Span], words: Sequence[Word]) -> tuple[Span, ...]:
    """Where `speech` has no word of `words` (of the same channel) on it, in time order."""
    accounted = (
        Span(word.span.start, min(word.span.end, word.span.start + LONGEST_WORD)).pad(REACH) for word in words
    )
    return outside(speech, accounted, SHORTEST)


def hear(
    source: AudioSource,
    channel: int | None,
    gaps: Sequence[Span],
    language: str,
    transcriber: Transcriber,
) -> tuple[Word, ...]:
    """What a second attempt hears in `gaps` and is believed, in time order. Costs nothing without gaps."""
    found: list[Word] = []
    chunks = _chunks(source, channel, gaps)
    while group := list(itertools.islice(chunks, AT_ONCE)):
        for words in transcriber.transcribe_again(group, language):
            found += _believed(words, gaps, language)
    return tuple(sorted(found, key=lambda word: word.span))


def _chunks(source: AudioSource, channel: int | None, gaps: Sequence[Span]) -> Iterator[Chunk]:
    """Each gap by itself: what was heard beside it is not heard twice."""
    for gap in gaps:
        for layout in plan_layouts([gap], source.duration, channel, quietest_in(source, channel)):
            yield cut(source, layout)


def _believed(words: Sequence[Word], gaps: Sequence[Span], language: str) -> Iterator[Word]:
    inside = [word for word in words if any(word.span.middle in gap for gap in gaps)]
    screened = phantoms.screen(inside, gaps, language).words
    for sentence in phantoms.sentences(screened):
        if phantoms.certainty(sentence) >= BELIEVED:
            yield from sentence
