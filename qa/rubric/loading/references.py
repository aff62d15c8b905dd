"""Do the names in a rubric mean something? Sections, phrase lists, anchors, words in reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qa.rubric import schema
from qa.rubric.checks.reasons import WORDS, unknown_words
from qa.rubric.loading.marked import Marked, Path_, nearest
from qa.rubric.loading.problems import Problem

_LISTS = frozenset({"phrases", "said", "answered_by", "before", "broken_by"})
_ANCHORS = frozenset({"after", "before", "inside", "anchor"})


def check(file: schema.RubricFile, document: Marked, lists: Mapping[str, set[str]]) -> list[Problem]:
    """Every name that points nowhere, and every id that is there twice."""
    problems = [
        *_twice(document, "sections", [s.id for s in file.sections]),
        *_twice(document, "criteria", [c.id for c in file.criteria]),
        *_twice(document, "flags", [f.id for f in file.flags]),
        *_sections(file, document),
        *_templates(file, document),
    ]
    for path, name in named_lists(document.data):
        for code, known in lists.items():
            if name not in known:
                message = f"no phrase list {name!r} in phrases/{code}{nearest(name, known)}"
                problems.append(Problem(document.mark(path), message))
    for path, name in _named_anchors(document.data, ()):
        if name not in file.anchors:
            message = f"no anchor {name!r}{nearest(name, file.anchors)}"
            problems.append(Problem(document.mark(path), message))
    return problems


def _twice(document: Marked, key: str, ids: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(ids):
        if name in ids[:index]:
            first = document.mark((key, ids.index(name), "id"))
            yield Problem(
                document.mark((key, index, "id")), f"{name!r} is there twice; the first is at {first}"
            )


def _sections(file: schema.RubricFile, document: Marked) -> Iterator[Problem]:
    known = [section.id for section in file.sections]
    for index, criterion in enumerate(file.criteria):
        if criterion.section not in known:
            mark = document.mark(("criteria", index, "section"))
            yield Problem(mark, f"no section {criterion.section!r}{nearest(criterion.section, known)}")


def _templates(file: schema.RubricFile, document: Marked) -> Iterator[Problem]:
    for index, criterion in enumerate(file.criteria):
        for outcome, text in criterion.reasons.model_dump(exclude_none=True).items():
            for language, template in text.items():
                for word in unknown_words(template):
                    mark = document.mark(("criteria", index, "reasons", outcome, language))
                    listed = ", ".join(sorted(WORDS))
                    yield Problem(
                        mark, f"nothing fills {{{word}}}{nearest(word, WORDS)} (there are {listed})"
                    )


def named_lists(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every phrase list that a part of the file names."""
    for key, value, here in _children(node, path):
        if key in _LISTS and (key != "before" or path[-1:] == ("reflection",)):
            yield from _names(value, here)
        yield from named_lists(value, here)


def _names(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _names(item, (*path, index))


def _named_anchors(node: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    for key, value, here in _children(node, path):
        if key in _ANCHORS and isinstance(value, str) and (key == "anchor" or path[-1:] == ("where",)):
            yield here, value
        yield from _named_anchors(value, here)


def _children(node: Any, path: Path_) -> Iterator[tuple[str | int, Any, Path_]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value, (*path, key)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield index, value, (*path, index)
