"""What goes to a worker, and what comes back."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from qa.errors import (
    AudioError,
    MissingExtra,
    ModelError,
    QaError,
    RubricError,
    SettingsError,
    UnfinishedRecording,
)
from qa.model import Call, Conversation, Recording, Scorecard
from qa.settings import Settings
from qa.store import Hearing


@dataclass(frozen=True, slots=True)
class Task:
    """Hear and score one call."""

    recording: Recording
    call: Call
    attempts: int = 0
    """Tries that failed before, over all runs."""
    calls_before: int | None = None
    """Known calls that began in the hour before this one; None: it is not known when this one did."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A call, heard and scored."""

    conversation: Conversation
    scorecard: Scorecard
    hearing: Hearing
    device: str
    """Where it was heard, for people."""
    reading: bytes | None = None
    """What scoring worked out from the conversation, for the next scoring."""
    judgements: bytes | None = None
    """What its criteria came to, for the next scoring."""


class Cure(StrEnum):
    """What can be done about a call that failed."""

    WAIT = "wait"
    """It is still being written: the next run takes it."""
    NONE = "none"
    """The bytes are bad: quarantined until they change."""
    OPERATOR = "operator"
    """Not the call's fault (a missing model, an unreadable disk): tried every run until mended."""
    RETRY = "retry"
    """An engine failed, or its process died: tried again, but not for ever."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """Why a call could not be heard or scored."""

    cure: Cure
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker made of a task."""

    task: Task
    outcome: Analysis | Mishap
    work_seconds: float


class Analyst(Protocol):
    """Hears and scores calls; owns the engines. Lives in one process, where threads may share it."""

    def analyse(self, task: Task) -> Analysis:
        """Several threads may call it at once, one a call.

        Raises what went wrong; `mishap` tells what that means for the call.
        """


MakeAnalyst = Callable[[Settings], Analyst]
"""Called in the worker's process: a module-level function or class."""

CURES: tuple[tuple[type[BaseException], Cure], ...] = (
    (UnfinishedRecording, Cure.WAIT),
    (AudioError, Cure.NONE),
    (ModelError, Cure.OPERATOR),
    (MissingExtra, Cure.OPERATOR),
    (SettingsError, Cure.OPERATOR),
    (RubricError, Cure.OPERATOR),
    (OSError, Cure.OPERATOR),
)
"""The first that fits decides; whatever is not listed may pass: RETRY."""


def mishap(error: BaseException) -> Mishap:
    """What an exception means for the call it happened in."""
    cure = next((cure for kind, cure in CURES if isinstance(error, kind)), Cure.RETRY)
    return Mishap(cure, describe(error))


def describe(error: BaseException) -> str:
    """One line: a named error as it is; any other with the place it came from."""
    text = " ".join(str(error).split())
    if isinstance(error, QaError):
        return text
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{place}"
