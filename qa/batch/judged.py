"""Scoring one call with the receipt that says from what, and what is kept for the next scoring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa import __version__, rubric
from qa.model import Receipt, Scorecard
from qa.rubric import Annotated, Around, Kept, Rubric, Unmoved
from qa.store import Hearing, Standing

NOTHING_AROUND = Around()


@dataclass(frozen=True, slots=True)
class Judged:
    """A scorecard, and what is kept beside the conversation. None: what is kept already still holds."""

    scorecard: Scorecard
    reading: bytes | None
    judgements: bytes | None


def judge(annotated: Annotated, chosen: Rubric, hearing: Hearing, around: Around = NOTHING_AROUND) -> Judged:
    """Score a conversation, all of it."""
    conversation = annotated.conversation
    receipt = _receipt(conversation.recording_id, chosen, hearing, around)
    kept = Kept(conversation.call)
    card = rubric.score_kept(conversation, lambda: annotated, chosen, receipt, around, kept)
    return Judged(card, rubric.keep(annotated), kept.body())


def judge_again(
    standing: Standing,
    judgements: bytes | None,
    read: Callable[[], Annotated],
    chosen: Rubric,
    around: Around = NOTHING_AROUND,
    unmoved: Unmoved | None = None,
) -> Judged:
    """Score a stored conversation as far as its kept judgements do not hold any more; read it only then."""
    receipt = _receipt(standing.recording_id, chosen, standing.hearing, around)
    kept = Kept(standing.call, judgements)
    annotated: list[Annotated] = []

    def reading() -> Annotated:
        annotated.append(read())
        return annotated[0]

    card = rubric.score_kept(standing, reading, chosen, receipt, around, kept, unmoved)
    return Judged(card, rubric.keep(annotated[0]) if annotated else None, kept.body())


def _receipt(recording_id: str, chosen: Rubric, hearing: Hearing, around: Around) -> Receipt:
    models, settings = dict(hearing.models), dict(hearing.settings)
    if chosen.asks_judge and around.judge is not None:
        models["judge"] = around.judge.identity
    if chosen.file.thresholds.busy_calls and around.calls_before is not None:
        settings["calls_before"] = str(around.calls_before)
    return Receipt(
        recording_id=recording_id,
        rubric=chosen.identity,
        models=models,
        settings=settings,
        code=__version__,
    )
