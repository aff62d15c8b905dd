"""What criteria, sections and flags are called, in the viewer's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qa.model import Message
from qa.rubric.schema import RubricFile

OWN_FLAGS: Mapping[str, Message] = MappingProxyType(
    {
        "low-score": Message("低い点数", "Low score"),
        "critical-failure": Message("重大項目の未達", "Critical criterion failed"),
        "low-coverage": Message("判定できた項目が少ない", "Little could be decided"),
        "poor-audio": Message("音質が悪い", "Poor audio"),
        "agent-unidentified": Message("担当者が不明", "Agent not identified"),
        "busy-hour": Message("混雑時間帯", "Busy hour"),
        "listen-to-a-good-one": Message("よい通話", "A good one to hear"),
    }
)
"""The flags that every rubric has."""


@dataclass(frozen=True, slots=True)
class Names:
    """Id → name. An id that is not known is its own name."""

    criteria: Mapping[str, str]
    sections: Mapping[str, str]
    flags: Mapping[str, str]
    meanings: Mapping[str, str]
    """Criterion → what it means."""

    def criterion(self, id: str) -> str:
        """Of a criterion."""
        return self.criteria.get(id, id)

    def section(self, id: str) -> str:
        """Of a section."""
        return self.sections.get(id, id)

    def flag(self, id: str) -> str:
        """Of a flag."""
        return self.flags.get(id, id)


def names_of(files: tuple[RubricFile, ...], language: str) -> Names:
    """The names in these rubrics; where two rubrics differ, the later one's."""

    def said(text: object) -> str:
        return str(getattr(text, language))

    return Names(
        {c.id: said(c.title) for file in files for c in file.criteria},
        {s.id: said(s.title) for file in files for s in file.sections},
        {id: title.text(language) for id, title in OWN_FLAGS.items()}
        | {f.id: said(f.title) for file in files for f in file.flags},
        {c.id: said(c.meaning) for file in files for c in file.criteria},
    )
