"""Folders of fake recordings, and nights over them."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.batch import Night, Progress, run
from qa.batch.ears import Ears
from qa.batch.executor import Executor, InlineExecutor, LocalExecutor
from qa.batch.fakes import FakeAnalyst, identities
from qa.settings import Settings

LONG_AGO = 1_700_000_000
RUBRIC = Path(__file__).parent / "rubric"
DUMP = {
    "calls": "SELECT id, recording_id, agent_id FROM calls ORDER BY id",
    "files": "SELECT path, recording_id FROM files ORDER BY path",
    "conversations": "SELECT call_id, hearing, definitions, body FROM conversations ORDER BY call_id, id",
    "turns": "SELECT role, text FROM turns ORDER BY text",
    "scorecards": "SELECT call_id, rubric, score, points, receipt FROM scorecards ORDER BY call_id, id",
    "findings": "SELECT criterion, outcome, points, reason_en FROM findings ORDER BY reason_en, criterion",
    "evidence": "SELECT start, quote FROM evidence ORDER BY start, quote",
}


def inline(settings: Settings) -> Executor:
    """Calls are heard in this process."""
    return InlineExecutor(FakeAnalyst(settings))


def workers(settings: Settings) -> Executor:
    """Calls are heard in two worker processes."""
    return LocalExecutor(FakeAnalyst, settings, 2)


def nobody(settings: Settings) -> Executor:
    """For runs that must not hear anything."""
    raise AssertionError("this run should hear nothing")


class World:
    """A folder of recordings and a database beside it."""

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls"
        self.calls.mkdir(parents=True)
        self.rubric = folder / "rubric"
        shutil.copytree(RUBRIC, self.rubric)
        self.settings = Settings(db=str(folder / "qa.db"), rubric=str(self.rubric), settle=0.0, min_free_mb=0)
        self.progress: list[Progress] = []

    def record(self, name: str, line: str) -> Path:
        """A finished fake recording."""
        path = self.calls / name
        path.write_text(line, encoding="utf-8")
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    def edit_rubric(self, old: str, new: str, name: str = "rubric.yaml") -> None:
        """Replace a piece of a rubric file."""
        path = self.rubric / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def change(self, **settings: Any) -> None:
        """Set settings for the next run."""
        self.settings = dataclasses.replace(self.settings, **settings)

    def night(
        self,
        executor: Callable[[Settings], Executor] = inline,
        stop: threading.Event | None = None,
        report: Callable[[Progress], None] | None = None,
    ) -> Night:
        """Run over the folder."""
        ears = Ears(identities, executor)
        return run([self.calls], self.settings, report=report or self.progress.append, stop=stop, ears=ears)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with sqlite3.connect(self.settings.db) as connection:
            rows = connection.execute(sql).fetchall()
        connection.close()
        return rows

    def results(self) -> dict[str, list[tuple[Any, ...]]]:
        """All results, without row ids and times of writing: what two databases can be compared by."""
        return {table: self.rows(sql) for table, sql in DUMP.items()}

    def ledger(self) -> dict[str, str]:
        """The last state of each file."""
        rows = self.rows("SELECT path, state FROM ledger ORDER BY id")
        return {Path(path).name: state for path, state in rows}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty folder and no database yet."""
    return World(tmp_path)
