"""Words to speakers: by channel where each party has one, by who was speaking where they share one."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from qa.dialogue.voices import Voice, attach
from qa.model import Heard, Role, Separation, Span, SpeakerSpan, Word, merge_spans

_TIE = 0.05
"""Seconds of overlap that do not tell two speakers apart."""
_SNAP = 0.4
"""Seconds by which a change of speaker may be moved to the pause that it most likely fell on."""
_CLEAR_PAUSE = 0.2
_ONSET = 0.3
"""Seconds between the start of a voice and the first word of the sentence that is its own."""
_FILLS = 0.6
"""Share of a voice under another that a sentence must fill to be its own."""
_SENTENCE = 0.8
"""Seconds of a voice under another that may be a sentence; a shorter one listens."""
_STOPS = tuple("。．.!?！？…")


def voices(heard: Heard) -> tuple[Voice, ...]:
    """One voice a speaker, roles still unknown, every word in exactly one of them."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for piece in heard.speech:
        spans[piece.speaker].append(piece.span)
    return gather(spans, assign(heard))


def gather(
    spans: Mapping[str, Sequence[Span]], words: Mapping[str, Sequence[Word]], roles: Mapping[str, Role] = {}
) -> tuple[Voice, ...]:
    """Voices from each speaker's speech and words, in order of the speakers' names."""
    found = []
    for speaker in sorted({*spans, *words}):
        said = sorted(words.get(speaker, ()), key=lambda word: (word.span.middle, word.span))
        spurts = attach(merge_spans(spans.get(speaker, ())), said)
        found.append(Voice(speaker, roles.get(speaker, Role.UNKNOWN), spurts))
    return tuple(found)


def assign(heard: Heard) -> dict[str, list[Word]]:
    """The words of each speaker, in time order."""
    if heard.separation is Separation.CHANNEL:
        return _by_channel(heard.words, heard.speech)
    return _by_voice(heard.words, heard.speech)


def _by_channel(words: Sequence[Word], speech: Sequence[SpeakerSpan]) -> dict[str, list[Word]]:
    owner = {piece.channel: piece.speaker for piece in speech if piece.channel is not None}
    found: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        found[owner.get(word.channel) or _spare_name(word.channel, set(owner.values()))].append(word)
    return found


def _spare_name(channel: int, taken: set[str]) -> str:
    """A name for a channel that has words but no speech: A, B, … as the others have."""
    name = chr(ord("A") + channel)
    return name if name not in taken else f"channel {channel}"


def _by_voice(words: Sequence[Word], speech: Sequence[SpeakerSpan]) -> dict[str, list[Word]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for piece in speech:
        spans[piece.speaker].append(piece.span)
    spans = {speaker: list(merge_spans(found)) for speaker, found in sorted(spans.items())}
    ordered = sorted(words, key=lambda word: word.span)
    speakers: list[str] = []
    for word in ordered:
        speakers.append(_speaker_of(word.span, spans, speakers[-1] if speakers else None))
    speakers = _own_sentences(ordered, speakers, spans)
    found: dict[str, list[Word]] = defaultdict(list)
    for word, speaker in zip(ordered, _snap(ordered, speakers, spans), strict=True):
        found[speaker].append(word)
    return found


def _speaker_of(word: Span, spans: Mapping[str, Sequence[Span]], before: str | None) -> str:
    """Who spoke most of the word; under two voices at once, who was speaking already; else the nearest."""
    if not spans:
        return "A"
    shares = {speaker: sum(span.overlap(word) for span in own) for speaker, own in spans.items()}
    most = max(shares.values())
    if most <= 0:
        return min(spans, key=lambda speaker: min(span.gap(word) for span in spans[speaker]))
    tied = [speaker for speaker, share in shares.items() if share > 0 and share >= most - _TIE]
    if before in tied and before is not None:
        return before
    return min(tied, key=lambda speaker: min(s.start for s in spans[speaker] if s.overlap(word) > 0))


def _own_sentences(
    words: Sequence[Word], speakers: Sequence[str], spans: Mapping[str, Sequence[Span]]
) -> list[str]:
    """Who starts over another voice owns the sentence that starts there, if it is theirs by its length.

    Of two voices at once a recogniser writes one down. By time alone the words would be the first voice's:

        one     ~~~~~~~~~~~~~~~~~~~~~~            one     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        other               ~~~~~~~~~~~~~~~       other             ~~~~~~~~~~~~~~~
        words   …an exam. | But you entered the   words   …an exam. | What's your surname? | Can you
    """
    owned = list(speakers)
    starts = [word.span.start for word in words]
    for speaker, own in spans.items():
        for span in own:
            under = [o for name, theirs in spans.items() if name != speaker for o in theirs if _over(span, o)]
            first = _sentence_at(span.start, words, starts) if under else None
            if first is None:
                continue
            last = next((at for at in range(first, len(words)) if _stops(words[at])), len(words) - 1)
            ends = max(o.end for o in under)
            if ends < span.end:
                last = min(last, bisect_left(starts, ends) - 1)
            elif words[last].span.start > span.end or not _fills(words[first].span | words[last].span, span):
                continue
            owned[first : last + 1] = [speaker] * (last + 1 - first)
    return owned


def _over(span: Span, other: Span) -> bool:
    """True if `other` had been speaking for a while when `span` began."""
    return other.start < span.start - _ONSET and other.end > span.start


def _sentence_at(instant: float, words: Sequence[Word], starts: Sequence[float]) -> int | None:
    """The place of the word nearest `instant` that begins a sentence; None if none is near."""
    near = range(bisect_left(starts, instant - _ONSET), bisect_right(starts, instant + _ONSET))
    first = [at for at in near if at and _stops(words[at - 1])]
    return min(first, key=lambda at: abs(starts[at] - instant), default=None)


def _stops(word: Word) -> bool:
    return word.text.rstrip().endswith(_STOPS)


def _fills(sentence: Span, span: Span) -> bool:
    """True if a sentence is just what a voice under another had time to say."""
    return span.duration >= _SENTENCE and sentence.overlap(span) >= _FILLS * span.duration


def _snap(words: Sequence[Word], speakers: Sequence[str], spans: Mapping[str, Sequence[Span]]) -> list[str]:
    """Moves a change of speaker in mid-flow to a clear pause within two words and `_SNAP` seconds.

    Diarization and word times disagree by some tenths of a second; a sentence's last piece (です, か)
    must not become the other party's first.
    """
    snapped = list(speakers)
    gaps = [after.span.start - before.span.end for before, after in itertools.pairwise(words)]
    for place, gap in enumerate(gaps):
        left, right = snapped[place], snapped[place + 1]
        if left == right or gap >= _CLEAR_PAUSE:
            continue
        for other in (place - 1, place + 1, place - 2, place + 2):
            if not 0 <= other < len(gaps) or gaps[other] < _CLEAR_PAUSE:
                continue
            moved = range(other + 1, place + 1) if other < place else range(place + 1, other + 1)
            to = right if other < place else left
            if all(snapped[i] == (left if other < place else right) for i in moved) and all(
                _within_reach(words[i].span, spans.get(to, ())) for i in moved
            ):
                for i in moved:
                    snapped[i] = to
                break
    return snapped


def _within_reach(word: Span, spans: Sequence[Span]) -> bool:
    return any(span.gap(word) <= _SNAP - word.duration / 2 for span in spans)
