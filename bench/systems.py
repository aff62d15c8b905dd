"""What a night is given to: ours, what people would pick instead, and the bare recogniser.

Run as `python -m bench.systems SYSTEM FOLDER OUT [CALLS]`: hears the night in FOLDER (bench/nights.py), or
its first CALLS, and writes what it heard to OUT. One process a system, so that memory and processor time are
its own. Peers say what loading took them, so that a whole night can be reckoned from a part of it.

`plain`    faster-whisper, file after file, channel after channel; mono: and pyannote's stock pipeline
`batched`  the same with faster-whisper's own batched pipeline
`ceiling`  our chunks, packed beforehand, straight through CTranslate2: encode, generate, align

All use the same Whisper model in int8, a beam of 5 (everybody's default) and word times. The peers are told
each call's language; ours finds it out. Their Whisper has all cores, torch one thread: on a busy machine
its threads spin while they wait for each other.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench import nights
from qa import speech
from qa.audio import open_track
from qa.model import Call
from qa.settings import Settings, load
from qa.speech import packs

BEAM = 5
BATCH = 8
STARTED = time.monotonic()


def ours(calls: list[nights.Made], folder: Path) -> dict[str, Any]:
    """`qa run`, as it is."""
    from qa import batch
    from qa.store import Store

    db = folder / "qa.db"
    marks: list[float] = []
    started = time.monotonic()

    def report(progress: object) -> None:
        if isinstance(progress, batch.Finished):
            marks.append(time.monotonic() - started)

    night = batch.run([call.path for call in calls], _settings(db), report=report)
    if night.scored != len(calls):
        raise SystemExit(f"ours: {night.failures or night.quarantine or night.left}")
    heard = {}
    with Store.open(db) as store:
        for call in calls:
            conversation = store.conversation(call.path.stem)
            words = [
                (word.span.start, word.span.end, word.text)
                for turn in conversation.turns
                for word in turn.words
            ]
            speakers = [(part.span.start, part.span.end, part.speaker) for part in conversation.speech]
            heard[call.path.stem] = {"words": words, "speakers": speakers}
    return {"heard": heard, "first": marks[0]}


def _settings(db: Path) -> Settings:
    return load(flags={"db": str(db), "device": "cpu", "min_age": 0.0}, environ={})


def prepare(calls: list[nights.Made], folder: Path) -> dict[str, Any]:
    """A new database that has seen the rubrics, as on any night but the first. Not part of anybody's cost."""
    from qa import batch

    db = folder / "qa.db"
    db.unlink(missing_ok=True)
    (folder / "nothing").mkdir(exist_ok=True)
    batch.run([folder / "nothing"], _settings(db))
    return {}


def plain(calls: list[nights.Made], folder: Path) -> dict[str, Any]:
    """faster-whisper's sequential `transcribe`."""
    from faster_whisper import WhisperModel

    engine = WhisperModel(model(), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)

    def transcribe(samples: Any, language: str) -> Iterable[Any]:
        found, _ = engine.transcribe(samples, language=language, beam_size=BEAM, word_timestamps=True)
        return found

    return _peer(calls, transcribe)


def batched(calls: list[nights.Made], folder: Path) -> dict[str, Any]:
    """faster-whisper's `BatchedInferencePipeline`."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    engine = WhisperModel(model(), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)
    pipeline = BatchedInferencePipeline(engine)

    def transcribe(samples: Any, language: str) -> Iterable[Any]:
        found, _ = pipeline.transcribe(
            samples, language=language, beam_size=BEAM, word_timestamps=True, batch_size=BATCH
        )
        return found

    return _peer(calls, transcribe)


def _peer(calls: list[nights.Made], transcribe: Callable[[Any, str], Iterable[Any]]) -> dict[str, Any]:
    from faster_whisper import decode_audio

    stock = None if all(_is_stereo(call.path) for call in calls) else _stock()
    started = time.monotonic()
    loading = {"wall": started - STARTED, "cpu": time.process_time()}
    heard: dict[str, Any] = {}
    first = 0.0
    for call in calls:
        channels = decode_audio(str(call.path), split_stereo=_is_stereo(call.path))
        parts = channels if isinstance(channels, tuple) else (channels,)
        words = [
            (float(word.start), float(word.end), word.word.strip())
            for part in parts
            for segment in transcribe(part, call.language)
            for word in segment.words or ()
        ]
        speakers: list[tuple[float, float, str]] = []
        if len(parts) == 1:
            speakers = _diarize(stock, parts[0])
        heard[call.path.stem] = {"words": words, "speakers": speakers}
        first = first or time.monotonic() - started
    return {"heard": heard, "first": first, "loading": loading}


def _stock() -> Any:
    import torch

    from bench.diarization import stock_pipeline

    torch.set_num_threads(1)
    return stock_pipeline(packs.pack_path("diarization-offline", load().models))


def _diarize(stock: Any, samples: np.ndarray) -> list[tuple[float, float, str]]:
    from bench.diarization import run_stock

    found = run_stock(stock, samples)
    return [(s.start, s.end, str(label)) for s, _, label in found.itertracks(yield_label=True)]


def _is_stereo(path: Path) -> bool:
    import wave

    with wave.open(str(path)) as file:
        return file.getnchannels() == 2


def ceiling(calls: list[nights.Made], folder: Path) -> dict[str, Any]:
    """Only the timed part counts: the chunks and their features are made before."""
    from qa.speech.decoding import attempts
    from qa.speech.transcribe import WhisperTranscriber, window

    settings = load(flags={"device": "cpu"}, environ={})
    engines = speech.Engines.load(settings)
    engine = engines.transcriber
    assert isinstance(engine, WhisperTranscriber)
    jobs = []
    for call in calls:
        with open_track(call.path) as track:
            known = Call(call.path.stem, language=call.language)
            planned = speech.plan(track, known, track.quality, engines, settings)
            for chunk in planned.chunks():
                shown = window(chunk.seconds)
                features = engine._features(chunk.samples, shown)
                way = attempts(engine._options)[0]
                made = functools.partial(lambda kept: kept, features)
                jobs.append(engine._decoder.job(made, shown, chunk.seconds, call.language, (), way))
    jobs.sort(key=lambda job: (str(job.kind), job.seconds))
    batches = list(_batches(jobs, engine._sharing.most))
    wall, cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(engine._decoder.decode, batches))
    return {"wall": time.monotonic() - wall, "cpu": time.process_time() - cpu, "chunks": len(jobs)}


def _batches(jobs: list[Any], most: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Neighbours of one kind."""
    batch: list[Any] = []
    for job in jobs:
        if batch and (len(batch) == most(batch[0].kind) or job.kind != batch[0].kind):
            yield batch
            batch = []
        batch.append(job)
    yield batch


def model() -> str:
    """The folder of the Whisper model that all use."""
    settings = load()
    return str(packs.pack_path(settings.model, settings.models))


SYSTEMS: dict[str, Callable[[list[nights.Made], Path], dict[str, Any]]] = {
    "prepare": prepare,
    "ours": ours,
    "plain": plain,
    "batched": batched,
    "ceiling": ceiling,
}


if __name__ == "__main__":
    name, night, out = sys.argv[1:4]
    most = int(sys.argv[4]) if len(sys.argv) > 4 else None
    found = SYSTEMS[name](nights.load(Path(night))[:most], Path(night))
    Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
