"""Nights for benchmarks: calls made of the samples, with their references."""

from __future__ import annotations

import functools
import itertools
import json
import wave
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.audio import SAMPLE_RATE, open_track
from qa.model import Span, merge_spans

SAMPLES = Path(__file__).parents[1] / "audio_samples" / "calls"
PAUSE = 0.5
"""Seconds between two samples that are joined."""
SHORT = 50.0
"""Seconds that a short call lasts at most."""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of the reference."""

    start: float
    end: float
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice is heard, to the pause. Samples that were joined bring different ones."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True, slots=True)
class Made:
    """A call of a night."""

    path: Path
    language: str
    seconds: float
    turns: tuple[Said, ...]
    speech: tuple[Voice, ...]

    @property
    def voices(self) -> int:
        """How many different ones are in it: two, if it is made of one sample."""
        return len({piece.speaker for piece in self.speech})


def build(folder: Path, kind: str, count: int, minutes: float, languages: tuple[str, ...]) -> list[Made]:
    """`count` different calls of at least `minutes` each into `folder`, the languages taking turns.

    `kind`: `stereo`, `mono`, or `short`: stereo and less than `SHORT`, whatever `minutes` says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples = {code: _usable(code, "mono" if kind == "mono" else "stereo") for code in languages}
    calls = []
    for index in range(count):
        own, number = samples[languages[index % len(languages)]], index // len(languages)
        path = folder / f"{kind}-{index:03}.wav"
        calls.append(_excerpt(path, own, number) if kind == "short" else _join(path, own, number, minutes))
    (folder / "night.json").write_text(
        json.dumps([asdict(call) | {"path": call.path.name} for call in calls], ensure_ascii=False),
        encoding="utf-8",
    )
    return calls


def load(folder: Path) -> list[Made]:
    """What `build` made."""
    rows = json.loads((folder / "night.json").read_text(encoding="utf-8"))
    return [
        Made(
            folder / row["path"],
            row["language"],
            row["seconds"],
            tuple(Said(**turn) for turn in row["turns"]),
            tuple(Voice(**piece) for piece in row["speech"]),
        )
        for row in rows
    ]


def _usable(language: str, kind: str) -> list[Path]:
    """The samples of a kind; of the stereo ones, those that keep the parties apart."""
    found = [p for p in sorted(SAMPLES.glob(f"{language}-*-{kind}.*")) if p.suffix != ".json"]
    channels = 2 if kind == "stereo" else 1
    return [path for path in found if _channels(path) == channels]


def _channels(path: Path) -> int:
    with open_track(path) as track:
        return 2 if track.quality.stereo.value in ("separate", "leaking") else 1


def _join(path: Path, samples: list[Path], number: int, minutes: float) -> Made:
    """Call `number`: it begins with another sample than the others, or goes on with another."""
    parts: list[NDArray[np.float32]] = []
    turns: list[Said] = []
    speech: list[Voice] = []
    seconds = 0.0
    for sample in _order(samples, number, least=1 + number // len(samples)):
        if sample is None:
            if seconds >= minutes * 60:
                break
            continue
        sound = _sound(sample)
        turns += [_moved(turn, seconds) for turn in _turns(sample)]
        speech += [_moved(piece, seconds) for piece in _speech(sample)]
        parts += [sound, np.zeros((len(sound), round(PAUSE * SAMPLE_RATE)), np.float32)]
        seconds = sum(part.shape[1] for part in parts) / SAMPLE_RATE
    write(path, np.concatenate(parts, axis=1))
    return Made(path, sample_language(samples[0]), seconds, tuple(turns), tuple(speech))


def _excerpt(path: Path, samples: list[Path], number: int) -> Made:
    """Call `number`: less than `SHORT` of a sample, from one pause to another; later calls begin later.

    One that does not keep the parties apart (only one of them speaks, and leaks into the other's channel)
    would be heard as mono, with other models: it begins at the next pause instead.
    """
    sample = samples[number % len(samples)]
    sound, turns = _sound(sample), _turns(sample)
    spoken = merge_spans(Span(turn.start, turn.end) for turn in turns)
    pauses = [(one.end + two.start) / 2 for one, two in itertools.pairwise(spoken)]
    pauses = [0.0, *pauses, sound.shape[1] / SAMPLE_RATE]
    for start in pauses[number // len(samples) :]:
        end = max(pause for pause in pauses if pause <= start + SHORT)
        if end > start:
            first, last = round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)
            write(path, sound[:, first:last])
            if _channels(path) == 2:
                within = [_moved(turn, -start) for turn in turns if start <= turn.start < end]
                voices = [_moved(piece, -start) for piece in _speech(sample) if start <= piece.start < end]
                seconds = (last - first) / SAMPLE_RATE
                return Made(path, sample_language(sample), seconds, tuple(within), tuple(voices))
    raise ValueError(f"{sample}: no pause for a short call number {number}")


Piece = TypeVar("Piece", Said, Voice)


@functools.lru_cache(maxsize=64)
def _sound(sample: Path) -> NDArray[np.float32]:
    """(channels, samples)"""
    with open_track(sample) as track:
        whole = Span(0.0, track.duration)
        return np.stack([track.read(channel, whole) for channel in range(track.channels)])


def _turns(sample: Path) -> list[Said]:
    document = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
    return [Said(turn["start"], turn["end"], turn["role"], turn["text"]) for turn in document["turns"]]


def _speech(sample: Path) -> list[Voice]:
    document = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
    name = sample.name.split("-")[:2]
    return [
        Voice(piece["start"], piece["end"], "-".join([*name, piece["speaker"]]))
        for piece in document["speech"]
    ]


def _moved(piece: Piece, seconds: float) -> Piece:
    return replace(piece, start=piece.start + seconds, end=piece.end + seconds)


def _order(samples: list[Path], number: int, least: int) -> Iterator[Path | None]:
    """Samples without end; None where the call may end."""
    step = 1 + number // len(samples)
    at = number
    taken = 0
    while True:
        yield samples[at % len(samples)]
        at += step
        taken += 1
        if taken >= least:
            yield None


def shorten(path: Path, seconds: float) -> None:
    """Keep the first seconds of what is said in a call that was made here."""
    with open_track(path) as track:
        sound = np.stack([track.read(c, Span(0.0, track.duration)) for c in range(track.channels)])
    loud = np.flatnonzero(np.abs(sound).max(axis=0) > 0.05)
    start = int(loud[0]) if len(loud) else 0
    write(path, sound[:, start : start + round(seconds * SAMPLE_RATE)])


def sample_language(path: Path) -> str:
    """By its name."""
    return path.name.split("-")[0]


def write(path: Path, channels: NDArray[np.float32]) -> None:
    """(channels, samples) as a 16-bit wav at 16 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(channels.T, -1, 1) * 32767).astype("<i2").tobytes())
