"""One party's words in the other's channel: leakage that survived, heard twice and said once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.fuzz import ratio

from qa.dialogue.voices import Spurt, Voice, text_of
from qa.language import Language
from qa.model import Prosody, Quality, Span, StereoKind, Word

_ALIKE = 75.0
"""Similarity of the two readings, 0 to 100."""
_LONG = 6
"""Sounds. Two people rarely say these at the same time by chance; はい they do."""
_QUIETER = 6.0
"""dB by which an echo is quieter than what it echoes."""
_LATE = 0.4
"""Seconds between the two: the line's delay and the recogniser's error."""


def without_echoes(
    found: Sequence[Voice], quality: Quality, prosody: Sequence[Prosody], language: Language
) -> tuple[tuple[Voice, ...], int]:
    """The voices without spurts that repeat another channel's words, and how many words went."""
    if len(found) < 2 or quality.channels < 2:
        return tuple(found), 0
    kept: list[Voice] = []
    dropped = 0
    for voice in found:
        others = [word for other in found if other.speaker != voice.speaker for word in other.words]
        others.sort(key=lambda word: word.span)
        echoes = {s for s in voice.spurts if s.words and _is_echo(s, others, quality, prosody, language)}
        dropped += sum(len(spurt.words) for spurt in echoes)
        kept.append(replace(voice, spurts=tuple(s for s in voice.spurts if s not in echoes)))
    return tuple(kept), dropped


def _is_echo(
    spurt: Spurt, others: Sequence[Word], quality: Quality, prosody: Sequence[Prosody], language: Language
) -> bool:
    near = spurt.span.pad(_LATE)
    channel = spurt.words[0].channel
    first = bisect_left(others, near.start, key=lambda word: word.span.start)
    last = bisect_left(others, near.end, key=lambda word: word.span.start)
    words = [word for word in others[first:last] if near.covers(word.span)]
    if not words or words[0].channel == channel:
        return False
    mine = language.reading(text_of(spurt.words, language))
    theirs = language.reading(text_of(words, language))
    if not mine or ratio(mine, theirs) < _ALIKE:
        return False
    quieter = _level(prosody, words[0].channel, near), _level(prosody, channel, spurt.span)
    if quieter[0] is not None and quieter[1] is not None:
        return quieter[0] - quieter[1] >= _QUIETER
    # Without levels nobody can say which of the two is the echo, except that echoes are less sure.
    sure = sum(w.probability for w in words) / len(words)
    unsure = sum(w.probability for w in spurt.words) / len(spurt.words)
    return quality.stereo is StereoKind.LEAKING and len(mine) >= _LONG and unsure < sure


def _level(prosody: Sequence[Prosody], channel: int, span: Span) -> float | None:
    """Mean level of a channel in a span, dBFS; None if nobody measured it."""
    for track in prosody:
        if track.channel == channel and track.level:
            frames = track.level[int(span.start / track.step) : int(span.end / track.step) + 1]
            return sum(frames) / len(frames) if frames else None
    return None
