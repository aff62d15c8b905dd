"""Builds the sample calls: `python -m audio_samples.build [CALL…]`, with the `samples` extra installed.

Every script becomes a stereo and a mono recording with a reference beside each; `calls.csv` holds what
the desk's own records would say of them, README.md a table of what each call shows.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from audio_samples import channel, encode, events, timeline, tts
from audio_samples.script import Script, Speaker, read_scripts
from qa.model import Event, EventDefinitions, merge_spans

HERE = Path(__file__).parent
COLUMNS = ("call_id", "agent_id", "agent_name", "queue", "direction", "started_at")
_TABLE = ("<!-- calls: begin -->", "<!-- calls: end -->")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the calls named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", nargs="*", help="ids (or beginnings of ids) of calls; default: all")
    parser.add_argument("--out", type=Path, default=HERE / "calls", help="folder for the recordings")
    parser.add_argument("--tables-only", action="store_true", help="only calls.csv and the README's table")
    options = parser.parse_args(arguments)
    scripts = read_scripts(HERE / "scripts")
    write_metadata(scripts, HERE / "calls.csv")
    write_table(scripts, HERE / "README.md")
    if options.tables_only:
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    for script in scripts:
        if not options.calls or script.id.startswith(tuple(options.calls)):
            print(build(script, options.out), file=sys.stderr)
    return 0


def build(script: Script, out: Path) -> str:
    """Voice, record and describe one call; a line that says what came of it."""
    laid = timeline.lay_out(script, _speak)
    rng = np.random.default_rng(zlib.crc32(script.id.encode()))
    stereo = channel.record(*timeline.sides(laid, rng), script.line, rng)
    size = 0
    for kind, samples in (("stereo", stereo), ("mono", channel.mix(stereo, script.line))):
        form = encode.FORMATS[script.formats[kind]]
        path = out / f"{script.id}-{kind}.{form.ending}"
        encode.write(path, samples, channel.RATE, form)
        text = json.dumps(reference(script, laid, path.stem), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        size += path.stat().st_size
    return f"{script.id}: {laid.duration:.1f} s, {len(laid.lines)} lines, {size / 1000:.0f} kB"


def reference(script: Script, laid: timeline.Timeline, call_id: str) -> dict[str, Any]:
    """The call's truth, in the shape that `qa evaluate` reads."""
    definitions = EventDefinitions()
    return {
        "call_id": call_id,
        "language": script.language,
        "turns": [
            {"role": str(t.role), "speaker": t.speaker, **_times(t.span), "text": t.text}
            for t in events.turns(laid, definitions)
        ],
        "events": [_event(event) for event in events.events(laid, definitions)],
        "criteria": dict(script.criteria),
        "names": dict(script.names),
        "speech": speech(laid),
    }


def speech(laid: timeline.Timeline) -> list[dict[str, Any]]:
    """Every speaker's speech, split where their own voice pauses 0.25 s or longer."""
    found = []
    for speaker in sorted({placed.speaker for placed in laid.lines}):
        own = [placed for placed in laid.lines if placed.speaker == speaker]
        for span in merge_spans((s for placed in own for s in placed.active), gap=timeline.SHORTEST_PAUSE):
            times = {"start": round(span.start, 2), "end": round(span.end, 2)}
            found.append({"speaker": speaker, "role": str(own[0].role), **times})
    return sorted(found, key=lambda item: (item["start"], item["speaker"]))


def write_metadata(scripts: Sequence[Script], path: Path) -> None:
    """One row a recording: what is known of a call before anyone listens to it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for script in scripts:
            for kind in ("stereo", "mono"):
                known = {name: script.call.get(name, "") for name in COLUMNS[1:]}
                writer.writerow({"call_id": f"{script.id}-{kind}", **known})


def write_table(scripts: Sequence[Script], path: Path) -> None:
    """The README's table of calls, between its two marks."""
    rows = ["| call | about | shows | stereo, mono |", "|---|---|---|---|"]
    for s in scripts:
        rows.append(
            f"| {s.id} | {s.title} | {'; '.join(s.shows)} | {s.formats['stereo']}, {s.formats['mono']} |"
        )
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(_TABLE[0])
    after = rest.split(_TABLE[1])[1]
    path.write_text(before + "\n".join([_TABLE[0], *rows, _TABLE[1]]) + after, encoding="utf-8")


def _speak(text: str, speaker: Speaker, language: str, speed: float) -> tuple[channel.Samples, int]:
    return tts.speak(text, speaker, language, speed), tts.MODEL_RATE


def _times(span: Any) -> Mapping[str, float]:
    return {"start": round(span.start, 2), "end": round(span.end, 2)}


def _event(event: Event) -> dict[str, Any]:
    described: dict[str, Any] = {"kind": str(event.kind), "by": str(event.by) if event.by else None}
    described |= _times(event.span)
    if event.successful is not None:
        described["successful"] = event.successful
    return described


if __name__ == "__main__":
    sys.exit(main())
