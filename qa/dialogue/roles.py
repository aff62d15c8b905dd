"""Who is the agent: readable features, added up as log-odds, turned into a confidence.

Each speaker's score is the sum of `role_features.ROLE_FEATURES` they were heard to say plus weak facts (who
spoke first, whose name is on the roster). For two parties, P(first is the agent) is the logistic of the
difference of their scores. What the recorder's documentation claims is one more feature, a strong one: it
is believed unless what is said speaks clearly against it. Nobody becomes the agent for speaking first.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.fuzz import partial_ratio

from qa.dialogue.phrases import contains
from qa.dialogue.role_features import ROLE_FEATURES
from qa.dialogue.voices import Voice, text_of
from qa.language import Language
from qa.model import Call, Role, SpeakerRole, Word

DECIDED = 0.7
"""Below this confidence a role stays unknown."""
CLAIM = 5.0
"""Log-odds of a documented channel map: wrong in fewer than one recorder in a hundred."""
SWAPPED = -2.5
"""Log-odds of what is said, against the claim, from which the channels may be swapped."""
_TEMPER = 0.8
"""Features are not independent: their sum is taken down by this much."""
_MOST = 0.99
_DOUBT = 0.6
"""Highest confidence where what is said and the channel map disagree."""
_FIRST = 0.4
_NAME = 2.0
_COMPANY = 0.8
_ANSWERS = 2.0
"""Log-odds of the company's name in what is said first of all: one answers for a company, or rings for it."""
_OPENING = 20.0
"""Seconds of a speaker's own talk in which names count."""
_ALIKE = 85.0
_MIXED = 2.5
"""Log-odds from which the less likely agent sounds like one too: a call passed on, whose first agent's
voice was taken for the caller's. Who is who is then not known."""
_THIRD = 2.0
"""Log-odds from which a third speaker is another agent."""
_LITTLE = 1.0
"""Seconds of speech below which a third voice is no party to the call."""


@dataclass(slots=True)
class Case:
    """What speaks for a speaker being the agent (positive) or the customer (negative)."""

    score: float = 0.0
    why: list[str] = field(default_factory=list)

    def add(self, reason: str, weight: float) -> None:
        """One more reason, with its log-odds."""
        if weight:
            self.score += weight
            self.why.append(f"{reason} {weight:+.1f}")


def decide(
    voices: Sequence[Voice],
    call: Call,
    language: Language,
    channels: Mapping[str, int],
    roster: Mapping[str, str] = {},
    company: Sequence[str] = (),
) -> tuple[SpeakerRole, ...]:
    """The role of each voice, in the order given. `channels`: the channel of each speaker, if they have one.

    `why` lists the reasons as `feature log-odds`, strongest first.
    """
    claimed = {v.speaker: _claimed(call, channels.get(v.speaker)) for v in voices}
    talking = [v for v in voices if v.role is not Role.IVR and v.spurts]
    people = [
        v for v in talking if len(talking) <= 2 or claimed[v.speaker] is not None or _talk(v) >= _LITTLE
    ]
    cases = {voice.speaker: _case(voice, language, _names(call, roster), company) for voice in people}
    _first_word(people, cases, call)
    _answers(people, cases, language, company)
    decided = _decide_people(people, cases, claimed)
    return tuple(
        SpeakerRole(v.speaker, Role.IVR, _MOST, ("recorded greeting",))
        if v.role is Role.IVR
        else decided.get(v.speaker, SpeakerRole(v.speaker, Role.UNKNOWN, 0.0, ("hardly speaks",)))
        for v in voices
    )


def _decide_people(
    people: Sequence[Voice], cases: Mapping[str, Case], claimed: Mapping[str, Role | None]
) -> dict[str, SpeakerRole]:
    if not people:
        return {}
    if len(people) == 1:
        only = people[0].speaker
        return {only: _role(only, cases[only], cases[only].score * _TEMPER, claimed[only])}
    ranked = sorted(people, key=lambda voice: -_prior(cases[voice.speaker].score, claimed[voice.speaker]))
    agent, customer = ranked[0].speaker, ranked[-1].speaker
    if cases[customer].score >= _MIXED and claimed[customer] is None:
        return {voice.speaker: _mixed(voice.speaker, cases[voice.speaker]) for voice in people}
    odds = (cases[agent].score - cases[customer].score) * _TEMPER
    decided = {
        agent: _role(agent, cases[agent], odds, claimed[agent]),
        customer: _role(customer, cases[customer], -odds, claimed[customer]),
    }
    for voice in ranked[1:-1]:
        case = cases[voice.speaker]
        odds = case.score * _TEMPER
        role = _role(voice.speaker, case, odds, claimed[voice.speaker])
        third = claimed[voice.speaker] is None and (role.role is not Role.AGENT or odds < _THIRD)
        decided[voice.speaker] = (
            SpeakerRole(voice.speaker, Role.UNKNOWN, role.confidence, role.why) if third else role
        )
    return decided


def _prior(score: float, claim: Role | None) -> float:
    return score * _TEMPER + {Role.AGENT: CLAIM, Role.CUSTOMER: -CLAIM}.get(claim or Role.UNKNOWN, 0.0)


def _role(speaker: str, case: Case, odds: float, claim: Role | None) -> SpeakerRole:
    """The likelier role, unknown below `DECIDED`; never sure where the claim and the words disagree."""
    why = sorted(case.why, key=lambda reason: -abs(float(reason.rsplit(" ", 1)[1])))
    total = odds
    most = _MOST
    if claim is not None:
        sign = 1.0 if claim is Role.AGENT else -1.0
        total += sign * CLAIM
        why.insert(0, f"channel map says {claim.value} {sign * CLAIM:+.1f}")
        if sign * odds <= SWAPPED:
            most = _DOUBT if sign * total > 0 else 1.0 - (1.0 - _MOST) * 10
            why.insert(0, "channels may be swapped")
    likely = Role.AGENT if total > 0 else Role.CUSTOMER
    confidence = min(most, 1 / (1 + math.exp(-min(abs(total), 50.0))))
    doubted = claim is not None and most == _DOUBT
    decided = confidence >= DECIDED or doubted
    return SpeakerRole(speaker, likely if decided else Role.UNKNOWN, round(confidence, 3), tuple(why))


def _mixed(speaker: str, case: Case) -> SpeakerRole:
    return SpeakerRole(speaker, Role.UNKNOWN, 0.0, ("both sides sound like agents", *case.why))


def _case(voice: Voice, language: Language, names: Sequence[str], company: Sequence[str]) -> Case:
    case = Case()
    text = text_of(voice.words, language)
    for feature in ROLE_FEATURES:
        count = contains(text, feature.ja if language.code == "ja" else feature.en, language)
        case.add(feature.id, feature.weight * min(count, feature.most))
    opening = language.reading(_opening(voice, language))
    if any(_sounds_in(name, opening, language) for name in names):
        case.add("says an agent's name", _NAME)
    if any(_sounds_in(name, opening, language) for name in company):
        case.add("says the company's name", _COMPANY)
    return case


def _first_word(people: Sequence[Voice], cases: Mapping[str, Case], call: Call) -> None:
    """Whoever is called answers first: agents inbound, customers outbound. A weak sign."""
    spoken = [voice for voice in people if voice.words]
    if len(spoken) > 1:
        first = min(spoken, key=lambda voice: voice.words[0].span.start)
        cases[first.speaker].add("speaks first", -_FIRST if call.direction == "outbound" else _FIRST)


def _answers(
    people: Sequence[Voice], cases: Mapping[str, Case], language: Language, company: Sequence[str]
) -> None:
    """Who says the company's name before the other party says anything. Asking (〜ですか) is no answer."""
    worded = [stretch for voice in people for stretch in voice.stretches() if stretch.words]
    worded.sort(key=lambda stretch: stretch.span)
    lead = list(itertools.takewhile(lambda stretch: stretch.speaker == worded[0].speaker, worded))
    text = text_of((word for stretch in lead for word in stretch.words), language)
    if len(people) > 1 and lead and not language.is_question(lead[-1].text(language)):
        opening = language.reading(text)
        if any(_sounds_in(name, opening, language) for name in company):
            cases[lead[0].speaker].add("answers for the company", _ANSWERS)


def _claimed(call: Call, channel: int | None) -> Role | None:
    """What the recorder's documentation says of a channel, if it says agent or customer."""
    if channel is None or channel >= len(call.channel_roles):
        return None
    role = call.channel_roles[channel]
    return role if role in (Role.AGENT, Role.CUSTOMER) else None


def _names(call: Call, roster: Mapping[str, str]) -> tuple[str, ...]:
    """The name of the call's agent if known, otherwise every agent's."""
    own = call.agent_name or (roster.get(call.agent_id) if call.agent_id else None)
    return (own,) if own else tuple(roster.values())


def _sounds_in(name: str, opening: str, language: Language) -> bool:
    sound = language.reading(name)
    return len(sound) >= 3 and partial_ratio(sound, opening) >= _ALIKE and len(opening) >= len(sound)


def _opening(voice: Voice, language: Language) -> str:
    words: list[Word] = []
    talked = 0.0
    for spurt in voice.spurts:
        if talked > _OPENING:
            break
        words += spurt.words
        talked += spurt.span.duration
    return text_of(words, language)


def _talk(voice: Voice) -> float:
    return sum(span.duration for span in voice.activity)
