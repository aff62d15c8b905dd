"""Keeps the score of a run: counts, ledger and progress say the same, because one place says it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qa.batch.plan import Rescore
from qa.batch.progress import Begun, Came, Fault, Finished, Night, Notice, Report, Started
from qa.batch.task import Analysis, Task
from qa.model import Message, Scorecard
from qa.store import Entry, Result, State, Store, Tally


class Board:
    """Writes down what becomes of each recording of one run."""

    def __init__(self, store: Store, run_id: str, found: int, report: Report) -> None:
        self._store = store
        self._report = report
        self._found = found
        self._done = 0
        self._scored = 0
        self._skipped = 0
        self._needs_review = 0
        self._audio_seconds = 0.0
        self._failures: list[Fault] = []
        self._quarantine: list[Fault] = []
        self._left: list[Fault] = []
        self.run_id = run_id
        self.device = ""
        self.stopped = False

    def started(self, known: int) -> None:
        """Everything was looked at once; `known` recordings are done and unchanged."""
        self._skipped += known
        self._done += known
        self._report(Started(self.run_id, self._found, known))

    def notice(self, message: Message) -> None:
        """Tell the operator something."""
        self._report(Notice(message))

    def begun(self, task: Task) -> None:
        """A worker has the call."""
        self._store.mark(self.run_id, _entry(task, State.RUNNING))
        self._report(Begun(task.call.id, task.recording.path))

    def scored(self, task: Task, analysis: Analysis, work_seconds: float) -> None:
        """Write everything of a call that was heard and scored."""
        entry = _entry(task, State.DONE, seconds=work_seconds)
        self._store.save(
            self.run_id,
            Result(
                task.recording,
                analysis.conversation,
                analysis.scorecard,
                analysis.hearing,
                entry,
                reading=analysis.reading,
                judgements=analysis.judgements,
            ),
        )
        self.device = analysis.device
        self._audio_seconds += analysis.conversation.duration
        self._count(analysis.scorecard)
        duration = analysis.conversation.duration
        path = task.recording.path
        self._finish(path, task.call.id, Came.SCORED, "", duration, work_seconds, analysis.scorecard)

    def rescored(self, step: Rescore, result: Result) -> None:
        """Write a new scorecard for a stored conversation."""
        self._store.save(self.run_id, result)
        self._count(result.scorecard)
        path = step.recording.path
        self._finish(path, step.call.id, Came.RESCORED, "", scorecard=result.scorecard)

    def skipped(self, path: Path, call_id: str, reason: str) -> None:
        """Another name of a recording, or one already done."""
        self._skipped += 1
        self._finish(path, call_id, Came.SKIPPED, reason)

    def failed(self, entry: Entry) -> None:
        """It may pass another time."""
        self._store.mark(self.run_id, entry)
        self._failures.append(Fault(entry.path, entry.reason))
        self._finish(entry.path, entry.call_id or entry.path.stem, Came.FAILED, entry.reason)

    def quarantined(self, entry: Entry) -> None:
        """It will not pass until its bytes change."""
        self._store.mark(self.run_id, entry)
        self._quarantine.append(Fault(entry.path, entry.reason))
        self._finish(entry.path, entry.call_id or entry.path.stem, Came.QUARANTINED, entry.reason)

    def still_quarantined(self, path: Path, call_id: str, reason: str) -> None:
        """An earlier run quarantined it; nothing new."""
        self._quarantine.append(Fault(path, reason, fresh=False))
        self._finish(path, call_id, Came.QUARANTINED, reason)

    def left(self, paths: Iterable[Path], reason: str) -> None:
        """The next run takes these."""
        faults = [Fault(path, reason) for path in paths]
        self._store.mark(
            self.run_id, *(Entry(fault.path, State.DUE, reason=fault.reason) for fault in faults)
        )
        self._left += faults
        for fault in faults:
            self._finish(fault.path, fault.path.stem, Came.LEFT, reason)

    def tally(self, wall_seconds: float) -> Tally:
        """The counts, for the run's row."""
        return Tally(
            found=self._found,
            scored=self._scored,
            skipped=self._skipped,
            failed=len(self._failures),
            quarantined=len(self._quarantine),
            needs_review=self._needs_review,
            audio_seconds=self._audio_seconds,
            wall_seconds=wall_seconds,
        )

    def night(self, wall_seconds: float) -> Night:
        """What the run came to."""
        return Night(
            run_id=self.run_id,
            found=self._found,
            scored=self._scored,
            skipped=self._skipped,
            needs_review=self._needs_review,
            audio_seconds=self._audio_seconds,
            wall_seconds=wall_seconds,
            device=self.device,
            failures=tuple(self._failures),
            quarantine=tuple(self._quarantine),
            left=tuple(self._left),
            stopped=self.stopped,
        )

    def _count(self, scorecard: Scorecard) -> None:
        self._scored += 1
        self._needs_review += bool(scorecard.needs_review)

    def _finish(
        self,
        path: Path,
        call_id: str,
        came: Came,
        reason: str,
        audio_seconds: float = 0.0,
        work_seconds: float = 0.0,
        scorecard: Scorecard | None = None,
    ) -> None:
        self._done += 1
        self._report(
            Finished(
                call_id=call_id,
                path=path,
                came=came,
                reason=reason,
                audio_seconds=audio_seconds,
                work_seconds=work_seconds,
                score=scorecard.score.value if scorecard else None,
                needs_review=len(scorecard.needs_review) if scorecard else 0,
                done=self._done,
                found=self._found,
            )
        )


def _entry(task: Task, state: State, seconds: float = 0.0) -> Entry:
    return Entry(
        path=task.recording.path,
        state=state,
        recording_id=task.recording.id,
        call_id=task.call.id,
        attempts=task.attempts,
        seconds=seconds,
    )
