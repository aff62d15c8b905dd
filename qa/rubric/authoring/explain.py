"""A criterion in words, from its own file: what it means, how it is checked, traps, examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.errors import RubricError
from qa.rubric import schema
from qa.rubric.authoring.wording import Words
from qa.rubric.loading.load import load
from qa.rubric.loading.marked import nearest
from qa.rubric.rubric import Rubric

_LABELS = {
    "ja": {
        "points": "配点",
        "critical": "重大項目",
        "bonus": "加点のみ",
        "off": "現在は無効",
        "applies": "対象",
        "check": "判定",
        "traps": "注意",
        "examples": "例",
        "phrases": "言い回し",
        "counted": "数える",
        "not": "数えない",
        "edit": "全部の言い方",
        "held": "検証用",
    },
    "en": {
        "points": "Points",
        "critical": "critical",
        "bonus": "bonus only",
        "off": "switched off",
        "applies": "Applies when",
        "check": "Met when",
        "traps": "Watch out",
        "examples": "Examples",
        "phrases": "Phrases",
        "counted": "counted",
        "not": "not counted",
        "edit": "all forms",
        "held": "held out",
    },
}
SHOWN = 5
"""Lines of a phrase list that are shown of each kind; the file has them all."""


def explain(rubric: Rubric | Path | str, criterion: str, language: str = "en") -> str:
    """A criterion's meaning, check, traps and examples as text. Raises `RubricError` naming the nearest."""
    loaded = rubric if isinstance(rubric, Rubric) else load(rubric)
    found = loaded.criterion(criterion)
    if found is None:
        known = [c.id for c in loaded.file.criteria]
        raise RubricError(
            f"{loaded.name} has no criterion {criterion!r}{nearest(criterion, known)}"
            f" (there are {', '.join(known)})"
        )
    return "\n".join(_lines(loaded, found, language))


def _lines(rubric: Rubric, criterion: schema.Criterion, language: str) -> Iterator[str]:
    label, words = _LABELS["ja" if language == "ja" else "en"], Words(language)
    yield f"{criterion.id}: {_text(criterion.title, language)}"
    yield _text(criterion.meaning, language)
    yield ""
    notes = [label[name] for name in ("critical", "bonus") if getattr(criterion, name)]
    notes += [] if criterion.enabled else [label["off"]]
    yield f"{label['points']}: {criterion.points:g}" + "".join(f", {note}" for note in notes)
    if criterion.applies_when is not None:
        yield f"{label['applies']}: {words.check(criterion.applies_when)}"
    yield f"{label['check']}: {words.check(criterion.check)}"
    if criterion.traps:
        yield ""
        yield f"{label['traps']}:"
        yield from (f"  - {_text(trap, language)}" for trap in criterion.traps)
    yield from _phrases(rubric, criterion, language)
    yield ""
    yield f"{label['examples']}:"
    # Those in the reader's own language first.
    for example in sorted(criterion.examples, key=lambda e: rubric.language_of(e) != language):
        notes = [example.note] if example.note else []
        notes += [label["held"]] if example.held_out else []
        yield f"  → {words.outcome(example.expect)}" + "".join(f" ({note})" for note in notes)
        yield from (f"      {line}" for line in example.dialogue)


def _phrases(rubric: Rubric, criterion: schema.Criterion, language: str) -> Iterator[str]:
    """What each phrase list means, and some of its own examples."""
    label = _LABELS["ja" if language == "ja" else "en"]
    names = list(dict.fromkeys(_lists(criterion.model_dump(by_alias=True, exclude={"examples"}))))
    for code, lists in rubric.phrases.items():
        for written in (lists[name] for name in names if name in lists):
            yield ""
            yield f"{label['phrases']} {written.id} ({code}): {_text(written.meaning, language)}"
            for key, lines in (("counted", written.hits), ("not", written.misses)):
                shown = [line if isinstance(line, str) else line.text for line in lines][:SHOWN]
                yield from (f"  {label[key]}: {line}" for line in shown)
            yield f"  ({label['edit']}: phrases/{code}/{written.id}.yaml)"


def _lists(node: Any) -> Iterator[str]:
    """The phrase lists that a part of a criterion names."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("phrases", "broken_by") or (key == "before" and isinstance(value, str)):
                yield from (
                    [value] if isinstance(value, str) else (v for v in value or [] if isinstance(v, str))
                )
            yield from _lists(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _lists(value)


def _text(text: schema.Text, language: str) -> str:
    return text.ja if language == "ja" else text.en
