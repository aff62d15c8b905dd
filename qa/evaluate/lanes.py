"""Reference and result as two timelines, one above the other: numbers for an SVG, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.evaluate.reference import Reference
from qa.evaluate.score import Verdict
from qa.model import Conversation, Event, EventKind, Role, Span

PIXELS = 12.0
"""A second's width."""
NARROWEST = 600.0
LANE = 18.0
"""A lane's height."""
GAP = 4.0
MARKS = 14.0
"""Height of the strip of events under the lanes."""
TOP = 18.0
"""Height of the time axis."""
BETWEEN = 20.0
"""Between reference and result."""
DRAWN = (EventKind.INTERRUPTION, EventKind.BACKCHANNEL, EventKind.DEAD_AIR, EventKind.HOLD)
LANES = (Role.AGENT, Role.CUSTOMER, Role.IVR, Role.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, what it is (a CSS class), where it is in the call, and what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    start: float
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One party in one of the two timelines."""

    side: str
    """`reference` or `result`."""
    role: Role
    y: float
    first: bool
    """The uppermost of its side."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis."""

    x: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Timelines:
    """Everything to draw."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    boxes: tuple[Box, ...]


def timelines(reference: Reference, conversation: Conversation, wrong: Sequence[Verdict]) -> Timelines:
    """The reference's lanes with its events, below them the result's, and the places of wrong verdicts."""
    truth = [(piece.role, piece.span) for piece in reference.speech or ()]
    roles = {stated.speaker: stated.role for stated in conversation.roles}
    heard = [(roles.get(piece.speaker, Role.UNKNOWN), piece.span) for piece in conversation.speech]
    upper = _Strip("reference", TOP, truth, reference.events or ())
    lower = _Strip("result", upper.bottom + BETWEEN, heard, conversation.events)
    places = [(e.span, v.finding.criterion) for v in wrong for e in v.finding.evidence if e.span]
    boxes = [*upper.boxes(), *lower.boxes(), *_places(places, lower)]
    step = 10.0 if conversation.duration < 300 else 30.0
    ticks = [Tick(PIXELS * step * n, step * n) for n in range(int(conversation.duration // step) + 1)]
    return Timelines(
        width=max(NARROWEST, PIXELS * conversation.duration),
        height=lower.bottom + GAP,
        lanes=(*upper.lanes, *lower.lanes),
        ticks=tuple(ticks),
        boxes=tuple(boxes),
    )


class _Strip:
    """One of the two timelines."""

    def __init__(
        self, side: str, top: float, spoken: Iterable[tuple[Role, Span]], events: Iterable[Event]
    ) -> None:
        self._spoken = list(spoken)
        self._events = [event for event in events if event.kind in DRAWN]
        there = {role for role, _ in self._spoken} | {Role.AGENT, Role.CUSTOMER}
        shown = [role for role in LANES if role in there]
        self.top = top
        self.lanes = [Lane(side, role, top + n * (LANE + GAP), n == 0) for n, role in enumerate(shown)]
        self._marks = top + len(shown) * (LANE + GAP)
        self.bottom = self._marks + MARKS

    def boxes(self) -> Iterable[Box]:
        """Speech and events."""
        at = {lane.role: lane.y for lane in self.lanes}
        for role, span in self._spoken:
            yield _box(span, at[role], LANE, f"speech {role}", "")
        for event in self._events:
            sure = "" if event.confirmed or not event.signals else " unsure"
            by = str(event.by or "")
            yield _box(event.span, self._marks, MARKS - GAP, f"{event.kind} by-{by}{sure}", event.words)


def _places(places: Iterable[tuple[Span, str]], strip: _Strip) -> Iterable[Box]:
    height = strip.bottom - strip.top
    for span, criterion in places:
        yield _box(span, strip.top - 3, height, "place", criterion)


def _box(span: Span, y: float, height: float, kind: str, title: str) -> Box:
    width = max(2.0, PIXELS * span.duration)
    return Box(round(PIXELS * span.start, 1), round(y, 1), round(width, 1), height, kind, span.start, title)
