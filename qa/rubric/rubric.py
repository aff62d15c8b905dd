"""A rubric, loaded: frozen, checked, its words compiled."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.model import EventDefinitions
from qa.rubric import schema
from qa.rubric.phrases.lexicon import Lexicon

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-龥々]")


@dataclass(frozen=True, slots=True)
class Keys:
    """Under what judgements are kept: hashes of all that they hang on besides the conversation."""

    criteria: tuple[str, ...]
    """Of `Rubric.criteria`, in that order."""
    flags: tuple[str, ...]
    sound: str
    """Of whether the recording is too poor."""
    asking: tuple[bool, ...]
    """True where a criterion asks a judge."""
    flags_asking: tuple[bool, ...]
    criteria_lists: tuple[frozenset[str], ...]
    """The phrase lists that a criterion hangs on."""
    flags_lists: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """Criteria, sections, anchors, flags and words. Made by `qa.rubric.loading.load`."""

    name: str
    revision: str
    """Hash of what the files mean: comments and the order of keys do not count."""
    folder: Path
    file: schema.RubricFile
    phrases: Mapping[str, Mapping[str, schema.PhraseList]]
    """language → id → phrase list, as written."""
    lexicons: Mapping[str, Lexicon]
    """language → compiled words."""
    definitions: EventDefinitions
    asks_judge: bool = False
    """True if a criterion or flag has a `judge:` check."""
    keys: dict[str, Keys] = field(default_factory=dict, init=False, compare=False, repr=False)
    """By language, as far as they were asked for (see `qa.rubric.scores.kept`)."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the calls it can score."""
        return tuple(self.file.languages)

    @property
    def criteria(self) -> tuple[schema.Criterion, ...]:
        """The criteria that are switched on, in the file's order."""
        return tuple(c for c in self.file.criteria if c.enabled)

    @property
    def identity(self) -> str:
        """`name@revision`, as receipts hold it."""
        return f"{self.name}@{self.revision}"

    def language_of(self, example: schema.Example) -> str:
        """The language of an example: as it says, or by its letters."""
        return language_of(example, self.languages)

    def criterion(self, name: str) -> schema.Criterion | None:
        """The criterion with this id, switched on or not."""
        return next((c for c in self.file.criteria if c.id == name), None)


def language_of(example: schema.Example, languages: Sequence[str]) -> str:
    """The language of an example in a rubric of these languages: as it says, or by its letters."""
    if example.language is not None or len(languages) == 1:
        return example.language or languages[0]
    return "ja" if any(_JAPANESE.search(line) for line in example.dialogue) else "en"


def event_definitions(changed: schema.Definitions) -> EventDefinitions:
    """The event definitions with what the rubric changes."""
    return dataclasses.replace(EventDefinitions(), **changed.model_dump(exclude_none=True))
