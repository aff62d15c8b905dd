"""What scoring again changes: by criterion, by agent, and the calls that change most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa.model import Message, Outcome, Scorecard

MOST_CHANGED = 10


@dataclass(frozen=True, slots=True)
class Step:
    """A criterion that came out differently in a call. None: the rubric had or has no such criterion."""

    criterion: str
    before: Outcome | None
    after: Outcome | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Change:
    """A call before and after."""

    call_id: str
    agent_id: str | None
    before: float | None
    """Score, 0 to 100; None: nothing could be decided."""
    after: float | None
    steps: tuple[Step, ...]

    def __bool__(self) -> bool:
        """True if an outcome or the score differs."""
        return bool(self.steps) or self.before != self.after

    @property
    def distance(self) -> float:
        """Points of score between before and after; losing or gaining a score counts most."""
        if self.before is None or self.after is None:
            return 0.0 if self.before == self.after else 100.0
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class Move:
    """How many calls go from one outcome to another under a criterion."""

    criterion: str
    before: Outcome | None
    after: Outcome | None
    calls: int


@dataclass(frozen=True, slots=True)
class Shift:
    """What the change does to an agent's mean score, over the calls with a score both times."""

    agent_id: str
    calls: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Rescored:
    """What scoring again does (dry run) or did."""

    calls: int
    changed: int
    """Calls in which an outcome or the score differs."""
    written: int
    """New scorecards; 0 in a dry run."""
    moves: tuple[Move, ...]
    shifts: tuple[Shift, ...]
    most_changed: tuple[Change, ...]
    dry_run: bool
    stopped: bool

    def as_json(self) -> dict[str, Any]:
        """The object that `qa rescore --json` prints."""
        return {
            "dry_run": self.dry_run,
            "stopped": self.stopped,
            "calls": self.calls,
            "changed": self.changed,
            "written": self.written,
            "criteria": [
                {"id": m.criterion, "before": m.before, "after": m.after, "calls": m.calls}
                for m in self.moves
            ],
            "agents": [
                {"id": s.agent_id, "calls": s.calls, "before": round(s.before, 2), "after": round(s.after, 2)}
                for s in self.shifts
            ],
            "most_changed": [_change_json(change) for change in self.most_changed],
        }


def compare(
    call_id: str,
    agent_id: str | None,
    before: Mapping[str, Outcome],
    score_before: float | None,
    scorecard: Scorecard,
) -> Change:
    """A call's stored outcomes and score beside a new scorecard."""
    steps = []
    for finding in scorecard.findings:
        outcome = before.get(finding.criterion)
        if outcome is not finding.outcome:
            steps.append(Step(finding.criterion, outcome, finding.outcome, finding.reason))
    gone = Message("この基準はもうありません。", "the rubric has no such criterion any more")
    kept = {finding.criterion for finding in scorecard.findings}
    for criterion, outcome in before.items():
        if criterion not in kept:
            steps.append(Step(criterion, outcome, None, gone))
    return Change(call_id, agent_id, score_before, scorecard.score.value, tuple(steps))


def summarise(changes: Iterable[Change], *, written: int, dry_run: bool, stopped: bool) -> Rescored:
    """All changes in figures."""
    calls = 0
    moves: Counter[tuple[str, Outcome | None, Outcome | None]] = Counter()
    scores: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    changed: list[Change] = []
    for change in changes:
        calls += 1
        moves.update((step.criterion, step.before, step.after) for step in change.steps)
        if change.agent_id and change.before is not None and change.after is not None:
            scores[change.agent_id].append((change.before, change.after))
        if change:
            changed.append(change)
    return Rescored(
        calls=calls,
        changed=len(changed),
        written=written,
        moves=tuple(Move(*move, calls=count) for move, count in sorted(moves.items(), key=_by_name)),
        shifts=tuple(_shift(agent_id, pairs) for agent_id, pairs in sorted(scores.items())),
        most_changed=tuple(sorted(changed, key=lambda c: (-c.distance, c.call_id))[:MOST_CHANGED]),
        dry_run=dry_run,
        stopped=stopped,
    )


def _by_name(item: tuple[tuple[str, Outcome | None, Outcome | None], int]) -> tuple[str, int, str, str]:
    (criterion, before, after), count = item
    return (criterion, -count, str(before), str(after))


def _shift(agent_id: str, pairs: list[tuple[float, float]]) -> Shift:
    count = len(pairs)
    return Shift(agent_id, count, sum(b for b, _ in pairs) / count, sum(a for _, a in pairs) / count)


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "call": change.call_id,
        "before": change.before,
        "after": change.after,
        "criteria": [
            {
                "id": step.criterion,
                "before": step.before,
                "after": step.after,
                "reason": {"ja": step.reason.ja, "en": step.reason.en},
            }
            for step in change.steps
        ],
    }
