"""The page of `qa evaluate --html`: one file that needs nothing else, the calls with most wrong first."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from qa.evaluate.bootstrap import Estimate
from qa.evaluate.confusion import Confusion
from qa.evaluate.difference import Row, differences
from qa.evaluate.evaluate import Evaluation
from qa.evaluate.figures import FIGURES, figures
from qa.evaluate.lanes import PIXELS, Timelines, timelines
from qa.evaluate.page_words import OUTCOMES, ROLES, WORDS
from qa.evaluate.reference import Reference
from qa.evaluate.score import CallScore, Result, Verdict
from qa.model import Outcome

EMBEDDED = 600_000
"""Bytes up to which a recording is put into the page itself."""
ALL_EMBEDDED = 24_000_000
"""Bytes of all embedded recordings together; those of the worst calls come first."""
TYPES: Mapping[str, str] = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
    ".flac": "audio/flac",
}
"""What a browser plays."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Where the page finds a call's recording."""

    source: str
    """A data: URL, or a link relative to the page."""
    name: str
    embedded: bool
    playable: bool


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of one call, or of all."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CallView:
    """One call on the page."""

    score: CallScore
    wrong: tuple[Verdict, ...]
    review: tuple[Verdict, ...]
    numbers: tuple[Number, ...]
    drawn: Timelines
    rows: tuple[Row, ...]
    sound: Sound | None


@dataclass(frozen=True, slots=True)
class Table:
    """The pooled figures: one column a group."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the template is given."""

    language: str
    pooled: Table
    calls: tuple[CallView, ...]
    missing: tuple[str, ...]

    def say(self, name: str) -> str:
        """A word of the page."""
        return WORDS[name].text(self.language)

    def outcome(self, outcome: Outcome) -> str:
        """An outcome for people."""
        return OUTCOMES[outcome].text(self.language)

    def role(self, role: str) -> str:
        """A role for people."""
        return ROLES[role].text(self.language)


def write_page(
    file: Path,
    evaluation: Evaluation,
    truth: Sequence[Reference],
    stored: Mapping[str, Result],
    recordings: Mapping[str, Path],
    language: str,
) -> None:
    """Write the page. `recordings`: call id → file, as far as the files are there."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    references = {reference.call_id: reference for reference in truth}
    ordered = sorted(evaluation.scores, key=_worst_first)
    views, left = [], ALL_EMBEDDED
    for score in ordered:
        sound = sound_of(recordings.get(score.call_id), file, left)
        left -= len(sound.source) if sound and sound.embedded else 0
        views.append(_view(score, references[score.call_id], stored[score.call_id], sound, language))
    page = Page(language, _pooled(evaluation, language), tuple(views), evaluation.missing)
    environment = Environment(
        loader=PackageLoader("qa.evaluate"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["clock"] = clock
    text = environment.get_template("evaluation.html").render(page=page, pixels=PIXELS)
    file.write_text(text, encoding="utf-8")


def clock(seconds: float) -> str:
    """`1:05.3` for 65.3 seconds."""
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def sound_of(recording: Path | None, page: Path, left: int) -> Sound | None:
    """Embedded if the file is small and playable, else linked from where the page lies."""
    if recording is None or not recording.is_file():
        return None
    kind = TYPES.get(recording.suffix.lower())
    if kind and recording.stat().st_size <= min(EMBEDDED, left):
        data = base64.b64encode(recording.read_bytes()).decode("ascii")
        return Sound(f"data:{kind};base64,{data}", recording.name, True, True)
    return Sound(_link(recording, page), recording.name, False, kind is not None)


def _link(recording: Path, page: Path) -> str:
    """Relative, with steps up where needed; percent-encoded."""
    return quote(Path(os.path.relpath(recording.resolve(), page.resolve().parent)).as_posix())


def _worst_first(score: CallScore) -> tuple[int, int, str]:
    undecided = sum(verdict.undecided for verdict in score.verdicts)
    return -len(score.wrong), -undecided, score.call_id


def _view(
    score: CallScore, reference: Reference, result: Result, sound: Sound | None, language: str
) -> CallView:
    return CallView(
        score=score,
        wrong=score.wrong,
        review=tuple(verdict for verdict in score.verdicts if verdict.undecided),
        numbers=_numbers(score, language),
        drawn=timelines(reference, result.conversation, score.wrong),
        rows=differences(reference, result.conversation),
        sound=sound,
    )


def _numbers(score: CallScore, language: str) -> tuple[Number, ...]:
    found = []
    for figure in FIGURES:
        counts = figure.of(score)
        value = None if counts is None or isinstance(counts, Confusion) else counts.value
        if value is not None:
            found.append(Number(figure.label.text(language).strip("　 "), f"{value:.3f}"))
    return tuple(found)


def _pooled(evaluation: Evaluation, language: str) -> Table:
    groups = evaluation.groups
    found = [figures(group.scores) for group in groups]
    heads = []
    for group in groups:
        name = WORDS[group.separation].text(language)
        spoken = f" {WORDS[group.language].text(language)}" if group.language else ""
        heads.append(f"{name}{spoken} ({len(group.scores)})")
    rows = [
        (figure.label.text(language), tuple(_interval(estimates.get(figure.id)) for estimates in found))
        for figure in FIGURES
        if any(figure.id in estimates for estimates in found)
    ]
    return Table(tuple(heads), tuple(rows))


def _interval(found: Estimate | None) -> str:
    if found is None:
        return ""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{found.value:.3f} ({found.low:.3f}–{found.high:.3f})"
