"""Builds a part of the corpus: `python -m bench.corpus.build --part dev`, with the `samples` extra installed.

Every call becomes a stereo and a mono recording with a reference beside each. The folder is named by what
it was made from (content, code, seed), so that a second build only reads; voiced lines are kept apart.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from audio_samples import build as samples
from audio_samples import channel, encode, timeline, tts
from audio_samples.script import Speaker
from bench.corpus import line, truth
from bench.corpus.content import HERE, LANGUAGES, PARTS, Content, read_content
from bench.corpus.draw import SEED, Call, draw_calls, roster
from bench.corpus.phantoms import phantoms

CALLS = 60
PHANTOMS = "phantoms"
COLUMNS = (*samples.COLUMNS, "language", "scenario")
KINDS = ("stereo", "mono")
_DONE = "complete"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what is asked for and print the folder it is in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=[*PARTS, PHANTOMS], required=True)
    parser.add_argument("--calls", type=int, default=CALLS, help="dialogues, half of them Japanese")
    parser.add_argument(
        "--out", type=Path, help="folder; default: one in the user's cache folder, by content"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    options = parser.parse_args(arguments)
    folder = options.out or default_folder(options.part, options.calls, options.seed)
    if not (folder / _DONE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        if options.part == PHANTOMS:
            build_phantoms(folder, options.seed)
        else:
            content = read_content(options.part)
            tts.fetch()
            build_part(content, draw_calls(content, options.calls, options.seed), folder, options.jobs)
        (folder / _DONE).touch()
    print(folder)
    return 0


def default_folder(part: str, calls: int, seed: int) -> Path:
    """Where a part is kept: named by a hash of everything that makes it."""
    here = Path(__file__).parent
    made_of = [
        *here.glob("*.py"),
        *Path(samples.__file__).parent.glob("*.py"),
        *(HERE / part).glob("*.yaml"),
    ]
    digest = hashlib.sha256(f"{calls} {seed}".encode())
    for path in sorted(made_of):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "qa" / "corpus" / f"{part}-{digest.hexdigest()[:12]}"


def build_part(content: Content, calls: Sequence[Call], folder: Path, jobs: int) -> None:
    """Voice, record and describe `calls`; then what the desk knows of them and its people."""
    work: Callable[[Call], str] = partial(build_call, folder=folder, speak=speak)
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            report(pool.map(work, calls))
    else:
        report(map(work, calls))
    write_metadata(calls, folder / "calls.csv")
    write_conditions(calls, folder / "conditions.csv")
    (folder / "qa.toml").write_text(settings(content, calls, folder), encoding="utf-8")


def build_call(call: Call, folder: Path, speak: timeline.Speak) -> str:
    """Both recordings of one call; a line that says what came of it. Does nothing where all is there."""
    script = call.script
    paths = {kind: folder / f"{script.id}-{kind}.{_form(call, kind).ending}" for kind in KINDS}
    if all(path.with_suffix(".json").exists() for path in paths.values()):
        return f"{script.id}: kept"
    laid = timeline.lay_out(script, speak)
    rng = np.random.default_rng(zlib.crc32(script.id.encode()))
    stereo = line.record(timeline.sides(line.voiced(laid, call.condition, rng), rng), call.condition, rng)
    for kind, path in paths.items():
        channels = stereo if kind == "stereo" else channel.mix(stereo, script.line)
        encode.write(path, channels, channel.RATE, _form(call, kind))
        _write_json(path.with_suffix(".json"), truth.reference(call, laid, path.stem))
    return f"{script.id}: {laid.duration:.1f} s, {len(laid.lines)} lines"


def build_phantoms(folder: Path, seed: int) -> None:
    """The recordings without speech, and their empty references."""
    for phantom in phantoms(seed):
        encode.write(folder / f"{phantom.id}.wav", phantom.channels, channel.RATE, encode.FORMATS["ulaw"])
        empty: dict[str, Any] = {"turns": [], "speech": [], "events": [], "criteria": {}, "names": {}}
        _write_json(
            folder / f"{phantom.id}.json", {"call_id": phantom.id, "language": phantom.language, **empty}
        )


def write_metadata(calls: Iterable[Call], path: Path) -> None:
    """One row a recording: what is known of a call before anyone listens to it."""
    rows = [
        {
            "call_id": f"{call.script.id}-{kind}",
            **call.script.call,
            "language": call.script.language,
            "scenario": call.scenario.id,
        }
        for call, kind in itertools.product(calls, KINDS)
    ]
    _write_csv(path, COLUMNS, rows)


def write_conditions(calls: Iterable[Call], path: Path) -> None:
    """How each call is carried, for whoever asks why it came out as it did."""
    rows = []
    for call in calls:
        state = call.condition
        rows.append(
            {
                "call": call.script.id,
                "layout": state.quality.layout,
                "leak": f"{state.quality.leak:.1f}",
                "codec": state.codec,
                "lost": f"{state.lost:.3f}" if state.codec == "loss" else "",
                "voices": state.voices,
                "snr_agent": f"{state.snr[0]:.1f}",
                "snr_customer": f"{state.snr[1]:.1f}",
                "agent": call.script.speakers["agent"].voice,
                "customer": call.script.speakers["customer"].voice,
            }
        )
    _write_csv(path, tuple(rows[0]), rows)


def settings(content: Content, calls: Iterable[Call], folder: Path) -> str:
    """The qa.toml of this desk: its metadata, its companies and its people."""
    companies = sorted({name for scenario in content.scenarios for name in scenario.companies})
    rows = [
        "# What this desk knows of its people and calls.",
        "",
        "[intake]",
        f"metadata = {json.dumps(str(folder / 'calls.csv'), ensure_ascii=False)}",
        "",
        "[names]",
        f"company = {json.dumps(companies, ensure_ascii=False)}",
        "",
        "[names.roster]",
    ]
    for language in LANGUAGES:
        rows += [
            f"{key} = {json.dumps(name, ensure_ascii=False)}"
            for key, name in roster(content, language).items()
        ]
    return "\n".join(rows) + "\n"


def speak(text: str, speaker: Speaker, language: str, speed: float) -> tuple[channel.Samples, int]:
    """`text` in this voice, and its rate."""
    return tts.speak(text, speaker, language, speed), tts.MODEL_RATE


def report(lines: Iterable[str]) -> None:
    """Each line to stderr as it comes."""
    for text in lines:
        print(text, file=sys.stderr, flush=True)


def _form(call: Call, kind: str) -> encode.Format:
    return encode.FORMATS[call.script.formats[kind]]


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    partial_path = path.with_suffix(".json.partial")
    partial_path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial_path.replace(path)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
