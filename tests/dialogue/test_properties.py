"""What holds for every conversation, whatever the engines heard."""

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import dialogue
from qa.dialogue.build import _again
from qa.model import (
    Call,
    Conversation,
    EventDefinitions,
    EventKind,
    Heard,
    Role,
    Separation,
    Sound,
    SoundKind,
    Span,
    SpeakerSpan,
    Word,
)
from tests.dialogue.draw import quality

LENGTH = 60.0
PIECES = {
    "ja": [
        "はい",
        "届かない",
        "んですけど",
        "お待ちください",
        "ええ",
        "それは",
        "、",
        "でございます",
        "か",
        "押してください",
    ],
    "en": [" yeah", " right", " I", " ordered", " it", " please hold", ".", " press one", " and", " thanks"],
}
times = st.integers(0, int(LENGTH * 10)).map(lambda tenths: tenths / 10)


@st.composite
def spans(draw):
    start = draw(times)
    return Span(start, min(LENGTH, start + draw(st.integers(0, 60)) / 10))


@st.composite
def heards(draw):
    separation = draw(st.sampled_from(list(Separation)))
    language = draw(st.sampled_from(["ja", "en"]))
    stereo = separation is Separation.CHANNEL
    speakers = "AB" if stereo else "ABC"
    speech = draw(st.lists(st.builds(SpeakerSpan, st.sampled_from(speakers), spans()), max_size=20))
    if stereo:
        speech = [replace(piece, channel="AB".index(piece.speaker)) for piece in speech]
    words = draw(
        st.lists(
            st.builds(
                Word,
                st.sampled_from(PIECES[language]),
                spans(),
                st.floats(0, 1),
                st.integers(0, 1) if stereo else st.just(0),
            ),
            max_size=30,
        )
    )
    sounds = draw(st.lists(st.builds(Sound, st.sampled_from(list(SoundKind)), spans()), max_size=3))
    overlap = () if stereo else tuple(draw(st.lists(spans(), max_size=3)))
    order = sorted(words, key=lambda word: word.span)
    ordered = sorted(speech, key=lambda piece: piece.span)
    return Heard(language, 0.9, separation, tuple(order), tuple(ordered), tuple(sounds), overlap=overlap)


def build(heard: Heard, *claim: Role) -> Conversation:
    channels = 2 if heard.separation is Separation.CHANNEL else 1
    return dialogue.build(Call("c", channel_roles=claim), heard, quality(LENGTH, channels), "0" * 64)


@given(heards())
@settings(max_examples=120, deadline=None)
def test_every_word_is_in_exactly_one_turn(heard):
    found = build(heard)
    said = Counter(word for turn in found.turns for word in turn.words)
    assert said.total() + found.dropped.get("echo", 0) == len(heard.words)
    assert said <= Counter(heard.words)


@given(heards())
@settings(max_examples=120, deadline=None)
def test_turns_of_a_speaker_do_not_overlap(heard):
    found = build(heard)
    assert list(found.turns) == sorted(found.turns, key=lambda turn: (turn.span, turn.speaker))
    roles = {role.speaker: role.role for role in found.roles}
    for speaker in roles:
        own = [turn for turn in found.turns if turn.speaker == speaker]
        assert all(turn.role is roles[speaker] for turn in own)
        assert all(before.span.end <= after.span.start for before, after in itertools.pairwise(own))


@given(heards())
@settings(max_examples=120, deadline=None)
def test_events_and_measures_agree(heard):
    found = build(heard, Role.AGENT, Role.CUSTOMER)
    inside = Span(0.0, LENGTH)
    assert all(inside.covers(event.span) for event in found.events)
    dead = [e.span for e in found.events if e.kind is EventKind.DEAD_AIR]
    busy = [e.span for e in found.events if e.kind is EventKind.HOLD] + [p.span for p in found.speech]
    assert all(gap.overlap(span) < 1e-9 for gap in dead for span in busy)
    measures = found.measures
    assert (measures.dead_air_count, measures.dead_air_seconds) == (
        len(dead),
        pytest.approx(sum(gap.duration for gap in dead)),
    )
    assert measures.dead_air_longest <= measures.dead_air_seconds + 1e-9
    assert measures.attempted_interruptions_by_agent <= measures.interruptions_by_agent
    assert measures.turns == len(found.turns)
    assert max(measures.agent_talk_seconds, measures.customer_talk_seconds) <= LENGTH + 1e-9
    share = measures.agent_talk_share
    assert share is None or 0 <= share <= 1


@given(heards())
@settings(max_examples=60, deadline=None)
def test_the_same_definitions_give_the_same_conversation(heard):
    found = build(heard, Role.AGENT, Role.CUSTOMER)
    assert dialogue.redefine(found, found.definitions) is found
    assert _again(found, found.definitions) == found


@given(heards())
@settings(max_examples=60, deadline=None)
def test_there_and_back(heard):
    found = build(heard)
    other = EventDefinitions(turn_gap=0.4, backchannel_max=0.6, dead_air_min=1.0, overlap_min=0.05)
    changed = dialogue.redefine(found, other)
    assert changed.definitions == other
    assert dialogue.redefine(changed, found.definitions) == found


def test_nothing_heard():
    found = build(Heard("ja", 0.0, Separation.SINGLE, (), ()))
    assert (found.turns, found.events, found.roles) == ((), (), ())
    assert found.measures.agent_talk_share is None
