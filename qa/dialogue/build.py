"""What was heard to a conversation: the room's one way in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa import language as languages
from qa.dialogue.echoes import without_echoes
from qa.dialogue.floor import floor_events
from qa.dialogue.loudness import raised_voices
from qa.dialogue.machines import split_machines
from qa.dialogue.measures import measure
from qa.dialogue.roles import decide
from qa.dialogue.silence import response_latencies, silence_events
from qa.dialogue.turns import backchannels, turns
from qa.dialogue.voices import Stretch, Voice
from qa.dialogue.words import gather, voices
from qa.language import Language
from qa.model import (
    Call,
    Conversation,
    Event,
    EventDefinitions,
    EventKind,
    Heard,
    Measures,
    Prosody,
    Quality,
    Role,
    Separation,
    Sound,
    Span,
    SpeakerRole,
    SpeakerSpan,
    Turn,
    Word,
)

DEFAULTS = EventDefinitions()


@dataclass(frozen=True, slots=True)
class _Derived:
    """What the event definitions decide."""

    turns: tuple[Turn, ...]
    events: tuple[Event, ...]
    measures: Measures


def build(
    call: Call,
    heard: Heard,
    quality: Quality,
    recording_id: str,
    definitions: EventDefinitions = DEFAULTS,
    roster: Mapping[str, str] = {},
    company: tuple[str, ...] = (),
) -> Conversation:
    """The conversation in what was heard: turns, roles, events, measures. Pure.

    `roster` (agent id → name) and `company` names help to tell who the agent is.
    """
    language = languages.get(heard.language)
    found, echoed = without_echoes(voices(heard), quality, heard.prosody, language)
    found = split_machines(found, language)
    channels = _channels(heard)
    roles = decide(found, call, language, channels, roster, company)
    named = {role.speaker: role.role for role in roles}
    found = tuple(replace(voice, role=named[voice.speaker]) for voice in found if voice.spurts)
    sight = (heard.separation, heard.overlap, heard.sounds, heard.prosody)
    derived = _derive(found, definitions, language, quality.duration, *sight)
    dropped = dict(heard.dropped) | ({"echo": echoed} if echoed else {})
    return Conversation(
        call=call,
        recording_id=recording_id,
        language=heard.language,
        language_probability=heard.language_probability,
        separation=heard.separation,
        quality=quality,
        turns=derived.turns,
        roles=_spoken(roles, found),
        speech=_relabelled(heard.speech, found),
        sounds=heard.sounds,
        events=derived.events,
        measures=derived.measures,
        definitions=definitions,
        prosody=heard.prosody,
        overlap=heard.overlap,
        dropped=dropped,
        unheard=_unheard(found, heard.speech),
    )


def redefine(conversation: Conversation, definitions: EventDefinitions) -> Conversation:
    """The same conversation under other event definitions; needs no audio. Words and roles stay."""
    if definitions == conversation.definitions:
        return conversation
    return _again(conversation, definitions)


def rederive(conversation: Conversation) -> Conversation:
    """Turns, events and measures made anew from the conversation's own words, speakers and roles."""
    return _again(conversation, conversation.definitions)


def remeasure(conversation: Conversation) -> Conversation:
    """The measures made anew from the conversation's own turns and events."""
    c = conversation
    listening = [event.span for event in c.events if event.kind is EventKind.BACKCHANNEL]
    holds = [event.span for event in c.events if event.kind is EventKind.HOLD]
    latencies = response_latencies(c.turns, listening, holds)
    spoken = languages.get(c.language)
    measures = measure(_voices(c), c.turns, c.events, latencies, c.prosody, c.duration, spoken)
    return replace(c, measures=measures)


def _voices(conversation: Conversation) -> tuple[Voice, ...]:
    spans: dict[str, list[Span]] = defaultdict(list)
    words: dict[str, list[Word]] = defaultdict(list)
    for piece in conversation.speech:
        spans[piece.speaker].append(piece.span)
    for turn in conversation.turns:
        words[turn.speaker] += turn.words
    return gather(spans, words, {role.speaker: role.role for role in conversation.roles})


def _again(conversation: Conversation, definitions: EventDefinitions) -> Conversation:
    language = languages.get(conversation.language)
    c = conversation
    sight = (c.separation, c.overlap, c.sounds, c.prosody)
    derived = _derive(_voices(c), definitions, language, c.duration, *sight)
    return replace(
        conversation,
        turns=derived.turns,
        events=derived.events,
        measures=derived.measures,
        definitions=definitions,
    )


def _derive(
    found: Sequence[Voice],
    definitions: EventDefinitions,
    language: Language,
    duration: float,
    separation: Separation,
    overlap: Sequence[Span],
    sounds: Sequence[Sound],
    prosody: Sequence[Prosody],
) -> _Derived:
    listening = backchannels(found, definitions, language)
    talk = turns(found, listening, definitions, language)
    events = [
        *floor_events(found, definitions, language, separation, overlap),
        *silence_events(found, sounds, definitions, language),
        *raised_voices(found, definitions, prosody, language),
        *(_backchannel(stretch, language) for stretch in listening),
    ]
    inside = Span(0.0, duration)
    ordered = tuple(sorted((_clip(event, inside) for event in events), key=_in_time))
    holds = [event.span for event in ordered if event.kind is EventKind.HOLD]
    latencies = response_latencies(talk, [stretch.span for stretch in listening], holds)
    measures = measure(found, talk, ordered, latencies, prosody, duration, language)
    return _Derived(talk, ordered, measures)


def _backchannel(stretch: Stretch, language: Language) -> Event:
    against = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}.get(stretch.role)
    return Event(
        EventKind.BACKCHANNEL, stretch.span, by=stretch.role, against=against, words=stretch.text(language)
    )


def _clip(event: Event, inside: Span) -> Event:
    """Word times may run past the end of the recording; events do not."""
    return event if inside.covers(event.span) else replace(event, span=event.span & inside)


def _in_time(event: Event) -> tuple[Span, str, str]:
    return event.span, event.kind.value, str(event.by)


def _channels(heard: Heard) -> dict[str, int]:
    if heard.separation is not Separation.CHANNEL:
        return {}
    found = {piece.speaker: piece.channel for piece in heard.speech if piece.channel is not None}
    for voice in voices(heard):
        if voice.words:
            found.setdefault(voice.speaker, voice.words[0].channel)
    return found


def _spoken(roles: Sequence[SpeakerRole], found: Sequence[Voice]) -> tuple[SpeakerRole, ...]:
    speaking = {voice.speaker for voice in found}
    return tuple(role for role in roles if role.speaker in speaking)


def _relabelled(speech: Sequence[SpeakerSpan], found: Sequence[Voice]) -> tuple[SpeakerSpan, ...]:
    """The speech spans under the names of the voices that came of them; echoes gone."""
    activity = {voice.speaker: voice.activity for voice in found}
    kept = []
    for piece in speech:
        for name in (piece.speaker, f"{piece.speaker}.ivr"):
            spans = activity.get(name, ())
            at = bisect_right(spans, piece.span.start, key=lambda span: span.start) - 1
            if at >= 0 and spans[at].covers(piece.span):
                kept.append(replace(piece, speaker=name))
                break
    return tuple(kept)


def _unheard(found: Sequence[Voice], speech: Sequence[SpeakerSpan]) -> tuple[SpeakerSpan, ...]:
    """Speech without words: whole spurts, and long stretches inside one that no word accounts for."""
    channels = {piece.speaker: piece.channel for piece in speech}
    return tuple(
        sorted(
            (
                SpeakerSpan(voice.speaker, span, channel=channels.get(voice.speaker.removesuffix(".ivr")))
                for voice in found
                for spurt in voice.spurts
                for span in spurt.wordless
            ),
            key=lambda piece: piece.span,
        )
    )
