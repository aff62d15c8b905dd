"""Where the processor's time goes: one process, one thread, one call after the other, CPU seconds a stage.

    python -m bench.stages [--calls N] [--kind stereo|mono]

What a stage calls that is a stage of its own is not counted in it. Loading comes first and is told apart.
Chunks of one call only share a batch, so that "generate" costs a little more than in a night of many calls.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import nights

STAGES = {
    "decode, quality": ("qa.audio", "open_track"),
    "voice activity": ("qa.speech.vad", "SileroVad.speech"),
    "language": ("qa.speech.listen", "_language"),
    "features": ("qa.speech.transcribe", "WhisperTranscriber._features"),
    "encode": ("qa.speech.decoding", "Decoder._encode"),
    "generate": ("qa.speech.decoding", "Decoder.decode"),
    "align words": ("qa.speech.decoding", "Decoder._align"),
    "gaps heard again: all of it": ("qa.speech.gaps", "hear"),
    "diarization": ("qa.speech.diarization.diarizer", "PyannoteDiarizer.diarize"),
    "diarization: segmentation": ("qa.speech.diarization.engine", "Engine.segment"),
    "diarization: filter banks": ("qa.speech.diarization.engine", "Engine.filter_banks"),
    "diarization: embedding": ("qa.speech.diarization.engine", "Engine.embed"),
    "music, tones": ("qa.audio", "Sounds.find"),
    "pitch, level": ("qa.audio", "measure_prosody"),
    "dialogue": ("qa.dialogue", "build"),
    "rubric": ("qa.batch.pipeline", "judge"),
}
WHOLE = "gaps heard again: all of it"
"""Not split into its stages: it says what hearing again costs."""


class Meter:
    """CPU seconds by stage, of all threads of this process."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._within: list[float] = []
        self._closed = 0

    def watch(self, label: str, module: str, name: str) -> None:
        """Count what a function takes from now on."""
        owner: Any = importlib.import_module(module)
        *path, last = name.split(".")
        for part in path:
            owner = getattr(owner, part)
        setattr(owner, last, self._timed(label, getattr(owner, last)))

    def _timed(self, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            if self._closed:
                return function(*given, **named)
            self._closed += label == WHOLE
            self._within.append(0.0)
            started = time.process_time()
            try:
                return function(*given, **named)
            finally:
                took = time.process_time() - started
                self.seconds[label] += took - self._within.pop()
                self.calls[label] += 1
                self._closed -= label == WHOLE
                if self._within:
                    self._within[-1] += took

        return timed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=6)
    parser.add_argument("--kind", default="stereo", choices=("stereo", "mono"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as scratch:
        folder = Path(scratch)
        calls = nights.build(folder, options.kind, options.calls, 1.0, ("ja", "en"))
        _profile(calls, options.kind)


def _profile(calls: list[nights.Made], kind: str) -> None:
    from qa.batch.pipeline import Pipeline
    from qa.batch.task import Task
    from qa.intake import hash_file
    from qa.model import Call, Recording
    from qa.settings import load

    meter = Meter()
    loading = time.process_time()
    pipeline = Pipeline(load(flags={"device": "cpu", "threads": 1}, environ={}))
    _ = pipeline._engines.vad, pipeline._engines.transcriber
    models = time.process_time() - loading
    if kind == "mono":
        _ = pipeline._engines.diarizer.engine  # type: ignore[attr-defined]
    diarizer = time.process_time() - loading - models
    for language in ("ja", "en"):
        pipeline._rubrics.for_language(language)
    rubrics = time.process_time() - loading - models - diarizer
    print(f"loading: models {models:.2f} s, diarizer {diarizer:.2f} s, rubrics {rubrics:.2f} s", flush=True)
    for label, (module, name) in STAGES.items():
        if kind == "mono" or not label.startswith("diarization"):
            meter.watch(label, module, name)
    started = time.process_time()
    for call in calls:
        stat = call.path.stat()
        recording = Recording(hash_file(call.path), call.path, stat.st_size, stat.st_mtime)
        pipeline.analyse(Task(recording, Call(call.path.stem)))
    total = time.process_time() - started
    minutes = sum(call.seconds for call in calls) / 60
    meter.seconds["everything else"] = total - sum(meter.seconds.values())
    print(f"{kind}: {len(calls)} calls, {minutes:.1f} min, {total:.1f} CPU s, {total / minutes:.2f} a minute")
    for label, seconds in meter.seconds.most_common():
        share = 100 * seconds / total
        print(f"  {label:32} {seconds:6.2f} s {seconds / minutes:6.2f} a minute {share:5.1f} %")


if __name__ == "__main__":
    main()
