"""The reference's words, speakers, roles and events in the place of what was heard. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from qa.evaluate.calibration import real_role
from qa.evaluate.reference import Reference
from qa.evaluate.speakers import two_at_once
from qa.evaluate.spread import timed
from qa.model import (
    Conversation,
    Event,
    Heard,
    Role,
    Separation,
    SpeakerRole,
    SpeakerSpan,
    Word,
)

MACHINE = ".ivr"
"""What qa.dialogue adds to a speaker's name for the recorded greeting on their channel."""
AGREED = ("activity", "words")
"""The signals of an event that is known to be real."""
_OPPOSITE = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}


def heard_of(conversation: Conversation) -> Heard:
    """What was heard, as far as the stored conversation tells (words that were echoes stay out)."""
    c = conversation
    words = sorted((word for turn in c.turns for word in turn.words), key=lambda word: word.span)
    speech = (dataclasses.replace(p, speaker=p.speaker.removesuffix(MACHINE)) for p in c.speech)
    return Heard(
        language=c.language,
        language_probability=c.language_probability,
        separation=c.separation,
        words=tuple(words),
        speech=tuple(speech),
        sounds=c.sounds,
        prosody=c.prosody,
        overlap=c.overlap,
    )


def with_words(heard: Heard, reference: Reference, conversation: Conversation) -> Heard:
    """The reference's words, each certain, at the times that `spread.timed` gives them."""
    channels = {name: _place(name, reference, conversation)[1] or 0 for name in _names(reference)}
    return dataclasses.replace(heard, words=_words(reference, heard.language, channels))


def with_speakers(heard: Heard, reference: Reference, conversation: Conversation) -> Heard:
    """The reference's speech; in stereo under the names and channels that the result has for it."""
    speech = reference.speech or ()
    if heard.separation is Separation.CHANNEL:
        places = {name: _place(name, reference, conversation) for name in _names(reference)}
        pieces = [SpeakerSpan(places[p.speaker][0], p.span, channel=places[p.speaker][1]) for p in speech]
        return dataclasses.replace(heard, speech=_ordered(pieces))
    several = len({piece.speaker for piece in speech}) > 1
    return dataclasses.replace(
        heard,
        speech=_ordered(SpeakerSpan(piece.speaker, piece.span) for piece in speech),
        overlap=two_at_once((piece.speaker, piece.span) for piece in speech),
        separation=Separation.DIARIZED if several else heard.separation,
    )


def built_on(reference: Reference, conversation: Conversation) -> Heard:
    """Everything as it really was, each speaker alone on a channel; sounds and pitch as heard."""
    channels = {name: channel for channel, name in enumerate(_names(reference))}
    speech = (SpeakerSpan(p.speaker, p.span, channel=channels[p.speaker]) for p in reference.speech or ())
    heard = heard_of(conversation)
    return dataclasses.replace(
        heard,
        separation=Separation.CHANNEL,
        words=_words(reference, heard.language, channels),
        speech=_ordered(speech),
        overlap=(),
        prosody=(),
    )


def with_roles(conversation: Conversation, reference: Reference) -> Conversation:
    """Each speaker in the role of whoever speaks most of their speech; turns have to be derived anew."""
    roles = []
    for stated in conversation.roles:
        real = real_role(stated.speaker, reference, conversation)
        known = SpeakerRole(stated.speaker, real, 1.0, ("reference",)) if real is not None else stated
        roles.append(known)
    return dataclasses.replace(conversation, roles=tuple(roles))


def with_events(conversation: Conversation, reference: Reference) -> Conversation:
    """The reference's events, all confirmed; measures have to be taken anew."""
    events = tuple(sorted(map(_certain, reference.events or ()), key=lambda event: event.span))
    return dataclasses.replace(conversation, events=events)


def _certain(event: Event) -> Event:
    against = event.against or (_OPPOSITE.get(event.by) if event.by else None)
    return dataclasses.replace(event, against=against, signals=AGREED)


def _words(reference: Reference, code: str, channels: dict[str, int]) -> tuple[Word, ...]:
    found = (
        Word(text, span, 1.0, channels.get(turn.speaker, 0))
        for turn in reference.turns or ()
        for text, span in timed(turn, reference, code)
    )
    return tuple(sorted(found, key=lambda word: word.span))


def _names(reference: Reference) -> tuple[str, ...]:
    pieces = reference.speech or ()
    turns = reference.turns or ()
    return tuple(sorted({*(p.speaker for p in pieces), *(t.speaker for t in turns)}))


def _place(name: str, reference: Reference, conversation: Conversation) -> tuple[str, int | None]:
    """The result's speaker, and channel, under most of what this speaker of the reference says."""
    spans = [piece.span for piece in reference.speech or () if piece.speaker == name]
    shares: dict[tuple[str, int | None], float] = {}
    for piece in conversation.speech:
        place = (piece.speaker.removesuffix(MACHINE), piece.channel)
        shares[place] = shares.get(place, 0.0) + sum(piece.span.overlap(span) for span in spans)
    return max(shares, key=lambda place: shares[place], default=(name, None))


def _ordered(pieces: Iterable[SpeakerSpan]) -> tuple[SpeakerSpan, ...]:
    return tuple(sorted(pieces, key=lambda piece: (piece.span, piece.speaker)))
