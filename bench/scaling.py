"""How the night grows, how fast things start, and how fast what is done is skipped.

    python -m bench.scaling [--counts 1,8,64] [--lengths 1,10,180] [--mono-lengths 10,180] [--known 10000]
                            [--no-save]

`--counts`: nights of so many stereo calls of 20 to 50 seconds. `--lengths`: nights of one stereo call of at
least so many minutes: samples joined one after the other, as they are, until it is long enough.
`--mono-lengths`: the same of mono calls, which have a first night of their own. All are Japanese, so that
every night loads the same. What a night costs anyway (start-up, model, rubric) is measured with a call of
three seconds, and taken off before a cost an audio minute is reckoned. About twelve minutes on two quiet
cores, and a quarter of an hour for three hours of mono.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
from pathlib import Path

from bench import nights, results
from bench.processes import Cost, run
from qa import speech
from qa.batch.fakes import heard
from qa.batch.hearing import hearing_of
from qa.batch.judged import judge
from qa.batch.task import Task
from qa.model import Call, Recording
from qa.rubric import annotate
from qa.rubric import load as load_rubric
from qa.settings import Settings
from qa.settings import load as load_settings
from qa.store import Entry, Result, RunState, State, Store, Tally

QA = [sys.executable, "-m", "qa.cli"]
LONG_AGO = 1_700_000_000
BRIEF = 3.0
"""Seconds of the call by which a night without calls is measured: something is said in them."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", default="1,8,64")
    parser.add_argument("--lengths", default="1,10,180")
    parser.add_argument("--mono-lengths", default="", help="in minutes")
    parser.add_argument("--known", type=int, default=10_000)
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    counts = [int(count) for count in options.counts.split(",") if count]
    lengths, of_mono = (
        [float(minutes) for minutes in given.split(",") if minutes]
        for given in (options.lengths, options.mono_lengths)
    )
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as scratch:
        lines = [
            "## Scaling",
            "",
            *_growth(Path(scratch) / "stereo", "stereo", counts, lengths),
            *(["", *_growth(Path(scratch) / "mono", "mono", [], of_mono)] if of_mono else []),
            "",
            "## Start-up",
            "",
            "A one-call run is the first row above: nothing of a call is shown before it is scored.",
            "",
            *_startup(Path(scratch), options.known),
        ]
    text = "\n".join(lines)
    print(text)
    if not options.no_save:
        results.save("scaling", text, " ".join(["python -m bench.scaling", *sys.argv[1:]]))


def _growth(scratch: Path, kind: str, counts: list[int], lengths: list[float]) -> list[str]:
    """One row a night; the first is what every night costs."""
    brief = nights.build(scratch / "brief", "short" if kind == "stereo" else kind, 1, 0.0, ("ja",))
    nights.shorten(brief[0].path, BRIEF)
    fixed = _cost(scratch / "brief")
    rows = [row("one call of 3 s", BRIEF, fixed, None)]
    for count in counts:
        calls = nights.build(scratch / f"{count}-calls", "short", count, 0.0, ("ja",))
        seconds = sum(call.seconds for call in calls)
        rows.append(row(f"{count} short", seconds, _cost(scratch / f"{count}-calls"), fixed))
        print(rows[-1], file=sys.stderr, flush=True)
    for minutes in lengths:
        (call,) = nights.build(scratch / f"{minutes:g}-minutes", kind, 1, minutes, ("ja",))
        cost = _cost(scratch / f"{minutes:g}-minutes")
        rows.append(row(f"one of {minutes:g} min", call.seconds, cost, fixed))
        print(rows[-1], file=sys.stderr, flush=True)
    return [
        f"| {kind} | audio min | wall s | CPU s | net wall s / audio min | net CPU s / audio min | peak MB |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *rows,
    ]


def row(name: str, seconds: float, cost: Cost, fixed: Cost | None) -> str:
    """A night of so many audio seconds, what every night costs taken off; `fixed` None: it is that night."""
    minutes = seconds / 60
    net = "– | –"
    if fixed is not None:
        net = f"{(cost.wall - fixed.wall) / minutes:.2f} | {(cost.cpu - fixed.cpu) / minutes:.2f}"
    return f"| {name} | {minutes:.1f} | {cost.wall:.1f} | {cost.cpu:.1f} | {net} | {cost.peak_mb:.0f} |"


def _cost(folder: Path) -> Cost:
    """Of `qa run` over the calls in the folder, in a database that has seen the rubrics."""
    db = folder / "qa.db"
    _show_rubrics(db, folder)
    return run([*QA, "run", str(folder), "--db", str(db)], env=_environment())


def _show_rubrics(db: Path, folder: Path) -> None:
    """A night without calls: the database has then seen the rubrics, as on any night but the first."""
    (folder / "empty").mkdir()
    run([*QA, "run", str(folder / "empty"), "--db", str(db)], env=_environment())


def _startup(scratch: Path, known: int) -> list[str]:
    rows = [("qa --help", run([*QA, "--help"], env=_environment()))]
    folder = scratch / "known"
    db = write_known(folder, known)
    rows.append(("qa show CALL", run([*QA, "show", "known-00000", "--db", str(db)], env=_environment())))
    _show_rubrics(db, folder)
    skipped = run([*QA, "run", str(folder / "calls"), "--db", str(db)], env=_environment())
    rows.append((f"qa run over {known} recordings that are done", skipped))
    lines = ["| command | wall s | CPU s | peak MB |", "|---|--:|--:|--:|"]
    return lines + [f"| `{n}` | {c.wall:.2f} | {c.cpu:.2f} | {c.peak_mb:.0f} |" for n, c in rows]


def write_known(folder: Path, count: int) -> Path:
    """A folder of `count` recordings that are all heard and scored, and the database that says so."""
    calls = folder / "calls"
    calls.mkdir(parents=True)
    settings = load_settings(environ={})
    identities = speech.identities(settings)
    chosen = load_rubric(settings.rubrics["ja"])
    db = folder / "qa.db"
    with Store.open(db) as store:
        run_id = store.begin_run()
        made = _one(calls, settings)
        hearing = hearing_of(made.call, settings, identities, ("asr", "vad"))
        conversation = heard(made, "はい")
        judged = judge(annotate(conversation), chosen, hearing)
        for first in range(0, count, 200):
            batch = [_recording(calls, number) for number in range(first, min(first + 200, count))]
            store.remember(*batch)
            store.save(
                run_id,
                *(
                    Result(
                        recording,
                        dataclasses.replace(
                            conversation, call=Call(recording.path.stem), recording_id=recording.id
                        ),
                        dataclasses.replace(
                            judged.scorecard,
                            call_id=recording.path.stem,
                            receipt=dataclasses.replace(judged.scorecard.receipt, recording_id=recording.id),
                        ),
                        hearing,
                        Entry(recording.path, State.DONE, recording.id, recording.path.stem),
                        reading=judged.reading,
                        judgements=judged.judgements,
                    )
                    for recording in batch
                ),
            )
        store.finish_run(run_id, RunState.DONE, Tally(found=count, scored=count))
    return db


def _one(calls: Path, settings: Settings) -> Task:
    return Task(_recording(calls, 0), Call("known-00000"))


def _recording(calls: Path, number: int) -> Recording:
    """A file that nobody will open: its size and time are what was noted."""
    path = calls / f"known-{number:05}.wav"
    path.write_bytes(b"0" * 64)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return Recording(f"{number:064x}", path, 64, float(LONG_AGO))


def _environment() -> dict[str, str]:
    return {**os.environ, "QA_MIN_AGE": "0", "QA_DEVICE": "cpu"}


if __name__ == "__main__":
    main()
