"""One call as a sequence of moves: who does what, in the order in which people do it.

The plan is written from a profile (`bench.corpus.profile`) and from content; nothing in it knows a rubric.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audio_samples.script import Hold, Ring, parts_of
from bench.corpus.content import AGENT_ACTS, Common, Scenario, slots_of
from bench.corpus.profile import Profile
from qa.model import Role

LONGEST = {"ja": 92.0, "en": 78.0}
"""Seconds that a call is planned to last at most; the voices may make it a little longer or shorter."""
_PACE = {"ja": 6.2, "en": 18.0}
"""Characters a second, as the voices were heard to speak."""
_REPLY = 0.4
_PLAIN: Mapping[str, str] = {
    "wait": "none",
    "superior": "none",
    "arguing": "no",
    "refusal": "none",
    "closing": "neither",
}
"""Episodes that a call which would be too long does without, in an order drawn for each call."""
_LAST = (
    ("questions", "interrogation", "circumstances"),
    ("apology", "thrice", "bare"),
    ("ending", "accept-further", "accept"),
    ("ending", "grudging-further", "grudging"),
    ("cut", "attempt", "none"),
    ("cut", "later", "none"),
    ("cut", "first", "none"),
)
"""What goes last of all from a call that would be too long: a behaviour, and what it becomes."""
FIRST_PERSON = {
    "ja": re.compile("私|わたくし"),
    "en": re.compile(r"\bI(?:'ll|'m|'d| will| can| could| have)\b"),
}
TIMES = {
    "ja": re.compile("[時分日]に|時|今日|本日|明日|午前|午後|今夜|今すぐ|すぐに|今週|曜"),
    "en": re.compile(
        r"o'clock|today|tonight|tomorrow|morning|afternoon|evening|minute|hour|\bby\b|day\b|straight away",
        re.I,
    ),
}


_ABOUT_THE_ACCOUNT = ("reflect", "apology-specific")
_SENTENCE_END = re.compile(r"。(?=.)|[.!?]\s+(?=\S)")
_TAKEN_UP = re.compile(r"\{(?!agent|company)")
"""A slot of the scenario: the caller has named what fills it."""


class How(StrEnum):
    """How a move meets the one before it."""

    TURN = "turn"
    LISTEN = "listen"
    """During a pause of the other side's move; `part` says which."""
    CUT_IN = "cut-in"
    """Over the end of a move that breaks off."""
    ATTEMPT = "attempt"
    """In the middle of the other side's move, given up."""
    TALK_OVER = "talk-over"
    """Over the last words of the other side's move, which is finished all the same."""
    AFTER_SILENCE = "after-silence"
    """After nobody has spoken for seconds."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something one side says. `text` holds `|` marks; `cut`: it is broken off at its end."""

    act: str
    role: Role
    text: str
    how: How = How.TURN
    part: int = 0
    cut: bool = False
    slots: frozenset[str] = frozenset()
    own: bool = False
    """Its words are of the scenario, not of the common lines."""


Step = Move | Hold | Ring


@dataclass(frozen=True, slots=True)
class Names:
    """Who is speaking for whom in this call."""

    agent: str
    company: str


class _Draft:
    """The moves so far, and the words that are left to say."""

    def __init__(
        self, scenario: Scenario, common: Common, names: Names, profile: Profile, rng: random.Random
    ) -> None:
        self.scenario, self.common, self.names, self.profile, self.rng = scenario, common, names, profile, rng
        self.steps: list[Step] = []
        self.filling = {name: rng.choice(values) for name, values in scenario.slots.items()}
        self.filling |= {"agent": names.agent, "company": names.company}
        self.said: set[str] = set()
        self.account = rng.randrange(len(scenario.lines[scenario.account]))
        """Which of the scenario's first accounts is told."""

    def pick(self, act: str, avoid: Sequence[re.Pattern[str]] = ()) -> tuple[str, bool] | None:
        """A line for `act` not said yet and whether the scenario owns it; None if nothing fits."""
        pools = [(self.scenario.lines.get(act, ()), True), (self.common.lines.get(act, ()), False)]
        if act == "empathy" and (self.deaf or self.rng.random() < 0.4):
            pools.reverse()
        for pool, own in pools:
            fitting = [line for line in pool if line not in self.said and self._fits(line, avoid)]
            if fitting:
                line = self._to_the_point(act, pool, fitting) or self.rng.choice(fitting)
                self.said.add(line)
                return line, own
        return None

    def say(self, act: str, *, how: How = How.TURN, avoid: Sequence[re.Pattern[str]] = ()) -> bool:
        """Add a move; False if there is no line for it."""
        chosen = self.pick(act, avoid)
        if chosen is not None:
            self.add(act, chosen[0], how=how, own=chosen[1])
        return chosen is not None

    def add(self, act: str, line: str, *, how: How = How.TURN, cut: bool = False, own: bool = True) -> None:
        """Add a move with this text."""
        role = Role.AGENT if act in AGENT_ACTS else Role.CUSTOMER
        text = line.format_map(self.filling)
        self.steps.append(Move(act, role, text, how, cut=cut, slots=slots_of(line), own=own))

    def tell(self, act: str, line: str, *, cut: bool = False) -> None:
        """A long move of the customer's, with the agent's backchannels if they give any."""
        if "|" not in line:
            line = _SENTENCE_END.sub(lambda end: f"{end[0]}|", line)
        self.add(act, line, cut=cut)
        parts = len(parts_of(line, line))
        last = parts - (2 if cut else 1)
        if self.profile.listening == "no" or last < 1:
            return
        chosen = [part for part in range(1, last + 1) if self.rng.random() < 0.75] or [1]
        for part in chosen:
            picked = self.rng.choice(self.common.lines["listen"])
            self.steps.append(Move("listen", Role.AGENT, picked, How.LISTEN, part))

    def _to_the_point(self, act: str, pool: Sequence[str], fitting: Sequence[str]) -> str | None:
        """Of lines that take up what was told, the one written for this account: it has the same place."""
        told = pool[self.account] if act in _ABOUT_THE_ACCOUNT and self.account < len(pool) else None
        return told if told in fitting else None

    @property
    def deaf(self) -> bool:
        """This agent takes up none of the caller's words."""
        return self.profile.reflecting == "no"

    def _fits(self, line: str, avoid: Sequence[re.Pattern[str]]) -> bool:
        if self.profile.greeting == "company" and "agent" in slots_of(line):
            return False
        return not any(pattern.search(line) for pattern in avoid)


def compose(
    scenario: Scenario, common: Common, names: Names, profile: Profile, seed: str
) -> tuple[Step, ...]:
    """The call's moves. Where it would be too long, what nobody would miss goes first, then episodes."""
    steps: tuple[Step, ...] = ()
    episodes = list(_PLAIN.items())
    random.Random(f"{seed} lean").shuffle(episodes)
    episodes += [(name, after) for name, before, after in _LAST if getattr(profile, name) == before]
    for leaner in range(3 + len(episodes) + 1):
        plain = dict(episodes[: max(0, leaner - 2)])
        draft = _Draft(scenario, common, names, profile.focused(plain), random.Random(seed))
        _open(draft, leaner)
        _feel(draft)
        _explore(draft, leaner)
        _solve(draft)
        _close(draft, leaner)
        steps = tuple(draft.steps)
        if estimate(steps, scenario.language) <= LONGEST[scenario.language]:
            break
    return steps


def estimate(steps: Sequence[Step], language: str) -> float:
    """About how many seconds these steps last."""
    seconds = 0.0
    for step in steps:
        if not isinstance(step, Move):
            seconds += step.seconds
        elif step.how not in (How.LISTEN, How.ATTEMPT):
            seconds += (
                len(step.text) / _PACE[language] + _REPLY + (4.0 if step.how is How.AFTER_SILENCE else 0)
            )
    return seconds


def _open(draft: _Draft, leaner: int) -> None:
    profile, rng = draft.profile, draft.rng
    if profile.ring == "yes":
        country = "jp" if draft.scenario.language == "ja" else "us"
        draft.steps.append(Ring(country, 4.0 if country == "jp" else 3.0))
    draft.say("greet-full" if profile.greeting == "full" else "greet-company")
    act = draft.scenario.account
    account = draft.scenario.lines[act][draft.account]
    if profile.cut == "first":
        parts = account.split("|")
        broken = rng.choice(draft.scenario.lines["cut-line"])
        draft.tell(act, "|".join([*parts[: max(1, len(parts) - 1)], broken]), cut=True)
        draft.say("cut-in", how=How.CUT_IN)
        draft.say("protest", how=How.TURN)
        return
    draft.tell(act, account)
    if profile.repeat == "yes" and leaner < 3:
        draft.say("repeat-contact")
    if profile.again == "yes" and leaner < 2:
        draft.say("request-repeat")
        draft.add("detail", account.split("|")[-1])


def _feel(draft: _Draft) -> None:
    """Summing up, empathy and apology, in this agent's order."""
    profile = draft.profile
    if profile.reflecting == "yes":
        draft.say("reflect")
        if draft.rng.random() < 0.5:
            draft.say("customer-listen")
    if not draft.scenario.complaint:
        return
    if profile.feelings == "after-solution":
        draft.say("solution", avoid=_not_heard(draft))
        draft.say("ack")
    if profile.feelings in ("first", "after-solution"):
        draft.say("empathy")
        if draft.rng.random() < 0.4:
            draft.say("customer-listen")
    _apologise(draft)
    if profile.feelings == "late":
        if draft.rng.random() < 0.4:
            draft.say("customer-listen")
        draft.say("empathy")


def _apologise(draft: _Draft) -> None:
    kind = draft.profile.apology
    if kind == "thrice":
        draft.say("apology-bare")
        draft.say("protest")
        draft.say("apology-bare")
        draft.say("anger")
        draft.say("apology-bare")
    elif kind != "none":
        draft.say(f"apology-{kind}")


def _explore(draft: _Draft, leaner: int) -> None:
    """The customer says more; the agent asks."""
    profile = draft.profile
    if profile.cut == "later":
        draft.add("cut-line", draft.rng.choice(draft.scenario.lines["cut-line"]), cut=True)
        draft.say("cut-in", how=How.CUT_IN)
        draft.say("protest")
    elif profile.cut == "attempt" or leaner < 1:
        long = [line for line in draft.scenario.lines["detail"] if line.count("|") >= 2]
        draft.tell("detail", draft.rng.choice(long or list(draft.scenario.lines["detail"])))
        if profile.cut == "attempt":
            _attempt(draft)
    asks = {"circumstances": ["circumstances"], "manual": ["manual"], "interrogation": ["manual"] * 3}[
        profile.questions
    ]
    if profile.questions == "interrogation":
        asks = ["manual", "circumstances", "manual", "circumstances", "manual"]
    elif leaner < 2 and draft.rng.random() < 0.5:
        asks = ["manual", *asks]
    for ask in asks:
        if draft.say(f"question-{ask}", avoid=_not_heard(draft)):
            draft.say(f"answer-{ask}")


def _not_heard(draft: _Draft) -> list[re.Pattern[str]]:
    return [_TAKEN_UP] if draft.deaf else []


def _attempt(draft: _Draft) -> None:
    """The agent starts over the customer's long telling and gives up."""
    telling = max(i for i, step in enumerate(draft.steps) if isinstance(step, Move) and step.act == "detail")
    picked = draft.pick("cut-in")
    if picked is not None:
        del draft.steps[telling + 1 :]  # who wants the floor gives no backchannels meanwhile
        words = beginning(picked[0].format_map(draft.filling), draft.scenario.language)
        draft.steps.append(Move("cut-in", Role.AGENT, words, How.ATTEMPT, 1, cut=True))


def beginning(text: str, language: str) -> str:
    """The first words of a line, as far as somebody gets who gives up.

    >>> beginning("Replacements are in the settings, actually.", "en")
    'Replacements are in the settings'
    """
    if language == "en":
        return " ".join(text.split()[:5]).rstrip(",.?")
    found = re.match(r"[^|]{6,16}?[はがをにでのも]|[^|]{1,12}", text)
    assert found is not None  # a line has at least one character
    return found[0]


def _solve(draft: _Draft) -> None:
    profile, language = draft.profile, draft.scenario.language
    if draft.scenario.complaint:
        _escalate(draft)
        if profile.arguing == "yes":
            draft.say("argue")
            draft.say("protest", how=How.TALK_OVER if profile.talkover == "yes" else How.TURN)
    if profile.wait != "none":
        draft.say(f"wait-{profile.wait}")
        draft.say("ack")
        draft.steps.append(Hold(round(draft.rng.uniform(4.0, 8.0), 1), profile.hold == "music"))
        draft.say("back")
    first = How.AFTER_SILENCE if profile.dead_air == "yes" else How.TURN
    if profile.owning == "self":
        draft.say("own", how=first)
    elif profile.owning == "department":
        draft.say("department", how=first)
    if profile.refusal != "none":
        draft.say(f"refusal-{profile.refusal}")
        draft.say("ack")
    if profile.refusal != "bare" and profile.feelings != "after-solution":
        avoid = [FIRST_PERSON[language]] if profile.owning == "department" else []
        avoid += [TIMES[language]] if profile.next == "vague" else []
        avoid += _not_heard(draft)
        draft.say("solution", avoid=avoid)
        if draft.rng.random() < 0.5:
            draft.say("ack")
    avoid = [FIRST_PERSON[language]] if profile.owning == "department" else []
    draft.say(f"next-{profile.next}", avoid=avoid)


def _escalate(draft: _Draft) -> None:
    profile = draft.profile
    if profile.superior == "none":
        return
    if draft.rng.random() < 0.5 and profile.apology != "thrice":
        draft.say("anger")
    draft.say("demand-superior")
    if not draft.say(f"superior-{profile.superior}"):
        draft.say("superior-refused")  # an agent without a name cannot say who they are
    draft.say("protest" if profile.superior == "refused" else "ack")


def _close(draft: _Draft, leaner: int) -> None:
    profile = draft.profile
    pleased = profile.ending.startswith("accept")
    draft.say("accept" if pleased else "grudging")
    if pleased and profile.joy == "yes":
        draft.say("joy")
    if profile.ending.endswith("further"):
        draft.say("further")
        draft.say("thanks" if pleased else "customer-listen")
    if profile.closing != "neither" and profile.next == "concrete":
        draft.say("summary")
        if profile.closing == "both":
            draft.say("name-again")
    draft.say(f"thanks-{profile.thanking}")
    if pleased and profile.praise == "yes" and leaner < 3:
        draft.say("praise")
    elif pleased and leaner < 1:
        draft.say("thanks")
    draft.say("goodbye")
    if draft.rng.random() < 0.5:
        draft.say("customer-goodbye")
