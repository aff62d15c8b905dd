"""Folders into rubrics.

support-ja/rubric.yaml               sections, criteria, anchors, flags, thresholds
support-ja/phrases/ja/empathy.yaml   a phrase list; its id is its file's name
support-ja/phrases/ja/context.yaml   words that negate and quote, for all lists
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa import language as languages
from qa.errors import RubricError
from qa.rubric import compiled, forms, references, schema
from qa.rubric.look import Lexicon
from qa.rubric.marked import Marked, nearest, read
from qa.rubric.problems import Problem, RubricProblems, validate
from qa.rubric.rubric import Rubric, event_definitions

CONTEXT = "context"
_TESTS = frozenset({"examples", "hits", "misses"})
_UNORDERED = frozenset({"criteria", "sections", "flags", "forms", "near_misses", "languages"})


def shipped() -> Mapping[str, Path]:
    """The rubrics that come with qa: name → folder."""
    package = Path(__file__).parents[1]
    root = package / "rubrics" if (package / "rubrics").is_dir() else package.parent / "rubrics"
    folders = sorted(path.parent for path in root.glob("*/rubric.yaml"))
    return {folder.name: folder for folder in folders}


def find(folder: Path | str) -> Path:
    """The folder of a rubric given as a path or as the name of a shipped one."""
    path = Path(folder)
    if (path / "rubric.yaml").is_file():
        return path
    known = shipped()
    if str(folder) in known:
        return known[str(folder)]
    if path.is_dir():
        raise RubricError(f"{path}: no rubric.yaml in this folder")
    raise RubricError(
        f"{folder}: no such folder, and no shipped rubric of that name"
        f"{nearest(str(folder), known)} (shipped: {', '.join(known) or 'none'})"
    )


def load(folder: Path | str) -> Rubric:
    """The rubric in `folder` (or the shipped one of that name), checked and compiled.

    Raises `RubricError`; a problem in a file names its line, column and the nearest valid word.
    """
    root = find(folder)
    document = read(root / "rubric.yaml")
    file = validate(schema.RubricFile, document)
    written: dict[str, dict[str, schema.PhraseList]] = {}
    lexicons: dict[str, Lexicon] = {}
    problems: list[Problem] = []
    for code in file.languages:
        lists, lexicon, wrong = _words(root / "phrases" / code, code)
        written[code], lexicons[code] = lists, lexicon
        problems += wrong
    problems += references.check(file, document, {code: set(lists) for code, lists in written.items()})
    if problems:
        raise RubricProblems(problems)
    revision = _revision(file, written, root)
    return Rubric(file.name, revision, root, file, written, lexicons, event_definitions(file.definitions))


def phrase_files(root: Path) -> list[Path]:
    """The phrase lists below a rubric's folder, context files left out."""
    return sorted(p for p in (root / "phrases").glob("*/*.yaml") if p.stem != CONTEXT)


def _words(folder: Path, code: str) -> tuple[dict[str, schema.PhraseList], Lexicon, list[Problem]]:
    lists: dict[str, schema.PhraseList] = {}
    ready: dict[str, compiled.Phrases] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.stem == CONTEXT:
            continue
        document = read(path)
        try:
            written = validate(schema.PhraseList, document)
        except RubricProblems as error:
            problems += error.problems
            continue
        if written.id != path.stem:
            mark = document.mark(("id",))
            problems.append(Problem(mark, f"the id of this file's list is {path.stem!r}, not {written.id!r}"))
        lists[written.id] = written
        patterns = _compile(document, "forms", written.forms, code, written.exact, problems)
        misses = _compile(document, "near_misses", written.near_misses, code, written.exact, problems)
        ready[written.id] = compiled.Phrases(
            written.id,
            code,
            tuple(written.forms),
            patterns,
            misses,
            written.negated == "drop",
            written.quoted == "drop",
        )
    return lists, _lexicon(folder, code, ready, problems), problems


def _lexicon(
    folder: Path, code: str, ready: Mapping[str, compiled.Phrases], problems: list[Problem]
) -> Lexicon:
    path = folder / f"{CONTEXT}.yaml"
    if not path.is_file():
        return Lexicon(code, ready)
    document = read(path)
    context = validate(schema.Context, document)
    rules = languages.get(code)

    def patterns(name: str) -> tuple[compiled.Pattern, ...]:
        return _compile(document, name, getattr(context, name), code, True, problems)

    return Lexicon(
        code,
        ready,
        patterns("negation_before"),
        patterns("negation_after"),
        patterns("quotation_after"),
        patterns("quotation_before"),
        context.reach,
        frozenset(compiled.speak(word, rules) for word in context.not_names),
        frozenset(form for word in context.not_content for form in (compiled.speak(word, rules), word)),
    )


def _compile(
    document: Marked, key: str, written: list[str], code: str, exact: bool, problems: list[Problem]
) -> tuple[compiled.Pattern, ...]:
    """The patterns of all forms that can be read; the others become problems."""
    found: list[compiled.Pattern] = []
    for index, form in enumerate(written):
        try:
            patterns = compiled.compile_patterns([form], code, exact=exact)
        except forms.FormError as error:
            problems.append(Problem(document.mark((key, index)), f"the form {form!r}: {error}"))
            continue
        found += [compiled.numbered(pattern, index) for pattern in patterns]
    return tuple(found)


def _revision(
    file: schema.RubricFile, lists: Mapping[str, Mapping[str, schema.PhraseList]], root: Path
) -> str:
    """SHA-256 over what the files mean: tests, comments, defaults written out and order left aside."""
    meaning = {
        "rubric": _meaning(file.model_dump(mode="json", by_alias=True, exclude_defaults=True)),
        "phrases": {
            code: {
                name: _meaning(each.model_dump(mode="json", exclude_defaults=True))
                for name, each in of.items()
            }
            for code, of in lists.items()
        },
        "context": {
            code: _meaning(read(path).data)
            for code in lists
            if (path := root / "phrases" / code / f"{CONTEXT}.yaml").is_file()
        },
    }
    text = json.dumps(meaning, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _meaning(part: Any, key: str = "") -> Any:
    if isinstance(part, dict):
        return {k: _meaning(v, k) for k, v in part.items() if k not in _TESTS}
    if isinstance(part, list):
        items = [_meaning(item) for item in part]
        if key in _UNORDERED:
            return sorted(items, key=lambda item: json.dumps(item, ensure_ascii=False, sort_keys=True))
        return items
    return part
