"""Short dialogues as text → conversations, for the tests inside a rubric.

    A: お電話ありがとうございます          agent; C: customer, I: IVR, X: a voice nobody knows
    3.5-9 C: まだ届かないんですけど        with times; without, turns follow each other
    5-5.4 A: はい [backchannel]           what happened between them:
    6-8 A: あの、ですね [interruption]     [interruption] took the floor, [attempt] did not,
    6-8 A: あの、ですね [interruption?]    with ? only one signal saw it;
                                          [hold], [silence] are the gap before the turn,
                                          [raised] is said with a raised voice
    4-6 C: [unheard]                      speech without recognised words
    C: ええと (0.2)                       probability of the turn's words

Everything a rubric looks at is made here by hand; no audio, no model, no other room.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa import language as languages
from qa.language import Language
from qa.model import (
    Call,
    Conversation,
    Event,
    EventKind,
    Measures,
    Quality,
    Role,
    Separation,
    Span,
    SpeakerRole,
    SpeakerSpan,
    StereoKind,
    Turn,
    Word,
)

ROLES = {"A": Role.AGENT, "C": Role.CUSTOMER, "I": Role.IVR, "X": Role.UNKNOWN}
MARKS = (
    "backchannel", "interruption", "interruption?", "attempt", "attempt?",
    "hold", "silence", "raised", "unheard",
)  # fmt: skip
_LINE = re.compile(
    r"\s*(?:(?P<start>\d+(?:\.\d+)?)\s*-\s*(?P<end>\d+(?:\.\d+)?)\s+)?"
    r"(?P<who>[A-Z])\s*[:：]\s*(?P<text>.*?)\s*"
    r"(?:\((?P<probability>[01](?:\.\d+)?)\))?\s*(?:\[(?P<mark>[^\]]*)\])?\s*"
)
_SECONDS_A_UNIT = {"ja": 0.13, "en": 0.35}
_PAUSE = 0.6
_SURE = 0.95


class NotationError(ValueError):
    """A line of a dialogue that cannot be read; `line` counts from 0."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class _Draft:
    turns: list[Turn] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    unheard: list[SpeakerSpan] = field(default_factory=list)
    clock: float = 0.0


def spoken(line: str) -> tuple[Role, str]:
    """Who says what in a line, without times and marks. Raises `NotationError`."""
    found = _LINE.fullmatch(line)
    if found is None or found["who"] not in ROLES:
        raise NotationError(f"no dialogue line: {line!r}", 0)
    return ROLES[found["who"]], found["text"]


def conversation(lines: Sequence[str], language: str, *, agent_name: str | None = None) -> Conversation:
    """The conversation that `lines` draw. Raises `NotationError`."""
    rules = languages.get(language)
    draft = _Draft()
    for number, line in enumerate(lines):
        _read(line, number, draft, rules)
    turns = tuple(sorted(draft.turns, key=lambda turn: turn.span))
    speakers = sorted(
        {(t.speaker, t.role) for t in turns} | {(s.speaker, ROLES[s.speaker]) for s in draft.unheard}
    )
    events = tuple(sorted(draft.events, key=lambda event: event.span))
    end = max([t.span.end for t in turns], default=0.0) + 1.0
    return Conversation(
        call=Call("example", agent_name=agent_name, language=language),
        recording_id="0" * 64,
        language=language,
        separation=Separation.CHANNEL,
        quality=_quality(end),
        turns=turns,
        roles=tuple(SpeakerRole(speaker, role, 1.0) for speaker, role in speakers),
        speech=tuple(SpeakerSpan(t.speaker, t.span) for t in turns),
        sounds=(),
        events=events,
        measures=_measures(turns, events, end),
        unheard=tuple(draft.unheard),
    )


def _read(line: str, number: int, draft: _Draft, rules: Language) -> None:
    found = _LINE.fullmatch(line)
    if found is None or found["who"] not in ROLES:
        raise NotationError(f"{line!r} is no line of a dialogue: write `A: …` or `C: …`", number)
    mark = found["mark"]
    if mark is not None and mark not in MARKS:
        raise NotationError(f"no mark [{mark}]; there are {', '.join(MARKS)}", number)
    who, text = found["who"], found["text"]
    span = _span(found, text, draft, rules, number)
    gap = Span(min(draft.clock, span.start), span.start)
    draft.clock = max(draft.clock, span.end)
    if mark == "unheard":
        draft.unheard.append(SpeakerSpan(who, span))
        return
    if not text:
        raise NotationError("nothing is said", number)
    probability = float(found["probability"] or _SURE)
    turn = Turn(who, ROLES[who], span, _words(text, span, probability, who, rules), text)
    if mark:
        draft.events.append(_event(mark, turn, gap, draft))
    draft.turns.append(turn)


def _span(found: re.Match[str], text: str, draft: _Draft, rules: Language, number: int) -> Span:
    if found["start"] is not None:
        start, end = float(found["start"]), float(found["end"])
        if end <= start:
            raise NotationError(f"ends ({end:g}) before it starts ({start:g})", number)
        return Span(start, end)
    start = draft.clock + _PAUSE if draft.turns or draft.unheard else 0.5
    length = max(0.3, rules.count_units(text) * _SECONDS_A_UNIT[rules.code])
    return Span(start, start + length)


def _words(text: str, span: Span, probability: float, who: str, rules: Language) -> tuple[Word, ...]:
    """Words of equal speed over the turn, as a recogniser would time them."""
    pieces = text.split() if rules.code == "en" else [token.surface for token in rules.tokens(text)]
    length = sum(map(len, pieces)) or 1
    channel = 0 if who == "A" else 1
    words: list[Word] = []
    done = 0
    for piece in pieces:
        start = span.start + span.duration * done / length
        done += len(piece)
        end = span.start + span.duration * done / length
        lead = " " if rules.code == "en" else ""
        words.append(Word(lead + piece, Span(start, end), probability, channel))
    return tuple(words)


def _event(mark: str, turn: Turn, gap: Span, draft: _Draft) -> Event:
    other = Role.CUSTOMER if turn.role is Role.AGENT else Role.AGENT
    kind = mark.removesuffix("?")
    signals = ("activity",) if mark.endswith("?") else ("activity", "words")
    if kind == "backchannel":
        return Event(EventKind.BACKCHANNEL, turn.span, turn.role, other, turn.text)
    if kind == "raised":
        return Event(EventKind.RAISED_VOICE, turn.span, turn.role, words=turn.text, signals=signals)
    if kind in ("hold", "silence"):
        return Event(EventKind.HOLD if kind == "hold" else EventKind.DEAD_AIR, gap)
    before = next((t for t in reversed(draft.turns) if t.role is other), None)
    words = before.text if before else ""
    return Event(EventKind.INTERRUPTION, turn.span, turn.role, other, words, kind == "interruption", signals)


def _measures(turns: Sequence[Turn], events: Sequence[Event], end: float) -> Measures:
    talk = {role: sum(t.span.duration for t in turns if t.role is role) for role in Role}
    silences = [e.span.duration for e in events if e.kind is EventKind.DEAD_AIR]
    holds = [e.span.duration for e in events if e.kind is EventKind.HOLD]
    return Measures(
        duration=end,
        turns=len(turns),
        agent_talk_seconds=talk[Role.AGENT],
        customer_talk_seconds=talk[Role.CUSTOMER],
        dead_air_count=len(silences),
        dead_air_seconds=sum(silences),
        dead_air_longest=max(silences, default=0.0),
        hold_count=len(holds),
        hold_seconds=sum(holds),
    )


def _quality(duration: float) -> Quality:
    return Quality(
        duration=duration,
        sample_rate=8000,
        channels=2,
        codec="none",
        stereo=StereoKind.SEPARATE,
        band="narrow",
        level_dbfs=(-20.0, -20.0),
        snr_db=(30.0, 30.0),
        clipped_share=(0.0, 0.0),
        silence_share=0.2,
    )
