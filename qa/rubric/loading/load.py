"""Folders into rubrics.

support-ja/rubric.yaml               sections, criteria, anchors, flags, thresholds
support-ja/phrases/ja/empathy.yaml   a phrase list; its id is its file's name
support-ja/phrases/ja/context.yaml   words that negate and quote, for all lists
support-ja/phrases/ja/sentences.yaml other ways to say things, by list: what is like them is left to a person

A rubric of several languages has a folder of phrases for each; lists that it does not hold itself come from
the rubric that `phrases_from` names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa import language as languages
from qa.errors import RubricError
from qa.rubric import schema
from qa.rubric.checks.judge import INSTRUCTIONS, SCHEMA
from qa.rubric.loading import references
from qa.rubric.loading.marked import Marked, nearest, read
from qa.rubric.loading.problems import Problem, RubricProblems, validate
from qa.rubric.phrases import compiled, forms
from qa.rubric.phrases.lexicon import Lexicon
from qa.rubric.phrases.resemblance import Resemblance, Sentences
from qa.rubric.rubric import Rubric, event_definitions

CONTEXT = "context"
SENTENCES = "sentences"
BESIDE = frozenset({CONTEXT, SENTENCES})
"""Files beside the phrase lists that are none."""
_TESTS = frozenset({"examples", "hits", "misses", "doubts", "phrases_from"})
_UNORDERED = frozenset({"criteria", "sections", "flags", "forms", "near_misses", "perhaps", "languages"})


def shipped() -> Mapping[str, Path]:
    """The rubrics that come with qa: name → folder."""
    package = Path(__file__).parents[2]
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
    wanted = {name for _, name in references.named_lists(document.data)}
    sources: dict[str, Sequence[Path]] = {
        code: _sources(root, code, file, document, wanted) for code in file.languages
    }
    for code, files in sources.items():
        lists, lexicon, wrong = _words(files, code)
        written[code], lexicons[code] = lists, lexicon
        problems += wrong
    problems += references.check(file, document, {code: set(lists) for code, lists in written.items()})
    if problems:
        raise RubricProblems(problems)
    revision = _revision(file, written, sources)
    definitions = event_definitions(file.definitions)
    asks = _asks(document.data)
    return Rubric(file.name, revision, root, file, written, lexicons, definitions, asks)


def files_of(folder: Path | str) -> Mapping[str, Path]:
    """Every file that decides what a rubric means: its name under the rubric → where it is."""
    root = find(folder)
    found = {str(path.relative_to(root)): path for path in sorted(root.rglob("*.yaml"))}
    if "phrases_from:" not in (root / "rubric.yaml").read_text(encoding="utf-8", errors="replace"):
        return found  # reading a large rubric takes a second
    document = read(root / "rubric.yaml")
    file = validate(schema.RubricFile, document)
    wanted = {name for _, name in references.named_lists(document.data)}
    for code in file.languages:
        for path in _sources(root, code, file, document, wanted):
            found.setdefault(f"phrases/{code}/{path.name}", path)
    return found


def _sources(
    root: Path, code: schema.LanguageName, file: schema.RubricFile, document: Marked, wanted: set[str]
) -> list[Path]:
    """The phrase files of a language: the rubric's own, and those it borrows. Raises `RubricProblems`."""
    found = {path.name: path for path in (root / "phrases" / code).glob("*.yaml")}
    lender = file.phrases_from.get(code)
    if lender is not None:
        known = shipped()
        beside = root / lender
        other = beside if (beside / "rubric.yaml").is_file() else known.get(lender)
        if other is None:
            told = f"no rubric {lender!r} beside this one, and none shipped{nearest(lender, known)}"
            raise RubricProblems([Problem(document.mark(("phrases_from", code)), told)])
        for path in (other / "phrases" / code).glob("*.yaml"):
            if path.stem in BESIDE or path.stem in wanted:
                found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def phrase_files(root: Path) -> list[Path]:
    """The phrase lists below a rubric's folder."""
    return sorted(p for p in (root / "phrases").glob("*/*.yaml") if p.stem not in BESIDE)


def _words(files: Sequence[Path], code: str) -> tuple[dict[str, schema.PhraseList], Lexicon, list[Problem]]:
    lists: dict[str, schema.PhraseList] = {}
    ready: dict[str, compiled.Phrases] = {}
    problems: list[Problem] = []
    context = _context(files)
    around = read(context).data if context is not None else None
    for path in files:
        if path.stem in BESIDE:
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
        perhaps = _compile(document, "perhaps", written.perhaps, code, written.exact, problems)
        ready[written.id] = compiled.Phrases(
            written.id,
            code,
            tuple(written.forms),
            patterns,
            misses,
            perhaps,
            written.negated == "drop",
            written.quoted == "drop",
            written.on_record,
            identity_of(written, code, around),
        )
    lexicon = _lexicon(context, code, ready, problems)
    return lists, replace(lexicon, resemblance=_resemblance(files, code, lists, problems)), problems


def identity_of(written: schema.PhraseList, code: str, context: Any) -> str:
    """Hash of all that a list's matches hang on; `context`: the plain data of the context file, if any."""
    meaning = written.model_dump(mode="json", exclude={*_TESTS, "meaning"})
    return _hash([code, written.id, meaning, _meaning(context)])


def examples_of(written: schema.PhraseList) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A list's hits and misses as plain text."""
    hits, misses = (
        tuple(line if isinstance(line, str) else line.text for line in lines)
        for lines in (written.hits, written.misses)
    )
    return hits, misses


def _resemblance(
    files: Sequence[Path], code: str, lists: Mapping[str, schema.PhraseList], problems: list[Problem]
) -> Resemblance | None:
    """What tells a list's examples from other sentences; None without sentences.yaml."""
    path = _beside(files, SENTENCES)
    if path is None:
        return None
    document = read(path)
    written = validate(schema.SentencesFile, document)
    known = {other.stem for other in path.parent.glob("*.yaml")} - BESIDE
    for number, group in enumerate(written.sentences):
        for key in ("of", "leave"):
            for place, name in enumerate(getattr(group, key)):
                if name not in known:
                    mark = document.mark(("sentences", number, key, place))
                    problems.append(Problem(mark, f"no phrase list {name!r} beside it{nearest(name, known)}"))
    groups = (
        Sentences(frozenset(g.of), frozenset(g.leave), tuple(g.hits), tuple(g.misses))
        for g in written.sentences
    )
    return Resemblance(code, tuple(groups), {name: examples_of(each) for name, each in lists.items()})


def _context(files: Sequence[Path]) -> Path | None:
    return _beside(files, CONTEXT)


def _beside(files: Sequence[Path], stem: str) -> Path | None:
    return next((path for path in files if path.stem == stem), None)


def _lexicon(
    path: Path | None, code: str, ready: Mapping[str, compiled.Phrases], problems: list[Problem]
) -> Lexicon:
    if path is None:
        return Lexicon(code, ready)
    document = read(path)
    context = validate(schema.Context, document)
    rules = languages.get(code)
    identity = _hash([code, _meaning(document.data)])

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
        identity,
    )


def _compile(
    document: Marked, key: str, written: list[str], code: str, exact: bool, problems: list[Problem]
) -> tuple[compiled.Pattern, ...]:
    """The patterns of all forms that can be read; the others become problems."""
    found: list[compiled.Pattern] = []
    for index, form in enumerate(written):
        try:
            found += compiled.compile_form(form, index, code, exact=exact)
        except forms.FormError as error:
            problems.append(Problem(document.mark((key, index)), f"the form {form!r}: {error}"))
    return tuple(found)


def _revision(
    file: schema.RubricFile,
    lists: Mapping[str, Mapping[str, schema.PhraseList]],
    sources: Mapping[str, Sequence[Path]],
) -> str:
    """SHA-256 over what the files mean: tests, comments, defaults written out and order left aside."""
    meaning: dict[str, Any] = {
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
            for code, files in sources.items()
            if (path := _context(files)) is not None
        },
    }
    sentences = {
        code: [read(path).data, {name: examples_of(each) for name, each in lists[code].items()}]
        for code, files in sources.items()
        if (path := _beside(files, SENTENCES)) is not None
    }
    if sentences:  # then examples decide too
        meaning["sentences"] = sentences
    if _asks(meaning["rubric"]):
        meaning["judge"] = [INSTRUCTIONS, SCHEMA]
    return _hash(meaning)


def _asks(part: Any) -> bool:
    """True if a judge is asked somewhere in it."""
    if isinstance(part, dict):
        return "judge" in part or any(map(_asks, part.values()))
    return isinstance(part, list) and any(map(_asks, part))


def _hash(meaning: Any) -> str:
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
