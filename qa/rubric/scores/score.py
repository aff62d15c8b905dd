"""A conversation and a rubric into a scorecard."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from qa.model import (
    Call,
    Conversation,
    Finding,
    Flag,
    Message,
    Outcome,
    Receipt,
    Role,
    Score,
    Scorecard,
    Separation,
    StereoKind,
)
from qa.rubric import checks, schema
from qa.rubric.checks import NOTHING_AROUND
from qa.rubric.checks.judge import Around
from qa.rubric.checks.look import Look
from qa.rubric.checks.reasons import sentence
from qa.rubric.checks.verdict import Verdict, not_applicable, poor_audio, review
from qa.rubric.phrases.annotate import Annotated, annotate
from qa.rubric.phrases.finder import Moves
from qa.rubric.rubric import Rubric
from qa.rubric.scores.flags import good_one, own_flags, signal
from qa.rubric.scores.kept import Judgement, Kept, keys_of
from qa.rubric.scores.since import Unmoved

NOTHING = Judgement(Outcome.NOT_MET, "", Message("", ""))
"""No reason for a flag."""
_NOTHING_HEARD = ("words_unsure", "voice_lost")
"""Why something said may not have been heard: poor words, or a mono voice lost on the way."""


def score(
    conversation: Conversation, rubric: Rubric, receipt: Receipt, around: Around = NOTHING_AROUND
) -> Scorecard:
    """Every criterion of the rubric on this conversation. Pure: the same input gives the same scorecard."""
    return score_annotated(annotate(conversation), rubric, receipt, around)


def score_annotated(
    annotated: Annotated, rubric: Rubric, receipt: Receipt, around: Around = NOTHING_AROUND
) -> Scorecard:
    """As `score`, for a conversation that was annotated before."""
    return score_kept(annotated.conversation, lambda: annotated, rubric, receipt, around)


class Known(Protocol):
    """What must be known of a conversation before it is read; a `Conversation` itself will do."""

    @property
    def call(self) -> Call: ...

    @property
    def language(self) -> str: ...


def score_kept(
    known: Known,
    read: Callable[[], Annotated],
    rubric: Rubric,
    receipt: Receipt,
    around: Around = NOTHING_AROUND,
    kept: Kept | None = None,
    unmoved: Unmoved | None = None,
) -> Scorecard:
    """As `score`, with what is kept from an earlier scoring; `read` is called if anything must be judged.

    `unmoved`: which of the earlier judgements hold although a phrase list has changed.
    """
    kept = kept or Kept(known.call)
    keys = keys_of(rubric, known.language)
    bench = _Bench(read, rubric, around, unmoved)
    judged = []
    for n, (criterion, key, asks) in enumerate(zip(rubric.criteria, keys.criteria, keys.asking, strict=True)):
        due = partial(bench.criterion, criterion)
        earlier = partial(unmoved.criterion, n) if unmoved else _none
        judged.append(kept.judgement(_open(key, asks, around), due, earlier))
    findings = tuple(map(_finding, rubric.criteria, judged))
    total = arithmetic(findings, rubric.file)
    unsure = {j.cause for j in judged if j.outcome is Outcome.NEEDS_REVIEW}
    poor = kept.judgement(keys.sound, bench.sound, _none).outcome is Outcome.MET
    heard = []
    for n, (rule, key, asks) in enumerate(zip(rubric.file.flags, keys.flags, keys.flags_asking, strict=True)):
        earlier = partial(unmoved.flag, n) if unmoved else _none
        raised = kept.judgement(_open(key, asks, around), partial(bench.flag, rule), earlier)
        if raised.outcome is Outcome.MET:
            heard.append(Flag(rule.id, raised.reason, raised.evidence))
    thresholds = rubric.file.thresholds
    flags = (*own_flags(total, thresholds, findings, unsure, around, poor=poor), *heard)
    flags = (*flags, *good_one(known.call, total, flags, thresholds))
    return Scorecard(known.call.id, findings, total, flags, receipt)


def _none() -> str | None:
    return None


def _open(key: str, asks: bool, around: Around) -> str | None:
    """The key to keep a judgement under; None where a judge is asked: next time it may say something else."""
    return None if asks and around.judge is not None else key


class _Bench:
    """Judges one call, and reads it only then."""

    def __init__(
        self, read: Callable[[], Annotated], rubric: Rubric, around: Around, moves: Moves | None
    ) -> None:
        self._read = functools.cache(read)
        self._rubric = rubric
        self._around = around
        self._moves = moves

    @functools.cached_property
    def _look(self) -> Look:
        return look_at(self._read(), self._rubric, self._moves)

    @functools.cached_property
    def _whole(self) -> Verdict | None:
        return whole_call(self._read(), self._rubric)

    def criterion(self, criterion: schema.Criterion) -> Judgement:
        verdict = self._whole or judge(criterion, self._look, self._around)
        return Judgement(
            verdict.outcome, verdict.cause, sentence(verdict, criterion.reasons), verdict.evidence
        )

    def flag(self, rule: schema.FlagRule) -> Judgement:
        flag = None if self._whole else signal(rule, self._look, self._around)
        if flag is None:
            return NOTHING
        return Judgement(Outcome.MET, "", flag.reason, flag.evidence)

    def sound(self) -> Judgement:
        return replace(NOTHING, outcome=Outcome.MET) if poor_audio(self._look) else NOTHING


def look_at(annotated: Annotated, rubric: Rubric, moves: Moves | None = None) -> Look:
    """The conversation through this rubric's words, anchors and thresholds."""
    code = annotated.conversation.language
    lexicon = rubric.lexicons.get(code) or rubric.lexicons[rubric.languages[0]]
    return Look(annotated, lexicon, rubric.file.thresholds, rubric.file.anchors, moves)


def whole_call(annotated: Annotated, rubric: Rubric) -> Verdict | None:
    """The verdict on every criterion where the call as a whole cannot be judged; None where it can."""
    conversation = annotated.conversation
    if conversation.language not in rubric.languages:
        return review("wrong_language")
    roles = {turn.role for turn in annotated.turns if turn.words}
    if not roles:
        return review("unheard") if conversation.unheard else not_applicable("no_conversation")
    if len(roles) > 1 or roles == {Role.UNKNOWN}:
        return None
    lost = conversation.unheard or conversation.separation is Separation.SINGLE
    if lost or conversation.quality.stereo is StereoKind.ONE_DEAD:
        return review("one_party")
    return not_applicable("one_party")


def judge(criterion: schema.Criterion, look: Look, around: Around = NOTHING_AROUND) -> Verdict:
    """One criterion: does it apply, and what does its check come to.

    That an occasion arose needs a sign. Where there is none and the words are poor, it is no likelier than in
    any call, and nobody is asked to listen for it.
    """
    if criterion.applies_when is not None:
        applies = checks.run(criterion.applies_when, look, around)
        if applies.outcome in (Outcome.NOT_MET, Outcome.NOT_APPLICABLE):
            return not_applicable("nothing_applies")
        if applies.cause in _NOTHING_HEARD:
            return not_applicable("nothing_heard_applies")
        if applies.outcome is Outcome.NEEDS_REVIEW:
            verdict = checks.run(criterion.check, look, around)
            if verdict.outcome is Outcome.NOT_APPLICABLE:
                return verdict
            return review("when_unsure", applies.evidence or verdict.evidence)
    verdict = checks.run(criterion.check, look, around)
    if verdict.outcome is Outcome.NOT_MET and criterion.not_met_as == "needs_review":
        return review("words_do_not_decide", verdict.evidence)
    return verdict


def _finding(criterion: schema.Criterion, judged: Judgement) -> Finding:
    return Finding(
        criterion=criterion.id,
        section=criterion.section,
        outcome=judged.outcome,
        points=criterion.points if judged.outcome is Outcome.MET else 0.0,
        possible=criterion.points,
        reason=judged.reason,
        evidence=judged.evidence,
        critical=criterion.critical,
        bonus=criterion.bonus,
    )


def arithmetic(findings: Sequence[Finding], file: schema.RubricFile) -> Score:
    """Points, sections with their weights, coverage, cap and bonus (see `qa.model.Score`)."""
    counted = [f for f in findings if not f.bonus]
    decided = [f for f in counted if f.decided]
    failed = tuple(sorted(f.criterion for f in decided if f.critical and f.outcome is Outcome.NOT_MET))
    return Score(
        points=sum(f.points for f in decided),
        possible=sum(f.possible for f in decided),
        undecided=sum(f.possible for f in counted if f.outcome is Outcome.NEEDS_REVIEW),
        bonus=sum(f.points for f in findings if f.bonus),
        weighted_share=_weighted(decided, file.sections),
        critical_failed=failed,
        cap=file.thresholds.critical_cap if failed else None,
    )


def _weighted(decided: Sequence[Finding], sections: Sequence[schema.Section]) -> float | None:
    """Mean of the sections' shares by weight; sections with nothing decided are left out."""
    shares: list[tuple[float, float]] = []
    for section in sorted(sections, key=lambda s: s.id):
        own = [f for f in decided if f.section == section.id]
        possible = sum(f.possible for f in own)
        if possible:
            shares.append((section.weight, sum(f.points for f in own) / possible))
    if not shares:
        return None
    total = sum(weight * share for weight, share in shares) / sum(weight for weight, _ in shares)
    return min(1.0, max(0.0, total))
