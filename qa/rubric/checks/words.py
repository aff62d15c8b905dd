"""Checks on phrases: said, not said, in which order, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from qa.model import Evidence, Outcome, Role
from qa.rubric import schema
from qa.rubric.checks.look import Look, Region
from qa.rubric.checks.verdict import (
    Verdict,
    absence_doubt,
    as_outcome,
    clock,
    due,
    evidence_of,
    met,
    not_applicable,
    not_met,
    region_doubt,
    review,
    role_doubt,
    where_judged,
)
from qa.rubric.phrases.annotate import Match


def said(check: schema.Said, look: Look) -> Verdict:
    """Met from `at_least` sure matches; absent only where the words could have been heard."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    found = look.meant(check.phrases, role, region, alike=check.alike)
    sure = look.sure(found)
    count = {"count": str(len(sure)), "limit": str(check.at_least)}
    if len(sure) >= check.at_least:
        if region.unsure:
            return review("anchor_unsure", evidence_of(sure))
        return met("said", evidence_of(sure), **quoting(sure[0]), **count)
    if len(found) >= check.at_least:
        return review("doubtful", evidence_of(found), **quoting(found[0]))
    cause = absence_doubt(look, region)
    if cause:
        return review(cause, due(look, region))
    return not_met(look, "not_said", due(look, region), **count)


def quoting(match: Match) -> dict[str, str]:
    """The values that a sentence about this match needs."""
    return {"quote": match.quote, "at": clock(match.span.start)}


def not_said(check: schema.NotSaid, look: Look) -> Verdict:
    """Not met from the first sure match too many; a doubtful one asks a person."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    found = look.matches(check.phrases, role, region)
    sure = look.sure(found)
    if len(sure) > check.at_most:
        if region.unsure:
            return review("anchor_unsure", evidence_of(sure), **quoting(sure[0]))
        return not_met(look, "said_wrongly", evidence_of(sure), **quoting(sure[0]), count=str(len(sure)))
    if len(found) > check.at_most:
        return review("doubtful", evidence_of(found), **quoting(found[0]))
    cause = absence_doubt(look, region)
    return review(cause) if cause in ("unheard", "words_unsure") else met("never_said")


def order(check: schema.Order, look: Look) -> Verdict:
    """Judged once with the doubtful matches and once without: where that differs, a person decides."""
    roles = {Role(check.first.by), Role(check.then.by)}
    region = look.region(check.where, Role(check.first.by))
    doubt = role_doubt(look, *sorted(roles)) or region_doubt(look, region)
    if doubt:
        return doubt
    firsts = _both(utterances(check.first, look, region), look)
    thens = _both(utterances(check.then, look, look.region(check.where, Role(check.then.by))), look)
    pairs = dict.fromkeys(product(firsts, thens))
    verdicts = [_ordered(check, look, region, a, b) for a, b in pairs]
    if len({verdict.outcome for verdict in verdicts}) > 1:
        evidence = dict.fromkeys(e for verdict in verdicts for e in verdict.evidence)
        return review("doubtful", tuple(evidence), **verdicts[-1].values)
    verdict = verdicts[0]
    if region.unsure and verdict.outcome is Outcome.NOT_MET:
        return review("anchor_unsure", verdict.evidence)
    return verdict


def _both(found: Sequence[Match], look: Look) -> tuple[Match | None, Match | None]:
    """The first sure match, and the first of all."""
    sure = look.sure(found)
    return (sure[0] if sure else None, found[0] if found else None)


def _ordered(
    check: schema.Order, look: Look, region: Region, first: Match | None, then: Match | None
) -> Verdict:
    if first is None and then is None:
        return _missing(check.without_both, look, region, "neither", due(look, region), None)
    if first is None:
        assert then is not None
        return _missing(check.without_first, look, region, "without_first", (then.evidence(),), then)
    if then is None:
        return as_outcome(look, check.without_then, "without_then", (first.evidence(),), **quoting(first))
    values = _pair(first, then)
    if (first.span.start, first.first) <= (then.span.start, then.first):
        return met("in_order", evidence_of([first, then]), **values)
    if _together(first, then) < look.thresholds.sure:
        return review("doubtful", evidence_of([then, first]), **values)
    return _missing("not_met", look, region, "out_of_order", evidence_of([then, first]), then, values)


def _together(first: Match, then: Match) -> float:
    """How sure an order is: it hangs on both. The confidence of what is alike is no probability."""
    return 1.0 if first.likened or then.likened else first.confidence * then.confidence


def _missing(
    outcome: str,
    look: Look,
    region: Region,
    cause: str,
    evidence: Sequence[Evidence],
    then: Match | None,
    values: dict[str, str] | None = None,
) -> Verdict:
    """Something was not said in its place: believed only if it could have been heard."""
    if outcome == "not_met":
        doubt = absence_doubt(look, region, then.span.start if then else None)
        if doubt:
            return review(doubt, evidence)
    values = values or (quoting(then) if then else {})
    return as_outcome(look, outcome, cause, evidence, **values)


def _pair(first: Match, then: Match) -> dict[str, str]:
    return {
        "first_quote": first.quote,
        "first_at": clock(first.span.start),
        "then_quote": then.quote,
        "then_at": clock(then.span.start),
    }


def utterances(wanted: schema.Utterance, look: Look, region: Region) -> list[Match]:
    """The matches (and questions, if asked for) of an utterance in a region, in time order."""
    role = Role(wanted.by)
    found: list[Match] = []
    if wanted.phrases is not None:
        found = look.meant(wanted.phrases, role, region, alike=wanted.alike)
    if wanted.question:
        found = [*found, *questions(look, role, region)]
    return sorted(found, key=lambda m: (m.span.start, m.first))


def questions(look: Look, role: Role, region: Region) -> list[Match]:
    """The turns of a role in which it asks something."""
    return [m for m in look.questions(role) if region.holds(m.span.start)]


def steps(check: schema.Steps, look: Look, run: Callable[[Any, Look], Verdict]) -> Verdict:
    """Every step after the one before; names the first that is not."""
    doubt = role_doubt(look, *sorted({Role(step.by) for step in check.steps}))
    last: tuple[float, Evidence, schema.Step] | None = None
    seen: list[Evidence] = []
    for step in check.steps:
        region = look.region(check.where, Role(step.by))
        doubt = doubt or region_doubt(look, region)
        if doubt:
            return doubt
        place, sure = _place(step, look, region)
        if place is None:
            verdict = _absent(step, look, region, last, run)
            if verdict is not None:
                return verdict
            continue
        if last is not None and place[0] < last[0]:
            values = _broken(last[2], step)
            if not sure or region.unsure:
                return review("doubtful", (place[1], last[1]), **values)
            return not_met(look, "step_early", (place[1], last[1]), **values)
        last = (place[0], place[1], step)
        seen.append(place[1])
    return met("steps_in_order", seen) if seen else not_applicable("nothing_applies")


def _place(step: schema.Step, look: Look, region: Region) -> tuple[tuple[float, Evidence] | None, bool]:
    if step.anchor is not None:
        anchored = look.anchor(step.anchor)
        return ((anchored.after, anchored.evidence), anchored.sure) if anchored else (None, False)
    assert step.phrases is not None
    found = look.meant(step.phrases, Role(step.by), region, alike=step.alike)
    if not found:
        return None, False
    sure = look.sure(found)
    chosen = (sure or found)[0]
    return (chosen.span.start, chosen.evidence()), bool(sure)


def _absent(
    step: schema.Step,
    look: Look,
    region: Region,
    last: tuple[float, Evidence, schema.Step] | None,
    run: Callable[[Any, Look], Verdict],
) -> Verdict | None:
    """The verdict where a step is missing; None where it may be."""
    if step.optional:
        return None
    if step.required_when is not None and run(step.required_when, look).outcome is not Outcome.MET:
        return None
    evidence = (last[1],) if last else due(look, region)
    cause = absence_doubt(look, region)
    if cause:
        return review(cause, evidence)
    cause = "step_missing" if last else "first_step_missing"
    return not_met(look, cause, evidence, **_broken(last[2] if last else step, step))


def _broken(before: schema.Step, step: schema.Step) -> dict[str, str]:
    return {
        "step_ja": step.name.ja,
        "step_en": step.name.en,
        "before_ja": before.name.ja,
        "before_en": before.name.en,
    }
