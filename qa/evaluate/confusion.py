"""Agreement between the machine's outcomes and the reference's, with the counts kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qa.evaluate.counts import Found
from qa.model import Outcome


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each reference outcome came out as each machine outcome. Adds up with `+`.

    `needs_review` is the machine abstaining: it is counted, and kept out of every agreement figure.
    """

    counts: Mapping[tuple[Outcome, Outcome], int] = field(default_factory=dict)
    """(reference, machine) → calls."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[Outcome, Outcome]]) -> Confusion:
        """From (reference, machine) pairs."""
        return cls(dict(Counter(pairs)))

    def __add__(self, other: Confusion) -> Confusion:
        return Confusion(dict(Counter(self.counts) + Counter(other.counts)))

    @property
    def total(self) -> int:
        """Calls compared."""
        return sum(self.counts.values())

    @property
    def needs_review(self) -> int:
        """Calls on which the machine abstained."""
        return sum(n for (_, machine), n in self.counts.items() if machine is Outcome.NEEDS_REVIEW)

    @property
    def decided(self) -> int:
        """Calls on which it did not."""
        return self.total - self.needs_review

    @property
    def agreed(self) -> int:
        """Decided calls whose outcome is the reference's."""
        return sum(n for (reference, machine), n in self.counts.items() if reference is machine)

    @property
    def agreement(self) -> float | None:
        """agreed / decided."""
        return self.agreed / self.decided if self.decided else None

    @property
    def needs_review_share(self) -> float | None:
        """needs_review / total."""
        return self.needs_review / self.total if self.total else None

    @property
    def not_met(self) -> Found:
        """`not_met` as something to be found; abstaining is not finding."""
        said = sum(n for (_, machine), n in self.counts.items() if machine is Outcome.NOT_MET)
        true = sum(n for (reference, _), n in self.counts.items() if reference is Outcome.NOT_MET)
        both = self.counts.get((Outcome.NOT_MET, Outcome.NOT_MET), 0)
        return Found(both, true - both, said - both)

    @property
    def not_met_precision(self) -> float | None:
        """Of the machine's `not_met`, the share that is the reference's too."""
        return self.not_met.precision.value

    @property
    def not_met_recall(self) -> float | None:
        """Of the reference's `not_met`, the share that the machine found."""
        return self.not_met.recall.value

    @property
    def table(self) -> tuple[int, ...]:
        """The decided calls as a square table, row by row: reference down, machine across."""
        sides = [outcome for outcome in Outcome if outcome is not Outcome.NEEDS_REVIEW]
        return tuple(self.counts.get((row, column), 0) for row in sides for column in sides)

    @property
    def kappa(self) -> float | None:
        """Cohen's κ over the decided calls (Cohen 1960); None where chance alone would agree always."""
        if not self.decided:
            return None
        decided = {k: n for k, n in self.counts.items() if k[1] is not Outcome.NEEDS_REVIEW}
        rows, columns = Counter[Outcome](), Counter[Outcome]()
        for (reference, machine), n in decided.items():
            rows[reference] += n
            columns[machine] += n
        chance = sum(rows[outcome] * columns[outcome] for outcome in Outcome) / self.decided**2
        return (self.agreed / self.decided - chance) / (1 - chance) if chance < 1 else None
