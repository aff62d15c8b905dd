"""Any conversation and scorecard that the model allows, for property tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from qa.model import (
    Call,
    Conversation,
    Evidence,
    Finding,
    Flag,
    Message,
    Outcome,
    Prosody,
    Receipt,
    Role,
    Score,
    Scorecard,
    Span,
    SpeakerSpan,
    Turn,
    Word,
)

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)
shares = st.floats(0, 1)
spans = st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)).map(lambda pair: Span(min(pair), max(pair)))
tables = st.dictionaries(texts, texts, max_size=3)
channels = st.integers(0, 1)
words = st.builds(Word, texts, spans, shares, channels)
turns = st.builds(Turn, names, st.sampled_from(Role), spans, st.lists(words, max_size=4).map(tuple), texts)
levels = st.one_of(numbers, st.integers(-900, 9000).map(lambda tenth: tenth / 10), st.just(float("-inf")))


@st.composite
def prosodies(draw: st.DrawFn) -> Prosody:
    """Level and pitch of the same length."""
    length = draw(st.integers(0, 6))
    level = tuple(draw(st.lists(levels, min_size=length, max_size=length)))
    pitch = tuple(draw(st.lists(levels, min_size=length, max_size=length)))
    return Prosody(draw(channels), draw(st.floats(0.01, 1)), level, pitch)


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type hint of the model; unlike `st.from_type`, spans are in order and NaN is not equal."""
    if hint in LEAVES:
        return LEAVES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of([of_type(kind) for kind in inner])
    if origin in (tuple, Sequence):
        return st.lists(of_type(inner[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(of_type(inner[0]), of_type(inner[1]), max_size=2)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    hints = get_type_hints(hint)
    return st.builds(hint, **{field.name: of_type(hints[field.name]) for field in dataclasses.fields(hint)})


LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**40), 2**40),
    float: numbers,
    bool: st.booleans(),
    type(None): st.none(),
    datetime: st.datetimes(timezones=st.none() | st.just(UTC)),
    Span: spans,
    Word: words,
    Turn: turns,
    Prosody: prosodies(),
    SpeakerSpan: st.builds(SpeakerSpan, names, spans, shares, st.none() | channels),
}
LEAVES[Call] = st.builds(
    Call,
    **{
        field.name: names if field.name == "id" else of_type(get_type_hints(Call)[field.name])
        for field in dataclasses.fields(Call)
    },
)
conversations: st.SearchStrategy[Conversation] = of_type(Conversation)
messages = st.builds(Message, texts, texts)
evidence = st.builds(Evidence, spans, st.sampled_from(Role), texts, shares, st.none() | messages)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """One of each kind that the type allows."""
    outcome = draw(st.sampled_from(Outcome))
    possible = draw(st.floats(0, 50))
    points = draw(st.floats(0, possible)) if outcome is Outcome.MET else 0.0
    least = 1 if outcome is Outcome.NOT_MET else 0
    proofs = tuple(draw(st.lists(evidence, min_size=least, max_size=3)))
    return Finding(
        draw(names),
        draw(names),
        outcome,
        points,
        possible,
        draw(messages),
        proofs,
        draw(st.booleans()),
        draw(st.booleans()),
    )


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """A consistent score."""
    possible = draw(st.just(0.0) | st.floats(0.1, 100))
    critical = tuple(draw(st.lists(names, max_size=2)))
    return Score(
        points=draw(st.floats(0, possible)),
        possible=possible,
        undecided=draw(st.floats(0, 50)),
        bonus=draw(st.floats(0, 10)),
        weighted_share=draw(shares) if possible else None,
        critical_failed=critical,
        cap=draw(st.floats(0, 100)) if critical else None,
    )


@st.composite
def scorecards(draw: st.DrawFn, call_id: str) -> Scorecard:
    """A scorecard of a call."""
    return Scorecard(
        call_id=call_id,
        findings=tuple(draw(st.lists(findings(), max_size=4))),
        score=draw(scores()),
        flags=tuple(
            draw(
                st.lists(
                    st.builds(Flag, names, messages, st.lists(evidence, max_size=2).map(tuple)), max_size=2
                )
            )
        ),
        receipt=Receipt("a" * 64, draw(names), draw(tables), draw(tables), draw(texts)),
    )


@st.composite
def results(draw: st.DrawFn) -> tuple[Conversation, Scorecard]:
    """A conversation and its scorecard."""
    conversation = draw(conversations)
    return conversation, draw(scorecards(conversation.call.id))


def with_id(conversation: Conversation, call_id: str, recording_id: str) -> Conversation:
    """The same conversation of another call."""
    call = dataclasses.replace(conversation.call, id=call_id)
    return dataclasses.replace(conversation, call=call, recording_id=recording_id)
