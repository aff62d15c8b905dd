"""What the player is told of a call."""

from __future__ import annotations

import dataclasses

import pytest

from qa.model import Role, Span, SpeakerSpan, Turn, Word
from qa.review.transcript import Piece, call_data, pauses, pieces
from tests import handmade

TURNS = [
    # text, (word, probability)…, pieces
    (
        "はい、解約です。",
        [("はい、", 0.9), ("解約", 0.3), ("です。", 0.8)],
        ["はい、", ("解約", 30), "です。"],
    ),
    (
        "Yes, I cancel.",
        [("Yes,", 0.2), ("I", 0.9), ("cancel.", 0.49)],
        [("Yes,", 20), " I ", ("cancel.", 49)],
    ),
    ("I said I", [("I", 0.9), ("said", 0.9), ("I", 0.1)], ["I said ", ("I", 10)]),
    ("tidied up", [(" tidied", 0.9), ("gone", 0.1), (" up ", 0.5)], ["tidied up"]),
    ("no words", [], ["no words"]),
    ("", [("", 0.1)], []),
]


@pytest.mark.parametrize(("text", "words", "expected"), TURNS)
def test_unsure_words_are_told_apart(
    text: str, words: list[tuple[str, float]], expected: list[str | tuple[str, int]]
) -> None:
    said = tuple(Word(word, Span(n, n + 1), probability) for n, (word, probability) in enumerate(words))
    turn = Turn("A", Role.AGENT, Span(0, 9), said, text)
    assert list(pieces(turn)) == [
        Piece(*part) if isinstance(part, tuple) else Piece(part) for part in expected
    ]


def test_pauses_are_where_nobody_speaks() -> None:
    # 0.5-3.2 agent, 3.6-11.0 both, 12.0-14.0 customer; 20 s
    assert [(p.start, pytest.approx(p.end)) for p in pauses(handmade.conversation())] == [(14.3, 19.7)]


def test_speech_without_words_is_no_pause() -> None:
    unheard = (SpeakerSpan("A", Span(16.0, 18.0), 1.0, 0),)
    call = dataclasses.replace(handmade.conversation(), unheard=unheard)
    assert [(p.start, p.end) for p in pauses(call)] == [(14.3, 15.7), (18.3, 19.7)]


def test_a_channel_is_whose_who_says_most_on_it() -> None:
    call = handmade.conversation()
    greeting = dataclasses.replace(handmade.turn(Role.AGENT, 0, 0.4, "ご案内します。"), role=Role.IVR)
    call = dataclasses.replace(call, turns=(greeting, *call.turns))
    data = call_data(call, handmade.scorecard(), "ja")
    assert data["channel_roles"] == ["agent", "customer"]
    assert [turn[1] for turn in data["turns"]] == [0, 0, 1, 0, 1]


@pytest.mark.parametrize(("text", "words", "expected"), TURNS)
def test_packed_words_are_where_the_text_and_the_sound_have_them(
    text: str, words: list[tuple[str, float]], expected: object
) -> None:
    text, words = f"{text} 🎧聞く", [*words, ("🎧聞く", 0.9)]
    said = tuple(
        Word(word, Span(2 * n + 0.333, 2 * n + 1.238), share) for n, (word, share) in enumerate(words)
    )
    turn = Turn("A", Role.AGENT, Span(0.127, 30), said, text)
    call = dataclasses.replace(handmade.conversation(), turns=(turn,))
    (_, _, start, _, packed) = call_data(call, handmade.scorecard(), "ja")["turns"][0]
    units, at, now, found = text.encode("utf-16-le"), 0, round(100 * start), []
    for skipped, length, waited, taken in zip(
        *[iter(packed)] * 4, strict=True
    ):  # as player/words.js reads it
        at, now = at + skipped, now + waited
        found.append((units[2 * at : 2 * (at + length)].decode("utf-16-le"), now / 100, (now + taken) / 100))
        at, now = at + length, now + taken
    there = [(word.text.strip(), round(word.span.start, 2), round(word.span.end, 2)) for word in said]
    assert found == [word for word in there if word[0] and word[0] in text]
