"""Scoring stored conversations again: no audio, no model."""

from __future__ import annotations

import dataclasses
import gc
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qa import __version__, dialogue, rubric
from qa.batch.comparison import Change, Rescored, compare, summarise
from qa.batch.lock import held
from qa.batch.plan import Rescore
from qa.batch.progress import Came, Finished, Report, Started
from qa.batch.rubrics import Rubrics
from qa.batch.surroundings import Hours, Surroundings
from qa.model import Call, Receipt, Recording, Scorecard
from qa.rubric import Annotated, Around, Rubric
from qa.settings import Settings
from qa.store import Entry, Hearing, Result, RunState, Standing, State, Store, Tally

NOTHING_AROUND = Around()
GROUP = 100
"""Calls written in one transaction: a commit waits for the disk."""


def judge(
    annotated: Annotated, chosen: Rubric, hearing: Hearing, around: Around = NOTHING_AROUND
) -> Scorecard:
    """Score a conversation, with the receipt that says from what."""
    models, settings = dict(hearing.models), dict(hearing.settings)
    if chosen.asks_judge and around.judge is not None:
        models["judge"] = around.judge.identity
    if chosen.file.thresholds.busy_calls and around.calls_before is not None:
        settings["calls_before"] = str(around.calls_before)
    receipt = Receipt(
        recording_id=annotated.conversation.recording_id,
        rubric=chosen.identity,
        models=models,
        settings=settings,
        code=__version__,
    )
    return rubric.score_annotated(annotated, chosen, receipt, around)


def score_again(store: Store, step: Rescore, rubrics: Rubrics, around: Around = NOTHING_AROUND) -> Result:
    """Score a stored conversation with the rubric of now, and with what is known of the call now."""
    entry = Entry(step.recording.path, State.DONE, step.recording.id, step.call.id)
    result = _score(store, step.standing, step.conversation_id, step.call, rubrics, around)
    return dataclasses.replace(result, recording=step.recording, entry=entry)


def rescore(
    settings: Settings,
    dry_run: bool,
    *,
    report: Report = lambda progress: None,
    stop: threading.Event | None = None,
) -> Rescored:
    """Score every stored call again; write new scorecards where rubric or outcome differ, unless `dry_run`.

    Old scorecards stay. Raises `LockHeld`, `StoreError`, `RubricError`.
    """
    db = Path(settings.db)
    stop = stop or threading.Event()
    if dry_run:
        with Store.open(db, create=False, read_only=True) as store:
            pairs = _compare(store, settings, report, stop, "")
            changes = [pair.change for pair in pairs]
        return summarise(changes, written=0, dry_run=True, stopped=stop.is_set())
    with held(db), Store.open(db, create=False) as store:
        return _rescore(store, settings, report, stop)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A call's new result, and what it changes."""

    result: Result
    change: Change
    due: bool
    """True if the stored scorecard is of another rubric, or would come out differently."""


def _rescore(store: Store, settings: Settings, report: Report, stop: threading.Event) -> Rescored:
    run_id = store.begin_run("rescore")
    state = RunState.CRASHED
    changes: list[Change] = []
    written = 0
    try:
        pairs = _compare(store, settings, report, stop, run_id)
        while group := list(islice(pairs, GROUP)):
            results = [pair.result for pair in group if pair.due]
            store.save(run_id, *results)
            written += len(results)
            changes += [pair.change for pair in group]
        state = RunState.STOPPED if stop.is_set() else RunState.DONE
    finally:
        store.finish_run(run_id, state, Tally(found=len(changes), scored=written))
    return summarise(changes, written=written, dry_run=False, stopped=stop.is_set())


def _compare(
    store: Store, settings: Settings, report: Report, stop: threading.Event, run_id: str
) -> Iterator[_Pair]:
    """Score each stored call, until asked to stop."""
    rubrics = Rubrics(settings, None if not run_id else store)
    rubrics.check()
    standings: Sequence[Standing] = list(store.standings().values())
    surroundings, hours = Surroundings(settings), Hours(standing.call for standing in standings)
    report(Started(run_id, len(standings), 0))
    for language in {standing.language for standing in standings}:
        rubrics.for_language(language)
    gc.freeze()  # a rubric is half a million objects: the collector need not look at them for every call
    for number, standing in enumerate(standings, start=1):
        if stop.is_set():
            return
        call = standing.call
        around = surroundings.around(hours.before(call))
        result = _score(store, standing, standing.conversation_id, call, rubrics, around)
        card = result.scorecard
        change = compare(call.id, call.agent_id, store.outcomes(call.id), store.score(call.id), card)
        yield _Pair(result, change, bool(change) or card.receipt.rubric != standing.rubric)
        report(
            Finished(
                call_id=call.id,
                path=result.recording.path,
                came=Came.RESCORED,
                score=card.score.value,
                needs_review=len(card.needs_review),
                done=number,
                found=len(standings),
            )
        )


def _score(
    store: Store, standing: Standing, conversation_id: int, call: Call, rubrics: Rubrics, around: Around
) -> Result:
    """A new result for a stored conversation; a new conversation too if the definitions of events changed."""
    stored = store.conversation_by_id(conversation_id)
    chosen = rubrics.for_language(stored.language)
    redefined = stored.definitions != chosen.definitions
    conversation = dialogue.redefine(stored, chosen.definitions) if redefined else stored
    conversation = dataclasses.replace(conversation, call=call)
    same = conversation_id == standing.conversation_id
    hearing = standing.hearing if same else store.hearing(conversation_id)
    annotated = rubric.recall(conversation, None if redefined else store.reading(conversation_id))
    card = judge(annotated, chosen, hearing, around)
    return Result(
        recording=Recording(conversation.recording_id, standing.path or Path(), 0, 0.0),
        conversation=conversation,
        scorecard=card,
        hearing=hearing,
        conversation_id=None if redefined else conversation_id,
        reading=rubric.keep(annotated),
    )
