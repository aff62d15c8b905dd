"""Finding phrases in what was said: by sound, with a tolerance that grows with length.

The literals of an anchor segment are found first (a piece of each by `seeds`, the rest by edit
distance, see `places`), then the segments beside it, gaps and slots are fitted to the left and
right within the same passage. Where several literals of a segment stand, the one that is most as it should
be is taken, then the longest, then the nearest; another one only if the rest does not fit beside that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.rubric.phrases import forms, slots
from qa.rubric.phrases.annotate import Voice
from qa.rubric.phrases.compiled import Part, Pattern, Segment
from qa.rubric.phrases.places import Place, Places, passage_around
from qa.rubric.phrases.seeds import Seeds

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


@dataclass(slots=True)
class Search:
    """One voice, looked through for the pieces of many phrases."""

    voice: Voice
    code: str
    filler: slots.Filler
    seeds: Seeds
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.voice, self.code, self.seeds)

    def find(self, patterns: Sequence[Pattern]) -> list[Hit]:
        """All places of these patterns, best first where they overlap, then in time order."""
        whole = [(pattern, place) for pattern in patterns for place in self.places.whole(_anchor(pattern))]
        hits = [hit for pattern, place in whole if (hit := _fit(pattern, place, self)) is not None]
        perfect = self._sounds_of([hit for hit in hits if hit.edits == 0 and hit.trust == 1.0])
        for pattern in patterns:
            # What overlaps a perfect hit would not be kept beside it.
            for place in self.places.unlike(_anchor(pattern), perfect):
                hit = _fit(pattern, place, self)
                if hit is not None:
                    hits.append(hit)
        return best(hits)

    def _sounds_of(self, hits: Sequence[Hit]) -> bytes:
        """For each sound of the voice, 1 if one of these holds it."""
        held = bytearray(len(self.voice.sound) if hits else 0)
        for hit in hits:
            start = self.voice.sound_at[hit.first]
            end = self.voice.sound_at[hit.last] + len(self.voice.reading[hit.last])
            held[start:end] = b"\1" * (end - start)
        return bytes(held)


def _anchor(pattern: Pattern) -> Segment:
    anchor = pattern.parts[pattern.anchor]
    assert isinstance(anchor, Segment)
    return anchor


def best(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits the surest (then longest, then earliest) one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-h.likeness * h.trust, -h.length, h.first, h.last, h.form)):
        if all(hit.last < other.first or other.last < hit.first for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.first, h.last))


def _fit(pattern: Pattern, place: Place, search: Search) -> Hit | None:
    """The whole pattern around its anchor, or None."""
    voice = search.voice
    left, right = _Walked(place.start), _Walked(place.end)
    if len(pattern.parts) > 1:
        low, high = passage_around(voice, place.start)
        after = _walk(pattern.parts[pattern.anchor + 1 :], place.end, high, search, forward=True)
        if after is None:
            return None
        before = _walk(pattern.parts[: pattern.anchor][::-1], place.start, low, search, forward=False)
        if before is None:
            return None
        left, right = before, after
    start, end = min(left.at, place.start), max(right.at, place.end)
    first, last = voice.token_at(start), voice.token_at(max(start, end - 1))
    if pattern.opens_turn and not _opens(voice, first):
        return None
    edits = place.edits + left.edits + right.edits
    length = place.length + left.length + right.length
    trust = min(left.trust, right.trust)
    return Hit(first, last, edits, length, pattern.form, trust, (*left.slots, *right.slots))


def _opens(voice: Voice, first: int) -> bool:
    """True if only interjections stand before this token in its turn."""
    before = first - 1
    while before >= 0 and voice.turn[before] == voice.turn[first]:
        if voice.pos[before] not in ("interjection", "conjunction"):
            return False
        before -= 1
    return True


@dataclass(frozen=True, slots=True)
class _Walked:
    """How far some parts reach from where they begin, and how well they fit."""

    at: int
    edits: int = 0
    length: int = 0
    trust: float = 1.0
    slots: tuple[tuple[str, int, int], ...] = ()


def _walk(parts: tuple[Part, ...], at: int, limit: int, search: Search, *, forward: bool) -> _Walked | None:
    """Fit `parts`, nearest first, from offset `at` towards `limit`."""
    between: forms.Gap | forms.Slot | None = None
    for number, part in enumerate(parts):
        if not isinstance(part, Segment):
            between = part
            continue
        for place, filled in _next(part, between, at, limit, search, forward=forward):
            far = place.end if forward else place.start
            rest = _walk(parts[number + 1 :], far, limit, search, forward=forward)
            if rest is not None:
                trust, slot = filled
                return replace(
                    rest,
                    edits=place.edits + rest.edits,
                    length=place.length + rest.length,
                    trust=min(trust, rest.trust),
                    slots=(*slot, *rest.slots),
                )
        return None
    if isinstance(between, forms.Slot):
        return _open_end(between, at, limit, search.voice, search.filler, forward=forward)
    return _Walked(at)


_Filled = tuple[float, tuple[tuple[str, int, int], ...]]
_EMPTY: _Filled = (1.0, ())


def _next(
    segment: Segment,
    between: forms.Gap | forms.Slot | None,
    at: int,
    limit: int,
    search: Search,
    *,
    forward: bool,
) -> Iterator[tuple[Place, _Filled]]:
    """The places of a segment beyond what is between, best first, and how well a slot there is filled."""
    if not isinstance(between, forms.Slot):
        room = 2 if between is None else GAP_SOUNDS[search.code]
        for place in search.places.beside(segment, at, limit, room, forward=forward):
            yield place, _EMPTY
        return
    found: list[tuple[Place, _Filled]] = []
    for place in search.places.beside(segment, at, limit, 2 * GAP_SOUNDS[search.code], forward=forward):
        low, high = (at, place.start) if forward else (place.end, at)
        filled = _between(between, search.voice, low, high, search.filler)
        if filled is not None:
            found.append((place, filled))
    yield from sorted(found, key=lambda f: -f[0].likeness * f[1][0])


def _between(slot: forms.Slot, voice: Voice, start: int, end: int, filler: slots.Filler) -> _Filled | None:
    """The slot filled with exactly the tokens between two offsets."""
    if end - start < 1:
        return None
    first, last = _token_from(voice, start), voice.token_at(end - 1)
    if first > last:
        return None
    trust = filler.trust(slot.kind, voice, first, last)
    return (trust, ((slot.kind, first, last),)) if trust > 0 else None


def _open_end(
    slot: forms.Slot, at: int, limit: int, voice: Voice, filler: slots.Filler, *, forward: bool
) -> _Walked | None:
    """The slot at the pattern's end: the most trusted one to five tokens beside what was found."""
    best: tuple[float, int, int] | None = None
    for count in range(1, 6):
        if forward:
            first = _token_from(voice, at)
            last = first + count - 1
            if last >= len(voice.sound_at) or voice.sound_at[last] >= limit:
                break
        else:
            last = voice.token_at(at - 1)
            first = last - count + 1
            if at <= limit or first < 0 or voice.sound_at[first] < limit:
                break
        trust = filler.trust(slot.kind, voice, first, last)
        if trust > 0 and (best is None or trust > best[0]):
            best = (trust, first, last)
    if best is None:
        return None
    trust, first, last = best
    at = voice.sound_at[last] + len(voice.reading[last]) if forward else voice.sound_at[first]
    return _Walked(at, trust=trust, slots=((slot.kind, first, last),))


def _token_from(voice: Voice, offset: int) -> int:
    """The first token that begins at or after `offset`; the one inside it if it began before."""
    while offset < len(voice.sound) and voice.sound[offset] == " ":
        offset += 1
    return voice.token_at(offset)
