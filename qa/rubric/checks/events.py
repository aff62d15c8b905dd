"""Checks on what happened between the parties: events counted, measures compared."""

from __future__ import annotations

from qa.model import Event, EventKind, Evidence, Measures, Role, Separation, Span
from qa.rubric import schema
from qa.rubric.checks.look import Look, Region
from qa.rubric.checks.verdict import (
    Verdict,
    absence_doubt,
    clock,
    met,
    not_applicable,
    not_met,
    region_doubt,
    review,
    role_doubt,
    separation_doubt,
)

UNDERSTOOD = 0.6
"""Mean word probability from which a short turn is taken for what it says."""

BRIEF = 0.8
"""Seconds up to which …"""
BRIEF_WORDS = 2
"""… so many words during somebody else's long turn are hardly more than listening."""


def active_events(check: schema.Events, look: Look) -> Verdict:
    """Counts against limits: with the confirmed events alone, and with those that one signal saw."""
    roles = [Role(name) for name in (check.by, check.against) if name]
    region = look.region(check.where, roles[0] if roles else Role.AGENT)
    doubt = role_doubt(look, *roles) or region_doubt(look, region)
    if doubt:
        return doubt
    alone = separation_doubt(look)
    if alone and check.kind not in ("dead_air", "raised_voice"):
        return review(alone)
    found = [e for e in look.annotated.conversation.events if _chosen(e, check, region)]
    sure = [e for e in found if _sure(e, check)]
    if not region.spans:
        return not_applicable("nothing_applies")
    return _judge_count(check, look, region, sure, found)


def _chosen(event: Event, check: schema.Events, region: Region) -> bool:
    return (
        event.kind is EventKind(check.kind)
        and (check.by is None or event.by is Role(check.by))
        and (check.against is None or event.against is Role(check.against))
        and (check.successful is None or event.successful in (check.successful, None))
        and (check.min_seconds is None or event.span.duration >= check.min_seconds)
        and any(span.overlap(event.span) > 0 or event.span.start in span for span in region.spans)
    )


def _sure(event: Event, check: schema.Events) -> bool:
    """Interruptions need two independent signals; the other events are measured, not guessed."""
    if event.kind is not EventKind.INTERRUPTION:
        return True
    return event.confirmed and (check.successful is None or event.successful is not None)


def _judge_count(
    check: schema.Events, look: Look, region: Region, sure: list[Event], found: list[Event]
) -> Verdict:
    values = {"count": str(len(sure)), "limit": str(check.at_most if check.at_most is not None else "")}
    places = [_place(e, look) for e in sure]
    if sure:
        values |= {"quote": places[0].quote, "at": clock(sure[0].span.start)}
    if _too_many(check, look, len(sure)):
        if region.unsure:
            return review("anchor_unsure", places, **values)
        return not_met(look, "too_many", places, **values)
    if _too_many(check, look, len(found)):
        return review("unconfirmed", [_place(e, look) for e in found], **values)
    if _too_few(check, region, len(sure)):
        cause = "mono" if look.annotated.conversation.separation is not Separation.CHANNEL else None
        cause = cause or absence_doubt(look, region) or _listening_doubt(check, look, region)
        evidence = _stretches(look, region)
        return review(cause, evidence) if cause else not_met(look, "too_few", evidence, **values)
    return met("count_fine", places, **values)


def _too_many(check: schema.Events, look: Look, count: int) -> bool:
    tens = max(look.annotated.conversation.duration / 600, 1e-9)
    over = check.at_most is not None and count > check.at_most
    return over or (check.most_per_10_minutes is not None and count / tens > check.most_per_10_minutes)


def _too_few(check: schema.Events, region: Region, count: int) -> bool:
    minutes = sum(span.duration for span in region.spans) / 60
    few = check.at_least is not None and count < check.at_least
    return few or (check.least_per_minute is not None and count < check.least_per_minute * minutes)


def _listening_doubt(check: schema.Events, look: Look, region: Region) -> str | None:
    """Why listening may have been there: something short was said, and not understood or not quite, or it
    is too short to be anything else, though in no list."""
    if check.kind != "backchannel":
        return None
    short = [i for i in region.turns if look.turns[i].span.duration <= look.thresholds.unheard_seconds]
    unsure = any(look.annotated.probability[i] < UNDERSTOOD for i in short)
    if unsure or any(look.rules.sounds_like_backchannel(look.turns[i].text) for i in short):
        return "words_unsure"
    return "may_listen" if any(_brief(look, i) for i in short) else None


def _brief(look: Look, index: int) -> bool:
    turn = look.turns[index]
    return turn.span.duration <= BRIEF and len(look.rules.tokens(turn.text)) <= BRIEF_WORDS


def _place(event: Event, look: Look) -> Evidence:
    """An event as evidence: what the interrupted party was saying, or what was said under it."""
    role = (event.against if event.words else event.by) or Role.UNKNOWN
    quote = event.words or " / ".join(t.text for t in look.turns if t.span.overlap(event.span))[:80]
    return Evidence(event.span, role, quote, 1.0 if event.confirmed else 0.5)


def _stretches(look: Look, region: Region) -> list[Evidence]:
    """The turns during which something was missing."""
    return [
        look.turn_evidence(i)
        for i, t in enumerate(look.turns)
        if any(span.overlap(t.span) > 0 for span in region.spans) and look.annotated.substantial[i]
    ][:3]


def measure(check: schema.Measure, look: Look) -> Verdict:
    """A number of the call against a threshold; evidence is the whole call or the longest stretch."""
    measures = look.annotated.conversation.measures
    value = getattr(measures, check.name)
    if value is None:
        return not_applicable("not_measured")
    shown = {"value": f"{value:.1f}", "name": check.name}
    low = check.at_least is not None and value < check.at_least
    high = check.at_most is not None and value > check.at_most
    shown["limit"] = f"{check.at_most if high else check.at_least if low else ''}"
    if not (low or high):
        return met("measure_fine", **shown)
    return not_met(
        look, "measure_high" if high else "measure_low", _measured(check.name, look, measures), **shown
    )


def _measured(name: str, look: Look, measures: Measures) -> list[Evidence]:
    kinds = {"dead_air": EventKind.DEAD_AIR, "hold": EventKind.HOLD, "interruptions": EventKind.INTERRUPTION}
    kind = next((k for prefix, k in kinds.items() if name.startswith(prefix)), None)
    events = [e for e in look.annotated.conversation.events if e.kind is kind]
    if events:
        longest = sorted(events, key=lambda e: -e.span.duration)[:3]
        return [_place(e, look) for e in sorted(longest, key=lambda e: e.span.start)]
    whole = Span(0.0, max(measures.duration, 0.0))
    return [Evidence(whole, Role.UNKNOWN, "", 1.0)]
