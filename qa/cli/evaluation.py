"""What `qa evaluate` prints for people: a table a question, Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from qa.cli import render
from qa.cli.words import OUTCOMES
from qa.evaluate.figures import FIGURES, figures
from qa.model import Message

if TYPE_CHECKING:
    from rich.console import Console

    from qa.evaluate import CallScore, Confusion, Evaluation, Group, Remedy
    from qa.evaluate.bootstrap import Estimate
    from qa.evaluate.calibration import Reliability

SAID: Mapping[str, Message] = MappingProxyType(
    {
        "stereo": Message("ステレオ", "stereo"),
        "mono": Message("モノラル", "mono"),
        "ja": Message("日本語", "Japanese"),
        "en": Message("英語", "English"),
        "all": Message("全体", "all"),
        "words": Message("ことば", "words"),
        "speakers": Message("話者", "speakers"),
        "events": Message("出来事", "events"),
        "criteria": Message("項目", "criteria"),
        "figure": Message("指標（95 %区間）", "figure (95 % interval)"),
        "calls": Message("{calls}件", "{calls} calls"),
        "criterion": Message("項目", "criterion"),
        "count": Message("件数", "calls"),
        "agreement": Message("一致率", "agreement"),
        "precision": Message("未達成の適合率", "not_met precision"),
        "recall": Message("未達成の再現率", "not_met recall"),
        "review": Message("要確認", "needs review"),
        "core": Message("三つの要の項目", "three core criteria"),
        "confusion": Message("正解（行）と判定（列）", "reference (rows), result (columns)"),
        "sure": Message("確信度", "stated confidence"),
        "statements": Message("件数", "count"),
        "right": Message("正しかった割合", "share right"),
        "roles": Message("役割の確信度", "roles"),
        "verdicts": Message("項目（最も弱い根拠で）", "criteria, by weakest evidence"),
        "signals": Message("遮り：一致した手がかりの数", "interruptions: signals that agree"),
        "ece": Message("期待校正誤差 {value}", "expected calibration error {value}"),
        "call": Message("通話", "call"),
        "wrong": Message("誤り", "wrong"),
        "phantoms": Message(
            "発話のない録音{calls}件（{minutes}分）で認識された語: {words}",
            "words recognised in {calls} recordings without speech ({minutes} min): {words}",
        ),
        "oracle": Message("正解に置きかえたもの", "taken from the reference"),
        "oracle_nothing": Message("なし（組み立て直しのみ）", "nothing (built again)"),
        "oracle_words": Message("ことば", "words"),
        "oracle_speakers": Message("話者", "speakers"),
        "oracle_roles": Message("役割", "roles"),
        "oracle_events": Message("出来事（時刻）", "events (timing)"),
        "oracle_everything": Message("すべて（残りは規則の誤り）", "everything (left: the rule)"),
        "righted": Message("誤りが正しく", "wrong, now right"),
        "decided": Message("要確認が正しく", "review, now right"),
        "new": Message("新たな誤り", "newly wrong"),
        "still": Message("なお誤り", "still wrong"),
        "should": Message("{machine}（正しくは{reference}）", "{machine}, should be {reference}"),
        "missing": Message("採点がない通話: {calls}", "no scorecard for: {calls}"),
    }
)
PER_CALL: Mapping[str, Message] = MappingProxyType(
    {
        "wer": Message("WER", "WER"),
        "reading_cer": Message("CER（読み）", "CER (reading)"),
        "der_collar": Message("DER", "DER"),
        "roles_by_time": Message("役割", "roles"),
        "agreement": Message("一致率", "agreement"),
        "needs_review": Message("要確認", "review"),
    }
)
"""Figures of the table of calls, and their short names."""

LABEL = 38
"""Columns for the name of a figure."""
INTERVAL = 20
"""Columns for a figure with its interval."""


def say(name: str, language: str, **values: object) -> str:
    """A label of this report."""
    return SAID[name].text(language).format(**values)


def show(evaluation: Evaluation, found: Sequence[Remedy], language: str) -> None:
    """Print everything."""
    console = render.console()
    for separation in ("stereo", "mono"):
        groups = [group for group in evaluation.groups if group.separation == separation]
        if groups:
            _separation(console, groups, language)
    _calls(console, evaluation.scores, language)
    phantoms = evaluation.phantoms
    if phantoms.calls:
        minutes = f"{phantoms.seconds / 60:.1f}"
        console.print(say("phantoms", language, calls=phantoms.calls, minutes=minutes, words=phantoms.words))
    _oracles(console, found, language)
    _wrong(console, evaluation, language)
    if evaluation.missing:
        console.print(say("missing", language, calls=", ".join(evaluation.missing)), markup=False)


def _separation(console: Console, groups: Sequence[Group], language: str) -> None:
    everything = groups[0]
    heading = (
        f"{say(everything.separation, language)}: {say('calls', language, calls=len(everything.scores))}"
    )
    console.print(f"\n[bold]{heading}[/bold]")
    beside = max(1, (console.width - LABEL) // INTERVAL)
    for first in range(0, len(groups), beside):
        _figures(console, groups[first : first + beside], language)
    if everything.criteria:
        _criteria(console, everything, language)
        _confusion(console, everything.confusion(), language)
    _reliability(console, "roles", everything.roles, language)
    _reliability(console, "verdicts", everything.sure, language)
    _signals(console, everything, language)


def _figures(console: Console, groups: Sequence[Group], language: str) -> None:
    heads = [say(group.language or "all", language) for group in groups]
    heads = [f"{head} ({len(group.scores)})" for head, group in zip(heads, groups, strict=True)]
    made = render.table(say("figure", language), *heads, right=heads)
    found = [figures(group.scores) for group in groups]
    stage = ""
    for figure in FIGURES:
        if not any(figure.id in estimates for estimates in found):
            continue
        if figure.stage != stage:
            stage = figure.stage
            made.add_section()
            made.add_row(f"[bold]{say(stage, language)}[/bold]")
        cells = [interval(estimates.get(figure.id)) for estimates in found]
        made.add_row(render.text(figure.label.text(language)), *cells)
    console.print(made)


def interval(found: Estimate | None) -> str:
    """`0.931 (0.902–0.958)`; `–` where nothing could be counted, nothing where the figure is absent."""
    if found is None:
        return ""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{found.value:.3f} ({found.low:.3f}–{found.high:.3f})"


def _criteria(console: Console, group: Group, language: str) -> None:
    numbers = [say(n, language) for n in ("count", "agreement", "precision", "recall", "review")]
    numbers.insert(2, "κ")
    made = render.table(say("criterion", language), *numbers, right=numbers)
    for name, confusion in group.criteria.items():
        made.add_row(name, *_cells(confusion))
    made.add_section()
    made.add_row(say("core", language), *_cells(group.core))
    made.add_row(say("all", language), *_cells(group.confusion()))
    console.print()
    console.print(made)


def _cells(confusion: Confusion) -> tuple[str, ...]:
    rates = (
        confusion.agreement,
        confusion.kappa,
        confusion.not_met_precision,
        confusion.not_met_recall,
        confusion.needs_review_share,
    )
    return (str(confusion.total), *("–" if rate is None else f"{rate:.2f}" for rate in rates))


def _confusion(console: Console, confusion: Confusion, language: str) -> None:
    outcomes = {outcome: word.text(language) for outcome, word in OUTCOMES.items()}
    made = render.table(say("confusion", language), *outcomes.values(), right=outcomes.values())
    for reference in outcomes:
        counts = [confusion.counts.get((reference, machine), 0) for machine in outcomes]
        if any(counts):
            made.add_row(outcomes[reference], *map(str, counts))
    console.print()
    console.print(made)


def _reliability(console: Console, title: str, found: Reliability, language: str) -> None:
    if not found.count:
        return
    numbers = [say(name, language) for name in ("sure", "statements", "right")]
    made = render.table(say(title, language), *numbers, right=numbers)
    for bin in found.bins:
        made.add_row(
            f"{bin.lower:.2f}–{bin.upper:.2f}",
            f"{bin.confidence:.2f}",
            str(bin.count),
            f"{bin.share_right:.2f}",
        )
    console.print()
    console.print(made)
    console.print(say("ece", language, value=f"{found.expected_error or 0.0:.3f}"))


def _signals(console: Console, group: Group, language: str) -> None:
    if not group.agreeing:
        return
    numbers = [say(name, language) for name in ("statements", "right")]
    made = render.table(say("signals", language), *numbers, right=numbers)
    for signals, (count, right) in group.agreeing.items():
        made.add_row(str(signals), str(count), f"{right / count:.2f}")
    console.print()
    console.print(made)


def _oracles(console: Console, found: Sequence[Remedy], language: str) -> None:
    for separation in dict.fromkeys(remedy.separation for remedy in found):
        rows = [remedy for remedy in found if remedy.separation == separation]
        numbers = [say(name, language) for name in ("count", "righted", "decided", "new", "still")]
        made = render.table(say("oracle", language), *numbers, right=numbers)
        for remedy in rows:
            made.add_row(
                say(f"oracle_{remedy.oracle}", language),
                str(remedy.calls),
                f"{remedy.wrong_righted}/{remedy.wrong}",
                f"{remedy.undecided_righted}/{remedy.undecided}",
                str(remedy.newly_wrong),
                str(remedy.still_wrong),
            )
        console.print(f"\n[bold]{say(separation, language)}[/bold]")
        console.print(made)


def _calls(console: Console, scores: Sequence[CallScore], language: str) -> None:
    shown = [figure for figure in FIGURES if figure.id in PER_CALL]
    shown = [figure for figure in shown if any(figure.of(score) is not None for score in scores)]
    heads = [*(PER_CALL[figure.id].text(language) for figure in shown), say("wrong", language)]
    made = render.table(say("call", language), *heads, right=heads)
    made.columns[0].no_wrap = True  # an id is copied, or grepped
    for score in sorted(scores, key=lambda score: (-len(score.wrong), score.call_id)):
        values = [getattr(figure.of(score), "value", None) for figure in shown]
        cells = ["–" if value is None else f"{value:.2f}" for value in values]
        made.add_row(render.text(score.call_id), *cells, str(len(score.wrong)))
    console.print()
    console.print(made)


def _wrong(console: Console, evaluation: Evaluation, language: str) -> None:
    for score, verdict in evaluation.wrong:
        finding = verdict.finding
        quotes = " / ".join(evidence.quote for evidence in finding.evidence if evidence.quote)
        machine, reference = (
            OUTCOMES[finding.outcome].text(language),
            OUTCOMES[verdict.expected].text(language),
        )
        verdict_said = say("should", language, machine=machine, reference=reference)
        console.print(
            f"{score.call_id}  {finding.criterion}: {verdict_said}. {finding.reason.text(language)} {quotes}",
            markup=False,
        )
