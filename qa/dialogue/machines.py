"""Recorded greetings: the machine that speaks before the agent, often on the agent's own channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.dialogue.phrases import introduces_person, says_menu, says_recorded
from qa.dialogue.voices import Stretch, Voice
from qa.language import Language
from qa.model import Role

_SENTENCE_GAP = 0.8
"""Seconds between the sentences of a recording; the person comes after a longer one, or a ring."""


def split_machines(voices: Sequence[Voice], language: Language) -> tuple[Voice, ...]:
    """The voices, with each recorded greeting as a voice of its own: `A` becomes `A.ivr` and `A`.

    A voice that is nothing but a recording keeps its name and gets the role.
    """
    found: list[Voice] = []
    for voice in voices:
        others = [other for other in voices if other.speaker != voice.speaker]
        until = _end_of_machine(voice, _first_answer(others, language), language)
        recorded = tuple(spurt for spurt in voice.spurts if spurt.span.end <= until)
        if not recorded:
            found.append(voice)
        elif len(recorded) == len(voice.spurts):
            found.append(replace(voice, role=Role.IVR))
        else:
            found.append(replace(voice, spurts=voice.spurts[len(recorded) :]))
            found.append(Voice(f"{voice.speaker}.ivr", Role.IVR, recorded))
    return tuple(sorted(found, key=lambda voice: voice.speaker))


def _first_answer(others: Sequence[Voice], language: Language) -> float:
    """When somebody else first says more than はい; people do not talk to a recording."""
    starts = [
        stretch.span.start
        for voice in others
        for stretch in voice.stretches()
        if stretch.words and not language.is_backchannel(stretch.text(language))
    ]
    return min(starts, default=float("inf"))


def _end_of_machine(voice: Voice, answered: float, language: Language) -> float:
    """Until when the voice is a recording; before its first word if it is none."""
    lead = [s for s in voice.stretches() if s.span.start < answered]
    texts = [stretch.text(language) for stretch in lead]
    person = next((at for at, text in enumerate(texts) if introduces_person(text, language)), len(lead))
    menu = [at for at in range(person) if says_menu(texts[at], language)]
    recorded = [at for at in range(person) if says_recorded(texts[at], language)]
    last = max([*menu, *recorded], default=-1)
    if last < 0:
        return -1.0
    while last + 1 < person and lead[last + 1].span.start - lead[last].span.end <= _SENTENCE_GAP:
        last += 1
    # A person may say that the call is recorded; a machine says it and then somebody else speaks.
    if not menu and not _somebody_follows(voice, lead, last):
        return -1.0
    return lead[last].span.end


def _somebody_follows(voice: Voice, lead: Sequence[Stretch], last: int) -> bool:
    later = [s.span.start for s in voice.stretches() if s.span.start > lead[last].span.end]
    return not later or later[0] - lead[last].span.end > _SENTENCE_GAP
