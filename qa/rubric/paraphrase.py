"""What may be another way to say the phrases of a list, in one conversation (see `qa.rubric.resemblance`)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from qa.model import Role
from qa.rubric.annotate import Annotated, Match, Voice
from qa.rubric.resemblance import SHORTEST, Resemblance, windows


@dataclass(slots=True)
class Paraphrases:
    """One conversation; remembers what it looked at."""

    annotated: Annotated
    resemblance: Resemblance
    enough: float
    """Likeness from which something may be meant."""
    doubt: float
    """The confidence that such matches get: a person is asked."""
    _found: dict[tuple[str, Role, int], tuple[Match, ...]] = field(default_factory=dict)

    def in_turn(self, name: str, role: Role, turn: int) -> tuple[Match, ...]:
        """Stretches of a turn that are like the examples of a list, in time order."""
        key = (name, role, turn)
        if key not in self._found:
            known = self.resemblance.knows(name)
            self._found[key] = self._look(name, self.annotated.voices[role], turn) if known else ()
        return self._found[key]

    def _look(self, name: str, voice: Voice, turn: int) -> tuple[Match, ...]:
        first, stop = bisect_left(voice.turn, turn), bisect_right(voice.turn, turn)
        if first == stop:
            return ()
        end = voice.sound_at[stop - 1] + len(voice.reading[stop - 1])
        found = []
        code = self.resemblance.code
        for low, high in windows(voice.sound_at[first:stop], end, code):
            low, high = first + low, first + high
            sound = voice.sound[voice.sound_at[low] : voice.sound_at[high] + len(voice.reading[high])]
            if len(sound) >= SHORTEST[code] and self.resemblance.likeness(name, sound) >= self.enough:
                found.append(self._match(name, voice, low, high))
        return tuple(found)

    def _match(self, name: str, voice: Voice, first: int, last: int) -> Match:
        space = " " if self.resemblance.code == "en" else ""
        quote = space.join(voice.surface[first : last + 1])
        span, turn = voice.span(first, last), voice.turn[first]
        return Match(name, voice.role, span, turn, quote, self.doubt, first, last, likened=True)
