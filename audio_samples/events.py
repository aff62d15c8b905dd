"""What happened in a laid-out call, by the definitions of `qa.model.EventDefinitions`.

Nothing is recognised here: the builder knows every line, where it sounds, and whether it was cut off.
That makes these events a reference which `qa.dialogue` can be measured against.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audio_samples.script import Hold, Ring
from audio_samples.timeline import Placed, Timeline, join
from qa.model import Event, EventDefinitions, EventKind, Role, Span, merge_spans, total_overlap

BACKCHANNELS: Mapping[str, frozenset[str]] = {
    "ja": frozenset(
        {
            "はい",
            "ええ",
            "うん",
            "そうですね",
            "なるほど",
            "さようでございますか",
            "そうでしたか",
            "そうですか",
        }
    ),
    "en": frozenset({"right", "uh-huh", "hmm", "i see", "okay", "yes", "yeah", "sure", "oh no", "oh dear"}),
}
"""The list that the scripts' backchannels are written from."""

_OPEN = 0.5
"""Seconds of silence after a sentence from which the turn is open to whoever starts (a place of possible
transition: Sacks, Schegloff & Jefferson 1974, doi:10.2307/412243)."""
_SENTENCE_ENDS = ("。", "？", "！", ".", "?", "!")


@dataclass(frozen=True, slots=True)
class TruthTurn:
    """One speaker's talk, not broken by a pause of theirs longer than the turn gap, nor a backchannel."""

    speaker: str
    role: Role
    span: Span
    text: str
    lines: tuple[Placed, ...]


def turns(timeline: Timeline, definitions: EventDefinitions) -> tuple[TruthTurn, ...]:
    """The turns of a call, in time order."""
    found = []
    for speaker in {placed.speaker for placed in timeline.lines}:
        lines = sorted((p for p in timeline.lines if p.speaker == speaker), key=lambda p: p.span)
        groups: list[list[Placed]] = []
        for placed in lines:
            if groups and _same_turn(groups[-1][-1], placed, timeline.language, definitions):
                groups[-1].append(placed)
            else:
                groups.append([placed])
        found += [_turn(group, timeline.language) for group in groups]
    return tuple(sorted(found, key=lambda turn: (turn.span, turn.speaker)))


def events(timeline: Timeline, definitions: EventDefinitions) -> tuple[Event, ...]:
    """Every event of a call, in time order."""
    talk = turns(timeline, definitions)
    found = [
        *_overlaps(timeline, definitions),
        *_backchannels(talk, timeline.language, definitions),
        *_floor_events(timeline, talk, definitions),
        *_holds(timeline),
        *_dead_air(timeline, definitions),
    ]
    return tuple(sorted(found, key=lambda event: (event.span, event.kind)))


def is_backchannel(text: str, language: str) -> bool:
    """True if every clause of `text` is in the list."""
    folded = unicodedata.normalize("NFKC", text).lower()
    clauses = [c.strip() for c in re.split(r"[、。,.!?…]+", folded) if c.strip()]
    return bool(clauses) and all(clause in BACKCHANNELS[language] for clause in clauses)


def _same_turn(before: Placed, placed: Placed, language: str, definitions: EventDefinitions) -> bool:
    """A backchannel is a turn of its own, however soon the same speaker goes on."""
    listening = _listens(before, language) or _listens(placed, language)
    return not listening and placed.span.start - before.span.end <= definitions.turn_gap


def _turn(group: Sequence[Placed], language: str) -> TruthTurn:
    span = Span(group[0].span.start, max(p.span.end for p in group))
    text = join((p.text for p in group), language)
    return TruthTurn(group[0].speaker, group[0].role, span, text, tuple(group))


def _overlaps(timeline: Timeline, definitions: EventDefinitions) -> Iterator[Event]:
    """Both parties at once; `by` is whose line began second."""
    for first, second in itertools.permutations(timeline.lines, 2):
        if first.role is not _other(second.role) or not first.span.start <= second.span.start:
            continue
        for one, two in itertools.product(first.active, second.active):
            if (one & two).duration >= definitions.overlap_min:
                yield Event(EventKind.OVERLAP, one & two, by=second.role, against=first.role)


def _backchannels(talk: Sequence[TruthTurn], language: str, definitions: EventDefinitions) -> Iterator[Event]:
    """A short turn of listening words while, or after which, the other party goes on."""
    for turn in talk:
        if turn.span.duration > definitions.backchannel_max or not _is_listening(turn, language):
            continue
        other = _other(turn.role)
        floor = [line for t in talk if t.role is other for line in t.lines]
        if other and _goes_on(turn, floor, definitions):
            yield Event(EventKind.BACKCHANNEL, turn.span, by=turn.role, against=other, words=turn.text)


def _goes_on(turn: TruthTurn, others: Sequence[Placed], definitions: EventDefinitions) -> bool:
    """True if the lines of `others` hold the floor around `turn`, and no question of theirs is answered."""
    during = any(t.span.start < turn.span.start and turn.span.end < t.span.end for t in others)
    before = [t for t in others if t.span.end <= turn.span.start + definitions.terminal_overlap_max]
    asked = bool(before) and before[-1].text.rstrip().endswith(("か。", "？", "?", "か"))
    near = bool(before) and turn.span.gap(before[-1].span) <= definitions.turn_gap
    resumed = any(0 <= t.span.start - turn.span.end <= definitions.turn_gap for t in others)
    return during or (near and resumed and not asked)


def _floor_events(
    timeline: Timeline, talk: Sequence[TruthTurn], definitions: EventDefinitions
) -> Iterator[Event]:
    """Terminal overlaps and interruptions: a line that starts while the other side is in a line."""
    listening = {id(line) for turn in talk if _is_listening(turn, timeline.language) for line in turn.lines}
    for second, first in itertools.product(timeline.lines, timeline.lines):
        apart = first.role is not _other(second.role) or second.span.start not in first.span
        if apart or _held_for(first, second.span.start) < definitions.interruption_min_floor:
            continue
        event = _floor_event(first, second, definitions)
        if event is not None and not (id(second) in listening and event.kind is EventKind.INTERRUPTION):
            yield event


def _held_for(line: Placed, instant: float) -> float:
    """Seconds for which a line has been spoken at `instant`: since it began, or since it went on after a
    sentence and a silence in which anybody could have taken the turn."""
    resumed = [
        after.start
        for before, after in itertools.pairwise(line.active)
        if before.end <= instant
        and after.start - before.end >= _OPEN
        and any(abs(end - before.end) < _OPEN / 2 for end in _sentence_ends(line))
    ]
    return instant - max(resumed, default=line.span.start)


def _sentence_ends(line: Placed) -> list[float]:
    """Where the parts end that end a sentence."""
    ends = zip(line.line.parts, line.part_ends, strict=True)
    return [end for part, end in ends if part.text.rstrip().endswith(_SENTENCE_ENDS)]


def _floor_event(first: Placed, second: Placed, definitions: EventDefinitions) -> Event | None:
    """
    first   ~~~~~~~~~~~~~~~~~|  remaining = how long it goes on
    second            |~~~~~~~~~~~
    """
    remaining = first.span.end - second.span.start
    both = first.span & second.span
    if remaining <= definitions.terminal_overlap_max and not first.line.cut:
        return Event(EventKind.TERMINAL_OVERLAP, both, by=second.role, against=first.role)
    broke_off = first.line.cut and remaining <= definitions.interruption_breakoff
    unfinished = first.line.cut or remaining >= definitions.interruption_continues
    if unfinished and (_together(first, second) >= definitions.interruption_min_overlap or broke_off):
        took_floor = second.span.end > first.span.end
        return Event(
            EventKind.INTERRUPTION,
            both,
            by=second.role,
            against=first.role,
            words=first.text,
            successful=took_floor,
        )
    return None


def _together(one: Placed, other: Placed) -> float:
    """Seconds in which both truly sound; a pause of either does not count."""
    return sum(total_overlap(span, other.active) for span in one.active)


def _is_listening(turn: TruthTurn, language: str) -> bool:
    return all(_listens(line, language) for line in turn.lines)


def _listens(placed: Placed, language: str) -> bool:
    return placed.line.listen or is_backchannel(placed.text, language)


def _holds(timeline: Timeline) -> Iterator[Event]:
    """From the agent's announcement (its end) until an agent speaks again."""
    spoken = sorted(p.span for p in timeline.lines if p.role is Role.AGENT)
    for sound in timeline.sounds:
        if isinstance(sound.step, Hold):
            start = max((s.end for s in spoken if s.end <= sound.span.start), default=sound.span.start)
            end = min((s.start for s in spoken if s.start >= sound.span.end), default=sound.span.end)
            yield Event(EventKind.HOLD, Span(start, end), by=Role.AGENT)


def _dead_air(timeline: Timeline, definitions: EventDefinitions) -> Iterator[Event]:
    speech = [span for p in timeline.lines for span in p.active]
    excused = [event.span for event in _holds(timeline)]
    excused += [s.span for s in timeline.sounds if isinstance(s.step, Ring)]
    for before, after in itertools.pairwise(merge_spans([*speech, *excused])):
        quiet = Span(before.end, after.start)
        if quiet.duration >= definitions.dead_air_min:
            yield Event(EventKind.DEAD_AIR, quiet)


def _other(role: Role) -> Role | None:
    return {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}.get(role)
