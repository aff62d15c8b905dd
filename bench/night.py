"""A night of calls, end to end: ours beside what people would pick instead, and the bare recogniser.

    python -m bench.night [--calls N] [--minutes M] [--kinds stereo,mono,short] [--systems …] [--rounds R]

N calls a kind of at least M minutes (`short`: stereo, under a minute), made of the samples. Systems take
turns, each in a process of its own (bench/systems.py says what each does); loading models is part of the
night. Peers hear only the first `--peer-calls`: what the whole night would cost them is what loading took
and the rest by the length of the calls. With that the default takes about a quarter of an hour on two quiet
cores. On a machine that does other things too, trust processor seconds. Words: errors per 100 words
(English) and characters (Japanese) of the references, in the order of time; their difference with a 95 %
interval over resampled calls. DER: of calls made of one sample, where two people speak; what samples joined
hold is more voices.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyannote.core import Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from bench import nights, results, systems, whisperx
from bench.diarization import COLLAR, annotation_of, speech_of
from bench.processes import Cost, run
from qa import language as languages
from qa.evaluate.bootstrap import Counts, estimate
from qa.evaluate.words import errors_by_character, errors_by_word

PEERS = ("plain", "batched", "whisperx")
GOALS = {
    ("stereo", "plain"): 2.5,
    ("stereo", "batched"): 1.5,
    ("mono", "plain"): 3.5,
    ("mono", "batched"): 3.0,
    ("short", "batched"): 2.0,
}
"""Audio seconds per wall second, ours over theirs. A peer is heard where there is a goal."""
CEILING_GOAL = 0.85
CEILING_OF = "stereo"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A system's night."""

    system: str
    cost: Cost
    """Of the whole night."""
    found: dict[str, Any]
    part: float
    """Of the night's audio seconds, how much it heard."""

    def heard(self, calls: list[nights.Made]) -> list[nights.Made]:
        """Those of the calls that it heard, with word times."""
        if self.system == "whisperx":
            return []
        return [call for call in calls if call.path.stem in self.found.get("heard", {})]


def main() -> None:
    options = _options()
    lines = []
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as scratch:
        for kind in options.kinds.split(","):
            folder = Path(scratch) / kind
            calls = nights.build(folder, kind, options.calls, options.minutes, ("ja", "en"))
            names = [name for name in options.systems.split(",") if _takes_part(name, kind)]
            outcomes = _take_turns(names, folder, calls, options)
            text = "\n".join(_table(kind, calls, outcomes))
            print(text, flush=True)
            lines.append(text)
    if not options.no_save:
        results.save("night", "## A night\n\n" + NOTE + "\n\n" + "\n\n".join(lines), _command())


NOTE = """\
Same Whisper model (`whisper-base`, int8), same beam (5, everybody's default), word times for all. Stereo
peers transcribe each channel, mono peers add pyannote's stock pipeline with our two models. Peers are told
the language. Ours also finds sounds, builds the conversation, scores it and stores it. Loading models
counts for all. `peak MB`: a page that two processes share is counted once. `first`: until the first call is
done. Peers that heard a part of the night (`heard`): what the whole costs them is reckoned from it, loading
counted once; errors are of the calls they heard, and the differences of the same calls. DER: of calls of two
voices (long ones are samples joined, with more), references to the pause. The ceiling encodes,
decodes and aligns our chunks in full batches, everything made ready before: no search for speech, no
telling of the language, no second attempt. WhisperX (`--systems ours,whisperx`): stereo only, alignment off
(its models come from a hub only), so without word times, and its errors cannot be counted."""


def _takes_part(system: str, kind: str) -> bool:
    """Peers where there is a goal, the ceiling where there is one for it."""
    if system == "whisperx":
        return kind != "mono" and whisperx.installed()
    if system in PEERS:
        return (kind, system) in GOALS
    return system != "ceiling" or kind == CEILING_OF


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=12, help="of each kind")
    parser.add_argument("--minutes", type=float, default=1.0, help="the least length of a call")
    parser.add_argument("--kinds", default="stereo,mono,short")
    parser.add_argument("--systems", default="ours,plain,batched,ceiling")
    parser.add_argument(
        "--rounds", type=int, default=1, help="how often each takes its turn; the best counts"
    )
    parser.add_argument("--peer-calls", type=int, default=6, help="how many of them the peers hear")
    parser.add_argument("--no-save", action="store_true", help="print only")
    return parser.parse_args()


def _command() -> str:
    return " ".join(["python -m bench.night", *sys.argv[1:]])


def _take_turns(
    names: list[str], folder: Path, calls: list[nights.Made], options: argparse.Namespace
) -> list[Outcome]:
    """Each system's best round, by processor time. Every other round goes backwards: machines drift."""
    best: dict[str, Outcome] = {}
    for turn in range(options.rounds):
        for system in names if turn % 2 == 0 else names[::-1]:
            outcome = _hear(system, folder, calls, options.peer_calls)
            print(f"{folder.name} {system}: {outcome.cost}", file=sys.stderr, flush=True)
            if system not in best or outcome.cost.cpu < best[system].cost.cpu:
                best[system] = outcome
    return list(best.values())


def _hear(system: str, folder: Path, calls: list[nights.Made], peer_calls: int) -> Outcome:
    out = folder / f"{system}.json"
    command = [sys.executable, "-m", "bench.systems"]
    if system == "ours":
        run([*command, "prepare", str(folder), str(out)])
    given = calls[:peer_calls] if system in PEERS else calls
    if system == "whisperx":
        cost = run(whisperx.command(folder, out, len(given), systems.model(), systems.BEAM, systems.BATCH))
    else:
        cost = run([*command, system, str(folder), str(out), str(len(given))])
    found = json.loads(out.read_text(encoding="utf-8"))
    part = sum(call.seconds for call in given) / sum(call.seconds for call in calls)
    if system == "ceiling":
        cost = Cost(found["wall"], found["cpu"], cost.peak_mb)
    elif part < 1:
        cost = whole_night(cost, found["loading"]["wall"], found["loading"]["cpu"], part)
    return Outcome(system, cost, found, part)


def whole_night(cost: Cost, loading_wall: float, loading_cpu: float, part: float) -> Cost:
    """What all of a night costs, given what `part` of it did; loading is paid once."""
    wall = loading_wall + (cost.wall - loading_wall) / part
    return Cost(wall, loading_cpu + (cost.cpu - loading_cpu) / part, cost.peak_mb)


def _table(kind: str, calls: list[nights.Made], outcomes: list[Outcome]) -> list[str]:
    audio = sum(call.seconds for call in calls)
    lines = [
        f"### {kind}: {len(calls)} calls, {audio / 60:.1f} minutes",
        "",
        "| system | heard | wall s | audio s / wall s | CPU s | CPU s / audio min | peak MB | first "
        "| WER en | CER ja | DER |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for outcome in outcomes:
        cost, found = outcome.cost, outcome.found
        own = outcome.heard(calls)
        quality = [f"{found['first']:.0f} s", *_quality(own, found)] if own else ["–"] * 4
        lines.append(
            f"| {outcome.system} | {100 * outcome.part:.0f} % | {cost.wall:.1f} | {audio / cost.wall:.2f} "
            f"| {cost.cpu:.1f} | {cost.cpu / audio * 60:.2f} | {cost.peak_mb:.0f} | {' | '.join(quality)} |"
        )
    return [*lines, "", *_ratios(kind, calls, outcomes)]


def _ratios(kind: str, calls: list[nights.Made], outcomes: list[Outcome]) -> list[str]:
    by_name = {outcome.system: outcome for outcome in outcomes}
    if "ours" not in by_name:
        return []
    ours = by_name["ours"]
    lines = []
    for peer in (by_name[name] for name in PEERS if name in by_name):
        wall, cpu = peer.cost.wall / ours.cost.wall, peer.cost.cpu / ours.cost.cpu
        goal = GOALS.get((kind, peer.system))
        verdict = ""
        if goal is not None:
            verdict = f" (goal {goal:g}: {'reached' if wall >= goal else 'not reached'} by wall)"
        lines.append(
            f"- ours over {peer.system}: {wall:.2f} × by wall, {cpu:.2f} × by CPU{verdict}"
            f"{_difference(calls, ours, peer)}"
        )
    if "ceiling" in by_name:
        top = by_name["ceiling"].cost
        share = top.wall / ours.cost.wall
        lines.append(
            f"- share of the ceiling: {share:.2f} by wall, {top.cpu / ours.cost.cpu:.2f} by CPU "
            f"(goal {CEILING_GOAL:g}: {'reached' if share >= CEILING_GOAL else 'not reached'})"
        )
    return lines


def _quality(calls: list[nights.Made], found: dict[str, Any]) -> list[str]:
    cells = []
    for code in ("en", "ja"):
        rows = [_errors(call, found) for call in calls if call.language == code]
        cells.append(f"{100 * sum(r[0] for r in rows) / sum(r[1] for r in rows):.1f} %" if rows else "–")
    rate = _der(calls, found)
    return [*cells, "–" if rate is None else f"{100 * rate:.1f} %"]


def _der(calls: list[nights.Made], found: dict[str, Any]) -> float | None:
    """Over those of the calls that have two voices; None for a system that does not tell speakers apart."""
    metric = DiarizationErrorRate(collar=COLLAR, skip_overlap=False)
    calls = [call for call in calls if call.voices == 2]
    if not calls or not all(found["heard"][call.path.stem]["speakers"] for call in calls):
        return None
    for call in calls:
        truth = speech_of(call)
        said = annotation_of(found["heard"][call.path.stem]["speakers"])
        metric(truth, said, uem=Timeline([Segment(0, call.seconds)]))
    return float(abs(metric))


def _errors(call: nights.Made, found: dict[str, Any]) -> tuple[int, int]:
    """Errors and length, words or characters."""
    language = languages.get(call.language)
    truth = language.join([turn.text for turn in sorted(call.turns, key=lambda turn: turn.start)])
    words = sorted(found["heard"][call.path.stem]["words"], key=lambda word: word[0] + word[1])
    heard = language.join([word[2] for word in words])
    count = errors_by_character if call.language == "ja" else errors_by_word
    counts = count(language.normalise(truth), language.normalise(heard))
    return counts.errors, counts.length


def _difference(calls: list[nights.Made], ours: Outcome, peer: Outcome) -> str:
    """Of the rates, ours less theirs, by language, with an interval."""
    said = []
    for code in ("en", "ja"):
        own = [call for call in peer.heard(calls) if call.language == code]
        rows = [(*_errors(call, ours.found), *_errors(call, peer.found)) for call in own]
        found = estimate(rows, _less)
        if found.value is not None and found.low is not None and found.high is not None:
            said.append(f"{code} {100 * found.value:+.1f} [{100 * found.low:+.1f}, {100 * found.high:+.1f}]")
    heard = peer.heard(calls)
    rates = [_der(heard, outcome.found) for outcome in (ours, peer)] if heard else [None]
    told = [f"{100 * rate:.1f} %" for rate in rates if rate is not None]
    speakers = f"; DER of the same calls: ours {told[0]}, theirs {told[1]}" if len(told) == 2 else ""
    return (f"; errors, ours less theirs, points: {', '.join(said)}" if said else "") + speakers


def _less(sums: Counts) -> Counts:
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3]


if __name__ == "__main__":
    main()
