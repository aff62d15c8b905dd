"""How often people agreed with the machine, and whether it is still to be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from qa.model import Outcome
from qa.statistics.change import Change
from qa.statistics.samples import Share
from qa.statistics.weeks import Week, trend_of_shares

Pair = tuple[Outcome, Outcome]
"""What the machine said, what a person said."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Machine against people on one criterion: how often each pair of outcomes came up.

    Where either abstained (`needs_review`) there is nothing to agree on: such pairs are counted in
    `abstained` and nowhere else.
    """

    pairs: Mapping[Pair, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.pairs.values()):
            raise ValueError("a pair cannot come up less than never")

    def __add__(self, other: Agreement) -> Agreement:
        both = dict(self.pairs)
        for pair, count in other.pairs.items():
            both[pair] = both.get(pair, 0) + count
        return Agreement(both)

    @property
    def abstained(self) -> int:
        """Pairs in which either side could not judge."""
        return sum(count for pair, count in self.pairs.items() if Outcome.NEEDS_REVIEW in pair)

    @property
    def share(self) -> Share:
        """Agreed, of the pairs that both judged."""
        judged = self._judged()
        return Share(
            sum(n for (machine, person), n in judged.items() if machine is person), sum(judged.values())
        )

    @property
    def kappa(self) -> float | None:
        """Cohen's κ (J. Cohen 1960): agreement beyond chance, at most 1.

        None where chance alone would agree always (everybody said one and the same) or nothing was judged.
        """
        judged = self._judged()
        total = sum(judged.values())
        by_machine: dict[Outcome, int] = {}
        by_people: dict[Outcome, int] = {}
        for (machine, person), count in judged.items():
            by_machine[machine] = by_machine.get(machine, 0) + count
            by_people[person] = by_people.get(person, 0) + count
        chance = sum(count * by_people.get(outcome, 0) for outcome, count in by_machine.items())
        if chance == total**2:
            return None
        return (self.share.count * total - chance) / (total**2 - chance)

    def _judged(self) -> dict[Pair, int]:
        return {pair: count for pair, count in self.pairs.items() if Outcome.NEEDS_REVIEW not in pair}


class Standing(StrEnum):
    """What a criterion's verdicts are good for."""

    COUNTS = "counts"
    """People agree often enough: its points count."""
    UNPROVEN = "unproven"
    """Too few people looked to say anything: its points count, and the desk says so."""
    ADVICE = "advice"
    """People disagree too often: shown as advice only, its points do not count."""


@dataclass(frozen=True, slots=True)
class Trust:
    """A criterion's standing among the people who checked it."""

    agreement: Agreement
    weeks: Sequence[Week[Agreement]]
    """Week by week, of the review."""
    standing: Standing
    drift: Change | None
    """Agreement in the later half of the weeks less the earlier; None below the minimum."""

    @classmethod
    def of(cls, weeks: Sequence[Week[Agreement]], *, level: float, least: int) -> Trust:
        """Trust from the agreement of each week.

        `level`: agreement (0 to 1) below which a criterion is advice only; `least`: judged pairs below
        which nothing is said.
        """
        total = Agreement()
        for week in weeks:
            total = total + week.figure
        shares = [Week(week.monday, week.figure.share) for week in weeks]
        return cls(total, tuple(weeks), standing(total.share, level, least), trend_of_shares(shares, least))


def standing(agreed: Share, level: float, least: int) -> Standing:
    """`ADVICE` below `level` (0 to 1), as soon as `least` pairs were judged."""
    value = agreed.value
    if value is None or agreed.of < least:
        return Standing.UNPROVEN
    return Standing.ADVICE if value < level else Standing.COUNTS
