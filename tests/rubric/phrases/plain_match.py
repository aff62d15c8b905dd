"""Where a phrase's literals may stand, found the slow way: one search of the voice for each piece."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from qa.rubric.phrases.compiled import Literal, Pattern, Segment
from qa.rubric.phrases.seeds import Seed, Seeds


def look(groups: Mapping[Hashable, Sequence[Pattern]], sound: str) -> Seeds:
    """Every seed of every literal, and every pattern: nothing is thrown away early."""
    parts = [part for patterns in groups.values() for pattern in patterns for part in pattern.parts]
    segments = [part for part in parts if isinstance(part, Segment)]
    return Seeds({id(segment): _seeds(segment, sound) for segment in segments}, groups)


def _seeds(segment: Segment, sound: str) -> list[Seed]:
    found: set[Seed] = set()
    for number, literal in enumerate(segment.literals):
        for piece, offset in literal.seeds:
            at = sound.find(piece)
            while at >= 0:
                start = at - offset
                found.add((start, number, _stands_whole(literal, sound, start)))
                at = sound.find(piece, at + 1)
    return sorted(found)


def _stands_whole(literal: Literal, sound: str, start: int) -> bool:
    return start >= 0 and sound.startswith(literal.sound, start)
