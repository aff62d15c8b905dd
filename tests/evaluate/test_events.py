"""Events: what is found, missed, wrong, and who is wrongly accused."""

import pytest

from qa.evaluate.counts import Found, Ratio
from qa.evaluate.events import event_figures
from qa.model import Event, EventKind, Role, Span
from tests.evaluate.talk import conversation, reference

CUT, LISTEN = EventKind.INTERRUPTION, EventKind.BACKCHANNEL
A, C = Role.AGENT, Role.CUSTOMER
BOTH = ("activity", "words")


def event(
    kind: EventKind, start: float, end: float, by: Role | None = A, signals: tuple[str, ...] = BOTH
) -> Event:
    return Event(kind, Span(start, end), by=by, signals=signals)


def figures(real: list[Event], heard: list[Event]):  # type: ignore[no-untyped-def]
    lanes = {A: "aaaa", C: "....cccc"}
    return event_figures(
        reference(lanes, real), conversation({"X": (A, "aaaa"), "Y": (C, "....cccc")}, events=heard)
    )


@pytest.mark.parametrize(
    ("real", "heard", "expected"),
    [
        ([event(CUT, 5, 6)], [event(CUT, 5.5, 7)], Found(1, 0, 0)),
        ([event(CUT, 5, 6)], [event(CUT, 5.6, 7)], Found(0, 1, 1)),
        ([event(CUT, 5, 6)], [event(CUT, 5, 6, C)], Found(0, 1, 0)),
        ([event(CUT, 5, 6)], [event(CUT, 5, 6, signals=("words",))], Found(0, 1, 0)),
        ([event(CUT, 5, 6)], [event(CUT, 4.8, 6), event(CUT, 5.2, 6)], Found(1, 0, 1)),
        ([], [], Found(0, 0, 0)),
    ],
)
def test_interruptions_by_the_agent(real: list[Event], heard: list[Event], expected: Found) -> None:
    assert figures(real, heard).interruptions_by_agent == expected


def test_dead_air_must_share_half() -> None:
    real = [event(EventKind.DEAD_AIR, 0, 4, None), event(EventKind.DEAD_AIR, 10, 14, None)]
    heard = [event(EventKind.DEAD_AIR, 1, 4.5, None), event(EventKind.DEAD_AIR, 13, 20, None)]
    assert figures(real, heard).dead_air == Found(1, 1, 1)


@pytest.mark.parametrize(
    ("heard", "mistaken"),
    [
        ([event(CUT, 5.1, 6)], 1),
        ([event(CUT, 5.1, 6, signals=("words",))], 0),
        ([event(CUT, 5.1, 6, C)], 0),
        ([event(LISTEN, 5.1, 5.6)], 0),
    ],
)
def test_listening_is_not_cutting_in(heard: list[Event], mistaken: int) -> None:
    assert figures([event(LISTEN, 5, 5.5)], heard).listening_called_interruption == Ratio(mistaken, 1)


def test_a_real_interruption_beside_a_backchannel_accuses_nobody_wrongly() -> None:
    real = [event(LISTEN, 5, 5.5), event(CUT, 5.6, 7)]
    assert figures(real, [event(CUT, 5.4, 7)]).listening_called_interruption == Ratio(0, 1)


def test_no_events_in_the_reference_no_figures() -> None:
    found = event_figures(reference({A: "aa"}), conversation({"X": (A, "aa")}))
    assert found.interruptions_by_agent is None and found.holds is None
