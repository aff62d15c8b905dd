"""Are the events right: each kind's found, missed and wrong ones, and listening taken for cutting in.

An interruption or a backchannel is found where the result has one by the same party whose onset is at most
0.5 s away; dead air and a hold, where the two stretches share at least half of what both cover.

    reference  ......====......     onset 0.3 s later: found
    result     .......======...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.evaluate.counts import Found, Ratio
from qa.evaluate.reference import Reference
from qa.model import Conversation, Event, EventKind, Role

ONSET = 0.5
"""Seconds by which the start of an interruption or a backchannel may be off."""
SHARED = 0.5
"""Share of their union that two silences must have in common."""
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class EventFigures:
    """Of one call; None where the reference tells no events."""

    interruptions_by_agent: Found | None = None
    interruptions_by_customer: Found | None = None
    backchannels: Found | None = None
    dead_air: Found | None = None
    holds: Found | None = None
    listening_called_interruption: Ratio | None = None
    """Of the reference's backchannels, those where the result accuses their speaker of cutting in."""
    unconfirmed: Ratio | None = None
    """Of the result's interruptions, those that one signal alone saw: they are left to a person."""
    agreeing: tuple[tuple[int, bool], ...] = ()
    """Each interruption of the result: the number of signals that saw it, and whether it is real."""


def event_figures(reference: Reference, conversation: Conversation) -> EventFigures:
    """All figures. Only confirmed interruptions accuse anybody: the others count as abstentions."""
    if reference.events is None:
        return EventFigures()
    real, heard = reference.events, conversation.events
    cut_ins = _of(heard, EventKind.INTERRUPTION)
    accused = [event for event in cut_ins if event.confirmed]
    real_cut_ins = _of(real, EventKind.INTERRUPTION)
    listening = _of(real, EventKind.BACKCHANNEL)
    false = [e for e in accused if not any(_close(r, e) for r in real_cut_ins)]
    mistaken = sum(any(_accuses(event, backchannel) for event in false) for backchannel in listening)
    return EventFigures(
        interruptions_by_agent=_found(real_cut_ins, accused, Role.AGENT),
        interruptions_by_customer=_found(real_cut_ins, accused, Role.CUSTOMER),
        backchannels=matched(listening, _of(heard, EventKind.BACKCHANNEL), _close),
        dead_air=matched(_of(real, EventKind.DEAD_AIR), _of(heard, EventKind.DEAD_AIR), _same_stretch),
        holds=matched(_of(real, EventKind.HOLD), _of(heard, EventKind.HOLD), _same_stretch),
        listening_called_interruption=Ratio(mistaken, len(listening)),
        unconfirmed=Ratio(len(cut_ins) - len(accused), len(cut_ins)),
        agreeing=tuple((len(e.signals), any(_close(r, e) for r in real_cut_ins)) for e in cut_ins),
    )


def matched(real: Sequence[Event], heard: Sequence[Event], same: Callable[[Event, Event], bool]) -> Found:
    """Match each real event with the earliest unused one of the result that is the same."""
    left = sorted(heard, key=lambda event: event.span)
    hits = 0
    for event in sorted(real, key=lambda event: event.span):
        partner = next((other for other in left if same(event, other)), None)
        if partner is not None:
            left.remove(partner)
            hits += 1
    return Found(hits, len(real) - hits, len(left))


def _found(real: Sequence[Event], heard: Sequence[Event], by: Role) -> Found:
    return matched([e for e in real if e.by is by], [e for e in heard if e.by is by], _close)


def _of(events: Sequence[Event], kind: EventKind) -> list[Event]:
    return [event for event in events if event.kind is kind]


def _close(real: Event, heard: Event) -> bool:
    near = abs(real.span.start - heard.span.start) <= ONSET + _ROUNDING
    return near and real.by is heard.by


def _accuses(event: Event, backchannel: Event) -> bool:
    on = event.span.overlap(backchannel.span) > 0 or _close(backchannel, event)
    return on and event.by is backchannel.by


def _same_stretch(real: Event, heard: Event) -> bool:
    return real.span.overlap(heard.span) >= SHARED * (real.span | heard.span).duration - _ROUNDING
