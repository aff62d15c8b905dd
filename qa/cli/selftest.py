"""The last lines of `qa doctor`: each speech engine works on one second of sound."""

from __future__ import annotations

import array
import math
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.checks import OK, Check, Named
from qa.model import Span
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.audio import Track
    from qa.speech import Engines

RATE = 8000
SECOND = Span(0.0, 1.0)


class _Bench:
    """The engines, loaded when the first of them is tried."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def engines(self) -> Engines:
        from qa.speech import Engines

        return Engines.load(self.settings)

    def voice_activity(self, track: Track) -> str:
        self.engines.vad.speech(track, 0)
        return self.engines.vad.identity

    def transcription(self, track: Track) -> str:
        from qa.speech.protocols import Chunk, Layout, Piece

        chunk = Chunk(lambda: track.read(0, SECOND), Layout(0, (Piece(0.0, SECOND),)))
        language = self.settings.languages[0]
        self.engines.transcriber.transcribe([chunk], language, ())
        return f"{self.engines.transcriber.identity} on {self.engines.transcriber.device}"

    def diarization(self, track: Track) -> str:
        self.engines.diarizer.diarize(track, (SECOND,))
        return ", ".join(self.engines.diarizer.identity.values())


def checks(settings: Settings) -> tuple[Named, ...]:
    """A self-test for each engine that can be installed here."""
    from qa.cli.checks import missing_for_mono

    bench = _Bench(settings)
    named = [("voice activity", bench.voice_activity), ("transcription", bench.transcription)]
    if not missing_for_mono():
        named.append(("diarization", bench.diarization))
    return tuple((name, _timed(name, work)) for name, work in named)


def _timed(name: str, work: Callable[[Track], str]) -> Callable[[Settings], Check]:
    def check(settings: Settings) -> Check:
        with _sound() as track:
            start = time.perf_counter()
            told = work(track)
            return Check(name, OK, f"{told}: works, {time.perf_counter() - start:.1f} s with loading")

    return check


@contextmanager
def _sound() -> Iterator[Track]:
    """One second of a vowel-like buzz as a telephone would carry it, through the real decoder."""
    from qa.audio import open_track

    samples = array.array(
        "h",
        (
            round(4000 * sum(math.sin(2 * math.pi * 130 * k * i / RATE) / k for k in range(1, 12)))
            for i in range(RATE)
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "second.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        with open_track(path) as track:
            yield track
