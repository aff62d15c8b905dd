"""How far each criterion is to be trusted, by what people said of its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from qa.settings import Settings
from qa.statistics import Agreement, Standing, Trust, Week
from qa.store import Store
from qa.store.agreement import Judged


@dataclass(frozen=True, slots=True)
class CriterionTrust:
    """One criterion among people."""

    criterion: str
    trust: Trust
    """By everything people said of it."""
    blind: Agreement
    """Of that, what was said before the machine's outcome was shown."""


def by_criterion(judged: Iterable[Judged], settings: Settings) -> Mapping[str, CriterionTrust]:
    """Criterion → its trust, for those that somebody spoke on."""
    weeks: dict[str, dict[date, Agreement]] = {}
    blind: dict[str, Agreement] = {}
    for row in judged:
        one = Agreement({(row.machine, row.person): row.calls})
        own = weeks.setdefault(row.criterion, {})
        own[row.monday] = own.get(row.monday, Agreement()) + one
        if row.blind:
            blind[row.criterion] = blind.get(row.criterion, Agreement()) + one
    return {
        name: CriterionTrust(
            name,
            Trust.of(
                [Week(monday, found) for monday, found in sorted(own.items())],
                level=settings.trust_level,
                least=settings.trust_least,
            ),
            blind.get(name, Agreement()),
        )
        for name, own in weeks.items()
    }


def advice_only(store: Store, settings: Settings) -> frozenset[str]:
    """The criteria whose points count against nobody: people disagree with them too often."""
    trusts = by_criterion(store.agreements.judged(), settings)
    return frozenset(name for name, each in trusts.items() if each.trust.standing is Standing.ADVICE)
