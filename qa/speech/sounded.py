"""Sentences that Whisper makes up over a ring or hold music: known once the sounds of a call are.

Nobody speaks in a ring from its first moment to its last; over music people do, so there only a known
phantom phrase is dropped (see `phantoms`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from qa.model import Heard, Sound, SoundKind, Word, merge_spans, total_overlap
from qa.speech.phantoms import is_phrase, sentences

COVERED = 0.8
"""Of a sentence's time: from this share on it lies under a sound."""
LONGEST_RING = 6.0
"""Seconds: a longer span of ring-back holds the silences between its rings, in which people speak."""


def without_sounded(heard: Heard) -> Heard:
    """What was heard, less the words that the sounds of their own channel account for.

    They are counted in `Heard.dropped` as `ring` and `phantom_phrase`.
    """
    kept: list[Word] = []
    dropped = Counter(heard.dropped)
    for channel in sorted({word.channel for word in heard.words}):
        own = [word for word in heard.words if word.channel == channel]
        for sentence in sentences(own):
            reason = _reason(sentence, channel, heard)
            if reason:
                dropped[reason] += 1
            else:
                kept += sentence
    if len(kept) == len(heard.words):
        return heard
    words = tuple(sorted(kept, key=lambda word: word.span))
    return replace(heard, words=words, dropped=dict(dropped))


def _reason(sentence: Sequence[Word], channel: int | None, heard: Heard) -> str | None:
    own = [sound for sound in heard.sounds if sound.channel in (channel, None)]
    ringing = [sound for sound in own if sound.kind is SoundKind.RINGBACK]
    rings = [sound for sound in ringing if sound.span.duration <= LONGEST_RING]
    if _under(sentence, ringing):  # all along: when each ring sounds, the leak into the other channel tells
        rings = [s for s in heard.sounds if s.kind is SoundKind.RINGBACK and s.span.duration <= LONGEST_RING]
    if _under(sentence, rings):
        return "ring"
    tunes = [sound for sound in own if sound.kind is SoundKind.MUSIC]
    return (
        "phantom_phrase"
        if is_phrase(sentence, heard.language) and _under(sentence, tunes + ringing)
        else None
    )


def _under(sentence: Sequence[Word], sounds: Sequence[Sound]) -> bool:
    said = merge_spans(word.span for word in sentence)
    whole = sum(span.duration for span in said)
    covering = merge_spans(sound.span for sound in sounds)
    return bool(covering) and sum(total_overlap(span, covering) for span in said) >= COVERED * whole
