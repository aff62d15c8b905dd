"""A history of small hand-made calls in a database: who, when, what each criterion came to, which flags."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.model import (
    Evidence,
    Finding,
    Flag,
    Message,
    Outcome,
    Receipt,
    Recording,
    Role,
    Score,
    Scorecard,
    Span,
)
from qa.rubric import shipped
from qa.store import Entry, Hearing, Result, RunState, State, Store, Tally
from tests import handmade

MONDAY = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
MET, NOT, NA, REVIEW = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE, Outcome.NEEDS_REVIEW
POINTS = 10.0
RUBRIC = "support-ja@3f2a"


@dataclass(frozen=True)
class Past:
    """A call that was: `criteria` is id → outcome."""

    id: str
    agent_id: str = "a17"
    agent_name: str = "佐藤"
    week: int = 0
    criteria: Mapping[str, Outcome] = field(default_factory=lambda: {"ownership": MET})
    flags: tuple[str, ...] = ()
    quote: str = "ご心配でしたね"
    dated: bool = True


def fill(store: Store, calls: Iterable[Past]) -> None:
    """Save these calls as a night would."""
    text = (shipped()["support-ja"] / "rubric.yaml").read_text(encoding="utf-8")
    store.remember_rubric("3f2a", RUBRIC, {"rubric.yaml": text})
    run_id = store.begin_run()
    for call in calls:
        store.save(run_id, result(call))
    store.finish_run(run_id, RunState.DONE, Tally(), "cpu")


def result(past: Past) -> Result:
    """What the night saves of one."""
    recording_id = hashlib.sha256(past.id.encode()).hexdigest()
    talk = handmade.conversation(past.id, recording_id=recording_id)
    started = MONDAY + timedelta(weeks=past.week) if past.dated else None
    call = replace(talk.call, agent_id=past.agent_id, agent_name=past.agent_name, started_at=started)
    path = Path(f"in/{past.id}.wav")
    return Result(
        Recording(recording_id, path, 1000, 0.0),
        replace(talk, call=call),
        scorecard(past, recording_id),
        Hearing({"asr": "whisper-base@905e"}, {"beam_size": "1"}),
        Entry(path, State.DONE, recording_id, past.id),
    )


def scorecard(past: Past, recording_id: str) -> Scorecard:
    """Ten points a criterion; each finding rests on one place."""
    quote = Evidence(Span(0.5, 3.2), Role.AGENT, past.quote, 0.9)
    findings = tuple(
        Finding(
            name,
            "feelings",
            outcome,
            POINTS if outcome is MET else 0.0,
            POINTS,
            Message(f"{name}の理由", f"reason of {name}"),
            (quote,),
        )
        for name, outcome in past.criteria.items()
    )
    met = POINTS * sum(f.outcome is MET for f in findings)
    possible = POINTS * sum(f.decided for f in findings)
    undecided = POINTS * sum(f.outcome is REVIEW for f in findings)
    score = Score(met, possible, undecided, 0.0, met / possible if possible else None)
    flags = tuple(Flag(name, Message(f"{name}です", f"it is {name}"), (quote,)) for name in past.flags)
    receipt = Receipt(recording_id, RUBRIC, {"asr": "whisper-base@905e"}, {}, "0.1.0")
    return Scorecard(past.id, findings, score, flags, receipt)
