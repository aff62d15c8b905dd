"""One stage replaced by the truth: the pieces by hand, the whole with the real later stages."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from qa.batch import Rebuilding
from qa.evaluate import Oracle, Reference, Result, remedies
from qa.evaluate.oracle import allows, under
from qa.evaluate.reference import ReferenceSpeech, ReferenceTurn
from qa.evaluate.replace import heard_of, with_roles, with_speakers, with_words
from qa.model import (
    Call,
    Conversation,
    Event,
    EventKind,
    Heard,
    Outcome,
    Quality,
    Role,
    Separation,
    Span,
    SpeakerSpan,
    StereoKind,
    Word,
)
from qa.settings import Settings
from tests.evaluate.talk import conversation, reference

A, C = Role.AGENT, Role.CUSTOMER
GREETING = "Thank you for calling Acme support, this is Megan speaking. How can I help you?"
TROUBLE = "My parcel has been late for a week and nobody tells me anything."
ANSWER = "I am so sorry to hear that, that must be worrying. I will look into it myself."


@pytest.fixture(scope="module")
def rebuilding() -> Rebuilding:
    return Rebuilding(Settings())


def truth(criteria: Mapping[str, Outcome]) -> Reference:
    """agent 0–5 s, customer 5.5–10 s, agent 10.5–16 s."""
    said = [(A, 0.0, 5.0, GREETING), (C, 5.5, 10.0, TROUBLE), (A, 10.5, 16.0, ANSWER)]
    return Reference(
        "call",
        "en",
        turns=tuple(ReferenceTurn(role, Span(a, b), text, role.value) for role, a, b, text in said),
        spoken=tuple(ReferenceSpeech(role.value, role, Span(a, b)) for role, a, b, _ in said),
        events=(),
        criteria=criteria,
    )


def misheard(rebuilding: Rebuilding) -> Conversation:
    """Channels right, words wrong: the greeting came out as noise."""
    speech = [("A", 0, 0.0, 5.0), ("B", 1, 5.5, 10.0), ("A", 0, 10.5, 16.0)]
    heard = Heard(
        language="en",
        language_probability=1.0,
        separation=Separation.CHANNEL,
        words=tuple(
            Word(f" {text}", Span(start + n * 0.3, start + n * 0.3 + 0.3), 0.9, channel)
            for channel, start, said in ((0, 0.0, "mumble rumble"), (1, 5.5, TROUBLE), (0, 10.5, ANSWER))
            for n, text in enumerate(said.split())
        ),
        speech=tuple(SpeakerSpan(name, Span(a, b), channel=channel) for name, channel, a, b in speech),
    )
    quality = Quality(
        17.0, 8000, 2, "pcm", StereoKind.SEPARATE, "narrow", (-20.0, -20.0), (30.0, 30.0), (0.0, 0.0), 0.1
    )
    call = Call("call", channel_roles=(A, C))
    blank = conversation({})
    return rebuilding.build(dataclasses.replace(blank, call=call, quality=quality), heard)


def test_right_words_right_a_verdict_that_wrong_words_made(rebuilding: Rebuilding) -> None:
    told = truth({"self-identification": Outcome.MET})
    stored = misheard(rebuilding)
    results = {"call": Result(stored, rebuilding.score(stored))}
    found = {remedy.oracle: remedy for remedy in remedies([told], results, list(Oracle), rebuilding)}
    before = results["call"].scorecard
    assert next(f for f in before.findings if f.criterion == "self-identification").outcome is not Outcome.MET
    assert found[Oracle.NOTHING].changes[0][1].after.finding.outcome is not Outcome.MET
    for oracle in (Oracle.WORDS, Oracle.EVERYTHING):
        change = found[oracle].changes[0][1]
        assert change.after.right, change.after.finding
    assert not found[Oracle.EVENTS].changes[0][1].after.right
    assert {remedy.separation for remedy in found.values()} == {"stereo"}


def test_built_again_is_the_same_conversation(rebuilding: Rebuilding) -> None:
    stored = misheard(rebuilding)
    assert under(Oracle.NOTHING, truth({}), stored, rebuilding) == stored


def test_everything_true_gives_the_reference_back(rebuilding: Rebuilding) -> None:
    told = truth({})
    made = under(Oracle.EVERYTHING, told, misheard(rebuilding), rebuilding)
    assert [(turn.role, turn.text) for turn in made.turns] == [(t.role, t.text) for t in told.turns or ()]


def test_words_go_to_the_channel_of_their_speaker(rebuilding: Rebuilding) -> None:
    stored = misheard(rebuilding)
    heard = with_words(heard_of(stored), truth({}), stored)
    assert {word.channel for word in heard.words if word.span.start < 5} == {0}
    assert {word.channel for word in heard.words if 5.2 < word.span.start < 10} == {1}


def test_speakers_of_a_mono_call() -> None:
    stored = conversation({"X": (A, "aaaaaaaa")})
    heard = with_speakers(heard_of(stored), reference({A: "aaaa", C: "...cc"}), stored)
    assert {piece.speaker for piece in heard.speech} == {"agent", "customer"}
    assert heard.overlap == (Span(1.5, 2.0),)


def test_roles_are_those_of_the_speech() -> None:
    stored = conversation({"X": (C, "aaaa"), "Y": (Role.UNKNOWN, "....cc"), "Z": (A, "..........c")})
    made = with_roles(stored, reference({A: "aaaa", C: "....cc"}))
    assert {role.speaker: role.role for role in made.roles} == {"X": A, "Y": C, "Z": A}


def test_events_change_the_measures_too(rebuilding: Rebuilding) -> None:
    cut = Event(EventKind.INTERRUPTION, Span(8.0, 10.0), by=A, successful=True)
    told = dataclasses.replace(truth({}), events=(cut,))
    made = under(Oracle.EVENTS, told, misheard(rebuilding), rebuilding)
    assert made.measures.interruptions_by_agent == 1
    assert made.events[0].against is C and made.events[0].confirmed


@pytest.mark.parametrize(
    ("told", "oracle", "able"),
    [
        (Reference("call"), Oracle.NOTHING, True),
        (Reference("call"), Oracle.WORDS, False),
        (reference({A: "aa"}), Oracle.SPEAKERS, True),
        (reference({Role.UNKNOWN: "aa"}), Oracle.ROLES, False),
        (reference({A: "aa"}, []), Oracle.EVENTS, True),
    ],
)
def test_an_oracle_needs_what_it_says(told: Reference, oracle: Oracle, able: bool) -> None:
    assert allows(told, oracle) is able
