"""A conversation made ready for matching, once: what each role said as one searchable string of sounds.

        turn 1 (agent)          turn 3 (agent, soon after)     turn 5 (agent, later)
    sound: "アリガトオゴザイマス" + "サトオデゴザイマス"  + "\n" +  "カクニンイタシマス"
    tokens keep where each began in `sound`, and when it was said.

A line break in the string is where no phrase may run across: another person took the floor, or a while went
by. The other party's backchannel in between does not break a phrase.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic_core import from_json

from qa import language as languages
from qa.language import NAMES, Language, Token
from qa.model import Conversation, Evidence, Role, Span, Turn

JOIN_GAP = 2.0
"""Seconds between two turns of one speaker that a phrase may still run across."""
LIKE = " like "
"""In a key: what is kept is not what a list's forms find but what is like its examples."""
BREAK = "\n"
ROLES = (Role.AGENT, Role.CUSTOMER)
CONTENT = NAMES | {"noun", "number", "verb", "adjective"}
"""Parts of speech that carry what somebody talks about."""

_CONTRACTIONS = (
    (re.compile(r"\b(wo|ca|sha)n't\b"), lambda m: {"wo": "will", "ca": "can", "sha": "shall"}[m[1]] + " not"),
    (re.compile(r"n't\b"), lambda m: " not"),
    (re.compile(r"'m\b"), lambda m: " am"),
    (re.compile(r"'re\b"), lambda m: " are"),
    (re.compile(r"'ve\b"), lambda m: " have"),
    (re.compile(r"'ll\b"), lambda m: " will"),
    (re.compile(r"'d\b"), lambda m: " would"),
    (re.compile(r"\b(that|it|there|what|he|she|here|let|name|who|where|how)'s\b"), lambda m: m[1] + " is"),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """All that one role said. Tuples run over tokens; `*_at` are offsets into `sound` and `text`."""

    role: Role
    sound: str
    text: str
    sound_at: tuple[int, ...]
    text_at: tuple[int, ...]
    surface: tuple[str, ...]
    reading: tuple[str, ...]
    lemma: tuple[str, ...]
    pos: tuple[str, ...]
    turn: tuple[int, ...]
    """Index of the turn in the conversation."""
    start: tuple[float, ...]
    end: tuple[float, ...]
    probability: tuple[float, ...]
    passage: tuple[int, ...]
    """Tokens of one passage stand together; a phrase lies within one."""

    def token_at(self, offset: int) -> int:
        """The token that holds this offset of `sound`."""
        return bisect_right(self.sound_at, offset) - 1

    def span(self, first: int, last: int) -> Span:
        """When tokens `first` to `last` (inclusive) were said."""
        return Span(self.start[first], max(self.start[first], self.end[last]))


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in the call."""

    phrases: str
    role: Role
    span: Span
    turn: int
    quote: str
    confidence: float
    first: int
    last: int
    slots: tuple[tuple[str, int, int], ...] = ()
    likened: bool = False
    """No form fits: it is only like the list's examples."""

    def plain(self) -> list[Any]:
        """As JSON values, the role left out."""
        span = (self.span.start, self.span.end)
        place = (self.turn, self.quote, self.confidence, self.first, self.last, self.slots)
        return [self.phrases, *span, *place]

    @classmethod
    def of_kept(cls, role: Role, kept: str) -> list[Match]:
        """The matches of a list, as `Annotated.recalled` has them."""
        return [cls.of_plain(role, plain) for plain in from_json(kept)]

    @classmethod
    def of_plain(cls, role: Role, plain: Sequence[Any]) -> Match:
        """The match of `plain`."""
        phrases, start, end, turn, quote, confidence, first, last, slots = plain
        filled = tuple((kind, low, high) for kind, low, high in slots)
        return cls(phrases, role, Span(start, end), turn, quote, confidence, first, last, filled)

    def no_surer_than(self, confidence: float) -> Match:
        """The same match with at most this confidence."""
        return replace(self, confidence=min(self.confidence, confidence))

    def overlaps(self, other: Match) -> bool:
        """True if both hold one of the same words."""
        return self.first <= other.last and other.first <= self.last

    def evidence(self) -> Evidence:
        """The place in the audio."""
        return Evidence(self.span, self.role, self.quote, round(self.confidence, 3))


T = TypeVar("T")
Content = Mapping[int, Sequence[tuple[str, str, str]]]
"""Turn → surface, reading and lemma of its content words."""


class ByParty(Mapping[Role, T]):
    """Something of agent and customer each, worked out when first asked for."""

    def __init__(self, read: Callable[[Role], T]) -> None:
        self._read = functools.cache(read)

    def __getitem__(self, role: Role) -> T:
        if role not in ROLES:
            raise KeyError(role)
        return self._read(role)

    def __iter__(self) -> Iterator[Role]:
        return iter(ROLES)

    def __len__(self) -> int:
        return len(ROLES)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A conversation with the voices of its agent and customer."""

    conversation: Conversation
    voices: Mapping[Role, Voice]
    substantial: tuple[bool, ...]
    """Per turn: has words, and is no backchannel."""
    asks: tuple[bool, ...]
    """Per turn: a sentence in it is a question."""
    units: tuple[int, ...]
    """Per turn: its length in morae or words."""
    probability: tuple[float, ...]
    """Per turn: the mean of its words' (`Turn.probability`)."""
    matches: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    """Matches found so far, by what they hang on (see `qa.rubric.checks.look`)."""
    asked: set[str] = field(default_factory=set)
    """Those of `matches` that were asked for."""
    recalled: Mapping[str, str] | None = None
    """Matches that an earlier scoring had kept: JSON of what `Match.plain` gives; None: nothing was."""
    packed: tuple[bytes, ...] = ()
    """The voices, as an earlier scoring had kept them (see `qa.rubric.phrases.reading`)."""
    content: Mapping[Role, Content] = field(init=False, compare=False)
    """What each role talks about."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", ByParty(lambda role: _content(self.voices[role])))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation's turns."""
        return self.conversation.turns

    def find(self, key: str | None, role: Role, find: Callable[[], Iterable[Match]]) -> tuple[Match, ...]:
        """The matches as an earlier scoring left them under `key`, or else what `find` finds, to be kept.

        None: never kept.
        """
        if key is None:
            return tuple(find())
        recalled = self.recalled or {}
        if key not in self.matches and key in recalled:
            self.matches[key] = tuple(Match.of_kept(role, recalled[key]))
        elif key not in self.matches:
            self.matches[key] = tuple(find())
        self.asked.add(key)
        return self.matches[key]


def annotate(conversation: Conversation) -> Annotated:
    """Read every turn once."""
    rules = languages.get(conversation.language)
    texts = [turn.text for turn in conversation.turns]
    substantial = tuple(bool(t.words) and not rules.is_backchannel(t.text) for t in conversation.turns)
    voices = voices_of(conversation, substantial)
    asks = tuple(map(rules.is_question, texts))
    units = tuple(map(rules.count_units, texts))
    probability = tuple(turn.probability for turn in conversation.turns)
    return Annotated(conversation, voices, substantial, asks, units, probability)


def voices_of(conversation: Conversation, substantial: Sequence[bool]) -> Mapping[Role, Voice]:
    """Both parties' voices, not read yet."""
    rules = languages.get(conversation.language)
    return ByParty(lambda role: _voice(role, conversation.turns, substantial, rules))


def _content(voice: Voice) -> Content:
    found: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for token, pos in enumerate(voice.pos):
        if pos in CONTENT:
            word = (voice.surface[token], voice.reading[token], voice.lemma[token])
            found[voice.turn[token]].append(word)
    return dict(found)


@functools.lru_cache(maxsize=16384)
def sound_of(token_reading: str, code: str) -> str:
    """A token's sound as matched: English contractions written out."""
    if code != "en" or "'" not in token_reading:
        return token_reading
    plain = token_reading
    for pattern, full in _CONTRACTIONS:
        plain = pattern.sub(full, plain)
    return plain.replace("'", "")


def _voice(role: Role, turns: Sequence[Turn], substantial: Sequence[bool], rules: Language) -> Voice:
    build = _Builder(role, rules)
    last: int | None = None
    for index, turn in enumerate(turns):
        if turn.role is not role or not turn.words:
            continue
        if last is not None and not _joined(turns, substantial, last, index):
            build.end_passage()
        build.add(index, turn)
        last = index
    return build.voice()


def _joined(turns: Sequence[Turn], substantial: Sequence[bool], before: int, now: int) -> bool:
    """True if a phrase may run from turn `before` into turn `now` of the same role."""
    if turns[before].speaker != turns[now].speaker:
        return False
    if turns[now].span.start - turns[before].span.end > JOIN_GAP:
        return False
    return not any(substantial[between] for between in range(before + 1, now))


class _Builder:
    """Collects the tokens of one role's turns."""

    def __init__(self, role: Role, rules: Language) -> None:
        self.role = role
        self.rules = rules
        self.space = " " if rules.code == "en" else ""
        self.sounds: list[str] = []
        self.texts: list[str] = []
        self.sound_length = 0
        self.text_length = 0
        self.passage = 0
        self.rows: list[tuple[int, int, str, str, str, str, int, float, float, float, int]] = []

    def add(self, index: int, turn: Turn) -> None:
        starts = _word_starts(turn, self.rules)
        for token in self.rules.tokens(turn.text):
            if token.pos == "filler":
                continue
            first = max(0, bisect_right(starts, token.start) - 1)
            last = max(first, bisect_right(starts, token.end - 1) - 1)
            words = turn.words[first : last + 1]
            probability = sum(w.probability for w in words) / len(words)
            self._row(token, index, words[0].span.start, words[-1].span.end, probability)

    def _row(self, token: Token, index: int, start: float, end: float, probability: float) -> None:
        sound = sound_of(token.reading, self.rules.code)
        text = token.surface.lower()
        if self.sounds and self.sounds[-1] != BREAK:
            self._append(self.space, self.space)
        row = (self.sound_length, self.text_length, token.surface, sound, token.lemma, token.pos)
        self.rows.append((*row, index, start, end, probability, self.passage))
        self._append(sound, text)

    def _append(self, sound: str, text: str) -> None:
        if sound:
            self.sounds.append(sound)
            self.sound_length += len(sound)
        if text:
            self.texts.append(text)
            self.text_length += len(text)

    def end_passage(self) -> None:
        if self.rows and self.rows[-1][-1] == self.passage:
            self._append(BREAK, BREAK)
            self.passage += 1

    def voice(self) -> Voice:
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * 11
        sound_at, text_at, *rest = columns
        return Voice(self.role, "".join(self.sounds), "".join(self.texts), sound_at, text_at, *rest)


def _word_starts(turn: Turn, rules: Language) -> list[int]:
    """Offset in the turn's text at which each of its words begins."""
    text, offsets = rules.place([word.text for word in turn.words])
    if text == turn.text:
        return [start for start, _ in offsets]
    starts: list[int] = []
    at = 0
    for word in turn.words:
        found = turn.text.find(word.text.strip(), at)
        at = found if found >= 0 else at
        starts.append(at)
        at += len(word.text.strip()) if found >= 0 else 0
    return starts
