"""A rubric's compiled words in one language, and their indexes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from qa.rubric.phrases.compiled import Pattern, Phrases
from qa.rubric.phrases.resemblance import Resemblance
from qa.rubric.phrases.seeds import Index

CONTEXT = ("negation_before", "negation_after", "quotation_after", "quotation_before")
"""Words that change what a phrase beside them means, for all lists."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A rubric's compiled words in one language."""

    code: str
    lists: Mapping[str, Phrases]
    negation_before: tuple[Pattern, ...] = ()
    negation_after: tuple[Pattern, ...] = ()
    quotation_after: tuple[Pattern, ...] = ()
    quotation_before: tuple[Pattern, ...] = ()
    reach: int = 3
    not_names: frozenset[str] = frozenset()
    not_content: frozenset[str] = frozenset()
    identity: str = ""
    """Hash of all that the words of `CONTEXT` hang on in the rubric; empty: their places are not kept."""
    resemblance: Resemblance | None = None
    """The examples of its lists, and what else is said in calls; None: there are no such sentences."""
    _indexes: dict[str | None, Index] = field(default_factory=dict, compare=False, repr=False)

    @property
    def index(self) -> Index:
        """The pieces of all its words, made when first asked for."""
        return self.index_of(None)

    def index_of(self, part: str | None) -> Index:
        """The pieces of one list's words, or (empty name) of those for all lists; None: of everything."""
        if part not in self._indexes:
            groups: dict[Hashable, Sequence[Pattern]] = {}
            for name in self.lists if part is None else [part] if part else []:
                groups[name, "forms"] = self.lists[name].patterns
                groups[name, "near_misses"] = self.lists[name].near_misses
                groups[name, "perhaps"] = self.lists[name].perhaps
            if not part:
                groups |= {kind: getattr(self, kind) for kind in CONTEXT}
            self._indexes[part] = Index(groups)
        return self._indexes[part]
