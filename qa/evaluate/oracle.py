"""What if one stage were perfect? Its output is replaced by the reference's, and the call is scored again.

How many wrong outcomes become right says where they come from: the words, the speakers, the roles, the
timing of events; what stays wrong when all of them are true is the rule's own doing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from qa.evaluate.reference import Reference
from qa.evaluate.replace import built_on, heard_of, with_events, with_roles, with_speakers, with_words
from qa.evaluate.score import Result, Verdict, separation_of, verdicts
from qa.model import Conversation, Heard, Scorecard


class Oracle(StrEnum):
    """Whose output is taken from the reference."""

    NOTHING = "nothing"
    """The call is built and scored again as it was heard: the control."""
    WORDS = "words"
    SPEAKERS = "speakers"
    ROLES = "roles"
    EVENTS = "events"
    EVERYTHING = "everything"
    """All of them, each party on a channel of their own: what is wrong then is the rule."""


NEEDS: Mapping[Oracle, tuple[str, ...]] = {
    Oracle.NOTHING: (),
    Oracle.WORDS: ("turns",),
    Oracle.SPEAKERS: ("speech",),
    Oracle.ROLES: ("speech",),
    Oracle.EVENTS: ("events",),
    Oracle.EVERYTHING: ("turns", "speech", "events"),
}
"""What a reference must know."""


class Rebuilder(Protocol):
    """The later stages, as the night runs them. `qa.batch` has the real one."""

    def build(self, conversation: Conversation, heard: Heard) -> Conversation:
        """The same call's conversation from something else heard."""
        ...

    def derive(self, conversation: Conversation) -> Conversation:
        """Turns, events and measures anew from words, speakers and roles."""
        ...

    def measure(self, conversation: Conversation) -> Conversation:
        """Measures anew from turns and events."""
        ...

    def score(self, conversation: Conversation) -> Scorecard:
        """The verdicts on it."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict as it is stored, and as it comes out under an oracle."""

    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Remedy:
    """What one oracle did to the verdicts of some calls."""

    oracle: Oracle
    separation: str
    calls: int
    changes: tuple[tuple[str, Change], ...]
    """(call id, change) of every verdict, changed or not."""

    def _count(self, was: str, now: str) -> int:
        return sum(getattr(c.before, was) and getattr(c.after, now) for _, c in self.changes)

    @property
    def wrong(self) -> int:
        """Verdicts that are wrong as stored."""
        return sum(change.before.wrong for _, change in self.changes)

    @property
    def wrong_righted(self) -> int:
        """Of those, how many are right now."""
        return self._count("wrong", "right")

    @property
    def undecided(self) -> int:
        """Verdicts left to a person as stored."""
        return sum(change.before.undecided for _, change in self.changes)

    @property
    def undecided_righted(self) -> int:
        """Of those, how many are right now."""
        return self._count("undecided", "right")

    @property
    def still_wrong(self) -> int:
        """Wrong before and now."""
        return self._count("wrong", "wrong")

    @property
    def newly_wrong(self) -> int:
        """Not wrong before, wrong now."""
        return sum(c.after.wrong and not c.before.wrong for _, c in self.changes)


def remedies(
    references: Iterable[Reference],
    results: Mapping[str, Result],
    oracles: Sequence[Oracle],
    rebuilder: Rebuilder,
) -> tuple[Remedy, ...]:
    """Every oracle over every call whose reference allows it, the control first; stereo and mono apart."""
    wanted = [Oracle.NOTHING, *(oracle for oracle in Oracle if oracle in oracles)]
    pairs = [(r, results[r.call_id]) for r in references if r.call_id in results and r.criteria]
    found = []
    for separation in ("stereo", "mono"):
        here = [(r, stored) for r, stored in pairs if separation_of(stored.conversation) == separation]
        for oracle in dict.fromkeys(wanted):
            able = [(r, stored) for r, stored in here if allows(r, oracle)]
            if able:
                changes = [c for r, stored in able for c in _changes(r, stored, oracle, rebuilder)]
                found.append(Remedy(oracle, separation, len(able), tuple(changes)))
    return tuple(found)


def allows(reference: Reference, oracle: Oracle) -> bool:
    """True if the reference knows what this oracle would say."""
    known = all(getattr(reference, part) is not None for part in NEEDS[oracle])
    return known and (oracle is not Oracle.ROLES or reference.knows_roles)


def under(
    oracle: Oracle, reference: Reference, conversation: Conversation, rebuilder: Rebuilder
) -> Conversation:
    """The conversation as it would be if this stage were perfect."""
    everything = oracle is Oracle.EVERYTHING
    if oracle is Oracle.NOTHING:
        made = rebuilder.build(conversation, heard_of(conversation))
    elif everything:
        made = rebuilder.build(conversation, built_on(reference, conversation))
    elif oracle is Oracle.WORDS:
        made = rebuilder.build(conversation, with_words(heard_of(conversation), reference, conversation))
    elif oracle is Oracle.SPEAKERS:
        made = rebuilder.build(conversation, with_speakers(heard_of(conversation), reference, conversation))
    else:
        made = conversation
    if everything or oracle is Oracle.ROLES:
        made = rebuilder.derive(with_roles(made, reference))
    if everything or oracle is Oracle.EVENTS:
        made = rebuilder.measure(with_events(made, reference))
    return made


def _changes(
    reference: Reference, stored: Result, oracle: Oracle, rebuilder: Rebuilder
) -> Iterable[tuple[str, Change]]:
    card = rebuilder.score(under(oracle, reference, stored.conversation, rebuilder))
    after = {verdict.finding.criterion: verdict for verdict in verdicts(reference, card)}
    for before in verdicts(reference, stored.scorecard):
        now = after.get(before.finding.criterion)
        if now is not None:
            yield reference.call_id, Change(before, now)
