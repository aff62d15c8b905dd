"""Where the literals of a segment stand in a voice, exactly or with a few differences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa.rubric.phrases.annotate import BREAK, Voice
from qa.rubric.phrases.compiled import Literal, Segment
from qa.rubric.phrases.seeds import Seeds

_MOST_EDITS = 4
"""Of any literal (see `qa.rubric.phrases.compiled.allowed_edits`)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A literal found: offsets into the sound, and differences."""

    literal: int
    """Its number in its segment."""
    length: int
    """Its sounds."""
    start: int
    stem: int
    """Where its sounds end and its tail begins."""
    end: int
    edits: int

    @property
    def likeness(self) -> float:
        """Share of its sounds that are as they should be."""
        return 1.0 - self.edits / self.length


def passage_around(voice: Voice, offset: int) -> tuple[int, int]:
    """Start and end offset of the passage around `offset`."""
    low = voice.sound.rfind(BREAK, 0, offset) + 1
    high = voice.sound.find(BREAK, offset)
    return low, high if high >= 0 else len(voice.sound)


class Places:
    """The places in one voice; remembers what was asked."""

    def __init__(self, voice: Voice, code: str, seeds: Seeds) -> None:
        self._voice, self._code, self._seeds = voice, code, seeds
        self._whole: dict[int, list[Place]] = {}
        self._closest: dict[tuple[int, int], Place | None] = {}

    def whole(self, segment: Segment) -> list[Place]:
        """Where all the sounds of a literal stand, in the voice's order."""
        if id(segment) not in self._whole:
            seeds = self._seeds.of.get(id(segment), ())
            placed = (self._exact(segment, start, number) for start, number, whole in seeds if whole)
            self._whole[id(segment)] = [place for place in placed if place is not None]
        return self._whole[id(segment)]

    def unlike(self, segment: Segment, known: bytes) -> Iterator[Place]:
        """Where a literal stands with differences, but not over sounds that are 1 in `known`."""
        seen: set[Place] = set()
        for start, number, whole in self._seeds.of.get(id(segment), ()):
            literal = segment.literals[number]
            sure = max(0, start + literal.edits), start + len(literal.sound) - 2 * literal.edits
            if not literal.edits or (sure[0] < sure[1] and known.find(1, *sure) >= 0):
                continue
            if whole and self._exact(segment, start, number) is not None:
                continue
            place = self._around(segment, start, number)
            if place is not None and place not in seen:
                seen.add(place)
                yield place

    def beside(self, segment: Segment, at: int, limit: int, room: int, *, forward: bool) -> Iterator[Place]:
        """The best place of each literal between `at` and `limit`, at most `room` sounds away, best first."""
        seeds = self._seeds.of.get(id(segment), ())
        low, high = (at, at + room + 3 * _MOST_EDITS) if forward else (limit, at)
        seeds = seeds[bisect_left(seeds, (low - _MOST_EDITS,)) : bisect_right(seeds, (high + 1,))]
        whole, others = [], []
        for start, number, stands in seeds:
            reach = _reach(segment.literals[number], at, limit, room, forward=forward)
            place = self._exact(segment, start, number) if stands else None
            if place is not None and _within(place, *reach):
                whole.append(place)
            elif segment.literals[number].edits:
                others.append((start, number, reach))
        best = _best_of_each(whole, forward=forward)
        yield from best
        done = {place.literal for place in best}
        left = (self._between(segment, *other) for other in others if other[1] not in done)
        yield from _best_of_each([place for place in left if place is not None], forward=forward)

    def _between(self, segment: Segment, start: int, number: int, reach: tuple[int, int]) -> Place | None:
        """The best place around `start` within reach."""
        literal = segment.literals[number]
        low, high = reach
        if not low - literal.edits <= start <= high - len(literal.sound) + 2 * literal.edits:
            return None
        place = self._around(segment, start, number)
        if place is None or _within(place, low, high):
            return place
        return _closest(literal, number, self._voice, start, low, high, self._code)

    def _exact(self, segment: Segment, start: int, number: int) -> Place | None:
        """The place that begins there, where all its sounds stand."""
        literal = segment.literals[number]
        size = len(literal.sound)
        if not self._voice.sound.startswith(literal.sound, start):
            return None  # its hash is that of another sound
        if not _stands(literal, self._voice, start, start + size, self._code):
            return None
        return _place(literal, number, self._voice, start, start + size, 0)

    def _around(self, segment: Segment, start: int, number: int) -> Place | None:
        """The best place around `start`, if it is good enough."""
        literal = segment.literals[number]
        key = (id(literal), start)
        if key not in self._closest:
            end = len(self._voice.sound)
            self._closest[key] = _closest(literal, number, self._voice, start, 0, end, self._code)
        return self._closest[key]


def _reach(literal: Literal, at: int, limit: int, room: int, *, forward: bool) -> tuple[int, int]:
    """Where a literal beside `at` must lie."""
    most = room + len(literal.sound) + literal.edits
    return (at, min(limit, at + most)) if forward else (max(limit, at - most), at)


def _within(place: Place, low: int, high: int) -> bool:
    return place.start >= low and place.stem <= high


def _best_of_each(places: list[Place], *, forward: bool) -> list[Place]:
    """The best place of each literal, best first: fewest edits in proportion, then longest, then nearest."""
    if len(places) < 2:
        return places
    best: dict[int, Place] = {}
    for place in sorted(places, key=lambda p: (p.edits, p.start if forward else -p.end)):
        best.setdefault(place.literal, place)
    return sorted(best.values(), key=lambda p: (-p.likeness, -p.length))


def _closest(
    literal: Literal, number: int, voice: Voice, start: int, low: int, high: int, code: str
) -> Place | None:
    """The window around `start` with the fewest differences; of equal ones the first.

    A piece of the literal stands where it should if the literal begins at `start`. What is put in or left out
    on its way to the window's begin and end are differences too, so both are not far off.
    """
    sound, wanted, limit = voice.sound, literal.sound, literal.edits
    best: Place | None = None
    for off in range(-literal.edits, literal.edits + 1):
        begin, most = start + off, literal.edits - abs(off)
        if begin < low:
            continue
        for end in range(start + len(wanted) - most, min(high, start + len(wanted) + most) + 1):
            heard = sound[begin:end]
            if BREAK in heard:
                break
            differ = Levenshtein.distance(wanted, heard, score_cutoff=limit)
            if differ <= limit and _stands(literal, voice, begin, end, code):
                best = _place(literal, number, voice, begin, end, differ)
                limit = differ - 1
                if limit < 0:
                    return best
    return best


def _place(literal: Literal, number: int, voice: Voice, start: int, stem: int, edits: int) -> Place:
    tail = literal.tail.match(voice.sound, stem) if literal.tail is not None else None
    return Place(number, len(literal.sound), start, stem, tail.end() if tail else stem, edits)


def _stands(literal: Literal, voice: Voice, start: int, end: int, code: str) -> bool:
    """True if a place begins and ends where it may, and its tail follows."""
    if literal.tail is not None and literal.tail.match(voice.sound, end) is None:
        return False
    if not literal.bounded:
        return True
    if code == "en":
        sound = voice.sound
        starts = start == 0 or sound[start - 1] in " \n"
        ends = literal.tail is not None or end == len(sound) or sound[end] in " \n"
        return starts and ends and sound[start : start + 1] != " " and sound[end - 1] != " "
    if literal.closed and not _ends_token(voice, end):
        return False
    if voice.sound_at[voice.token_at(start)] == start:
        return True
    # The last part of a longer word (お客様センター) is a word of its own, if it is not a scrap.
    return len(literal.sound) >= 4 and _ends_token(voice, end)


def _ends_token(voice: Voice, end: int) -> bool:
    return end >= len(voice.sound) or voice.sound_at[voice.token_at(end)] == end
