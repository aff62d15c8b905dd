"""Holds, dead air and response latency: what happens when nobody speaks.

agent     お待ちください|.................|お待たせしました
line      ..............|..♪♪♪♪♪♪♪♪♪♪..|
hold                     |-----------------|
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from qa.dialogue.phrases import announces_wait
from qa.dialogue.voices import Stretch, Voice, text_of
from qa.language import Language
from qa.model import (
    Event,
    EventDefinitions,
    EventKind,
    Role,
    Sound,
    SoundKind,
    Span,
    Turn,
    merge_spans,
    total_overlap,
)

_HOLD_SOUNDS = (SoundKind.MUSIC, SoundKind.RINGBACK)
_MIN_SOUND = 2.0
"""Seconds of music or ring-back below which it is no hold."""
_SOUND_GAP = 5.0
"""Seconds of silence within music or between rings (Japan rings 1 s of 3, the US 2 s of 6)."""
_SPEAKS = 0.3
"""Seconds of speech that end a hold; a click on the line, or a syllable put there by mistake, does not."""
_SAME_BREATH = 1.0
"""Seconds between a wait's announcement and what the same party adds to it."""
_TALKED = 0.5
"""Share of an announced wait that the caller may talk; more and nobody waited."""


def silence_events(
    voices: Sequence[Voice], sounds: Sequence[Sound], definitions: EventDefinitions, language: Language
) -> tuple[Event, ...]:
    """Holds and dead air between the first and the last word of people, in time order."""
    people = [voice for voice in voices if voice.role is not Role.IVR and voice.spurts]
    if not people:
        return ()
    talk = Span(
        min(voice.spurts[0].span.start for voice in people),
        max(voice.spurts[-1].span.end for voice in people),
    )
    holds = tuple(_holds(people, sounds, talk, definitions, language))
    speech = [spurt.span for voice in voices for spurt in voice.spurts]
    quiet = _quiet(talk, [*speech, *(hold.span for hold in holds)])
    dead = [Event(EventKind.DEAD_AIR, gap) for gap in quiet if gap.duration >= definitions.dead_air_min]
    return tuple(sorted([*holds, *dead], key=lambda event: event.span))


def response_latencies(
    turns: Sequence[Turn], listening: Sequence[Span], holds: Sequence[Span]
) -> tuple[float, ...]:
    """Seconds from each customer turn's end to the agent's next turn, backchannels left out, 0 if early."""
    quiet = set(listening)
    floor = [t for t in turns if t.span not in quiet and t.role in (Role.AGENT, Role.CUSTOMER)]
    found = []
    for before, after in itertools.pairwise(floor):
        if before.role is Role.CUSTOMER and after.role is Role.AGENT:
            gap = Span(before.span.end, max(before.span.end, after.span.start))
            if total_overlap(gap, holds) == 0:
                found.append(gap.duration)
    return tuple(found)


def _holds(
    people: Sequence[Voice],
    sounds: Sequence[Sound],
    talk: Span,
    definitions: EventDefinitions,
    language: Language,
) -> Iterator[Event]:
    """Announced waits, and music or ring-back, each until whoever left speaks again; joined."""
    found: dict[Role, list[Span]] = {}
    for voice in people:
        others = merge_spans(s for other in people if other is not voice for s in other.activity)
        for span in _announced(voice, others, definitions, language):
            found.setdefault(voice.role, []).append(span)
    sounding = merge_spans((s.span for s in sounds if s.kind in _HOLD_SOUNDS), gap=_SOUND_GAP)
    for span in sounding:
        inside = span & talk
        if inside.duration >= _MIN_SOUND:
            # Whose music it is, nobody says: agents have the hold key.
            found.setdefault(Role.AGENT, []).append(_until_agent(inside, people))
    for role, spans in found.items():
        for span in merge_spans(spans, gap=definitions.turn_gap):
            if role is Role.AGENT or not _under(span, found.get(Role.AGENT, ())):
                yield Event(EventKind.HOLD, span, by=role)


def _announced(
    voice: Voice, others: Sequence[Span], definitions: EventDefinitions, language: Language
) -> Iterator[Span]:
    worded = [s for s in voice.stretches() if s.words and s.span.duration >= _SPEAKS]
    for place, (said, back) in enumerate(itertools.pairwise(worded)):
        wait = Span(said.span.end, max(said.span.end, back.span.start))
        if wait.duration < definitions.dead_air_min or not _says_wait(worded[: place + 1], language):
            continue
        silent = max((gap.duration for gap in _quiet(wait, others)), default=0.0)
        talked = total_overlap(wait, others) / wait.duration
        if silent >= definitions.dead_air_min and talked <= _TALKED:
            yield wait


def _says_wait(said: Sequence[Stretch], language: Language) -> bool:
    """True if the last stretches, joined over short pauses, announce a wait."""
    recent = [s for s in said[-3:] if s.span.end >= said[-1].span.start - _SAME_BREATH]
    return announces_wait(text_of((word for s in recent for word in s.words), language), language)


def _until_agent(sounding: Span, people: Sequence[Voice]) -> Span:
    """From the last agent word before the sound (if just before) to the first one after it."""
    agents = [v for v in people if v.role is Role.AGENT] or list(people)
    spoken = sorted(s.span for v in agents for s in v.stretches() if s.words and s.span.duration >= _SPEAKS)
    ends = sorted(span.end for span in spoken)
    before = bisect_right(ends, sounding.start + 0.5)
    start = ends[before - 1] if before and sounding.start - ends[before - 1] <= _SOUND_GAP else sounding.start
    starts = [span.start for span in spoken]
    after = bisect_left(starts, sounding.end - 0.5)
    end = starts[after] if after < len(starts) else sounding.end
    return Span(start, max(start, end))


def _under(span: Span, others: Sequence[Span]) -> bool:
    return total_overlap(span, merge_spans(others)) > span.duration / 2


def _quiet(within: Span, busy: Sequence[Span]) -> list[Span]:
    """The parts of `within` under none of `busy`."""
    found, at = [], within.start
    for span in merge_spans(busy):
        if span.start > at:
            found.append(Span(at, span.start) & within)
        at = max(at, span.end)
    if at < within.end:
        found.append(Span(at, within.end))
    return [gap for gap in found if gap]
