"""A rubric's criteria in words for those who are scored: title, meaning, traps, and how it can be said.

Only rubric.yaml is needed, and nothing is compiled: a page or a report has it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.model import Message, Role
from qa.rubric import schema
from qa.rubric.authoring.notation import spoken
from qa.rubric.loading.load import find
from qa.rubric.loading.marked import read
from qa.rubric.loading.problems import validate
from qa.rubric.rubric import language_of

Line = tuple[Role, str]


@dataclass(frozen=True, slots=True)
class SaidWell:
    """A short dialogue, from the rubric's own tests, in which a criterion is met."""

    language: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CriterionGuide:
    """What a criterion asks for."""

    id: str
    title: Message
    meaning: Message
    traps: tuple[Message, ...] = ()
    points: float = 0.0
    bonus: bool = False
    critical: bool = False
    said_well: tuple[SaidWell, ...] = ()

    def in_language(self, language: str) -> tuple[SaidWell, ...]:
        """The dialogues in `language`; where there are none, all."""
        return tuple(s for s in self.said_well if s.language == language) or self.said_well


@dataclass(frozen=True, slots=True)
class Guide:
    """The criteria of one rubric or several, in the files' order; of two with one id the first is taken."""

    criteria: Mapping[str, CriterionGuide] = field(default_factory=dict)
    flags: Mapping[str, Message] = field(default_factory=dict)
    """Title of each flag that the rubrics themselves define."""

    def __getitem__(self, criterion: str) -> CriterionGuide:
        """The guide to a criterion; one that no rubric has any more goes by its id."""
        found = self.criteria.get(criterion)
        return found or CriterionGuide(criterion, Message(criterion, criterion), Message("", ""))

    def title(self, criterion: str) -> Message:
        """What people call a criterion."""
        return self[criterion].title


def guide(files: Iterable[schema.RubricFile]) -> Guide:
    """The guide to these rubrics."""
    criteria: dict[str, CriterionGuide] = {}
    flags: dict[str, Message] = {}
    for file in files:
        for criterion in file.criteria:
            made = _guide(criterion, file)
            known = criteria.get(criterion.id)
            criteria[criterion.id] = made if known is None else _joined(known, made)
        for flag in file.flags:
            flags.setdefault(flag.id, _message(flag.title))
    return Guide(criteria, flags)


def read_folder(folder: Path | str) -> schema.RubricFile:
    """rubric.yaml of a folder (or of the shipped rubric of that name), not compiled. Raises `RubricError`."""
    return validate(schema.RubricFile, read(find(folder) / "rubric.yaml"))


def _guide(criterion: schema.Criterion, file: schema.RubricFile) -> CriterionGuide:
    return CriterionGuide(
        criterion.id,
        _message(criterion.title),
        _message(criterion.meaning),
        tuple(map(_message, criterion.traps)),
        criterion.points,
        criterion.bonus,
        criterion.critical,
        tuple(_said_well(criterion, file)),
    )


def _said_well(criterion: schema.Criterion, file: schema.RubricFile) -> Iterator[SaidWell]:
    """Held-out examples stay unseen: a rubric is measured on them. Those with a note are odd cases."""
    fitting = [e for e in criterion.examples if e.expect == "met" and not e.held_out]
    for example in sorted(fitting, key=lambda e: e.note is not None):
        lines = (spoken(line) for line in example.dialogue)
        yield SaidWell(language_of(example, file.languages), tuple(line for line in lines if line[1]))


def _joined(one: CriterionGuide, other: CriterionGuide) -> CriterionGuide:
    """The first rubric's words, with the dialogues of both (they are in different languages)."""
    return CriterionGuide(
        one.id,
        one.title,
        one.meaning,
        one.traps,
        one.points,
        one.bonus,
        one.critical,
        one.said_well + other.said_well,
    )


def _message(text: schema.Text) -> Message:
    return Message(text.ja, text.en)
