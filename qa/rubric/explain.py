"""A criterion in words, from its own file: what it means, how it is checked, traps, examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.errors import RubricError
from qa.rubric import schema
from qa.rubric.load import load
from qa.rubric.marked import nearest
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
        "not": "含めない言い方",
    },
    "en": {
        "points": "Points",
        "critical": "critical",
        "bonus": "bonus only",
        "off": "switched off",
        "applies": "Applies when",
        "check": "Check",
        "traps": "Watch out",
        "examples": "Examples",
        "phrases": "Phrases",
        "not": "not counted",
    },
}


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
    label = _LABELS["ja" if language == "ja" else "en"]
    yield f"{criterion.id}: {_text(criterion.title, language)}"
    yield _text(criterion.meaning, language)
    yield ""
    notes = [label[name] for name in ("critical", "bonus") if getattr(criterion, name)]
    notes += [] if criterion.enabled else [label["off"]]
    yield f"{label['points']}: {criterion.points:g}" + "".join(f", {note}" for note in notes)
    if criterion.applies_when is not None:
        yield f"{label['applies']}: {describe(criterion.applies_when)}"
    yield f"{label['check']}: {describe(criterion.check)}"
    if criterion.traps:
        yield f"{label['traps']}:"
        yield from (f"  - {_text(trap, language)}" for trap in criterion.traps)
    yield from _phrases(rubric, criterion, label)
    yield f"{label['examples']}:"
    for example in criterion.examples:
        note = f" ({example.note})" if example.note else ""
        yield f"  {example.expect}{note}"
        yield from (f"    {line}" for line in example.dialogue)


def _phrases(rubric: Rubric, criterion: schema.Criterion, label: dict[str, str]) -> Iterator[str]:
    names = list(dict.fromkeys(_lists(criterion.model_dump(by_alias=True, exclude={"examples"}))))
    for code, lists in rubric.phrases.items():
        for name in names:
            if name in lists:
                written = lists[name]
                yield f"{label['phrases']} {name} ({code}):"
                yield from (f"  {form}" for form in written.forms)
                yield from (f"  ({label['not']}) {form}" for form in written.near_misses)


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


def describe(check: schema.Part) -> str:
    """A check on one line, as the file says it and without the defaults."""
    return _flat(check.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _flat(node: Any) -> str:
    if isinstance(node, dict):
        return ", ".join(
            f"{key} ({_flat(v)})" if _deep(v) else f"{key} {_flat(v)}" for key, v in node.items()
        )
    if isinstance(node, list):
        return "; ".join(_flat(item) for item in node)
    return str(node)


def _deep(node: Any) -> bool:
    return isinstance(node, dict) or (isinstance(node, list) and any(isinstance(v, dict) for v in node))


def _text(text: schema.Text, language: str) -> str:
    return text.ja if language == "ja" else text.en
