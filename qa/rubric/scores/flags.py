"""Why a person should hear a call: signals that a rubric names, and flags that every rubric has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence, Set

from qa.model import Call, Evidence, Finding, Flag, Message, Outcome, Score
from qa.rubric import checks, schema
from qa.rubric.checks.judge import Around
from qa.rubric.checks.look import Look
from qa.rubric.checks.verdict import clock

LEFT_OUT_OF_AVERAGES = frozenset({"harassment"})
"""Calls with one of these flags are left out of an agent's averages: nobody is judged by being abused."""
NOT_A_GOOD_ONE = frozenset(
    {"harassment", "customer-anger", "silent-churn", "critical-failure", "low-coverage"}
)
"""With one of these a call is heard for another reason."""
_UNNAMED = frozenset({"no_roster", "no_name"})
"""Causes for which nobody can say who handled the call."""
_LONGEST = 40
"""Characters of a quote in a reason."""


def signal(rule: schema.FlagRule, look: Look, around: Around) -> Flag | None:
    """One of the rubric's own flags, with what was said; None if there is no reason for it."""
    verdict = checks.run(rule.when, look, around)
    if verdict.outcome is not Outcome.MET:
        return None
    return Flag(rule.id, _heard(rule.title, verdict.evidence), verdict.evidence)


def _heard(title: schema.Text, evidence: Sequence[Evidence]) -> Message:
    spoken = next((e for e in evidence if e.quote), None)
    if spoken is None:
        return Message(f"{title.ja}。", f"{title.en}.")
    quote = spoken.quote if len(spoken.quote) <= _LONGEST else spoken.quote[: _LONGEST - 1] + "…"
    at = clock(spoken.span.start)
    return Message(f"{title.ja}: {at}「{quote}」", f"{title.en}: “{quote}” ({at})")


def own_flags(
    total: Score,
    thresholds: schema.Thresholds,
    findings: Sequence[Finding],
    unsure: Set[str],
    around: Around,
    *,
    poor: bool,
) -> Iterable[Flag]:
    """The flags that every rubric has. `unsure`: why criteria need review; `poor`: see `poor_audio`."""
    value, coverage = total.value, total.coverage
    if value is not None and value < thresholds.low_score:
        low = thresholds.low_score
        message = Message(f"点数{value}は基準{low:g}未満です。", f"Score {value} is below {low:g}.")
        yield Flag("low-score", message)
    if total.critical_failed:
        names = ", ".join(total.critical_failed)
        evidence = tuple(e for f in findings if f.criterion in total.critical_failed for e in f.evidence)
        message = Message(f"重大項目が未達です: {names}。", f"Critical criterion failed: {names}.")
        yield Flag("critical-failure", message, evidence)
    if coverage is not None and coverage < thresholds.low_coverage:
        share = f"{coverage:.0%}"
        message = Message(f"判定できたのは{share}だけです。", f"Only {share} of the points could be decided.")
        yield Flag("low-coverage", message)
    if poor:
        message = Message("雑音が多く聞き取りにくい録音です。", "The recording is too noisy.")
        yield Flag("poor-audio", message)
    yield from _unidentified(unsure)
    yield from _busy(around.calls_before, thresholds.busy_calls)


def _unidentified(causes: Set[str]) -> Iterable[Flag]:
    """A name was to be compared with the one on record, and one of the two is missing."""
    if "no_roster" in causes:
        ja, en = (
            "この通話の担当者の名前が登録されていません。",
            "No name of an agent is on record for this call.",
        )
        yield Flag("agent-unidentified", Message(ja, en))
    elif causes & _UNNAMED:
        ja, en = "担当者の名乗りを聞き取れませんでした。", "The agent's name could not be heard."
        yield Flag("agent-unidentified", Message(ja, en))


def _busy(before: int | None, limit: int) -> Iterable[Flag]:
    if limit and before is not None and before >= limit:
        ja = f"直前の1時間に{before}件の通話がありました(基準{limit}件)。"
        en = f"{before} calls began in the hour before this one (limit {limit})."
        yield Flag("busy-hour", Message(ja, en))


def good_one(
    call: Call, total: Score, flags: Iterable[Flag], thresholds: schema.Thresholds
) -> Iterable[Flag]:
    """A call drawn from each agent's good ones, so that leads hear those too.

    The draw hangs on the seed, the agent and the call alone: it is the same on every machine and in every
    order, and another seed draws others.
    """
    value = total.value
    if value is None or value < thresholds.good_score:
        return
    if NOT_A_GOOD_ONE & {flag.id for flag in flags}:
        return
    drawn = f"{thresholds.good_seed}\n{call.agent_id or call.agent_name or ''}\n{call.id}"
    lot = int.from_bytes(hashlib.sha256(drawn.encode()).digest()[:8], "big") / 2**64
    if lot < thresholds.good_share:
        ja = f"{value}点のよい通話です(担当者ごとの無作為抽出)。"
        en = f"A good call ({value}), drawn at random from this agent's: listen to what works."
        yield Flag("listen-to-a-good-one", Message(ja, en))
