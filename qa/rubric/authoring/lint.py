"""Is a rubric in order? Every error of loading, and whether its own tests test something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.errors import RubricError
from qa.model import Outcome
from qa.rubric import schema
from qa.rubric.authoring.notation import NotationError, conversation
from qa.rubric.loading.load import find, load, phrase_files
from qa.rubric.loading.marked import Mark, Marked, read
from qa.rubric.loading.problems import Problem, RubricProblems
from qa.rubric.rubric import Rubric

LEAST = 12
"""Hits and near-misses that a phrase list which decides points must have, in each language."""


def lint(folder: Path | str) -> tuple[Problem, ...]:
    """Everything that is wrong with the rubric in `folder`; empty if nothing is."""
    try:
        root = find(folder)
    except RubricError as error:
        return (Problem(Mark(str(folder), 1, 1), str(error)),)
    try:
        rubric = load(root)
    except RubricProblems as error:
        return error.problems
    except RubricError as error:
        return (_from_text(str(error), root),)
    document = read(root / "rubric.yaml")
    return (*_criteria(rubric, document), *_lists(rubric))


def _from_text(message: str, root: Path) -> Problem:
    """An error of the YAML reader carries its place in its text: `file:line:column: message`."""
    place, _, rest = message.partition(": ")
    file, _, position = place.partition(".yaml:")
    line, _, column = position.partition(":")
    if line.isdigit() and column.isdigit():
        return Problem(Mark(f"{file}.yaml", int(line), int(column)), rest)
    return Problem(Mark(str(root / "rubric.yaml"), 1, 1), message)


def _criteria(rubric: Rubric, document: Marked) -> Iterator[Problem]:
    for index, criterion in enumerate(rubric.file.criteria):
        mark = document.mark(("criteria", index, "id"))
        for code in rubric.languages:
            yield from _balance(
                criterion, [e for e in criterion.examples if rubric.language_of(e) == code], code, mark
            )
        for number, example in enumerate(criterion.examples):
            at = document.mark(("criteria", index, "examples", number))
            yield from _example(example, criterion, rubric, at)


def _balance(
    criterion: schema.Criterion, examples: Sequence[schema.Example], code: str, mark: Mark
) -> Iterator[Problem]:
    """A hit (met) and a near-miss (anything else that is decided) among the examples of each language."""
    expected = {example.expect for example in examples if not example.held_out}
    if "met" not in expected:
        yield Problem(mark, f"{criterion.id}: no example that is met ({code})")
    takes_points = criterion.not_met_as == "not_met" and not criterion.bonus
    if takes_points and "not_met" not in expected:
        yield Problem(mark, f"{criterion.id}: no example that is not_met ({code})")
    if not takes_points and not expected - {"met"}:
        yield Problem(mark, f"{criterion.id}: no example that is not met ({code})")


def _example(
    example: schema.Example, criterion: schema.Criterion, rubric: Rubric, mark: Mark
) -> Iterator[Problem]:
    code = rubric.language_of(example)
    if code not in rubric.languages:
        yield Problem(mark, f"{criterion.id}: {code} is not a language of this rubric")
        return
    try:
        talk = conversation(example.dialogue, code)
    except NotationError as error:
        yield Problem(mark, f"{criterion.id}: line {error.line + 1}: {error}")
        return
    if len(talk.turns) < 2:
        yield Problem(mark, f"{criterion.id}: an example of one turn asserts nothing: no verdict hangs on it")
    if example.quote is not None and Outcome(example.expect) is Outcome.NOT_APPLICABLE:
        yield Problem(mark, f"{criterion.id}: not_applicable has no evidence, so `quote` asserts nothing")
    if example.quote is not None and not any(example.quote in turn.text for turn in talk.turns):
        yield Problem(mark, f"{criterion.id}: the dialogue does not hold {example.quote!r}")


def _lists(rubric: Rubric) -> Iterator[Problem]:
    for path in phrase_files(rubric.folder):
        code = path.parent.name
        if code not in rubric.phrases:
            yield Problem(Mark(str(path), 1, 1), f"phrases/{code}: not a language of this rubric")
            continue
        written = rubric.phrases[code][path.stem]
        document = read(path)
        for key, examples in (("hits", written.hits), ("misses", written.misses)):
            yield from _enough(written, key, examples, document)
        if bool(written.perhaps) != bool(written.doubts):
            key, other = ("perhaps", "doubts") if written.perhaps else ("doubts", "perhaps")
            told = f"{written.id}: `{key}` without `{other}`: each needs the other"
            yield Problem(document.mark((key,), key=True), told)


def _enough(
    written: schema.PhraseList, key: str, examples: Sequence[str | schema.PhraseExample], document: Marked
) -> Iterator[Problem]:
    mark = document.mark((key,), key=True)
    if len(examples) < LEAST:
        yield Problem(mark, f"{written.id}: {len(examples)} {key}, at least {LEAST}")
    if not any(isinstance(example, schema.PhraseExample) and example.held_out for example in examples):
        yield Problem(mark, f"{written.id}: none of the {key} is held out (`held_out: true`)")
    seen: set[str] = set()
    for index, example in enumerate(examples):
        text = example if isinstance(example, str) else f"{example.before or ''} / {example.text}"
        if text in seen:
            yield Problem(document.mark((key, index)), f"{written.id}: this line is there twice")
        seen.add(text)
