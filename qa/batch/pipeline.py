"""One call through every stage: bytes → words → conversation → scorecard."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import threading
from pathlib import Path

from qa import audio, dialogue, rubric, speech
from qa.batch.hearing import hearing_of
from qa.batch.judged import judge
from qa.batch.rubrics import Rubrics
from qa.batch.surroundings import Surroundings
from qa.batch.task import Analysis, Task
from qa.errors import UnfinishedRecording
from qa.model import Heard, Quality, Recording, Separation, Span, StereoKind
from qa.settings import Settings

ALWAYS_USED = ("asr", "vad")
USED_FOR_MONO = ("segmentation", "embedding")


class Pipeline:
    """An `Analyst` with the real engines, which load on first use.

    Calls on several threads overlap: while one is prepared, others are transcribed and another is scored.
    Preparing and scoring go one call at a time, so that the first call's chunks reach the recogniser
    before the last one is decoded, and because Python runs one thread at a time anyway.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engines = speech.Engines.load(settings)
        self._rubrics = Rubrics(settings)
        self._surroundings = Surroundings(settings)
        self._turns = itertools.count()
        self._preparing = threading.Lock()
        self._scoring = threading.Lock()

    def analyse(self, task: Task) -> Analysis:
        """Hear and score one call. Raises a `QaError` that says what is wrong with it."""
        heard, quality = self._hear(task, self._engines.for_call(next(self._turns)))
        check_unchanged(task.recording)
        with self._scoring:
            return self._score(task, heard, quality)

    def _hear(self, task: Task, engines: speech.Engines) -> tuple[Heard, Quality]:
        settings = self._settings
        with contextlib.ExitStack() as opened:
            with self._preparing:
                track = opened.enter_context(
                    audio.open_track(
                        task.recording.path,
                        spool_dir=settings.spool_dir,
                        memory_mb=settings.memory_mb,
                        max_hours=settings.max_hours,
                    )
                )
                planned = speech.plan(track, task.call, track.quality, engines, settings)
                self._rubrics.begin(planned.language)
            words = speech.hear_words(planned, engines)
            sounds = audio.Sounds(track)
            heard = speech.assemble(planned, words, engines, sounds.find)
            heard = speech.without_sounded(with_sounds(heard, track, sounds))
            return heard, track.quality

    def _score(self, task: Task, heard: Heard, quality: Quality) -> Analysis:
        settings = self._settings
        chosen = self._rubrics.for_language(heard.language)
        conversation = dialogue.build(
            task.call,
            heard,
            quality,
            task.recording.id,
            chosen.definitions,
            settings.roster,
            settings.company,
        )
        used = ALWAYS_USED if heard.separation is Separation.CHANNEL else ALWAYS_USED + USED_FOR_MONO
        hearing = hearing_of(task.call, settings, speech.identities(settings), used)
        annotated = rubric.annotate(conversation)
        judged = judge(annotated, chosen, hearing, self._surroundings.around(task.calls_before))
        device = self._engines.device
        return Analysis(conversation, judged.scorecard, hearing, device, judged.reading, judged.judgements)


def with_sounds(heard: Heard, track: audio.Track, sounds: audio.Sounds) -> Heard:
    """Add hold music, ring-back, level and pitch of each live channel."""
    channels = live_channels(track.quality)
    found = [
        sound
        for channel in channels
        for sound in sounds.find(channel, _speech_in(heard, channel, alone=len(channels) == 1))
    ]
    return dataclasses.replace(
        heard,
        sounds=tuple(sorted(found, key=lambda sound: sound.span)),
        prosody=tuple(audio.measure_prosody(track, channel) for channel in channels),
    )


def live_channels(quality: Quality) -> tuple[int, ...]:
    """The channels worth measuring: a duplicated or dead one adds nothing."""
    if quality.stereo in (StereoKind.SEPARATE, StereoKind.LEAKING):
        return (0, 1)
    return (1,) if quality.dead_channel == 0 and quality.channels == 2 else (0,)


def _speech_in(heard: Heard, channel: int, *, alone: bool) -> tuple[Span, ...]:
    return tuple(part.span for part in heard.speech if alone or part.channel == channel)


def check_unchanged(recording: Recording) -> None:
    """Raises `UnfinishedRecording` if the file is not the one that was hashed."""
    path: Path = recording.path
    stat = path.stat()
    if (stat.st_size, stat.st_mtime) != (recording.size, recording.modified):
        raise UnfinishedRecording(f"{path}: changed while it was read; the next run takes it")
