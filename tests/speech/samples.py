"""The sample calls of audio_samples/, decoded for these tests (this room does not import qa.audio)."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from qa.speech.fakes import FakeSource

FOLDER = Path(__file__).parents[2] / "audio_samples" / "calls"


@dataclass(frozen=True)
class ReferenceTurn:
    """A turn of the script."""

    role: str
    start: float
    end: float
    text: str

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Sample:
    """A sample call and what is said in it."""

    source: FakeSource
    language: str
    turns: tuple[ReferenceTurn, ...]

    def text(self, *roles: str) -> str:
        """What the parties say, in order."""
        return " ".join(turn.text for turn in self.turns if turn.role in roles)


@functools.cache
def sample(name: str) -> Sample:
    """The sample call called `name`."""
    (path,) = [p for p in FOLDER.glob(f"{name}.*") if p.suffix != ".json"]
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    turns = sorted(
        (ReferenceTurn(t["role"], t["start"], t["end"], t["text"]) for t in document["turns"]),
        key=lambda turn: turn.start,
    )
    return Sample(FakeSource(*decode(path)), document["language"], tuple(turns))


def decode(path: Path) -> list[NDArray[np.float32]]:
    """One array a channel, 16 kHz."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        layout = "stereo" if stream.codec_context.channels == 2 else "mono"
        resampler = av.AudioResampler("fltp", layout, 16000)
        parts = [r.to_ndarray() for frame in container.decode(stream) for r in resampler.resample(frame)]
        parts += [r.to_ndarray() for r in resampler.resample(None)]
    return list(np.concatenate(parts, axis=1).astype(np.float32))
