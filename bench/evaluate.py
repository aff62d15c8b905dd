"""The goals and where we stand: development and held-out part side by side, with 95 % intervals.

    python -m bench.evaluate DEV_DB DEV_REFS HELD_DB HELD_REFS [--phantoms DB REFS] [--anew]
                             [--config FILE] [--out bench/EVAL.md]

Rules are written on the development part; only the held-out figures are quoted. Each figure is marked as
reached (✓) or not (✗) against its goal; `–` where the references do not allow it. Below: where the wrong
outcomes come from (`qa evaluate --oracle`). With `--anew`, turns, events and scores are made again by today's
code and rubrics from the words, speakers and roles that were stored; nothing is heard again.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa import settings
from qa.batch import Rebuilding
from qa.evaluate import (
    CallScore,
    Evaluation,
    Oracle,
    Reference,
    Remedy,
    Result,
    evaluate,
    figures,
    load_references,
    remedies,
)
from qa.evaluate.bootstrap import Estimate
from qa.settings import Settings
from qa.store import Store

SEPARATIONS = ("stereo", "mono")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must be, in stereo and in mono."""

    figure: str
    stereo: float
    mono: float
    at_least: bool = True
    percent: bool = False

    def of(self, separation: str) -> float:
        """The goal for `stereo` or `mono`."""
        return self.stereo if separation == "stereo" else self.mono

    def reached(self, value: float, separation: str) -> bool:
        """True if the figure is as good as that, or better."""
        goal = self.of(separation)
        return value >= goal if self.at_least else value <= goal

    def said(self, separation: str) -> str:
        """`≥ 0.97`, `≤ 8 %`."""
        return f"{'≥' if self.at_least else '≤'} {self.number(self.of(separation), short=True)}"

    def number(self, value: float, *, short: bool = False) -> str:
        """The figure as its goal is written."""
        if self.percent:
            return f"{100 * value:g} %" if short else f"{100 * value:.1f} %"
        return f"{value:g}" if short else f"{value:.3f}"


ROWS: tuple[tuple[str, tuple[Goal, ...]], ...] = (
    ("role accuracy (time)", (Goal("roles_by_time", 0.995, 0.97),)),
    ("DER, collar 0.25", (Goal("der_collar", 0.03, 0.08, at_least=False, percent=True),)),
    ("interruptions by the agent, F1", (Goal("interruptions_by_agent_f1", 0.93, 0.80),)),
    (
        "backchannel called interruption",
        (Goal("listening_called_interruption", 0.01, 0.03, at_least=False, percent=True),),
    ),
    (
        "three core criteria (`self-identification`, `no-interruption`, `empathy-before-apology`): "
        "agreement where decided",
        (Goal("core_agreement", 0.97, 0.93),),
    ),
    ("all criteria: agreement where decided; κ", (Goal("agreement", 0.93, 0.88), Goal("kappa", 0.85, 0.75))),
    ("precision of `not_met`", (Goal("not_met_precision", 0.97, 0.95),)),
    ("`needs_review`", (Goal("needs_review", 0.12, 0.22, at_least=False, percent=True),)),
)
"""The table of the issue, all but its last row."""
PHANTOMS = "phantom words on silence, ring-back, hold music, noise"
HEAD = (
    "|  | stereo: goal | development | held-out | mono: goal | development | held-out |\n"
    "|---|---|---|---|---|---|---|"
)
REMEDIES = (
    "| from the reference | calls | wrong, now right | review, now right | newly wrong | still wrong |\n"
    "|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Development or held-out: references, what is stored, how they compare."""

    truth: tuple[Reference, ...]
    stored: dict[str, Result]
    evaluation: Evaluation

    @classmethod
    def read(cls, db: Path, references: Path, anew: Rebuilding | None = None) -> Part:
        """What is stored, or what is made `anew` of it. Raises `BadReference` or `StoreError`."""
        truth = load_references([references])
        with Store.open(db, create=False, read_only=True) as store:
            known = set(store.call_ids())
            wanted = [reference.call_id for reference in truth if reference.call_id in known]
            stored = {c.call.id: Result(c, card) for c, card in store.scored(wanted)}
        if anew is not None:
            derived = {name: anew.derive(result.conversation) for name, result in stored.items()}
            stored = {name: Result(made, anew.score(made)) for name, made in derived.items()}
        return cls(truth, stored, evaluate(truth, stored))

    def scores(self, separation: str) -> tuple[CallScore, ...]:
        """The calls with speech of one kind of recording."""
        return tuple(
            score
            for score in self.evaluation.scores
            if score.separation == separation and score.phantom_words is None
        )


def page(
    development: Part, held_out: Part, found: Sequence[Remedy], phantoms: Part | None = None, how: str = ""
) -> str:
    """The whole of bench/EVAL.md. `how`: what is to be said of how it was made."""
    today = datetime.date.today().isoformat()
    parts = (development, held_out)
    counts = "; ".join(
        f"{name}: {len(part.scores('stereo'))} stereo and {len(part.scores('mono'))} mono calls"
        + (f" ({len(part.evaluation.missing)} without a result)" if part.evaluation.missing else "")
        for name, part in (("development", development), ("held-out", held_out))
    )
    lines = [
        "# How right are we",
        "",
        f"Written by `python -m bench.evaluate` on {today}. {counts}.{how}",
        "In brackets: 95 % interval, calls resampled. ✓ goal reached, ✗ not. Definitions:",
        "docs/references.md.",
        "",
        HEAD,
        *(_row(label, goals, parts) for label, goals in ROWS),
        _phantoms((development, phantoms or held_out)),
        "",
        "## Where the wrong outcomes come from (held-out)",
        "",
        "One stage's output is taken from the reference and the calls are scored again. The first row is",
        "the control: nothing replaced. What stays wrong when everything is true is the rule's own.",
        "",
        REMEDIES,
        *(_remedy(remedy) for remedy in found),
    ]
    return "\n".join(lines) + "\n"


def _row(label: str, goals: Sequence[Goal], parts: Sequence[Part]) -> str:
    cells = []
    for separation in SEPARATIONS:
        cells.append("; ".join(goal.said(separation) for goal in goals))
        for part in parts:
            estimates = figures(part.scores(separation))
            cells.append("; ".join(cell(goal, estimates.get(goal.figure), separation) for goal in goals))
    return f"| {label} | {' | '.join(cells)} |"


def cell(goal: Goal, found: Estimate | None, separation: str) -> str:
    """`0.981 (0.962–0.994) ✓`."""
    if found is None or found.value is None or found.low is None or found.high is None:
        return "–"
    mark = "✓" if goal.reached(found.value, separation) else "✗"
    return f"{goal.number(found.value)} ({goal.number(found.low)}–{goal.number(found.high)}) {mark}"


def _phantoms(parts: Sequence[Part]) -> str:
    cells = []
    for separation in SEPARATIONS:
        cells.append("0")
        for part in parts:
            silent = [
                score
                for score in part.evaluation.scores
                if score.separation == separation and score.phantom_words is not None
            ]
            words = sum(score.phantom_words or 0 for score in silent)
            minutes = sum(score.duration for score in silent) / 60
            cells.append(f"{words} in {minutes:.0f} min {'✗' if words else '✓'}" if silent else "–")
    return f"| {PHANTOMS} | {' | '.join(cells)} |"


def _remedy(remedy: Remedy) -> str:
    cells = (
        f"{remedy.separation}: {remedy.oracle}",
        f"{remedy.calls}",
        f"{remedy.wrong_righted} of {remedy.wrong}",
        f"{remedy.undecided_righted} of {remedy.undecided}",
        f"{remedy.newly_wrong}",
        f"{remedy.still_wrong}",
    )
    return f"| {' | '.join(cells)} |"


def limits(part: Part, config: Settings) -> tuple[Remedy, ...]:
    """Every oracle over a part."""
    return remedies(part.truth, part.stored, list(Oracle), Rebuilding(config))


def _anew(references: Path, config: Settings) -> Rebuilding:
    """With the part's own settings, if they lie beside its references."""
    own = references / "qa.toml"
    return Rebuilding(settings.load(own, {}) if own.exists() else config)


def main() -> None:
    """Read both parts, print the page, write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("dev_db", "dev_refs", "held_db", "held_refs"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--config", type=Path, default=None, help="the qa.toml that the calls were run with")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("EVAL.md"))
    parser.add_argument(
        "--phantoms", type=Path, nargs=2, metavar=("DB", "REFS"), help="recordings without speech"
    )
    parser.add_argument("--anew", action="store_true", help="events and scores by today's code and rubrics")
    given = parser.parse_args()
    config = settings.load(given.config, {})
    development, held_out = (
        Part.read(db, refs, _anew(refs, config) if given.anew else None)
        for db, refs in ((given.dev_db, given.dev_refs), (given.held_db, given.held_refs))
    )
    phantoms = Part.read(*given.phantoms) if given.phantoms else None
    how = " Events and scores made again from what was stored." if given.anew else ""
    text = page(development, held_out, limits(held_out, config), phantoms, how)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
