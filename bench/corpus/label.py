"""What each criterion should come to in a planned call: from its acts, by what a good call is.

An act says what a line means (an empathy, a bare apology); no word of a line decides an outcome here. Words
are looked at only to leave a criterion out, where a line could be heard as more than its act. A criterion
that the plan does not settle is left out of the reference: people would not agree on it either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bench.corpus.plan import FIRST_PERSON, TIMES, How, Move
from qa.model import Outcome, Role

MET, NOT_MET, NOT_APPLICABLE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE
EMPATHY = ("empathy",)
APOLOGY = ("apology-specific", "apology-bare", "apology-disfluent")
SOLUTION = ("solution", "refusal-alternative")
ANSWERS = ("empathy", "question-circumstances", "question-manual", "own", "solution", "refusal-alternative",
           "next-concrete", "wait-good")  # fmt: skip
QUESTIONS = ("question-circumstances", "question-manual")
REASONS = ("empathy", "reflect", "own", "apology-specific", "solution")
LONG_TURN = 10.0
"""Seconds of a customer's turn from which backchannels are due."""
_UNSURE = 1.0
"""Seconds below `LONG_TURN` in which a turn might be measured as long."""
_RATE = 1 / 20.0
"""Backchannels a second of a long turn that anyone would call listening."""
_FEELING = re.compile(
    "不安|お困り|心配|がっかり|悲し|つら|お怒り|残念|お腹立ち|ご立腹|worr|frustrat|upset|disappoint|anxious|stress|distress|fright",
    re.I,
)
_QUESTION = re.compile(r"[?？]|か。?$")
_THANKS = re.compile("ありがとう|thank", re.I)


@dataclass(frozen=True, slots=True)
class LongTurn:
    """A customer's turn of some length, and the agent's backchannels in it."""

    seconds: float
    backchannels: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the laid-out call adds to the plan."""

    taken_by_agent: int = 0
    """Successful interruptions of the customer."""
    customer_turns: tuple[LongTurn, ...] = ()
    on_record: bool = True
    """The roster's name for the call is the one that the agent goes by."""


@dataclass(frozen=True)
class Story:
    """A call's moves, as the rules look at them."""

    language: str
    complaint: bool
    moves: tuple[Move, ...]
    facts: Facts

    @cached_property
    def said(self) -> tuple[Move, ...]:
        """Without backchannels and what was given up."""
        return tuple(m for m in self.moves if m.how not in (How.LISTEN, How.ATTEMPT))

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """For each of `said`, the number of its turn."""
        numbers: list[int] = []
        for i, move in enumerate(self.said):
            same = i > 0 and self.said[i - 1].role is move.role
            numbers.append((numbers[-1] if numbers else 0) + (0 if same else 1))
        return tuple(numbers)

    def places(self, *acts: str) -> list[int]:
        """Where in `said` these acts are."""
        return [i for i, move in enumerate(self.said) if move.act in acts]

    def first(self, *acts: str) -> int | None:
        """Where the first of these acts is."""
        return next(iter(self.places(*acts)), None)

    def has(self, *acts: str) -> bool:
        """True if one of these acts is there."""
        return self.first(*acts) is not None

    def agent_turns_after(self, place: int, count: int) -> Iterable[Move]:
        """The agent's later moves in this turn and in their next `count` turns."""
        numbers = [n for n, m in zip(self.turns, self.said, strict=True) if m.role is Role.AGENT]
        later = sorted({n for n in numbers if n > self.turns[place]})[:count]
        for i in range(place + 1, len(self.said)):
            if self.said[i].role is Role.AGENT and self.turns[i] in (self.turns[place], *later):
                yield self.said[i]

    def texts(self, *acts: str) -> list[str]:
        """What was said under these acts."""
        return [self.said[i].text for i in self.places(*acts)]

    @property
    def account_cut(self) -> bool:
        """The first account was broken off by the agent."""
        return any(m.act in ("trouble", "request") and m.cut for m in self.moves)

    @property
    def cut_before_answered(self) -> bool:
        """The caller was still telling, with no answer yet to what came before, when the agent broke in:
        where the first account ends, listeners would not agree."""
        told = False
        for move in self.moves:
            if move.role is Role.CUSTOMER and move.how is not How.LISTEN:
                if told and move.cut:
                    return True
                told = told or move.act in ("trouble", "request")
            elif told and move.how is not How.LISTEN:
                return False
        return False


Rule = Callable[[Story], Outcome | None]


def label(moves: Sequence[Move], facts: Facts, *, language: str, complaint: bool) -> Mapping[str, Outcome]:
    """Criterion → outcome, for every criterion that these moves settle."""
    story = Story(language, complaint, tuple(moves), facts)
    outcomes = {name: rule(story) for name, rule in RULES.items()}
    return {name: outcome for name, outcome in outcomes.items() if outcome is not None}


def _self_identification(story: Story) -> Outcome | None:
    if story.has("greet-full"):
        return MET
    return None if any("agent" in m.slots for m in story.said if m.role is Role.AGENT) else NOT_MET


def _identity_on_record(story: Story) -> Outcome | None:
    if not story.has("greet-full"):
        return None
    return MET if story.facts.on_record else NOT_MET


def _ownership(story: Story) -> Outcome | None:
    taken, passed = story.has("own", "superior-owned"), story.has("department")
    if taken:
        return None if passed else MET
    pledges = story.texts("solution", "next-concrete", "refusal-alternative", "summary", "reflect", "further")
    if not passed or any(FIRST_PERSON[story.language].search(text) for text in pledges):
        return None
    return NOT_MET


def _escalation_handled(story: Story) -> Outcome | None:
    if not story.has("demand-superior"):
        return NOT_APPLICABLE
    if story.has("superior-owned") and story.has("superior-refused"):
        return None
    return MET if story.has("superior-owned") else NOT_MET


def _no_interruption(story: Story) -> Outcome | None:
    return NOT_MET if story.facts.taken_by_agent else MET


def _let_them_finish(story: Story) -> Outcome | None:
    if story.account_cut:
        return NOT_MET
    return None if story.cut_before_answered else MET


def _active_listening(story: Story) -> Outcome | None:
    long = [t for t in story.facts.customer_turns if t.seconds >= LONG_TURN]
    doubtful = [
        t for t in story.facts.customer_turns if LONG_TURN - _UNSURE <= t.seconds < LONG_TURN + _UNSURE / 2
    ]
    if not long:
        return None if doubtful else NOT_APPLICABLE
    if all(t.backchannels >= max(1, t.seconds * _RATE) for t in long):
        return MET
    silent = not any(t.backchannels for t in long)
    return NOT_MET if silent and len(doubtful) < len(long) else None


def _reflects_back(story: Story) -> Outcome | None:
    proposal = story.first(*SOLUTION, "next-concrete")
    if proposal is None:
        return None
    before = story.said[: proposal + 1]
    if any(move.act == "reflect" for move in before):
        return MET
    told = {s for move in before if move.role is Role.CUSTOMER for s in move.slots}
    echoes = any(move.act == "apology-specific" or (move.act == "empathy" and move.own) for move in before)
    repeated = any(move.slots & told - {"agent", "company"} for move in before if move.role is Role.AGENT)
    return None if echoes or repeated else NOT_MET


def _asks_circumstances(story: Story) -> Outcome | None:
    if _interrogated(story):
        return NOT_MET
    if story.has("question-circumstances"):
        return MET
    tries = [
        m.text
        for m in story.moves
        if m.act in ("cut-in", "solution", "further", "reflect", "refusal-alternative")
    ]
    return None if any(_QUESTION.search(text) for text in tries) else NOT_MET


def _interrogated(story: Story) -> bool:
    run = 0
    for move in story.said:
        if move.act in QUESTIONS:
            run += 1
            if run >= 5:
                return True
        elif move.act in REASONS:
            run = 0
    return False


def _empathy(story: Story) -> Outcome | None:
    if story.has(*EMPATHY):
        return MET if story.complaint else None
    if not story.complaint:
        return NOT_APPLICABLE
    near = story.texts(
        "reflect", "apology-specific", "apology-disfluent", "superior-owned", "own", "thanks-effort"
    )
    return None if any(_FEELING.search(text) for text in near) else NOT_MET


def _empathy_before_apology(story: Story) -> Outcome | None:
    empathy, apology = story.first(*EMPATHY), story.first(*APOLOGY)
    if empathy is None and apology is None:
        return NOT_APPLICABLE
    if apology is None:
        return None
    if empathy is None:
        return None if _empathy(story) is None else NOT_MET
    return MET if empathy < apology else NOT_MET


def _specific_apology(story: Story) -> Outcome | None:
    places = story.places(*APOLOGY)
    if not places:
        return NOT_APPLICABLE
    if any(story.said[i].act == "apology-disfluent" for i in places):
        return None
    bare = [i for i in places if story.said[i].act == "apology-bare"]
    if not bare:
        return MET
    return NOT_MET if any(not _object_near(story, i) for i in bare) else None


def _object_near(story: Story, place: int) -> bool:
    """Something that the apology could be for is said in its turn or in the agent's one before."""
    mine = [n for n, m in zip(story.turns, story.said, strict=True) if m.role is Role.AGENT]
    before = max((n for n in mine if n < story.turns[place]), default=-1)
    near = [m for n, m in zip(story.turns, story.said, strict=True) if n in (before, story.turns[place])]
    return any(
        m.role is Role.AGENT and (m.act in ("reflect", "apology-specific") or (m.act == "empathy" and m.own))
        for m in near
    )


def _apology_not_the_answer(story: Story) -> Outcome | None:
    places = story.places(*APOLOGY)
    if not places:
        return NOT_APPLICABLE
    if _apologies_in_a_row(story) >= 3:
        return NOT_MET
    answered = all(any(m.act in ANSWERS for m in story.agent_turns_after(i, 2)) for i in places)
    return MET if answered else None


def _apologies_in_a_row(story: Story) -> int:
    longest = run = 0
    for move in story.said:
        if move.role is Role.AGENT:
            run = run + 1 if move.act in APOLOGY else 0
            longest = max(longest, run)
    return longest


def _apology_fluent(story: Story) -> Outcome | None:
    if not story.has(*APOLOGY):
        return NOT_APPLICABLE
    if story.has("apology-disfluent"):
        return NOT_MET
    halting = any(m.how is How.AFTER_SILENCE and m.act in APOLOGY for m in story.said)
    return None if halting else MET


def _no_arguing(story: Story) -> Outcome | None:
    if not story.complaint:
        return None
    if story.has("argue"):
        return NOT_MET
    contrary = any(m.act in ("cut-in", "superior-refused") for m in story.said)
    return None if contrary else MET


def _feelings_before_solution(story: Story) -> Outcome | None:
    if not story.complaint:
        return NOT_APPLICABLE
    solution, empathy = story.first(*SOLUTION), story.first(*EMPATHY)
    if solution is None:
        return None
    if empathy is None:
        return None if _empathy(story) is None else NOT_MET
    if solution < empathy:
        return NOT_MET
    hasty = any(m.act == "cut-in" for m in story.said[:empathy])
    return None if hasty else MET


def _de_escalation_order(story: Story) -> Outcome | None:
    if not story.complaint:
        return NOT_APPLICABLE
    empathy, apology = story.first(*EMPATHY), story.first(*APOLOGY)
    solution = story.first(*SOLUTION)
    if story.account_cut or _empathy(story) is NOT_MET:
        return NOT_MET
    if empathy is None:
        return None
    if any(step is not None and step < empathy for step in (apology, solution)):
        return NOT_MET
    plain = story.has("greet-full") and not story.has("apology-bare", "apology-disfluent")
    whole = apology is not None and solution is not None and apology < solution
    return MET if plain and whole and not story.has("cut-in") else None


def _concrete_next_step(story: Story) -> Outcome | None:
    if story.has("next-concrete"):
        return None if story.has("next-vague") else MET
    if not story.has("next-vague"):
        return None
    other = story.texts("solution", "refusal-alternative", "summary", "own", "superior-owned")
    return None if any(TIMES[story.language].search(text) for text in other) else NOT_MET


def _clear_limits(story: Story) -> Outcome | None:
    bare, offered = story.first("refusal-bare"), story.has("refusal-alternative")
    if bare is None and not offered:
        return None if story.has("superior-refused") else NOT_APPLICABLE
    if bare is None:
        return MET
    later = any(move.act in SOLUTION for move in story.agent_turns_after(bare, 3))
    return None if offered or later or story.has("solution") else NOT_MET


def _no_bare_wait(story: Story) -> Outcome | None:
    if story.has("wait-bare"):
        return NOT_MET
    return MET if story.has("wait-good") else NOT_APPLICABLE


def _outcome(story: Story) -> Outcome | None:
    pleased, looked = story.has("accept"), story.has("further")
    if pleased and looked:
        return MET
    return NOT_MET if story.has("grudging") and not looked else None


def _thanks_for_time(story: Story) -> Outcome | None:
    if story.has("thanks-effort"):
        return MET
    return None if any(_THANKS.search(text) for text in story.texts("back")) else NOT_MET


def _closing_summary(story: Story) -> Outcome | None:
    parts = story.has("summary") + story.has("name-again")
    return {0: NOT_MET, 1: None, 2: MET}[parts]


def _shares_joy(story: Story) -> Outcome | None:
    return MET if story.has("joy") else None


RULES: Mapping[str, Rule] = {
    "self-identification": _self_identification,
    "identity-on-record": _identity_on_record,
    "ownership": _ownership,
    "escalation-handled": _escalation_handled,
    "no-interruption": _no_interruption,
    "let-them-finish": _let_them_finish,
    "active-listening": _active_listening,
    "reflects-back": _reflects_back,
    "asks-circumstances": _asks_circumstances,
    "empathy": _empathy,
    "empathy-before-apology": _empathy_before_apology,
    "specific-apology": _specific_apology,
    "apology-not-the-answer": _apology_not_the_answer,
    "apology-fluent": _apology_fluent,
    "no-arguing": _no_arguing,
    "feelings-before-solution": _feelings_before_solution,
    "de-escalation-order": _de_escalation_order,
    "concrete-next-step": _concrete_next_step,
    "clear-limits": _clear_limits,
    "no-bare-wait": _no_bare_wait,
    "outcome": _outcome,
    "value-question": lambda _: NOT_APPLICABLE,
    "thanks-for-time": _thanks_for_time,
    "closing-summary": _closing_summary,
    "shares-joy": _shares_joy,
}
"""`value-question` is switched off in the rubrics that ship."""
