"""What is, or may be, another way to say the phrases of a list (see `resemblance`), in one call."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from qa.model import Role
from qa.rubric import schema
from qa.rubric.phrases.annotate import LIKE, Annotated, Match, Voice
from qa.rubric.phrases.resemblance import SHORTEST, Resemblance, Runs, windows


@dataclass(frozen=True, slots=True)
class _Stretch:
    """About a sentence of a turn, as numbers of tokens, and what it sounds like."""

    first: int
    last: int
    runs: Runs


@dataclass(slots=True)
class Paraphrases:
    """One conversation; remembers what it looked at."""

    annotated: Annotated
    resemblance: Resemblance
    thresholds: schema.Thresholds
    doubt: float
    """The confidence of what may be meant: a person is asked."""
    _stretches: dict[tuple[Role, int], Sequence[_Stretch]] = field(default_factory=dict)

    def in_turns(self, name: str, role: Role, turns: Iterable[int]) -> list[Match]:
        """Stretches of these turns that are like the examples of a list, in time order.

        Listening ("mm", はい) is like none.
        """
        if not self.resemblance.knows(name):
            return []
        found = self.annotated.find(self._key(name, role), role, lambda: self._find(name, role))
        chosen = frozenset(turns)
        return [replace(match, likened=True) for match in found if match.turn in chosen]

    def _key(self, name: str, role: Role) -> str:
        """All that what is like a list hangs on, role and list first (see `Annotated.find`)."""
        limits = f"{self.thresholds.alike} {self.thresholds.alike_sure} {self.thresholds.sure} {self.doubt}"
        return f"{role} {name}{LIKE}{self.resemblance.identity(name)} {limits}"

    def _find(self, name: str, role: Role) -> list[Match]:
        """In all turns of that role: a call is read once, whatever part of it is asked about."""
        substantial = self.annotated.substantial
        turns = [n for n, t in enumerate(self.annotated.turns) if t.role is role and substantial[n]]
        self._read(role, turns)
        stretches = [stretch for turn in turns for stretch in self._stretches[role, turn]]
        likeness = self.resemblance.likeness(name, [stretch.runs for stretch in stretches])
        found: list[Match] = []
        for number in sorted(range(len(stretches)), key=lambda n: -likeness[n]):
            if likeness[number] < self.thresholds.alike:
                break
            match = self._match(name, self.annotated.voices[role], stretches[number], likeness[number])
            if not any(map(match.overlaps, found)):
                found.append(match)
        return sorted(found, key=lambda m: m.first)

    def unlike(self, name: str, role: Role, turn: int, match: Match | None = None) -> bool:
        """True if what stands around a match (None: the whole turn) is like no example of a list.

        False where it is too short to say, or nothing is known that could tell.
        """
        if not self.resemblance.knows(name):
            return False
        self._read(role, [turn])
        around = [
            stretch.runs
            for stretch in self._stretches[role, turn]
            if match is None or (stretch.first <= match.last and match.first <= stretch.last)
        ]
        return bool(around) and max(self.resemblance.likeness(name, around)) < self.thresholds.unlike

    def _read(self, role: Role, turns: Sequence[int]) -> None:
        """Cut those of these turns that are new into stretches, and read all of those together."""
        turns = [turn for turn in turns if (role, turn) not in self._stretches]
        if not turns:
            return
        voice = self.annotated.voices[role]
        places = [(turn, *place) for turn in turns for place in _places(voice, turn, self.resemblance.code)]
        sounds = [_sound(voice, first, last) for _, first, last in places]
        read = self.resemblance.read(sounds) if sounds else []
        found: dict[int, list[_Stretch]] = {turn: [] for turn in turns}
        for (turn, first, last), runs in zip(places, read, strict=True):
            found[turn].append(_Stretch(first, last, runs))
        self._stretches.update({(role, turn): stretches for turn, stretches in found.items()})

    def _match(self, name: str, voice: Voice, stretch: _Stretch, likeness: float) -> Match:
        first, last = stretch.first, stretch.last
        space = " " if self.resemblance.code == "en" else ""
        quote = space.join(voice.surface[first : last + 1])
        span, turn = voice.span(first, last), voice.turn[first]
        confidence = self.thresholds.sure if likeness >= self.thresholds.alike_sure else self.doubt
        return Match(name, voice.role, span, turn, quote, confidence, first, last)


def _places(voice: Voice, turn: int, code: str) -> list[tuple[int, int]]:
    """The stretches of a turn that are long enough, as numbers of tokens (first, last)."""
    first, stop = bisect_left(voice.turn, turn), bisect_right(voice.turn, turn)
    if first == stop:
        return []
    end = voice.sound_at[stop - 1] + len(voice.reading[stop - 1])
    cut = windows(voice.sound_at[first:stop], end, code)
    places = [(first + low, first + high) for low, high in cut]
    return [(low, high) for low, high in places if len(_sound(voice, low, high)) >= SHORTEST[code]]


def _sound(voice: Voice, first: int, last: int) -> str:
    return voice.sound[voice.sound_at[first] : voice.sound_at[last] + len(voice.reading[last])]
