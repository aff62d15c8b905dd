"""The builder's events on tiny timelines: the definitions, once more, drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from audio_samples.events import events, is_backchannel, turns
from audio_samples.script import Hold, Line, Part, Ring
from audio_samples.timeline import Placed, PlacedSound, Timeline
from qa.model import EventDefinitions, EventKind, Role, Span

DEFINITIONS = EventDefinitions()
NOTHING = np.zeros(0, np.float32)


def said(role: Role, start: float, end: float, text: str = "それはですね。", *, cut: bool = False) -> Placed:
    line = Line(role, (Part(text, text, 0.0),), cut=cut)
    return Placed(
        line,
        str(role),
        role,
        text,
        NOTHING,
        start,
        Span(start, end),
        (Span(start, end),),
        (end,),
    )


def call(*lines: Placed, sounds: tuple[PlacedSound, ...] = ()) -> Timeline:
    return Timeline("ja", lines, sounds, 100.0)


def found(timeline: Timeline, kind: EventKind) -> list[tuple[str | None, float, float, bool | None]]:
    return [
        (e.by, e.span.start, e.span.end, e.successful)
        for e in events(timeline, DEFINITIONS)
        if e.kind is kind
    ]


A, C = Role.AGENT, Role.CUSTOMER


@pytest.mark.parametrize(
    ("first", "second", "interruption", "terminal"),
    [
        # customer ~~~~~~~~~~|      agent takes it: the customer was cut off
        # agent           |~~~~~~~
        (said(C, 0, 5, cut=True), said(A, 4.2, 7), [(A, 4.2, 5, True)], []),
        # customer ~~~~~~~~~~~~~~~  agent tries and gives up
        # agent         |~~~|
        (said(C, 0, 9), said(A, 3, 4.2, cut=True), [(A, 3, 4.2, False)], []),
        # the customer does it
        (said(A, 0, 5, cut=True), said(C, 4, 8), [(C, 4, 5, True)], []),
        # in the last half second: turn-taking
        (said(C, 0, 5), said(A, 4.7, 7), [], [(A, 4.7, 5, None)]),
        # on the heels, no overlap: nothing
        (said(C, 0, 5), said(A, 5, 7), [], []),
        # both start at once: nobody had the floor for half a second
        (said(C, 0, 5), said(A, 0.3, 3), [], []),
        # a backchannel is listening
        (said(C, 0, 9), said(A, 4, 4.6, "はい。"), [], []),
    ],
)
def test_floor(first: Placed, second: Placed, interruption: list[object], terminal: list[object]) -> None:
    timeline = call(first, second)
    assert found(timeline, EventKind.INTERRUPTION) == interruption
    assert found(timeline, EventKind.TERMINAL_OVERLAP) == terminal


@pytest.mark.parametrize(
    ("first", "pause", "start", "expected"),
    [
        ("届かないんです。", 0.6, 3.8, []),  # the turn was open, and both took it
        ("届かないんです。", 0.6, 4.2, [(A, 4.2, 5.2, False)]),  # the customer had taken it
        ("届かないんです。", 0.6, 3.3, []),  # before the customer goes on
        ("届かないんですけど、", 0.6, 3.8, [(A, 3.8, 4.8, False)]),  # in mid-clause it was never open
        ("届かないんです。", 0.4, 3.8, [(A, 3.8, 4.8, False)]),  # a breath
    ],
)
def test_the_floor_is_open_after_a_sentence_and_a_silence(
    first: str, pause: float, start: float, expected: list[object]
) -> None:
    line = Line(C, (Part(first, first, pause), Part("困ります。", "困ります。", 0.0)))
    again = 3.0 + pause
    customer = Placed(
        line, str(C), C, first, NOTHING, 0, Span(0, 9), (Span(0, 3), Span(again, 9)), (3.0, 9.0)
    )
    assert found(call(customer, said(A, start, start + 1, cut=True)), EventKind.INTERRUPTION) == expected


def test_overlap_is_by_whoever_came_second_and_long_enough() -> None:
    assert found(call(said(C, 0, 5), said(A, 4.7, 7)), EventKind.OVERLAP) == [(A, 4.7, 5, None)]
    assert found(call(said(C, 0, 5), said(A, 4.9, 7)), EventKind.OVERLAP) == []


def test_backchannel_while_the_other_goes_on_but_not_as_an_answer() -> None:
    while_speaking = call(said(C, 0, 9), said(A, 4, 4.4, "はい。"))
    assert found(while_speaking, EventKind.BACKCHANNEL) == [(A, 4, 4.4, None)]
    between = call(said(C, 0, 3), said(A, 3.1, 3.5, "ええ。"), said(C, 3.6, 6))
    assert found(between, EventKind.BACKCHANNEL) == [(A, 3.1, 3.5, None)]
    answer = call(said(A, 0, 3, "よろしいですか。"), said(C, 3.3, 3.7, "はい。"), said(A, 4, 6))
    assert found(answer, EventKind.BACKCHANNEL) == []
    last_word = call(said(C, 0, 3), said(A, 3.3, 3.7, "はい。"))
    assert found(last_word, EventKind.BACKCHANNEL) == []


def test_hold_runs_from_the_announcement_to_the_agents_return() -> None:
    music = PlacedSound(Hold(8, True), Span(6, 14))
    timeline = call(said(A, 0, 4), said(C, 4.2, 5.5), said(A, 14.4, 16), sounds=(music,))
    assert found(timeline, EventKind.HOLD) == [(A, 4, 14.4, None)]
    assert found(timeline, EventKind.DEAD_AIR) == []


def test_dead_air_is_three_seconds_of_nobody() -> None:
    assert found(call(said(A, 0, 2), said(C, 5.2, 6)), EventKind.DEAD_AIR) == [(None, 2, 5.2, None)]
    assert found(call(said(A, 0, 2), said(C, 4.8, 6)), EventKind.DEAD_AIR) == []


def test_ring_back_before_the_call_is_neither_hold_nor_dead_air() -> None:
    ring = PlacedSound(Ring("jp", 5), Span(0, 5))
    timeline = call(said(A, 5.4, 8), said(C, 8.5, 9), sounds=(ring,))
    assert events(timeline, DEFINITIONS) == ()


def test_lines_of_a_speaker_join_to_a_turn_over_short_pauses() -> None:
    timeline = call(said(A, 0, 2, "一。"), said(A, 2.9, 4, "二。"), said(A, 5.2, 6, "三。"))
    assert [turn.text for turn in turns(timeline, DEFINITIONS)] == ["一。二。", "三。"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("はい。", "ja", True),
        ("はい、ええ。", "ja", True),
        ("はい、本人です。", "ja", False),
        ("Oh no.", "en", True),
        ("I see.", "en", True),
        ("I see the problem.", "en", False),
        ("", "en", False),
    ],
)
def test_backchannel_words(text: str, language: str, expected: bool) -> None:
    assert is_backchannel(text, language) is expected
