"""The numbers of a call, from its turns, events and sound. Seconds and counts; ratios are model.Measures'."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

from qa.dialogue.loudness import Frame, frames, loudness
from qa.dialogue.voices import Voice
from qa.language import Language
from qa.model import Event, EventKind, Measures, Prosody, Role, Span, Turn, merge_spans

_MIN_VOICED = 20
"""Voiced frames (2 s at 0.1 s a frame) below which a pitch range says nothing."""


def measure(
    voices: Sequence[Voice],
    turns: Sequence[Turn],
    events: Sequence[Event],
    latencies: Sequence[float],
    prosody: Sequence[Prosody],
    duration: float,
    language: Language,
) -> Measures:
    """Every number of `Measures`.

    `interruptions_by_*` counts those that two signals confirm, successful and attempted;
    `attempted_interruptions_by_agent` is the part of them in which the customer kept the floor.
    `hold_*` are the agent's holds; overlap is between parties, not within one.
    """
    agent, customer = _speech(voices, Role.AGENT), _speech(voices, Role.CUSTOMER)
    dead = _seconds(events, EventKind.DEAD_AIR)
    holds = [e.span.duration for e in events if e.kind is EventKind.HOLD and e.by is not Role.CUSTOMER]
    by_agent, by_customer = _confirmed(events, Role.AGENT), _confirmed(events, Role.CUSTOMER)
    listening = {(e.by, e.span) for e in events if e.kind is EventKind.BACKCHANNEL}
    return Measures(
        duration=duration,
        turns=len(turns),
        agent_talk_seconds=_total(agent),
        customer_talk_seconds=_total(customer),
        overlap_seconds=_total(merge_spans(e.span for e in events if e.kind is EventKind.OVERLAP)),
        interruptions_by_agent=len(by_agent),
        interruptions_by_customer=len(by_customer),
        interruption_seconds_by_agent=_total([e.span for e in by_agent]),
        interruption_seconds_by_customer=_total([e.span for e in by_customer]),
        unconfirmed_interruptions_by_agent=sum(
            e.kind is EventKind.INTERRUPTION and e.by is Role.AGENT and not e.confirmed for e in events
        ),
        attempted_interruptions_by_agent=sum(not e.successful for e in by_agent),
        backchannels_by_agent=_count(events, EventKind.BACKCHANNEL, Role.AGENT),
        backchannels_by_customer=_count(events, EventKind.BACKCHANNEL, Role.CUSTOMER),
        dead_air_count=len(dead),
        dead_air_seconds=sum(dead),
        dead_air_longest=max(dead, default=0.0),
        hold_count=len(holds),
        hold_seconds=sum(holds),
        response_latency_median=statistics.median(latencies) if latencies else None,
        response_latency_p90=percentile(latencies, 0.9) if latencies else None,
        longest_agent_monologue=_longest_monologue([t for t in turns if (t.role, t.span) not in listening]),
        agent_unheard_seconds=_unheard(voices, Role.AGENT),
        customer_unheard_seconds=_unheard(voices, Role.CUSTOMER),
        agent_speech_units=_units(turns, Role.AGENT, language),
        customer_speech_units=_units(turns, Role.CUSTOMER, language),
        agent_pitch_range_semitones=_pitch_range(voices, Role.AGENT, prosody),
        customer_pitch_range_semitones=_pitch_range(voices, Role.CUSTOMER, prosody),
        agent_level_dbfs=_level(voices, Role.AGENT, prosody),
        customer_level_dbfs=_level(voices, Role.CUSTOMER, prosody),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, interpolated linearly.

    >>> percentile([1.0, 2.0, 3.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _speech(voices: Sequence[Voice], role: Role) -> tuple[Span, ...]:
    return merge_spans(span for voice in voices if voice.role is role for span in voice.activity)


def _unheard(voices: Sequence[Voice], role: Role) -> float:
    return sum(_total(spurt.wordless) for v in voices if v.role is role for spurt in v.spurts)


def _total(spans: Sequence[Span]) -> float:
    return sum(span.duration for span in spans)


def _seconds(events: Sequence[Event], kind: EventKind) -> list[float]:
    return [event.span.duration for event in events if event.kind is kind]


def _count(events: Sequence[Event], kind: EventKind, by: Role) -> int:
    return sum(event.kind is kind and event.by is by for event in events)


def _confirmed(events: Sequence[Event], by: Role) -> list[Event]:
    return [e for e in events if e.kind is EventKind.INTERRUPTION and e.by is by and e.confirmed]


def _units(turns: Sequence[Turn], role: Role, language: Language) -> int:
    return sum(language.count_units(turn.text) for turn in turns if turn.role is role)


def _longest_monologue(turns: Sequence[Turn]) -> float:
    """Seconds of the agent's longest talk that no turn of the customer's breaks; backchannels don't."""
    runs = itertools.groupby(turns, key=lambda turn: turn.role)
    return max((sum(t.span.duration for t in run) for role, run in runs if role is Role.AGENT), default=0.0)


def _frames(voices: Sequence[Voice], role: Role, prosody: Sequence[Prosody]) -> list[Frame]:
    own = [voice for voice in voices if voice.role is role]
    return [frame for voice in own for frame in frames(voice, voice.activity, voices, prosody)]


def _pitch_range(voices: Sequence[Voice], role: Role, prosody: Sequence[Prosody]) -> float | None:
    """Semitones between the 5th and the 95th percentile of voiced frames."""
    pitch = [hertz for _, hertz in _frames(voices, role, prosody) if hertz > 0]
    if len(pitch) < _MIN_VOICED:
        return None
    return 12 * math.log2(percentile(pitch, 0.95) / percentile(pitch, 0.05))


def _level(voices: Sequence[Voice], role: Role, prosody: Sequence[Prosody]) -> float | None:
    return loudness(_frames(voices, role, prosody))
