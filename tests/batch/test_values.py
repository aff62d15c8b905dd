"""Deadlines, and what a night comes to."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

import pytest

from qa.batch import Fault, Night
from qa.batch.deadline import Deadline, next_time
from qa.batch.task import Cure, describe, mishap
from qa.errors import AudioError, MissingExtra, ModelError, SpeechError, UnfinishedRecording

NIGHT = Night("r", 1, 1, 0, 0, 10.0, 2.0, "cpu")
FAULT = Fault(Path("x.wav"), "why")


@pytest.mark.parametrize(
    ("clock", "now", "then"),
    [
        ("06:30", "2026-01-01T22:00", "2026-01-02T06:30"),
        ("06:30", "2026-01-02T01:00", "2026-01-02T06:30"),
        ("06:30", "2026-01-02T06:30", "2026-01-03T06:30"),
        ("00:00", "2026-01-31T23:59", "2026-02-01T00:00"),
    ],
)
def test_the_next_time_the_clock_shows_it(clock: str, now: str, then: str) -> None:
    assert next_time(clock, datetime.fromisoformat(now)) == datetime.fromisoformat(then)


def test_a_deadline_learns_how_fast_this_machine_is() -> None:
    """One hour is left. Before anything is measured 100 minutes of wav are too long; at 10 × they fit."""
    deadline = Deadline("06:30", clock=lambda: datetime(2026, 1, 1, 5, 30))
    size = 100 * 60 * 8000
    assert not deadline.allows(".wav", size)
    deadline.learn(".wav", 60 * 8000, audio_seconds=60.0, work_seconds=6.0)
    assert deadline.expected(".wav", size) == pytest.approx(600.0)
    assert deadline.allows(".wav", size)


def test_a_deadline_knows_that_opus_is_small() -> None:
    deadline = Deadline("06:30", clock=lambda: datetime(2026, 1, 1, 5, 30))
    deadline.learn(".opus", 60 * 2000, audio_seconds=60.0, work_seconds=6.0)
    deadline.learn(".wav", 60 * 16000, audio_seconds=60.0, work_seconds=6.0)
    assert deadline.expected(".opus", 2000) == pytest.approx(0.1)
    assert deadline.expected(".wav", 16000) == pytest.approx(0.1)


def test_without_a_deadline_everything_may_start() -> None:
    assert Deadline("").allows(".wav", 10**15)


@pytest.mark.parametrize(
    ("night", "code"),
    [
        (NIGHT, 0),
        (dataclasses.replace(NIGHT, failures=(FAULT,)), 3),
        (dataclasses.replace(NIGHT, quarantine=(FAULT,)), 3),
        (dataclasses.replace(NIGHT, quarantine=(dataclasses.replace(FAULT, fresh=False),)), 0),
        (dataclasses.replace(NIGHT, left=(FAULT,), stopped=True), 0),
    ],
)
def test_exit_codes(night: Night, code: int) -> None:
    assert night.exit_code == code


def test_the_rate_is_derived_last() -> None:
    assert NIGHT.rtfx == 5.0
    assert dataclasses.replace(NIGHT, audio_seconds=0.0).as_json()["rtfx"] is None


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        (UnfinishedRecording("x"), Cure.WAIT),
        (AudioError("x"), Cure.NONE),
        (ModelError("x"), Cure.OPERATOR),
        (MissingExtra("x"), Cure.OPERATOR),
        (OSError(5, "input/output error"), Cure.OPERATOR),
        (SpeechError("x"), Cure.RETRY),
        (MemoryError(), Cure.RETRY),
        (ZeroDivisionError("division by zero"), Cure.RETRY),
    ],
)
def test_what_can_be_done_about_it(error: Exception, cure: Cure) -> None:
    assert mishap(error).cure is cure


def test_a_defect_names_its_place() -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        assert describe(error).startswith("ZeroDivisionError: division by zero (test_values.py:")
