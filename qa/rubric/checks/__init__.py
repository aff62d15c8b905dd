"""The closed set of checks: one small function a kind, and how they compose. No criterion is named here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qa.model import Outcome, Role
from qa.rubric import schema
from qa.rubric.checks.events import active_events, measure
from qa.rubric.checks.judge import Around
from qa.rubric.checks.judged import judged
from qa.rubric.checks.look import Look
from qa.rubric.checks.near import each, together
from qa.rubric.checks.talk import fluent, name_matches, question, question_run, reflection
from qa.rubric.checks.verdict import (
    Verdict,
    as_outcome,
    met,
    not_applicable,
    region_doubt,
    review,
    role_doubt,
)
from qa.rubric.checks.words import not_said, order, said, steps

_FLIPPED = {Outcome.MET: Outcome.NOT_MET, Outcome.NOT_MET: Outcome.MET}


NOTHING_AROUND = Around()


def run(check: Any, look: Look, around: Around = NOTHING_AROUND) -> Verdict:
    """What `check` (one of `schema.CHECKS`) comes to in this conversation."""
    plain = _PLAIN.get(type(check))
    return plain(check, look) if plain is not None else _COMPOSED[type(check)](check, look, around)


def _all(check: schema.AllCheck, look: Look, around: Around) -> Verdict:
    """The first that fails decides; then the first that cannot be judged."""
    verdicts = []
    for part in check.all:
        verdicts.append(run(part, look, around))
        if verdicts[-1].outcome is Outcome.NOT_MET:
            return verdicts[-1]
    for verdict in verdicts:
        if verdict.outcome is Outcome.NEEDS_REVIEW:
            return verdict
    return _joined([v for v in verdicts if v.outcome is Outcome.MET])


def _any(check: schema.AnyCheck, look: Look, around: Around) -> Verdict:
    """The first that is met decides; then the first that cannot be judged; then the first that fails."""
    verdicts = []
    for part in check.any:
        verdicts.append(run(part, look, around))
        if verdicts[-1].outcome is Outcome.MET:
            return verdicts[-1]
    for outcome in (Outcome.NEEDS_REVIEW, Outcome.NOT_MET):
        for verdict in verdicts:
            if verdict.outcome is outcome:
                return verdict
    return _joined([])


def _joined(found: list[Verdict]) -> Verdict:
    if not found:
        return not_applicable("nothing_applies")
    evidence = tuple(dict.fromkeys(e for verdict in found for e in verdict.evidence))
    return Verdict(Outcome.MET, found[0].cause, evidence, found[0].values)


def _not(check: schema.NotCheck, look: Look, around: Around) -> Verdict:
    verdict = run(check.not_, look, around)
    outcome = _FLIPPED.get(verdict.outcome, verdict.outcome)
    if outcome is Outcome.NOT_MET and not verdict.evidence:
        return review("nowhere")
    cause = "not_so" if outcome is not verdict.outcome else verdict.cause
    return Verdict(outcome, cause, verdict.evidence, verdict.values)


def _cases(check: schema.CasesCheck, look: Look, around: Around) -> Verdict:
    """The first case that is met, or cannot be judged, decides."""
    verdicts = []
    for case in check.cases:
        verdict = run(case.when, look, around)
        if verdict.outcome is Outcome.NEEDS_REVIEW:
            return verdict
        if verdict.outcome is Outcome.MET:
            return as_outcome(look, case.then, verdict.cause, verdict.evidence, **verdict.values)
        verdicts.append(verdict)
    places = next((v.evidence for v in verdicts if v.evidence), ())
    return as_outcome(look, check.otherwise, "not_said" if places else "never_said", places)


def _happened(check: schema.HappenedCheck, look: Look) -> Verdict:
    """Met at the anchor's place."""
    name = check.happened.anchor
    role = Role(look.anchors[name].by)
    region = look.region(schema.Where(after=name), role)
    doubt = role_doubt(look, role) or region_doubt(look, region)
    if doubt:
        return doubt
    evidence = (region.anchor.evidence,) if region.anchor else ()
    return review("anchor_unsure", evidence) if region.unsure else met("happened", evidence)


_PLAIN: dict[type[schema.Part], Callable[[Any, Look], Verdict]] = {
    schema.SaidCheck: lambda check, look: said(check.said, look),
    schema.NotSaidCheck: lambda check, look: not_said(check.not_said, look),
    schema.OrderCheck: lambda check, look: order(check.order, look),
    schema.EachCheck: lambda check, look: each(check.each, look),
    schema.TogetherCheck: lambda check, look: together(check.together, look),
    schema.EventsCheck: lambda check, look: active_events(check.events, look),
    schema.MeasureCheck: lambda check, look: measure(check.measure, look),
    schema.QuestionCheck: lambda check, look: question(check.question, look),
    schema.QuestionRunCheck: lambda check, look: question_run(check.question_run, look),
    schema.ReflectionCheck: lambda check, look: reflection(check.reflection, look),
    schema.NameMatchesCheck: lambda check, look: name_matches(check.name_matches, look),
    schema.FluentCheck: lambda check, look: fluent(check.fluent, look),
    schema.HappenedCheck: _happened,
}
"""Kinds that look for themselves."""

_COMPOSED: dict[type[schema.Part], Callable[[Any, Look, Around], Verdict]] = {
    schema.StepsCheck: lambda check, look, around: steps(check.steps, look, partial(run, around=around)),
    schema.JudgeCheck: lambda check, look, around: judged(check.judge, look, around),
    schema.AllCheck: _all,
    schema.AnyCheck: _any,
    schema.NotCheck: _not,
    schema.CasesCheck: _cases,
}
"""Kinds that run other checks, or ask somebody."""
