"""Stretches of speech to turns, and which of them only listen (あいづち).

A backchannel is a turn of its own, however soon the same party speaks again:

    agent     ....はい........それはご心配でしたね
    customer  =======届かなくて====...............
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from qa.dialogue.voices import Stretch, Voice, text_of
from qa.language import Language
from qa.model import EventDefinitions, Role, Span, Turn, Word

_GOES_ON = 0.3
"""Seconds that the other party must speak after a backchannel to have gone on."""
_RESUMES = 2.0
"""Seconds within which the other party takes up again after a backchannel."""
_ASKED = 3.0
"""Seconds of talk before an answer that hold the question."""


def turns(
    voices: Sequence[Voice], listening: Sequence[Stretch], definitions: EventDefinitions, language: Language
) -> tuple[Turn, ...]:
    """The turns of all voices in time order. Every word is in one; those of a speaker never overlap."""
    alone = {(stretch.speaker, stretch.span) for stretch in listening}
    found = []
    for voice in voices:
        group: list[Stretch] = []
        for stretch in voice.stretches():
            single = (stretch.speaker, stretch.span) in alone
            late = bool(group) and stretch.span.start - group[-1].span.end > definitions.turn_gap
            after_listening = bool(group) and (group[-1].speaker, group[-1].span) in alone
            if group and (single or late or after_listening):
                found += _turn(group, language)
                group = []
            group.append(stretch)
        found += _turn(group, language)
    return tuple(sorted(found, key=lambda turn: (turn.span, turn.speaker)))


def backchannels(
    voices: Sequence[Voice], definitions: EventDefinitions, language: Language
) -> tuple[Stretch, ...]:
    """Short stretches of listening words around which another party holds the floor."""
    said = {voice.speaker: voice.stretches() for voice in voices if voice.role is not Role.IVR}
    floors = {
        speaker: [s for s in stretches if not is_listening(s, definitions, language)]
        for speaker, stretches in said.items()
    }
    found = []
    for speaker, own in said.items():
        others = [floors[other] for other in said if other != speaker]
        for place, stretch in enumerate(own):
            following = own[place + 1].span.start if place + 1 < len(own) else float("inf")
            if is_listening(stretch, definitions, language) and any(
                _holds(theirs, stretch.span, following, definitions, language) for theirs in others
            ):
                found.append(stretch)
    return tuple(sorted(found, key=lambda stretch: (stretch.span, stretch.speaker)))


def is_listening(stretch: Stretch, definitions: EventDefinitions, language: Language) -> bool:
    """True if it is short enough and says nothing but listening words."""
    short = stretch.span.duration <= definitions.backchannel_max
    return short and bool(stretch.words) and language.is_backchannel(stretch.text(language))


def _holds(
    theirs: Sequence[Stretch], span: Span, following: float, definitions: EventDefinitions, language: Language
) -> bool:
    """True if the party of `theirs` spoke before `span`, goes on after it, and had not asked a question."""
    later = bisect_left(theirs, span.start, key=lambda stretch: stretch.span.start)
    if later == 0 or theirs[later - 1].span.gap(span) > definitions.turn_gap:
        return False
    floor = theirs[later - 1]
    if floor.span.end >= span.end + _GOES_ON:
        return True
    resumes = later < len(theirs) and theirs[later].span.start < min(following, span.end + _RESUMES)
    return resumes and not _asked(floor, span, definitions, language)


def _asked(floor: Stretch, span: Span, definitions: EventDefinitions, language: Language) -> bool:
    """True if the floor had just been handed over with a question: what follows is an answer."""
    if floor.span.end > span.start + definitions.terminal_overlap_max:
        return False
    tail = [word for word in floor.words if word.span.end > floor.span.end - _ASKED]
    return language.is_question(text_of(tail, language))


def _turn(group: Sequence[Stretch], language: Language) -> list[Turn]:
    """One turn, from its first worded spurt to its last; none if nobody could hear a word."""
    worded = [spurt for stretch in group for spurt in stretch.spurts if spurt.words]
    if not worded:
        return []
    words: tuple[Word, ...] = tuple(word for spurt in worded for word in spurt.words)
    span = Span(worded[0].span.start, max(spurt.span.end for spurt in worded))
    return [Turn(group[0].speaker, group[0].role, span, words, text_of(words, language))]
