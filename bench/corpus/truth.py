"""The reference of a laid-out call: exact to the pause, in the shape that `qa evaluate` reads."""

from __future__ import annotations

from typing import Any

from audio_samples import build as samples
from audio_samples import events
from audio_samples.timeline import Timeline
from bench.corpus.draw import Call
from bench.corpus.label import Facts, LongTurn, label
from qa.model import EventDefinitions, EventKind, Role


def reference(call: Call, laid: Timeline, call_id: str) -> dict[str, Any]:
    """Turns, speech, events, criteria and names of `call` as recorded under `call_id`."""
    document = samples.reference(call.script, laid, call_id)
    outcomes = label(
        call.moves, facts(call, laid), language=call.script.language, complaint=call.scenario.complaint
    )
    document["criteria"] = {name: str(outcome) for name, outcome in outcomes.items()}
    return document


def facts(call: Call, laid: Timeline) -> Facts:
    """What the labels need to know of how the call was laid out."""
    definitions = EventDefinitions()
    happened = events.events(laid, definitions)
    taken = sum(
        1 for e in happened if e.kind is EventKind.INTERRUPTION and e.by is Role.AGENT and e.successful
    )
    listened = [e.span for e in happened if e.kind is EventKind.BACKCHANNEL and e.by is Role.AGENT]
    turns = tuple(
        LongTurn(turn.span.duration, sum(1 for span in listened if turn.span.overlap(span) > 0))
        for turn in events.turns(laid, definitions)
        if turn.role is Role.CUSTOMER
    )
    return Facts(taken, turns, call.roster_name == call.names.agent)
