"""Two revisions of a rubric, and what changed, in words a lead understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.rubric import schema
from qa.rubric.explain import describe
from qa.rubric.load import load
from qa.rubric.rubric import Rubric


def diff(old: Rubric | Path | str, new: Rubric | Path | str) -> tuple[str, ...]:
    """One sentence a change, from `old` to `new`; empty if both mean the same."""
    before = old if isinstance(old, Rubric) else load(old)
    after = new if isinstance(new, Rubric) else load(new)
    if before.revision == after.revision and before.name == after.name:
        return ()
    return (
        *_named("criterion", before.file.criteria, after.file.criteria, _criterion),
        *_named("section", before.file.sections, after.file.sections, _fields),
        *_named("flag", before.file.flags, after.file.flags, _fields),
        *_values("threshold", before.file.thresholds, after.file.thresholds),
        *_values("event definition", before.file.definitions, after.file.definitions),
        *_anchors(before.file.anchors, after.file.anchors),
        *_phrases(before, after),
    )


def _named(kind: str, old: Sequence[Any], new: Sequence[Any], compare: Any) -> Iterator[str]:
    before, after = {part.id: part for part in old}, {part.id: part for part in new}
    for name in before.keys() - after.keys():
        yield f"{kind} {name} is gone"
    for name in sorted(after.keys() - before.keys()):
        points = getattr(after[name], "points", None)
        yield f"{kind} {name} is new" + (f" ({points:g} points)" if points is not None else "")
    for name in before:
        if name in after and before[name] != after[name]:
            yield from (f"{kind} {name}: {change}" for change in compare(before[name], after[name]))


def _criterion(old: schema.Criterion, new: schema.Criterion) -> Iterator[str]:
    if old.points != new.points:
        yield f"worth {new.points:g} points instead of {old.points:g}"
    for name in ("critical", "bonus", "enabled"):
        if getattr(old, name) != getattr(new, name):
            yield f"{name} is now {'on' if getattr(new, name) else 'off'}"
    if old.section != new.section:
        yield f"moved from section {old.section} to {new.section}"
    for name in ("check", "applies_when"):
        a, b = getattr(old, name), getattr(new, name)
        if a != b:
            yield f"{name} was “{describe(a) if a else 'always'}”, is “{describe(b) if b else 'always'}”"
    if old.not_met_as != new.not_met_as:
        yield f"a miss now counts as {new.not_met_as}"
    for name in ("title", "meaning", "reasons", "traps"):
        if getattr(old, name) != getattr(new, name):
            yield f"the words of its {name} changed"


def _fields(old: schema.Part, new: schema.Part) -> Iterator[str]:
    for name in type(old).model_fields:
        a, b = getattr(old, name), getattr(new, name)
        if a != b and name != "examples":
            yield f"{name} is {_shown(b)} instead of {_shown(a)}"


def _shown(value: Any) -> str:
    if isinstance(value, schema.Text):
        return f"“{value.en}”"
    return f"“{describe(value)}”" if isinstance(value, schema.Part) else f"{value}"


def _values(kind: str, old: schema.Part, new: schema.Part) -> Iterator[str]:
    yield from (f"{kind} {change}" for change in _fields(old, new))


def _anchors(old: Mapping[str, schema.Anchor], new: Mapping[str, schema.Anchor]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"anchor {name} is gone"
        elif name not in old:
            yield f"anchor {name} is new: {describe(new[name])}"
        elif old[name] != new[name]:
            yield f"anchor {name} was “{describe(old[name])}”, is “{describe(new[name])}”"


def _phrases(old: Rubric, new: Rubric) -> Iterator[str]:
    for code in sorted({*old.phrases, *new.phrases}):
        before, after = old.phrases.get(code, {}), new.phrases.get(code, {})
        for name in sorted({*before, *after}):
            if name not in after:
                yield f"phrase list {name} ({code}) is gone"
            elif name not in before:
                yield f"phrase list {name} ({code}) is new"
            else:
                yield from _forms(f"phrase list {name} ({code})", before[name], after[name])


def _forms(what: str, old: schema.PhraseList, new: schema.PhraseList) -> Iterator[str]:
    for key, noun in (("forms", "form"), ("near_misses", "near-miss")):
        before, after = getattr(old, key), getattr(new, key)
        yield from (f"{what}: {noun} “{form}” added" for form in after if form not in before)
        yield from (f"{what}: {noun} “{form}” removed" for form in before if form not in after)
    for key in ("exact", "negated", "quoted"):
        if getattr(old, key) != getattr(new, key):
            yield f"{what}: {key} is now {getattr(new, key)}"
