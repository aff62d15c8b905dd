"""Finding the phrase lists of a rubric in one conversation, each once or as kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from qa.model import Role
from qa.rubric import schema
from qa.rubric.phrases import match, slots
from qa.rubric.phrases.annotate import BREAK, LIKE, ROLES, Annotated, Match, Voice
from qa.rubric.phrases.compiled import Phrases
from qa.rubric.phrases.lexicon import CONTEXT, Lexicon
from qa.rubric.phrases.places import passage_around
from qa.rubric.phrases.seeds import Index, Seeds

FEW = 6
"""Where less than one list in so many is new, one pass for all of them is more work than one for each."""


class Moves(Protocol):
    """What has come and gone in phrase lists since the matches that a conversation comes with."""

    def before(self, name: str) -> str | None:
        """The identity of a list of which only forms have changed; None: it is not such a list."""

    def passages(self, name: str, role: Role) -> frozenset[int]:
        """Where that role says something like a form of this list that came or went."""


@dataclass(slots=True)
class Finder:
    """One conversation under one lexicon; remembers what it found."""

    annotated: Annotated
    lexicon: Lexicon
    thresholds: schema.Thresholds
    moves: Moves | None = None
    _matches: dict[tuple[str, Role], tuple[Match, ...]] = field(default_factory=dict)
    _context: dict[tuple[str, Role], tuple[Match, ...]] = field(default_factory=dict)
    _filler: slots.Filler | None = None
    _searches: dict[tuple[Role, str | None, bool], match.Search] = field(default_factory=dict)
    _few: bool | None = None

    def of_list(self, name: str, role: Role) -> tuple[Match, ...]:
        """The matches of one list by that role, none below the doubtful band."""
        key = (name, role)
        if key not in self._matches:
            self._matches[key] = ()  # a list that quotes itself ends here
            phrases = self.lexicon.lists[name]
            find = partial(self._find_again, phrases, role)
            self._matches[key] = self.annotated.find(self._key(phrases, role), role, find)
        return self._matches[key]

    def _key(self, phrases: Phrases, role: Role) -> str | None:
        """All that the matches of a list hang on, role and list first; None: they are not kept."""
        return self._key_as(phrases.id, phrases.identity, role) if phrases.identity else None

    def _key_as(self, name: str, identity: str, role: Role) -> str:
        """The same for a list that is, or was, what `identity` says."""
        limits = f"{self.thresholds.doubtful} {self.thresholds.sure}"
        return f"{role} {name} {identity} {limits} {self.filler().agent}"

    def _context_key(self, kind: str, role: Role) -> str | None:
        """The same for words of one of the kinds of `CONTEXT`."""
        identity = self.lexicon.identity
        return f"{role} {kind} {identity} {self.filler().agent}" if identity else None

    def _find_again(self, phrases: Phrases, role: Role) -> list[Match]:
        """The matches; where only forms came or went, looked for where one of those is said."""
        earlier = self.moves.before(phrases.id) if self.moves else None
        known = earlier and (self.annotated.recalled or {}).get(self._key_as(phrases.id, earlier, role))
        if self.moves is None or not known:
            return self._find(phrases, role)
        others = (other for other in ROLES if other is not role)
        if phrases.drop_quoted and any(self.moves.passages(phrases.id, other) for other in others):
            return self._find(phrases, role)
        standing = Match.of_kept(role, known)
        passages = self.moves.passages(phrases.id, role)
        if not passages:
            return standing
        passage_of = self.annotated.voices[role].passage
        elsewhere = [m for m in standing if passage_of[m.first] not in passages]
        return sorted([*elsewhere, *self._find(phrases, role, passages)], key=lambda m: (m.first, m.last))

    def _find(self, phrases: Phrases, role: Role, passages: Collection[int] | None = None) -> list[Match]:
        """The matches in these passages; None: in all."""
        if not self.annotated.voices[role].sound:
            return []
        hits = self._hits((phrases.id, "forms"), role, passages)
        if phrases.on_record and role is Role.AGENT:
            hits = match.best([*hits, *self._on_record(role, passages)])
        perhaps = self._hits((phrases.id, "perhaps"), role, passages)
        if not hits and not perhaps:
            return []
        misses = self._hits((phrases.id, "near_misses"), role, passages)
        sure = [found for hit in hits if (found := self._standing(phrases, hit, misses, role))]
        doubtful = [
            found.no_surer_than(self.doubt)
            for hit in perhaps
            if (found := self._standing(phrases, hit, misses, role)) and not any(map(found.overlaps, sure))
        ]
        return sorted([*sure, *doubtful], key=lambda m: (m.first, m.last))

    @property
    def doubt(self) -> float:
        """The confidence of what may be meant: a person is asked."""
        return (self.thresholds.sure + self.thresholds.doubtful) / 2

    def _standing(
        self, phrases: Phrases, hit: match.Hit, misses: Sequence[match.Hit], role: Role
    ) -> Match | None:
        """The match at a hit, unless it is too unlike, a near-miss, negated or quoted."""
        found = self._match(phrases.id, hit, self.annotated.voices[role])
        if found.confidence < self.thresholds.doubtful or _covered(hit, misses):
            return None
        if phrases.drop_negated and self._negated(hit, role):
            return None
        if phrases.drop_quoted and self._quoted(phrases.id, found, role):
            return None
        return found

    def _hits(self, group: Hashable, role: Role, passages: Collection[int] | None = None) -> list[match.Hit]:
        """All places of one group of the lexicon's patterns in these passages; None: in all."""
        part: str | None = group[0] if isinstance(group, tuple) else ""
        if passages is None and not self._few_are_new():
            part = None
        key = (role, part, passages is not None)
        if key not in self._searches:
            voice = self.annotated.voices[role]
            seeds = _seeds(self.lexicon.index_of(part), voice, passages)
            self._searches[key] = match.Search(voice, self.lexicon.code, self.filler(), seeds)
        search = self._searches[key]
        return search.find(search.seeds.due.get(group, ()))

    def _on_record(self, role: Role, passages: Collection[int] | None) -> list[match.Hit]:
        """Where the agent's name on record is said in these passages, in whatever words; None: in all."""
        voice = self.annotated.voices[role]
        return [
            match.Hit(first, last, edits, length, 0, 1.0, (("name", first, last),))
            for first, last, edits, length in self.filler().on_record(voice)
            if passages is None or voice.passage[first] in passages
        ]

    def _few_are_new(self) -> bool:
        """True if most matches are kept: each list that is not is looked for by itself."""
        if self._few is None:
            recalled = {key for key in self.annotated.recalled or () if LIKE not in key}
            lists = self.lexicon.lists.values()
            now = {self._key(phrases, role) for phrases in lists for role in ROLES}
            now |= {self._context_key(kind, role) for kind in CONTEXT for role in ROLES}
            self._few = len(recalled) > FEW * len(recalled - now)
        return self._few

    def filler(self) -> slots.Filler:
        """What fills slots in this call."""
        if self._filler is None:
            call = self.annotated.conversation.call
            self._filler = slots.filler_of(call, self.lexicon.code, self.lexicon.not_names)
        return self._filler

    def _match(self, name: str, hit: match.Hit, voice: Voice) -> Match:
        tokens = range(hit.first, hit.last + 1)
        probability = sum(voice.probability[i] for i in tokens) / len(tokens)
        # Half of the word probability is believed: a whole phrase where one fits is evidence of its own.
        confidence = hit.likeness**1.5 * (0.5 + 0.5 * probability) * hit.trust
        space = " " if self.lexicon.code == "en" else ""
        quote = space.join(voice.surface[i] for i in tokens)
        span = voice.span(hit.first, hit.last)
        turn = voice.turn[hit.first]
        return Match(name, voice.role, span, turn, quote, confidence, hit.first, hit.last, hit.slots)

    def _context_words(self, kind: str, role: Role) -> tuple[Match, ...]:
        key = (kind, role)
        if key not in self._context:
            find = partial(self._find_context, kind, role)
            self._context[key] = self.annotated.find(self._context_key(kind, role), role, find)
        return self._context[key]

    def _find_context(self, kind: str, role: Role) -> list[Match]:
        voice = self.annotated.voices[role]
        return [self._match(kind, hit, voice) for hit in self._hits(kind, role) if hit.edits == 0]

    def _beside(self, kind: str, hit: match.Hit, role: Role, *, after: bool) -> bool:
        """True if words of this kind stand within reach of the hit, in its passage."""
        voice = self.annotated.voices[role]
        for other in self._context_words(kind, role):
            distance = other.first - hit.last if after else hit.first - other.last
            if 0 < distance <= self.lexicon.reach and voice.passage[other.first] == voice.passage[hit.first]:
                return True
        return False

    def _negated(self, hit: match.Hit, role: Role) -> bool:
        return self._beside("negation_after", hit, role, after=True) or self._beside(
            "negation_before", hit, role, after=False
        )

    def _quoted(self, name: str, found: Match, role: Role) -> bool:
        """True if it repeats the other party's words: they said it first, and a quoting word follows."""
        hit = match.Hit(found.first, found.last, 0, 1, 0, 1.0)
        after = self._beside("quotation_after", hit, role, after=True)
        if not (after or self._beside("quotation_before", hit, role, after=False)):
            return False
        other = Role.CUSTOMER if role is Role.AGENT else Role.AGENT
        return any(m.span.start < found.span.start for m in self.of_list(name, other))


def _seeds(index: Index, voice: Voice, passages: Collection[int] | None) -> Seeds:
    """What could stand in these passages of a voice; None: in all."""
    if passages is None:
        return index.look(voice.sound)
    firsts = [voice.sound_at[bisect_left(voice.passage, passage)] for passage in sorted(passages)]
    sounds, shifts, at = [], [], 0
    for low, high in (passage_around(voice, first) for first in firsts):
        sounds.append(voice.sound[low:high])
        shifts.append((at, low - at))
        at += high - low + len(BREAK)
    return index.look(BREAK.join(sounds), shifts)


def _covered(hit: match.Hit, misses: Sequence[match.Hit]) -> bool:
    """True if a near-miss explains the hit: it overlaps it, is no less exact, and is no mere part of it."""
    for miss in misses:
        apart = miss.last < hit.first or hit.last < miss.first
        inside = hit.first <= miss.first and miss.last <= hit.last
        part = inside and (miss.last - miss.first) < (hit.last - hit.first)
        if not apart and not part and miss.edits <= hit.edits:
            return True
    return False
