"""What is stored is what was meant, to the last bit."""

from __future__ import annotations

import dataclasses
import json
import pickle
import zlib

from hypothesis import HealthCheck, given, settings

from qa.model import Conversation, EventDefinitions, Measures, Prosody
from qa.store import codec
from qa.store.plain import from_plain, to_plain
from qa.store.words import word_columns
from tests.store.strategies import conversations

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(conversations)
@MANY
def test_a_conversation_comes_back_exactly(conversation: Conversation) -> None:
    assert codec.unpack(codec.pack(conversation)) == conversation


@given(conversations)
@MANY
def test_packing_is_the_same_twice(conversation: Conversation) -> None:
    body = codec.pack(conversation)
    assert codec.pack(codec.unpack(body)) == body


def test_a_field_stored_before_it_existed_takes_its_default() -> None:
    plain = to_plain(EventDefinitions(turn_gap=2.0))
    del plain["dead_air_min"]
    assert from_plain(EventDefinitions, plain) == EventDefinitions(turn_gap=2.0)


def test_fields_at_their_default_are_written_out() -> None:
    stored = to_plain(Measures())
    assert set(stored) == {field.name for field in dataclasses.fields(Measures)}


def test_tenths_take_two_bytes() -> None:
    quiet = codec._pack_numbers([-60.1, 0.0, 220.5] * 100)
    exact = codec._pack_numbers([-60.123456789012345] * 300)
    assert (quiet[0], exact[0]) == ("tenths", "<f8")
    assert len(quiet[1]) < len(exact[1]) / 3


def test_prosody_keeps_its_digital_silence() -> None:
    voice = Prosody(0, 0.1, (float("-inf"), -60.0), (0.0, 0.1 + 0.2))
    assert codec._unpack_prosody(codec._pack_prosody(voice)) == voice


def test_every_type_of_the_conversation_is_known() -> None:
    names = {field.name for field in dataclasses.fields(Conversation)}
    assert names == set(codec.OTHERS) | set(codec.COLUMNS)


@given(conversations)
@MANY
def test_what_an_earlier_qa_stored_is_read(conversation: Conversation) -> None:
    document = codec._document(conversation)
    document["turns"] |= word_columns(conversation.turns)
    text = json.dumps({**document, "format": 1}, ensure_ascii=False, separators=(",", ":"))
    assert codec.unpack(zlib.compress(text.encode("utf-8"), level=6)) == conversation


@given(conversations)
@MANY
def test_stored_words_are_like_a_tuple_of_words(conversation: Conversation) -> None:
    for stored, turn in zip(codec.unpack(codec.pack(conversation)).turns, conversation.turns, strict=True):
        assert len(stored.words) == len(turn.words)
        assert [stored.words[0]] == [turn.words[0]] if turn.words else not stored.words
        assert stored.words[1:] == turn.words[1:]
        assert stored == turn
        assert hash(stored) == hash(turn)
        assert type(pickle.loads(pickle.dumps(stored)).words) is tuple
