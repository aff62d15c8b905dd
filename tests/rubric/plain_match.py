"""Where a phrase's literals may stand, found the slow way: one search of the voice for each piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

from qa.rubric.compiled import Literal, Pattern
from qa.rubric.seeds import Seed, Seeds


def look(groups: Mapping[Hashable, Sequence[Pattern]], sound: str) -> Seeds:
    """Every seed of every literal, and every pattern: nothing is thrown away early."""
    of: defaultdict[int, list[Seed]] = defaultdict(list)
    literals = {id(p): p for patterns in groups.values() for pattern in patterns for p in pattern.parts}
    for key, literal in literals.items():
        if isinstance(literal, Literal):
            for piece, offset in literal.seeds:
                at = sound.find(piece)
                while at >= 0:
                    of[key].append((at - offset, at, at + len(piece)))
                    at = sound.find(piece, at + 1)
    return Seeds(of, groups)
