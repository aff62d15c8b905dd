"""The nightly run: plan, hear, score, store; and stop in order whenever it must."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa import intake
from qa.batch.board import Board
from qa.batch.deadline import Deadline
from qa.batch.ears import Ears, local_ears
from qa.batch.executor import Executor
from qa.batch.lock import held
from qa.batch.plan import Hear, Known, Planner, Rescore, Shut, Skip
from qa.batch.progress import Night, Report
from qa.batch.remarks import remarks
from qa.batch.rescore import score_again
from qa.batch.rubrics import Rubrics
from qa.batch.surroundings import Hours, Surroundings
from qa.batch.task import Analysis, Answer, Cure, Mishap, Task, describe
from qa.errors import AudioError, IntakeError, SettingsError, UnfinishedRecording
from qa.model import Call, Message
from qa.settings import Settings
from qa.store import Entry, RunState, State, Store

POLL = 0.25
"""Seconds between looks at the stop signal while calls are in work."""
UNDECIDED = (AudioError, IntakeError, OSError)
"""The recording or what is known of it cannot be read: an operator mends that, every run tries again."""


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    report: Report = lambda progress: None,
    stop: threading.Event | None = None,
    ears: Ears | None = None,
) -> Night:
    """Hear, score and store every recording under `paths` that is due.

    `stop`: when set, what is in work is given up and stays due. Raises `LockHeld` if another run is at
    work on the database, `StoreError`, `RubricError`, `ModelError`, `IntakeError`, `SettingsError` before
    the start.
    """
    if settings.executor != "local":
        raise SettingsError(f"executor {settings.executor}: not in this version; use --executor local")
    db = Path(settings.db)
    with held(db), Store.open(db) as store:
        return _Run(store, settings, report, stop or threading.Event(), ears or local_ears()).go(paths)


class _Run:
    """One run, from the first look at the folder to the last row."""

    def __init__(
        self, store: Store, settings: Settings, report: Report, stop: threading.Event, ears: Ears
    ) -> None:
        self._store = store
        self._settings = settings
        self._report = report
        self._stop = stop
        self._ears = ears
        self._executor: Executor | None = None
        self._deadline = Deadline(settings.until)
        if settings.until:
            for call in store.pace():
                self._deadline.learn(call.suffix, call.size, call.audio_seconds, call.work_seconds)
        self._rubrics = Rubrics(settings, store)
        self._surroundings = Surroundings(settings)
        self._in_work: dict[str, Task] = {}
        self._again: deque[Task] = deque()
        """Calls that failed once in this run."""
        self._tried: set[str] = set()

    def go(self, paths: Sequence[Path]) -> Night:
        """Do the run; its row is closed whatever happens."""
        started = time.monotonic()
        self._rubrics.check()
        metadata = intake.load_metadata(self._settings)
        described = functools.cache(lambda path: intake.describe(path, self._settings, metadata))
        planner = Planner(
            self._store,
            self._settings,
            self._rubrics,
            self._ears.identities(self._settings),
            described,
            intake.hash_file,
        )
        found = intake.find(paths, self._settings)
        self._hours = Hours((*planner.known_calls, *_calls(found.candidates, described)))
        run_id = self._store.begin_run()
        total = len(found.candidates) + len(found.unfinished) + len(found.unreadable)
        self._board = Board(self._store, run_id, total, self._report)
        for remark in remarks(metadata, found, self._settings):
            self._board.notice(remark)
        state = RunState.CRASHED
        try:
            self._unfit(found)
            self._work(planner, found.candidates)
            state = RunState.STOPPED if self._board.stopped else RunState.DONE
        finally:
            if self._executor is not None:
                self._executor.close()
            seconds = time.monotonic() - started
            self._store.finish_run(run_id, state, self._board.tally(seconds), self._board.device)
        return self._board.night(time.monotonic() - started)

    # ---- the loop ----

    def _work(self, planner: Planner, candidates: Sequence[intake.Candidate]) -> None:
        due = self._set_aside_known(planner, candidates)
        tasks = self._tasks(planner, due)
        while True:
            self._fill(tasks)
            if not self._in_work or self._halted():
                break
            assert self._executor is not None
            for answer in self._executor.answers(POLL):
                self._take(answer)
        if self._board.stopped:
            self._give_up(due)

    def _set_aside_known(
        self, planner: Planner, candidates: Sequence[intake.Candidate]
    ) -> deque[intake.Candidate]:
        """Count what is done already, without opening a file; the rest is due."""
        due: deque[intake.Candidate] = deque()
        known = 0
        for candidate in candidates:
            if self._is_done(planner, candidate):
                known += 1
            else:
                due.append(candidate)
        self._board.started(known)
        return due

    def _is_done(self, planner: Planner, candidate: intake.Candidate) -> bool:
        try:
            return planner.is_known(candidate) and isinstance(planner.decide(candidate), Known)
        except UNDECIDED:
            return False  # it is settled, with the reason, in its turn

    def _tasks(self, planner: Planner, due: deque[intake.Candidate]) -> Iterator[Task]:
        """The calls to hear, as workers become free for them; everything else is settled on the way."""
        while due and not self._halted():
            candidate = due.popleft()
            task = self._settle(planner, candidate)
            if task is not None:
                yield task

    def _fill(self, tasks: Iterator[Task]) -> None:
        """Give work to every free worker: first what is new, then what failed once."""
        while not self._halted() and len(self._in_work) < self._capacity():
            task = next(tasks, None)
            if task is None and self._again:
                task = self._again.popleft()
            if task is None:
                return
            self._submit(task)

    def _capacity(self) -> int:
        """One until the first call is due: no worker is started for nothing."""
        return self._executor.capacity if self._executor is not None else 1

    def _submit(self, task: Task) -> None:
        if not self._deadline.allows(task.recording.path.suffix, task.recording.size):
            self._board.left([task.recording.path], f"not expected to end by {self._settings.until}")
            return
        if self._executor is None:
            self._executor = self._ears.executor(self._settings)
        self._in_work[task.recording.id] = task
        self._board.begun(task)
        self._executor.submit(task)

    def _settle(self, planner: Planner, candidate: intake.Candidate) -> Task | None:
        """The task, if the recording is to be heard; else it is dealt with."""
        path = candidate.path
        try:
            step = planner.decide(candidate)
        except UnfinishedRecording as error:
            self._board.left([path], str(error))
            return None
        except UNDECIDED as error:
            self._board.failed(Entry(path, State.FAILED, reason=describe(error)))
            return None
        match step:
            case Hear(task):
                return dataclasses.replace(task, calls_before=self._hours.before(task.call))
            case Known(call_id):
                self._board.skipped(path, call_id, "done already")
            case Skip(_, call_id, reason, refused=False):
                self._board.skipped(path, call_id, reason)
            case Skip(recording_id, call_id, reason):
                self._board.failed(Entry(path, State.FAILED, recording_id, call_id, reason=reason))
            case Shut(_, call_id, trouble):
                self._board.still_quarantined(path, call_id, trouble.reason)
            case Rescore():
                around = self._surroundings.around(self._hours.before(step.call))
                self._board.rescored(step, score_again(self._store, step, self._rubrics, around))
        return None

    def _take(self, answer: Answer) -> None:
        """Write down what a worker made of a call."""
        task = answer.task
        del self._in_work[task.recording.id]
        match answer.outcome:
            case Analysis() as analysis:
                self._board.scored(task, analysis, answer.work_seconds)
                path, size = task.recording.path, task.recording.size
                duration = analysis.conversation.duration
                self._deadline.learn(path.suffix, size, duration, answer.work_seconds)
            case Mishap(Cure.WAIT, reason):
                self._board.left([task.recording.path], reason)
            case Mishap(Cure.RETRY, reason):
                self._take_failure(dataclasses.replace(task, attempts=task.attempts + 1), reason)
            case Mishap(cure, reason):
                self._close_case(task, cure, reason)

    def _take_failure(self, task: Task, reason: str) -> None:
        """Once more at the end of this run; then the next runs; then no more."""
        if task.attempts >= self._settings.attempts:
            self._close_case(task, Cure.NONE, f"failed {task.attempts} times: {reason}")
        elif task.recording.id not in self._tried:
            self._tried.add(task.recording.id)
            self._again.append(task)
        else:
            self._close_case(task, Cure.RETRY, reason)

    def _close_case(self, task: Task, cure: Cure, reason: str) -> None:
        state = State.QUARANTINED if cure is Cure.NONE else State.FAILED
        recording = task.recording
        entry = Entry(recording.path, state, recording.id, task.call.id, task.attempts, reason)
        if state is State.QUARANTINED:
            self._board.quarantined(entry)
        else:
            self._board.failed(entry)

    # ---- what cannot be heard now ----

    def _unfit(self, found: intake.Found) -> None:
        for unreadable in found.unreadable:
            self._board.failed(Entry(unreadable.path, State.FAILED, reason=unreadable.reason))
        for unfinished in found.unfinished:
            self._board.left([unfinished.path], unfinished.reason)

    def _halted(self) -> bool:
        """True if no call may start any more: asked to stop, or the disk is nearly full."""
        if self._board.stopped:
            return True
        if self._stop.is_set():
            self._board.stopped = True
            self._board.notice(
                Message(
                    "停止の指示を受けました。処理中の通話は次回に回します。",
                    "asked to stop: calls in work are left for the next run",
                )
            )
        elif self._disk_is_full():
            self._board.stopped = True
        return self._board.stopped

    def _disk_is_full(self) -> bool:
        folder = Path(self._settings.db).absolute().parent
        free = shutil.disk_usage(folder).free // 1_000_000
        least = self._settings.min_free_mb
        if free >= least:
            return False
        self._board.notice(
            Message(
                f"{folder} の空きは {free} MB（必要 {least} MB）。空きを作って再実行してください。",
                f"{folder} has only {free} MB free (min_free_mb is {least}): no further call is started; "
                "free some space and run again",
            )
        )
        return True

    def _give_up(self, due: deque[intake.Candidate]) -> None:
        """Stop the workers; what was in work or waiting is due."""
        if self._executor is not None:
            self._executor.close()
        waiting = [task.recording.path for task in (*self._in_work.values(), *self._again)]
        waiting += [candidate.path for candidate in due]
        self._in_work.clear()
        self._board.left(waiting, "stopped before its turn")


def _calls(candidates: Sequence[intake.Candidate], described: Callable[[Path], Call]) -> Iterator[Call]:
    """What is known of each recording; one whose metadata cannot be read is settled in its turn."""
    for candidate in candidates:
        with contextlib.suppress(*UNDECIDED):
            yield described(candidate.path)
