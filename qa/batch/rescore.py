"""Scoring stored conversations again: no audio, no model."""

from __future__ import annotations

import dataclasses
import gc
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.batch.again import WORTH_SHARING, Rescoring, score_all, score_stored
from qa.batch.comparison import Change, Rescored, summarise
from qa.batch.judged import NOTHING_AROUND
from qa.batch.lock import held
from qa.batch.plan import Rescore
from qa.batch.progress import Came, Finished, Report, Started
from qa.batch.rubrics import Rubrics
from qa.batch.surroundings import Hours
from qa.rubric import Around
from qa.settings import Settings
from qa.store import Again, Entry, Result, RunState, State, Store, Tally


def score_again(store: Store, step: Rescore, rubrics: Rubrics, around: Around = NOTHING_AROUND) -> Result:
    """Score a stored conversation with the rubric of now, and with what is known of the call now."""
    entry = Entry(step.recording.path, State.DONE, step.recording.id, step.call.id)
    result = score_stored(store, step.standing, step.conversation_id, step.call, rubrics, around)
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
            groups = _compare(store, settings, report, stop, "")
            changes = [each.change for group in groups for each in group]
        return summarise(changes, written=0, dry_run=True, stopped=stop.is_set())
    with held(db), Store.open(db, create=False) as store:
        return _rescore(store, settings, report, stop)


def _rescore(store: Store, settings: Settings, report: Report, stop: threading.Event) -> Rescored:
    run_id = store.begin_run("rescore")
    state = RunState.CRASHED
    changes: list[Change] = []
    written = 0
    try:
        for group in _compare(store, settings, report, stop, run_id):
            store.save_again(run_id, *(each.saved for each in group if isinstance(each.saved, Again)))
            redefined = [each.saved for each in group if isinstance(each.saved, Result)]
            if redefined:
                store.save(run_id, *redefined)
            written += sum(each.due for each in group)
            changes += [each.change for each in group]
        state = RunState.STOPPED if stop.is_set() else RunState.DONE
    finally:
        store.finish_run(run_id, state, Tally(found=len(changes), scored=written))
    return summarise(changes, written=written, dry_run=False, stopped=stop.is_set())


def _compare(
    store: Store, settings: Settings, report: Report, stop: threading.Event, run_id: str
) -> Iterator[Sequence[Rescoring]]:
    """Score each stored call, group by group, until asked to stop."""
    rubrics = Rubrics(settings, None if not run_id else store)
    rubrics.check()
    standings = list(store.standings().values())
    hours = Hours(standing.call for standing in standings)
    report(Started(run_id, len(standings), 0))
    for language in {standing.language for standing in standings}:
        rubrics.for_language(language)
    gc.freeze()  # a rubric is half a million objects: the collector need not look at them for every call
    jobs = (settings.jobs or os.cpu_count() or 1) if len(standings) >= WORTH_SHARING else 1
    calls = [(standing, hours.before(standing.call)) for standing in standings]
    done = 0
    for group in score_all(store, settings, rubrics, calls, jobs, stop):
        finished: list[Rescoring] = []
        for each in group:
            finished.append(each)
            done += 1
            report(_finished(each, done, len(standings)))
            if stop.is_set():
                break
        yield finished
        if stop.is_set():
            return


def _finished(each: Rescoring, done: int, found: int) -> Finished:
    return Finished(
        call_id=each.change.call_id,
        path=each.path,
        came=Came.RESCORED,
        score=each.scorecard.score.value,
        needs_review=len(each.scorecard.needs_review),
        done=done,
        found=found,
    )
