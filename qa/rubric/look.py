"""Looking at one conversation through a rubric: phrase matches, anchors and regions, each found once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from qa import language as languages
from qa.language import Language
from qa.model import Evidence, Role, Span, Turn, merge_spans
from qa.rubric import match, schema, slots
from qa.rubric.annotate import ROLES, Annotated, Match, Voice
from qa.rubric.compiled import Pattern, Phrases
from qa.rubric.seeds import Index


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where an anchor is in this call. `sure` False: it may not be there at all."""

    span: Span
    evidence: Evidence
    sure: bool
    after: float
    """Things later than this are after it."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where something is looked for: within these spans, in the turns of one role."""

    role: Role
    spans: tuple[Span, ...]
    turns: tuple[int, ...]
    """That role's turns that begin in it."""
    missing: bool = False
    """It hangs on an anchor that is not in this call."""
    unsure: bool = False
    anchor: Anchored | None = None
    hangs_on: tuple[Role, ...] = ()
    """Whose words the anchors are."""

    def holds(self, instant: float) -> bool:
        """True if this instant lies in the region."""
        for span in self.spans:  # noqa: SIM110 (asked a thousand times a call)
            if span.start <= instant < span.end:
                return True
        return False


FEW = 6
"""Where less than one list in so many is new, one pass for all of them is more work than one for each."""
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


@dataclass(slots=True)
class Look:
    """One conversation under one rubric; caches what is asked more than once."""

    annotated: Annotated
    lexicon: Lexicon
    thresholds: schema.Thresholds
    anchors: Mapping[str, schema.Anchor]
    _matches: dict[tuple[str, Role], tuple[Match, ...]] = field(default_factory=dict)
    _context: dict[tuple[str, Role], tuple[Match, ...]] = field(default_factory=dict)
    _anchored: dict[str, Anchored | None] = field(default_factory=dict)
    _filler: slots.Filler | None = None
    _searches: dict[tuple[Role, str | None], match.Search] = field(default_factory=dict)
    _few: bool | None = None
    _regions: dict[tuple[int, Role], tuple[schema.Where, Region]] = field(default_factory=dict)
    _questions: dict[Role, tuple[Match, ...]] = field(default_factory=dict)
    turns: tuple[Turn, ...] = field(init=False)
    """All turns."""
    end: float = field(init=False)
    """A second after the last word: the end of the whole call as a region."""
    own: Mapping[Role, tuple[int, ...]] = field(init=False)
    """The turns with words of each role."""
    said: Mapping[Role, tuple[int, ...]] = field(init=False)
    """Those of them that are more than listening."""

    def __post_init__(self) -> None:
        self.turns = self.annotated.conversation.turns
        self.end = max([t.span.end for t in self.turns], default=0.0) + 1.0
        self.own = {
            role: tuple(i for i, t in enumerate(self.turns) if t.role is role and t.words) for role in Role
        }
        self.said = {
            role: tuple(i for i in turns if self.annotated.substantial[i]) for role, turns in self.own.items()
        }

    @property
    def rules(self) -> Language:
        """The language of the conversation."""
        return languages.get(self.lexicon.code)

    def voice(self, role: Role) -> Voice:
        """What that role said."""
        return self.annotated.voices[role]

    def turn_evidence(self, index: int) -> Evidence:
        """A whole turn as a place in the audio."""
        turn = self.turns[index]
        return Evidence(turn.span, turn.role, turn.text, round(self.annotated.probability[index], 3))

    def questions(self, role: Role) -> tuple[Match, ...]:
        """The turns of a role in which it asks something."""
        if role not in self._questions:
            asking = (i for i in self.said[role] if self.annotated.asks[i])
            self._questions[role] = tuple(map(self._question, asking))
        return self._questions[role]

    def _question(self, index: int) -> Match:
        turn, probability = self.turns[index], self.annotated.probability[index]
        return Match("question", turn.role, turn.span, index, turn.text, probability**0.5, 0, 0)

    def matches(self, phrases: schema.Phrases, role: Role, region: Region | None = None) -> list[Match]:
        """Matches of these lists by that role, in time order, none below the doubtful band."""
        names = [phrases] if isinstance(phrases, str) else phrases
        found = [m for name in names for m in self._of_list(name, role)]
        if region is not None:
            found = [m for m in found if region.holds(m.span.start)]
        return sorted(found, key=lambda m: (m.span.start, m.first))

    def sure(self, found: Iterable[Match]) -> list[Match]:
        """Those that count without asking a person."""
        return [m for m in found if m.confidence >= self.thresholds.sure]

    def _of_list(self, name: str, role: Role) -> tuple[Match, ...]:
        key = (name, role)
        if key not in self._matches:
            self._matches[key] = ()  # a list that quotes itself ends here
            phrases = self.lexicon.lists[name]
            find = partial(self._find, phrases, role)
            self._matches[key] = self._known(self._key(phrases, role), role, find)
        return self._matches[key]

    def _known(self, key: str | None, role: Role, find: Callable[[], list[Match]]) -> tuple[Match, ...]:
        """The matches as an earlier scoring left them under `key`, or else what `find` finds."""
        if key is None:
            return tuple(find())
        known, recalled = self.annotated.matches, self.annotated.recalled or {}
        if key not in known and key in recalled:
            known[key] = tuple(Match.of_plain(role, plain) for plain in recalled[key])
        elif key not in known:
            known[key] = tuple(find())
        self.annotated.asked.add(key)
        return known[key]

    def _key(self, phrases: Phrases, role: Role) -> str | None:
        """All that the matches of a list hang on, role and list first; None: they are not kept."""
        if not phrases.identity:
            return None
        limits = f"{self.thresholds.doubtful} {self.thresholds.sure}"
        return f"{role} {phrases.id} {phrases.identity} {limits} {self.filler().agent}"

    def _context_key(self, kind: str, role: Role) -> str | None:
        """The same for words of one of the kinds of `CONTEXT`."""
        identity = self.lexicon.identity
        return f"{role} {kind} {identity} {self.filler().agent}" if identity else None

    def _find(self, phrases: Phrases, role: Role) -> list[Match]:
        voice = self.voice(role)
        if not voice.sound:
            return []
        hits = self._hits((phrases.id, "forms"), role)
        perhaps = self._hits((phrases.id, "perhaps"), role)
        if not hits and not perhaps:
            return []
        misses = self._hits((phrases.id, "near_misses"), role)
        sure = [found for hit in hits if (found := self._standing(phrases, hit, misses, role))]
        doubtful = [
            found.no_surer_than(self._doubt)
            for hit in perhaps
            if (found := self._standing(phrases, hit, misses, role)) and not any(map(found.overlaps, sure))
        ]
        return sorted([*sure, *doubtful], key=lambda m: (m.first, m.last))

    @property
    def _doubt(self) -> float:
        """The confidence of what may be meant: a person is asked."""
        return (self.thresholds.sure + self.thresholds.doubtful) / 2

    def _standing(
        self, phrases: Phrases, hit: match.Hit, misses: Sequence[match.Hit], role: Role
    ) -> Match | None:
        """The match at a hit, unless it is too unlike, a near-miss, negated or quoted."""
        found = self._match(phrases.id, hit, self.voice(role))
        if found.confidence < self.thresholds.doubtful or _covered(hit, misses):
            return None
        if phrases.drop_negated and self._negated(hit, role):
            return None
        if phrases.drop_quoted and self._quoted(phrases.id, found, role):
            return None
        return found

    def _hits(self, group: Hashable, role: Role) -> list[match.Hit]:
        """All places of one group of the lexicon's patterns."""
        part = (group[0] if isinstance(group, tuple) else "") if self._few_are_new() else None
        search = self._searches.get((role, part))
        if search is None:
            voice = self.voice(role)
            seeds = self.lexicon.index_of(part).look(voice.sound)
            search = match.Search(voice, self.lexicon.code, self.filler(), seeds)
            self._searches[role, part] = search
        return search.find(search.seeds.due.get(group, ()))

    def _few_are_new(self) -> bool:
        """True if most matches are kept: each list that is not is looked for by itself."""
        if self._few is None:
            recalled = self.annotated.recalled or {}
            lists = self.lexicon.lists.values()
            now = {self._key(phrases, role) for phrases in lists for role in ROLES}
            now |= {self._context_key(kind, role) for kind in CONTEXT for role in ROLES}
            self._few = len(recalled) > FEW * len(recalled.keys() - now)
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
            self._context[key] = self._known(self._context_key(kind, role), role, find)
        return self._context[key]

    def _find_context(self, kind: str, role: Role) -> list[Match]:
        voice = self.voice(role)
        return [self._match(kind, hit, voice) for hit in self._hits(kind, role) if hit.edits == 0]

    def _beside(self, kind: str, hit: match.Hit, role: Role, *, after: bool) -> bool:
        """True if words of this kind stand within reach of the hit, in its passage."""
        voice = self.voice(role)
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
        return any(m.span.start < found.span.start for m in self._of_list(name, other))

    def anchor(self, name: str) -> Anchored | None:
        """Where that anchor is, or None."""
        if name not in self._anchored:
            self._anchored[name] = None
            self._anchored[name] = self._place(self.anchors[name])
        return self._anchored[name]

    def _place(self, anchor: schema.Anchor) -> Anchored | None:
        role = Role(anchor.by)
        region = self.region(anchor.where, role)
        if region.missing:
            return None
        if anchor.account:
            return self._account(anchor, region)
        assert anchor.said is not None
        found = self.matches(anchor.said, role, region)
        sure = self.sure(found)
        chosen = sure or found
        answered = self._answer(anchor, region)
        if answered is not None and (not sure or answered.after < sure[0].span.start):
            return answered
        if not chosen:
            return None
        hit = chosen[0] if anchor.which == "first" else chosen[-1]
        return Anchored(hit.span, hit.evidence(), bool(sure) and not region.unsure, hit.span.start)

    def _answer(self, anchor: schema.Anchor, region: Region) -> Anchored | None:
        """The long turn that the other party answers with `answered_by`: its words may be nobody's list."""
        if anchor.answered_by is None:
            return None
        other = Role.AGENT if region.role is Role.CUSTOMER else Role.CUSTOMER
        answers = self.sure(self.matches(anchor.answered_by, other))
        long = [i for i in region.turns if self.annotated.units[i] >= anchor.min_units]
        for answer in answers:
            told = [i for i in long if self.turns[i].span.start < answer.span.start]
            if told:
                span = self.turns[told[0]].span
                return Anchored(span, self.turn_evidence(told[0]), not region.unsure, span.start)
        return None

    def _account(self, anchor: schema.Anchor, region: Region) -> Anchored | None:
        """From the first substantial turn until they pause, or end a sentence and somebody answers."""
        own = list(region.turns)
        long = (i for i in own if self.annotated.units[i] >= anchor.min_units)
        first = next((i for i in long if self.annotated.substantial[i]), None)
        if first is None:
            return None
        last = first
        for index in own[own.index(first) + 1 :]:
            pause = self.turns[index].span.start - self.turns[last].span.end
            if pause >= anchor.until_pause or self._answered(last, index):
                break
            last = index
        span = self.turns[first].span | self.turns[last].span
        return Anchored(span, self.turn_evidence(first), not region.unsure, span.end)

    def _answered(self, last: int, index: int) -> bool:
        """The party ended a sentence in turn `last`, and the other took the floor before `index`."""
        if not self.rules.ends_sentence(self.turns[last].text):
            return False
        return any(self.annotated.substantial[i] for i in range(last + 1, index))

    def region(self, where: schema.Where, role: Role) -> Region:
        """The part of the call that `where` means for this role."""
        key = (id(where), role)
        if key not in self._regions:  # `where` is kept: its id stays its own
            self._regions[key] = (where, self._region(where, role))
        return self._regions[key][1]

    def _region(self, where: schema.Where, role: Role) -> Region:
        end, own = self.end, self.own[role]
        spans: tuple[Span, ...] = (Span(0.0, end),)
        if where.opening_seconds is not None:
            spans = _cut(spans, Span(0.0, self._opening(own, where.opening_seconds)))
        if where.first_turns is not None or where.last_turns is not None:
            spans = _cut(spans, self._counted(role, where, end))
        if where.last_seconds is not None:
            spans = _cut(spans, Span(max(0.0, end - 1.0 - where.last_seconds), end))
        if where.during is not None:
            spans = self._during(spans, where.during)
        anchored, missing = None, False
        hangs_on = []
        for name, kind in ((where.before, "before"), (where.inside, "inside"), (where.after, "after")):
            if name is not None:
                anchored = self.anchor(name)
                hangs_on.append(Role(self.anchors[name].by))
                missing = missing or anchored is None
                if anchored is not None:
                    spans = _cut(spans, self._beyond(kind, anchored, where, own, end))
        unsure = anchored is not None and not anchored.sure
        region = Region(role, spans, (), missing, unsure, anchored, tuple(hangs_on))
        return replace(region, turns=tuple(i for i in own if region.holds(self.turns[i].span.start)))

    def _opening(self, own: Sequence[int], seconds: float) -> float:
        """The instant at which this party has spoken for so long."""
        for index in own:
            span = self.turns[index].span
            if span.duration >= seconds:
                return span.start + seconds
            seconds -= span.duration
        return self.turns[own[-1]].span.end if own else 0.0

    def _counted(self, role: Role, where: schema.Where, end: float) -> Span:
        own = self.own[role]
        said = self.said[role] or own
        if not said:
            return Span(0.0, 0.0)
        if where.first_turns is not None:
            return Span(0.0, self.turns[said[: where.first_turns][-1]].span.end)
        assert where.last_turns is not None
        return Span(self.turns[said[-where.last_turns :][0]].span.start, end)

    def _during(self, spans: tuple[Span, ...], during: schema.During) -> tuple[Span, ...]:
        role = Role(during.by)
        long = [t.span for t in self.turns if t.role is role and t.span.duration >= during.min_seconds]
        return tuple(s & turn for s in spans for turn in merge_spans(long) if s.overlap(turn))

    def _beyond(
        self, kind: str, anchored: Anchored, where: schema.Where, own: Sequence[int], end: float
    ) -> Span:
        if kind == "before":
            return Span(0.0, anchored.span.start)
        if kind == "inside":
            return anchored.span
        stop = end
        if where.within_seconds is not None:
            stop = min(stop, anchored.span.end + where.within_seconds)
        if where.within_turns is not None:
            later = [i for i in own if self.turns[i].span.start >= anchored.after]
            said = [i for i in later if self.annotated.substantial[i]][: where.within_turns]
            stop = min(stop, self.turns[said[-1]].span.end) if said else stop
        return Span(anchored.after, max(anchored.after, stop))


def _covered(hit: match.Hit, misses: Sequence[match.Hit]) -> bool:
    """True if a near-miss explains the hit: it overlaps it, is no less exact, and is no mere part of it."""
    for miss in misses:
        apart = miss.last < hit.first or hit.last < miss.first
        inside = hit.first <= miss.first and miss.last <= hit.last
        part = inside and (miss.last - miss.first) < (hit.last - hit.first)
        if not apart and not part and miss.edits <= hit.edits:
            return True
    return False


def _cut(spans: tuple[Span, ...], other: Span) -> tuple[Span, ...]:
    return tuple(cut for cut in (span & other for span in spans) if cut)
