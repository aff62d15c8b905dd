"""Looking at one conversation through a rubric: phrase matches, anchors and regions, each found once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qa import language as languages
from qa.language import Language
from qa.model import Evidence, Role, Span, Turn, merge_spans
from qa.rubric import schema
from qa.rubric.phrases.annotate import Annotated, Match, Voice
from qa.rubric.phrases.finder import Finder, Moves
from qa.rubric.phrases.lexicon import Lexicon
from qa.rubric.phrases.paraphrase import Paraphrases

FILLS = 0.25
"""Share of a turn's words: a phrase of so many is what the turn is about."""


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


@dataclass(slots=True)
class Look:
    """One conversation under one rubric; caches what is asked more than once."""

    annotated: Annotated
    lexicon: Lexicon
    thresholds: schema.Thresholds
    anchors: Mapping[str, schema.Anchor]
    moves: Moves | None = None
    _anchored: dict[str, Anchored | None] = field(default_factory=dict)
    _regions: dict[tuple[int, Role], tuple[schema.Where, Region]] = field(default_factory=dict)
    _questions: dict[Role, tuple[Match, ...]] = field(default_factory=dict)
    finder: Finder = field(init=False)
    """Finds phrase lists."""
    paraphrases: Paraphrases | None = field(init=False)
    """Finds what may be another way to say them; None: nothing is known that could tell."""
    turns: tuple[Turn, ...] = field(init=False)
    """All turns."""
    end: float = field(init=False)
    """A second after the last word: the end of the whole call as a region."""
    own: Mapping[Role, tuple[int, ...]] = field(init=False)
    """The turns with words of each role."""
    said: Mapping[Role, tuple[int, ...]] = field(init=False)
    """Those of them that are more than listening."""

    def __post_init__(self) -> None:
        self.finder = Finder(self.annotated, self.lexicon, self.thresholds, self.moves)
        self.paraphrases = self._paraphrases()
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

    def _paraphrases(self) -> Paraphrases | None:
        resemblance = self.lexicon.resemblance
        if resemblance is None:
            return None
        return Paraphrases(self.annotated, resemblance, self.thresholds, self.finder.doubt)

    def matches(self, phrases: schema.Phrases, role: Role, region: Region | None = None) -> list[Match]:
        """Matches of these lists by that role, in time order, none below the doubtful band."""
        found = [m for name in _names(phrases) for m in self.finder.of_list(name, role)]
        if region is not None:
            found = [m for m in found if region.holds(m.span.start)]
        return sorted(found, key=lambda m: (m.span.start, m.first))

    def meant(self, phrases: schema.Phrases, role: Role, region: Region, *, alike: bool) -> list[Match]:
        """As `matches`; if `alike` the examples of the lists have a say too.

        What is like them is, or may be, another way to say it, and a doubtful match that is not is none.
        """
        found = self.matches(phrases, role, region)
        if not alike or self.paraphrases is None or self.sure(found):
            return found
        found = [m for m in found if not self.paraphrases.unlike(m.phrases, role, m.turn, m)]
        turns = [turn for turn in region.turns if self.annotated.substantial[turn]]
        likened = (m for name in _names(phrases) for m in self.paraphrases.in_turns(name, role, turns))
        other = [m for m in likened if not any(map(m.overlaps, found))]
        return sorted([*found, *other], key=lambda m: (m.span.start, m.first))

    def sure(self, found: Iterable[Match]) -> list[Match]:
        """Those that count without asking a person."""
        return [m for m in found if m.confidence >= self.thresholds.sure]

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
        found = self.meant(anchor.said, role, region, alike=anchor.alike)
        surest = found if anchor.which == "first" else found[::-1]
        certain = [m for m in surest if self._certain(m, anchor)]
        answered = self._answer(anchor, region)
        if answered is not None and (not certain or answered.after < certain[0].span.start):
            return answered
        if not certain and (not found or anchor.answered_by is not None):
            return None  # what only may be meant, and nobody took for it, is not there
        sure = bool(certain) and (answered is not None or self._plain(certain, anchor))
        hit = certain[0] if certain else surest[0]
        return Anchored(hit.span, hit.evidence(), sure and not region.unsure, hit.span.start)

    def _plain(self, certain: Sequence[Match], anchor: schema.Anchor) -> bool:
        """True if what nobody answered is told so plainly that it needs no answer to be sure of it.

        It is most of what is said there; or in words much like the examples; or in two places, of which one
        is somewhat like them.
        """
        if anchor.answered_by is None or self.paraphrases is None:
            return True
        like = [a for m in certain for a in self.paraphrases.in_turns(m.phrases, m.role, [m.turn])]
        often = bool(like) and len(certain) > 1
        return often or bool(self.sure(like)) or any(map(self._fills, certain))

    def _fills(self, match: Match) -> bool:
        """True if a match is a good part of its turn."""
        turn = self.voice(match.role).turn
        words = bisect_right(turn, match.turn) - bisect_left(turn, match.turn)
        return match.last - match.first + 1 >= FILLS * words

    def _certain(self, match: Match, anchor: schema.Anchor) -> bool:
        """True if the anchor is surely there: where examples have a say, they do not speak against it."""
        if match.confidence < self.thresholds.sure:
            return False
        return not (anchor.alike and self._odd(match.phrases, match.role, match.turn, match))

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
                names = _names(anchor.said or [])
                odd = anchor.alike and all(self._odd(name, region.role, told[0]) for name in names)
                return Anchored(span, self.turn_evidence(told[0]), not (region.unsure or odd), span.start)
        return None

    def _odd(self, name: str, role: Role, turn: int, match: Match | None = None) -> bool:
        """True if what is said there is like no example of the list."""
        return self.paraphrases is not None and self.paraphrases.unlike(name, role, turn, match)

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


def _names(phrases: schema.Phrases) -> Sequence[str]:
    """The lists that `phrases` names: one or several."""
    return [phrases] if isinstance(phrases, str) else phrases


def _cut(spans: tuple[Span, ...], other: Span) -> tuple[Span, ...]:
    return tuple(cut for cut in (span & other for span in spans) if cut)
