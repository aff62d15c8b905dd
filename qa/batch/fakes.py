"""An analyst without engines: a "recording" is a line of text that says what happens to it.

`say TEXT` is heard as the customer saying TEXT. `gate FILE TEXT` too, once FILE is there. `bad` is not
audio, `growing` is still being written, `fail` breaks an engine, `die` kills the process it is heard
in, `unmodelled` wants a model that is not there. `fail-once FILE` and `die-once FILE` do so unless FILE
is there, and make it. FILE lies beside the recording.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from qa import rubric
from qa.batch.hearing import hearing_of
from qa.batch.judged import judge
from qa.batch.rubrics import Rubrics
from qa.batch.surroundings import Surroundings
from qa.batch.task import Analysis, Task
from qa.errors import AudioError, ModelError, SpeechError, UnfinishedRecording
from qa.model import (
    Conversation,
    Measures,
    Quality,
    Role,
    Separation,
    Span,
    SpeakerRole,
    SpeakerSpan,
    StereoKind,
    Turn,
    Word,
)
from qa.settings import Settings

QUALITY = Quality(
    duration=10.0,
    sample_rate=8000,
    channels=2,
    codec="fake",
    stereo=StereoKind.SEPARATE,
    band="narrow",
    level_dbfs=(-20.0, -20.0),
    snr_db=(30.0, 30.0),
    clipped_share=(0.0, 0.0),
    silence_share=0.2,
)


def identities(settings: Settings) -> Mapping[str, str]:
    """What the fake's models are called: as the settings say."""
    return {"asr": f"fake-{settings.model}@0", "vad": "fake-vad@0"}


class FakeAnalyst:
    """Follows the line that the recording holds; scores with the real rubric."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rubrics = Rubrics(settings)
        self._surroundings = Surroundings(settings)
        self._scoring = threading.Lock()

    def analyse(self, task: Task) -> Analysis:
        """Raises, dies or hears, as the recording says."""
        verb, _, rest = task.recording.path.read_text(encoding="utf-8").strip().partition(" ")
        folder = task.recording.path.parent
        if verb.endswith("-once"):
            verb = _once(verb.removesuffix("-once"), folder / rest)
        if verb in MISFORTUNES:
            MISFORTUNES[verb](task.recording.path)
        if verb == "gate":
            gate, _, rest = rest.partition(" ")
            while not (folder / gate).exists():
                time.sleep(0.01)
        with self._scoring:
            return self._score(task, heard(task, rest))

    def _score(self, task: Task, conversation: Conversation) -> Analysis:
        hearing = hearing_of(task.call, self._settings, identities(self._settings), ("asr", "vad"))
        chosen = self._rubrics.for_language(conversation.language)
        annotated = rubric.annotate(conversation)
        judged = judge(annotated, chosen, hearing, self._surroundings.around(task.calls_before))
        return Analysis(
            conversation, judged.scorecard, hearing, "cpu (fake)", judged.reading, judged.judgements
        )


def heard(task: Task, text: str) -> Conversation:
    """A greeting by the agent, then the customer says `text`."""
    greeting = "お電話ありがとうございます"
    lines = (
        ("A", Role.AGENT, 0, Span(0.5, 3.0), greeting),
        ("B", Role.CUSTOMER, 1, Span(4.0, 9.0), text),
    )
    return Conversation(
        call=task.call,
        recording_id=task.recording.id,
        language=task.call.language or "ja",
        separation=Separation.CHANNEL,
        quality=QUALITY,
        turns=tuple(
            Turn(speaker, role, span, (Word(said, span, 0.9, channel),), said)
            for speaker, role, channel, span, said in lines
        ),
        roles=(SpeakerRole("A", Role.AGENT, 0.9), SpeakerRole("B", Role.CUSTOMER, 0.9)),
        speech=tuple(SpeakerSpan(speaker, span, 1.0, channel) for speaker, _, channel, span, _ in lines),
        sounds=(),
        events=(),
        measures=Measures(duration=QUALITY.duration, turns=2),
    )


def _once(verb: str, marker: Path) -> str:
    if marker.exists():
        return "say"
    marker.touch()
    return verb


def _bad(path: Path) -> None:
    raise AudioError(f"{path}: no audio in it")


def _growing(path: Path) -> None:
    raise UnfinishedRecording(f"{path}: changed while it was read")


def _fail(path: Path) -> None:
    raise SpeechError(f"{path}: the engine failed")


def _unmodelled(path: Path) -> None:
    raise ModelError(f"{path}: a model is missing; run `qa models fetch`")


def _die(path: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


MISFORTUNES: Mapping[str, Callable[[Path], None]] = MappingProxyType(
    {"bad": _bad, "growing": _growing, "fail": _fail, "unmodelled": _unmodelled, "die": _die}
)
