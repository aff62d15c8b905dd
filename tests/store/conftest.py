"""A fresh database, and calls to put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.model import (
    Call,
    Conversation,
    Event,
    EventKind,
    Evidence,
    Finding,
    Flag,
    Measures,
    Message,
    Outcome,
    Quality,
    Receipt,
    Recording,
    Role,
    Score,
    Scorecard,
    Separation,
    Span,
    StereoKind,
    Turn,
    Word,
)
from qa.store import Entry, Hearing, Result, State, Store

QUALITY = Quality(
    60.0, 8000, 2, "pcm_mulaw", StereoKind.SEPARATE, "narrow", (-20.0, -22.0), (30.0, 28.0), (0.0, 0.0), 0.3
)


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    """Where the database of this test is."""
    return tmp_path / "qa.db"


@pytest.fixture
def store(db_path: Path) -> Iterator[Store]:
    """A fresh database."""
    with Store.open(db_path) as opened:
        yield opened


def sha(text: str) -> str:
    """A recording id."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_result(
    call_id: str,
    *,
    text: str = "解約したいのですが",
    outcome: Outcome = Outcome.NOT_MET,
    rubric: str = "support-ja@1",
    models: str = "asr@1",
    conversation_id: int | None = None,
) -> Result:
    """Everything of one small call."""
    recording = Recording(sha(call_id), Path(f"/calls/{call_id}.wav"), 1000, 5.0)
    hearing = Hearing({"asr": models}, {"beam_size": "1"})
    points = 10.0 if outcome is Outcome.MET else 0.0
    quote = Evidence(Span(1.0, 2.0), Role.AGENT, "ですから", 0.9)
    finding = Finding("no-arguing", "listening", outcome, points, 10.0, Message("理由", "reason"), (quote,))
    possible = 10.0 if finding.decided else 0.0
    conversation = Conversation(
        call=Call(call_id, agent_id="a1"),
        recording_id=recording.id,
        language="ja",
        separation=Separation.CHANNEL,
        quality=QUALITY,
        turns=(Turn("B", Role.CUSTOMER, Span(0.5, 3.0), (Word(text, Span(0.5, 3.0), 0.8, 1),), text),),
        roles=(),
        speech=(),
        sounds=(),
        events=(Event(EventKind.DEAD_AIR, Span(3.0, 9.0)),),
        measures=Measures(duration=60.0, turns=1),
    )
    scorecard = Scorecard(
        call_id,
        (finding,),
        Score(points, possible, 10.0 - possible, 0.0, points / possible if possible else None),
        (Flag("low-score", Message("低い", "low"), (quote,)),),
        Receipt(recording.id, rubric, hearing.models, hearing.settings, "0.1.0"),
    )
    entry = Entry(recording.path, State.DONE, recording.id, call_id, seconds=3.0)
    return Result(recording, conversation, scorecard, hearing, entry, conversation_id)
