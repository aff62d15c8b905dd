"""What may fill a slot of a form. Names are what recognition mangles most: unknown ones are accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa import language as languages
from qa.language import NAMES
from qa.model import Call
from qa.rubric.phrases.annotate import Voice
from qa.rubric.phrases.compiled import speak

_NAME_LIKE = NAMES | {"noun", "other", "suffix", "prefix", "adjective"}
_COMPANY_LIKE = _NAME_LIKE | {"number", "particle", "interjection", "adverb"}
SHORTEST_NAME = 3
"""Sounds: a shorter name on record is not looked for by itself."""
_SPOKEN_NAME = _NAME_LIKE | {"particle"}
_PEOPLE = {"ja": frozenset({"person"}), "en": NAMES}
"""English has no dictionary of people's names: any capital inside a sentence is believed."""
_NUMBER_LIKE = frozenset({"number", "suffix", "noun"})


@dataclass(frozen=True, slots=True)
class Filler:
    """Judges slots: `not_names` are sounds that are never a person's name (desk, support, センター)."""

    language: str
    not_names: frozenset[str]
    agent: str = ""
    """The sound of the name on record for this call, if there is one."""
    agent_parts: tuple[str, ...] = ()
    """The same whole and word by word, without what is too short to be told from other words."""

    def trust(self, kind: str, voice: Voice, first: int, last: int) -> float:
        """How well these tokens fill the slot, 0 (not at all) to 1."""
        count = last - first + 1
        if kind == "any":
            return 1.0 if count <= 8 else 0.0
        pos = voice.pos[first : last + 1]
        if kind == "number":
            return 1.0 if count <= 4 and "number" in pos and _NUMBER_LIKE.issuperset(pos) else 0.0
        if kind == "company":
            return self._company(pos, count)
        if kind == "person" and not (count <= 2 and _PEOPLE[self.language].issuperset(pos)):
            return 0.0
        return self._name(kind, voice, first, last)

    def on_record(self, voice: Voice) -> Iterator[tuple[int, int, int, int]]:
        """Where the name on record is said: first and last token, how many sounds differ, of how many."""
        for first, pos in enumerate(voice.pos):
            if pos not in _NAME_LIKE:
                continue
            for last in range(first, min(first + 3, len(voice.pos))):
                if voice.passage[last] != voice.passage[first] or voice.pos[last] not in _SPOKEN_NAME:
                    break
                sound = "".join(voice.reading[first : last + 1])
                for name in self.agent_parts:
                    edits = Levenshtein.distance(sound, name, score_cutoff=len(name) // 4)
                    if edits <= len(name) // 4:
                        yield first, last, edits, len(name)

    def _company(self, pos: Sequence[str], count: int) -> float:
        if count > 8 or not _COMPANY_LIKE.issuperset(pos):
            return 0.0
        return 1.0 if _NAME_LIKE.intersection(pos) else 0.0

    def _name(self, kind: str, voice: Voice, first: int, last: int) -> float:
        readings = voice.reading[first : last + 1]
        sound = "".join(readings)
        if self.agent:
            likeness = Levenshtein.normalized_similarity(sound, self.agent)
            if likeness >= 0.6:
                return 1.0
        if kind == "agent" and self.agent:
            return 0.0
        if any(reading in self.not_names for reading in readings):
            return 0.8 if self._split(voice, first, last) else 0.0
        return self._stranger(voice.pos[first : last + 1], sound)

    def _split(self, voice: Voice, first: int, last: int) -> bool:
        """True for a Japanese name that came out as two words of one character each: 方山 for 片山."""
        surface = voice.surface[first : last + 1]
        return self.language == "ja" and len(surface) == 2 and all(len(s) == 1 and s > "一" for s in surface)

    def _stranger(self, pos: Sequence[str], sound: str) -> float:
        """A name that nobody told us: a proper noun is believed, any other noun a little less."""
        if self.language == "en":
            return self._english(pos, sound)
        if len(pos) > 4 or not 2 <= len(sound) <= 10:
            return 0.0
        if len(pos) in (2, 3) and pos[0] in _NAME_LIKE and pos[-1] == "particle" and len(sound) >= 3:
            return 0.8  # 水野 comes out as 水の, 小野 as 小の
        if not _NAME_LIKE.issuperset(pos):
            return 0.0
        return 1.0 if pos[0] in NAMES and len(pos) <= 2 else 0.9

    def _english(self, pos: Sequence[str], sound: str) -> float:
        if len(pos) > 3 or not set(pos) <= {"name", "noun", "other"}:
            return 0.0
        return 1.0 if set(pos) == {"name"} else 0.8 if len(pos) == 1 else 0.7


def filler_of(call: Call, code: str, not_names: frozenset[str]) -> Filler:
    """What fills slots in this call."""
    name = call.agent_name or ""
    if not name:
        return Filler(code, not_names)
    rules = languages.get(code)
    words = [speak(word, rules) for word in (name, *name.split())]
    return Filler(
        code, not_names, words[0], tuple(dict.fromkeys(w for w in words if len(w) >= SHORTEST_NAME))
    )
