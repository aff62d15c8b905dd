"""What an agent does well and badly in one call: drawn so that every behaviour is there often enough.

Each behaviour is a deck of cards, dealt once over all calls of a language: the shares below hold exactly,
and behaviours meet each other by chance. No call is all good or all bad by design.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

SHARES: Mapping[str, Mapping[str, float]] = {
    "greeting": {"full": 0.73, "company": 0.27},
    "roster": {"same": 0.8, "other": 0.2},
    "cut": {"none": 0.67, "first": 0.13, "later": 0.1, "attempt": 0.1},
    "listening": {"yes": 0.7, "no": 0.3},
    "reflecting": {"yes": 0.65, "no": 0.35},
    "questions": {"circumstances": 0.62, "manual": 0.25, "interrogation": 0.13},
    "feelings": {"first": 0.5, "late": 0.2, "after-solution": 0.1, "none": 0.2},
    "apology": {"specific": 0.45, "bare": 0.18, "disfluent": 0.17, "thrice": 0.1, "none": 0.1},
    "arguing": {"no": 0.83, "yes": 0.17},
    "owning": {"self": 0.6, "department": 0.27, "unsaid": 0.13},
    "refusal": {"none": 0.5, "alternative": 0.27, "bare": 0.23},
    "wait": {"none": 0.4, "good": 0.35, "bare": 0.25},
    "hold": {"music": 0.6, "silence": 0.4},
    "next": {"concrete": 0.67, "vague": 0.33},
    "superior": {"none": 0.66, "owned": 0.17, "refused": 0.17},
    "ending": {"accept-further": 0.5, "accept": 0.17, "grudging-further": 0.1, "grudging": 0.23},
    "thanking": {"effort": 0.6, "formula": 0.4},
    "closing": {"both": 0.45, "neither": 0.4, "one": 0.15},
    "joy": {"yes": 0.27, "no": 0.73},
    "praise": {"yes": 0.2, "no": 0.8},
    "repeat": {"yes": 0.25, "no": 0.75},
    "talkover": {"yes": 0.2, "no": 0.8},
    "dead_air": {"yes": 0.2, "no": 0.8},
    "ring": {"yes": 0.15, "no": 0.85},
    "again": {"yes": 0.15, "no": 0.85},
    "focus": {
        "cut first": 0.1,
        "cut later": 0.07,
        "cut attempt": 0.1,
        "arguing yes": 0.1,
        "superior owned": 0.07,
        "superior refused": 0.1,
        "refusal alternative": 0.1,
        "refusal bare": 0.06,
        "wait good": 0.1,
        "wait bare": 0.06,
        "closing both": 0.04,
        "apology thrice": 0.05,
        "order kept": 0.05,
    },
}


_ORDER_KEPT: Mapping[str, str] = {
    "greeting": "full",
    "cut": "none",
    "feelings": "first",
    "apology": "specific",
    "refusal": "none",
}
"""The focus `order kept`: feelings first, then the problem, nothing in between."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One card of each deck; the values are those of `SHARES`."""

    greeting: str
    roster: str
    cut: str
    listening: str
    reflecting: str
    questions: str
    feelings: str
    apology: str
    arguing: str
    owning: str
    refusal: str
    wait: str
    hold: str
    next: str
    superior: str
    ending: str
    thanking: str
    closing: str
    joy: str
    praise: str
    repeat: str
    talkover: str
    dead_air: str
    ring: str
    again: str
    focus: str
    """A field and its value: an episode that this call has, whatever else it must do without."""

    def focused(self, without: Mapping[str, str]) -> Profile:
        """The profile with its focus, and with the episodes of `without` in their plain form."""
        name, _, value = self.focus.partition(" ")
        if name == "order":
            return replace(self, **{**without, **_ORDER_KEPT})
        return replace(self, **{**without, name: value})


def deal(count: int, rng: random.Random) -> tuple[Profile, ...]:
    """`count` profiles; the same ones for the same `rng`."""
    decks = {field.name: deck(SHARES[field.name], count, rng) for field in fields(Profile)}
    return tuple(Profile(**{name: cards[i] for name, cards in decks.items()}) for i in range(count))


def deck(shares: Mapping[str, float], count: int, rng: random.Random) -> Sequence[str]:
    """`count` cards in these shares, shuffled. Halves are dealt by largest remainder.

    >>> sorted(deck({"a": 0.5, "b": 0.3, "c": 0.2}, 10, random.Random(1)))
    ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'c', 'c']
    """
    whole = {name: int(share * count + 1e-9) for name, share in shares.items()}
    left = sorted(shares, key=lambda name: whole[name] - shares[name] * count)
    for name in left[: count - sum(whole.values())]:
        whole[name] += 1
    cards = [name for name, number in whole.items() for _ in range(number)]
    rng.shuffle(cards)
    return cards
