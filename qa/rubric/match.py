"""Finding phrases in what was said: by sound, with a tolerance that grows with length.

An anchor literal is found first (a piece of it by `qa.rubric.seeds`, the rest by edit distance), then
its neighbours, gaps and slots are fitted to the left and right within the same passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from qa.rubric import forms, slots
from qa.rubric.annotate import BREAK, Voice
from qa.rubric.compiled import Literal, Pattern
from qa.rubric.seeds import Seeds

GAP_SOUNDS = {"ja": 16, "en": 24}
"""Sounds that `…` may stand for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found: tokens `first` to `last` inclusive of a voice."""

    first: int
    last: int
    edits: int
    length: int
    form: int
    trust: float
    """How well the slots are filled, 0 to 1; 1 without slots."""
    slots: tuple[tuple[str, int, int], ...] = ()
    """(kind, first token, last token) of each slot."""

    @property
    def likeness(self) -> float:
        """Share of the pattern's sounds that are as they should be."""
        return 1.0 - self.edits / self.length if self.length else 0.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Offsets into the sound, and differences."""

    start: int
    end: int
    edits: int


@dataclass(frozen=True, slots=True)
class Search:
    """One voice, looked through for the pieces of many phrases; remembers what several of them ask."""

    voice: Voice
    code: str
    filler: slots.Filler
    seeds: Seeds
    _anchored: dict[int, list[_Place]] = field(default_factory=dict)
    _near: dict[tuple[int, int, int, int, bool], _Place | None] = field(default_factory=dict)

    def find(self, patterns: Iterable[Pattern]) -> list[Hit]:
        """All places of these patterns, best first where they overlap, then in time order."""
        hits: list[Hit] = []
        for pattern in patterns:
            anchor = pattern.parts[pattern.anchor]
            assert isinstance(anchor, Literal)
            places = self._anchored.get(id(anchor))
            if places is None:  # forms share literals, and equal ones are one object
                places = list(_occurrences(anchor, self, 0, len(self.voice.sound)))
                self._anchored[id(anchor)] = places
            for place in places:
                hit = _fit(pattern, place, self)
                if hit is not None:
                    hits.append(hit)
        return best(hits)

    def nearest(self, literal: Literal, at: int, limit: int, room: int, *, forward: bool) -> _Place | None:
        """The occurrence of `literal` closest to `at`, at most `room` sounds away."""
        key = (id(literal), at, limit, room, forward)
        if key not in self._near:
            self._near[key] = _nearest(literal, self, at, limit, room, forward=forward)
        return self._near[key]


def best(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits the surest (then longest, then earliest) one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-h.likeness * h.trust, -h.length, h.first, h.last, h.form)):
        if all(hit.last < other.first or other.last < hit.first for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.first, h.last))


def _fit(pattern: Pattern, place: _Place, search: Search) -> Hit | None:
    """The whole pattern around its anchor, or None."""
    voice = search.voice
    low, high = passage_around(voice, place.start)
    right = _walk(pattern.parts[pattern.anchor + 1 :], place.end, high, search, forward=True)
    if right is None:
        return None
    left = _walk(pattern.parts[: pattern.anchor][::-1], place.start, low, search, forward=False)
    if left is None:
        return None
    start, end = min(left.at, place.start), max(right.at, place.end)
    first, last = voice.token_at(start), voice.token_at(max(start, end - 1))
    if pattern.opens_turn and not _opens(voice, first):
        return None
    edits = place.edits + left.edits + right.edits
    trust = min(left.trust, right.trust)
    return Hit(first, last, edits, pattern.length, pattern.form, trust, (*left.slots, *right.slots))


def _opens(voice: Voice, first: int) -> bool:
    """True if only interjections stand before this token in its turn."""
    before = first - 1
    while before >= 0 and voice.turn[before] == voice.turn[first]:
        if voice.pos[before] not in ("interjection", "conjunction"):
            return False
        before -= 1
    return True


def passage_around(voice: Voice, offset: int) -> tuple[int, int]:
    """Start and end offset of the passage around `offset`."""
    low = voice.sound.rfind(BREAK, 0, offset) + 1
    high = voice.sound.find(BREAK, offset)
    return low, high if high >= 0 else len(voice.sound)


@dataclass(frozen=True, slots=True)
class _Walked:
    at: int
    edits: int = 0
    trust: float = 1.0
    slots: tuple[tuple[str, int, int], ...] = ()


def _walk(
    parts: tuple[Literal | forms.Gap | forms.Slot, ...],
    at: int,
    limit: int,
    search: Search,
    *,
    forward: bool,
) -> _Walked | None:
    """Fit `parts`, nearest first, from offset `at` towards `limit`."""
    walked = _Walked(at)
    pending: forms.Gap | forms.Slot | None = None
    for part in parts:
        if not isinstance(part, Literal):
            pending = part
            continue
        room = 2 if pending is None else GAP_SOUNDS[search.code]
        if isinstance(pending, forms.Slot):
            room = 2 * GAP_SOUNDS[search.code]
        place = search.nearest(part, walked.at, limit, room, forward=forward)
        if place is None:
            return None
        near, far = (place.start, place.end) if forward else (place.end, place.start)
        step = _Walked(far, walked.edits + place.edits, walked.trust, walked.slots)
        if isinstance(pending, forms.Slot):
            low, high = sorted((walked.at, near))
            filled = _between(pending, search.voice, low, high, search.filler)
            if filled is None:
                return None
            step = _Walked(far, step.edits, min(step.trust, filled[0]), (*step.slots, filled[1]))
        walked, pending = step, None
    if isinstance(pending, forms.Slot):
        return _open_end(pending, walked, limit, search.voice, search.filler, forward=forward)
    return walked


def _between(
    slot: forms.Slot, voice: Voice, start: int, end: int, filler: slots.Filler
) -> tuple[float, tuple[str, int, int]] | None:
    """The slot filled with exactly the tokens between two offsets."""
    if end - start < 1:
        return None
    first, last = _token_from(voice, start), voice.token_at(end - 1)
    if first > last:
        return None
    trust = filler.trust(slot.kind, voice, first, last)
    return (trust, (slot.kind, first, last)) if trust > 0 else None


def _open_end(
    slot: forms.Slot, walked: _Walked, limit: int, voice: Voice, filler: slots.Filler, *, forward: bool
) -> _Walked | None:
    """The slot at the pattern's end: the most trusted one to five tokens beside what was found."""
    best: tuple[float, int, int] | None = None
    for count in range(1, 6):
        if forward:
            first = _token_from(voice, walked.at)
            last = first + count - 1
            if last >= len(voice.sound_at) or voice.sound_at[last] >= limit:
                break
        else:
            last = voice.token_at(walked.at - 1)
            first = last - count + 1
            if walked.at <= limit or first < 0 or voice.sound_at[first] < limit:
                break
        trust = filler.trust(slot.kind, voice, first, last)
        if trust > 0 and (best is None or trust > best[0]):
            best = (trust, first, last)
    if best is None:
        return None
    trust, first, last = best
    at = voice.sound_at[last] + len(voice.reading[last]) if forward else voice.sound_at[first]
    return _Walked(at, walked.edits, min(walked.trust, trust), (*walked.slots, (slot.kind, first, last)))


def _token_from(voice: Voice, offset: int) -> int:
    """The first token that begins at or after `offset`; the one inside it if it began before."""
    while offset < len(voice.sound) and voice.sound[offset] == " ":
        offset += 1
    return voice.token_at(offset)


def _nearest(
    literal: Literal, search: Search, at: int, limit: int, room: int, *, forward: bool
) -> _Place | None:
    reach = room + len(literal.sound) + literal.edits
    low, high = (at, min(limit, at + reach)) if forward else (max(limit, at - reach), at)
    places = list(_occurrences(literal, search, low, high))
    if not places:
        return None
    return min(places, key=lambda p: (p.edits, p.start if forward else -p.end))


def _occurrences(literal: Literal, search: Search, low: int, high: int) -> Iterator[_Place]:
    """Places of a literal between two offsets: each the best of those that share a seed."""
    tried: set[int] = set()
    seen: set[tuple[int, int]] = set()
    for start, at, end in search.seeds.of.get(id(literal), ()):
        if at < low or end > high or start in tried:
            continue
        tried.add(start)
        place = _verify(literal, search.voice, start, low, high, search.code)
        if place is not None and (place.start, place.end) not in seen:
            seen.add((place.start, place.end))
            yield place


def _verify(literal: Literal, voice: Voice, start: int, low: int, high: int, code: str) -> _Place | None:
    """The best alignment of the literal near `start`, if it is good enough."""
    sound, wanted = voice.sound, literal.sound
    if start >= low and sound.startswith(wanted, start) and start + len(wanted) <= high:
        exact = _Place(start, start + len(wanted), 0)
        if _stands(literal, voice, exact, code):
            return _with_tail(literal, voice, exact)
    if not literal.edits:
        return None
    best = _closest(literal, voice, start, low, high, code)
    return _with_tail(literal, voice, best) if best is not None else None


def _closest(literal: Literal, voice: Voice, start: int, low: int, high: int, code: str) -> _Place | None:
    """The window around `start` with the fewest differences; of equal ones the first."""
    sound, wanted = voice.sound, literal.sound
    best: _Place | None = None
    for begin in range(max(low, start - literal.edits), start + literal.edits + 1):
        for length in range(len(wanted) - literal.edits, len(wanted) + literal.edits + 1):
            end = begin + length
            if begin < 0 or end > high or BREAK in sound[begin:end]:
                continue
            limit = literal.edits if best is None else best.edits - 1
            if limit < 0:
                break
            edits = Levenshtein.distance(wanted, sound[begin:end], score_cutoff=limit)
            if edits <= limit:
                place = _Place(begin, end, edits)
                if _stands(literal, voice, place, code):
                    best = place
    return best


def _stands(literal: Literal, voice: Voice, place: _Place, code: str) -> bool:
    """True if the place begins and ends where it may, and its tail follows."""
    if literal.tail is not None and literal.tail.match(voice.sound, place.end) is None:
        return False
    if not literal.bounded:
        return True
    if code == "en":
        sound = voice.sound
        starts = place.start == 0 or sound[place.start - 1] in " \n"
        ends = literal.tail is not None or place.end == len(sound) or sound[place.end] in " \n"
        return starts and ends and sound[place.start : place.start + 1] != " " and sound[place.end - 1] != " "
    if voice.sound_at[voice.token_at(place.start)] == place.start:
        return True
    # The last part of a longer word (お客様センター) is a word of its own, if it is not a scrap.
    after = voice.token_at(place.end) if place.end < len(voice.sound) else None
    return len(literal.sound) >= 4 and (after is None or voice.sound_at[after] == place.end)


def _with_tail(literal: Literal, voice: Voice, place: _Place) -> _Place:
    if literal.tail is None:
        return place
    tail = literal.tail.match(voice.sound, place.end)
    return _Place(place.start, tail.end(), place.edits) if tail else place
