"""What later calls say of a point of coaching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qa.model import Outcome
from qa.statistics import Change, Share, share_change
from qa.store.coaching import Stage, Step
from qa.store.moments import Moments


@dataclass(frozen=True, slots=True)
class Measured:
    """A criterion before a point was told, and since."""

    since: datetime
    before: Share
    after: Share
    change: Change | None
    """None: too few calls on either side."""


def measured(moments: Moments, agent_id: str, steps: Sequence[Step], least: int) -> Measured:
    """The criterion of a point (its steps, oldest first), before and after the day on which it was told.

    A point that was not told yet is measured from the day on which it was marked. `least`: calls needed on
    either side.
    """
    told = [step.at for step in steps if step.stage is Stage.TOLD]
    since = told[0] if told else steps[0].at
    before, after = map(_share, moments.before_and_after(agent_id, steps[0].criterion, since))
    return Measured(since, before, after, share_change(before, after, least))


def _share(outcomes: Mapping[Outcome, int]) -> Share:
    met = outcomes.get(Outcome.MET, 0)
    return Share(met, met + outcomes.get(Outcome.NOT_MET, 0))
