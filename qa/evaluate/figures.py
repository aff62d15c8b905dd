"""The figures of the report: what each is called, and the counts that a call gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.evaluate import bootstrap
from qa.evaluate.bootstrap import Estimate
from qa.evaluate.confusion import Confusion
from qa.evaluate.counts import ErrorCounts, Found, Ratio, SpeakerErrors
from qa.evaluate.score import CORE, CallScore
from qa.model import Message


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the report."""

    id: str
    stage: str
    """`words`, `speakers`, `events` or `criteria`."""
    label: Message
    of: Callable[[CallScore], Ratio | Confusion | None]
    """A call's counts (a confusion is for Cohen's κ); None where it has none: it is left out."""

    def estimate(self, scores: Sequence[CallScore]) -> Estimate | None:
        """Pooled over calls, with its interval; None where no call has counts for it."""
        counted = [counts for counts in map(self.of, scores) if counts is not None]
        if not counted:
            return None
        if isinstance(counted[0], Confusion):
            tables = [counts.table for counts in counted if isinstance(counts, Confusion)]
            return bootstrap.estimate(tables, bootstrap.kappa)
        ratios = [(counts.part, counts.whole) for counts in counted if isinstance(counts, Ratio)]
        return bootstrap.estimate(ratios, bootstrap.ratio)


def figures(scores: Sequence[CallScore]) -> Mapping[str, Estimate]:
    """Every figure that these calls can give, by its id."""
    found = {figure.id: figure.estimate(scores) for figure in FIGURES}
    return {id: estimated for id, estimated in found.items() if estimated is not None}


def _errors(counts: ErrorCounts | SpeakerErrors | None) -> Ratio | None:
    return None if counts is None else counts.rate


def _part(counts: SpeakerErrors | None, part: str) -> Ratio | None:
    return None if counts is None else Ratio(getattr(counts, part), counts.total)


def _found(counts: Found | None, rate: str) -> Ratio | None:
    if counts is None:
        return None
    ratio: Ratio = getattr(counts, rate)
    return ratio


def _agreed(confusion: Confusion) -> Ratio | None:
    return Ratio(confusion.agreed, confusion.decided) if confusion.total else None


def _reviewed(confusion: Confusion) -> Ratio | None:
    return Ratio(confusion.needs_review, confusion.total) if confusion.total else None


def _not_met(confusion: Confusion, rate: str) -> Ratio | None:
    return _found(confusion.not_met, rate) if confusion.total else None


def _detection(id: str, label: Message, of: Callable[[CallScore], Found | None], stage: str) -> list[Figure]:
    rates = (
        ("precision", Message("適合率", "precision")),
        ("recall", Message("再現率", "recall")),
        ("f1", Message("F1", "F1")),
    )
    return [
        Figure(
            f"{id}_{rate}",
            stage,
            Message(f"{label.ja}：{word.ja}", f"{label.en}: {word.en}"),
            lambda score, rate=rate: _found(of(score), rate),  # type: ignore[misc]
        )
        for rate, word in rates
    ]


WORDS = [
    Figure("wer", "words", Message("単語誤り率", "WER"), lambda s: _errors(s.words.wer)),
    Figure("cer", "words", Message("文字誤り率", "CER"), lambda s: _errors(s.words.cer)),
    Figure(
        "reading_cer", "words", Message("読みの誤り率", "reading CER"), lambda s: _errors(s.words.reading_cer)
    ),
    Figure("cp_wer", "words", Message("話者別の単語誤り率", "cpWER"), lambda s: _errors(s.words.cp_wer)),
    Figure(
        "cp_cer",
        "words",
        Message("話者別の読みの誤り率", "cpCER (readings)"),
        lambda s: _errors(s.words.cp_cer),
    ),
]
SPEAKERS = [
    Figure(
        "der", "speakers", Message("DER（許容なし）", "DER, no collar"), lambda s: _errors(s.speakers.exact)
    ),
    Figure(
        "der_collar",
        "speakers",
        Message("DER（許容0.25秒）", "DER, collar 0.25 s"),
        lambda s: _errors(s.speakers.collared),
    ),
    Figure(
        "der_missed",
        "speakers",
        Message("　うち聞き落とし", "  missed"),
        lambda s: _part(s.speakers.collared, "missed"),
    ),
    Figure(
        "der_false_alarm",
        "speakers",
        Message("　うち誤検出", "  false alarm"),
        lambda s: _part(s.speakers.collared, "false_alarm"),
    ),
    Figure(
        "der_confusion",
        "speakers",
        Message("　うち話者の取り違え", "  confusion"),
        lambda s: _part(s.speakers.collared, "confusion"),
    ),
    Figure(
        "roles_by_time",
        "speakers",
        Message("役割の正しさ（時間）", "role accuracy, time"),
        lambda s: s.speakers.roles_by_time,
    ),
    Figure(
        "roles_by_word",
        "speakers",
        Message("役割の正しさ（語）", "role accuracy, words"),
        lambda s: s.speakers.roles_by_word,
    ),
    *_detection(
        "overlap", Message("同時発話（秒）", "overlap, seconds"), lambda s: s.speakers.overlap, "speakers"
    ),
]
EVENTS = [
    *_detection(
        "interruptions_by_agent",
        Message("担当者の遮り", "interruptions by agent"),
        lambda s: s.events.interruptions_by_agent,
        "events",
    ),
    *_detection(
        "interruptions_by_customer",
        Message("お客様の遮り", "interruptions by customer"),
        lambda s: s.events.interruptions_by_customer,
        "events",
    ),
    Figure(
        "listening_called_interruption",
        "events",
        Message("あいづちを遮りとした割合", "backchannel called interruption"),
        lambda s: s.events.listening_called_interruption,
    ),
    Figure(
        "interruptions_unconfirmed",
        "events",
        Message("一つの手がかりだけの遮り", "interruptions left to a person"),
        lambda s: s.events.unconfirmed,
    ),
    *_detection(
        "backchannels", Message("あいづち", "backchannels"), lambda s: s.events.backchannels, "events"
    ),
    *_detection("dead_air", Message("沈黙", "dead air"), lambda s: s.events.dead_air, "events"),
    *_detection("holds", Message("保留", "holds"), lambda s: s.events.holds, "events"),
]
CRITERIA = [
    Figure(
        "core_agreement",
        "criteria",
        Message("三つの要の項目：一致率", "three core criteria: agreement"),
        lambda s: _agreed(s.confusion(CORE)),
    ),
    Figure("agreement", "criteria", Message("一致率", "agreement"), lambda s: _agreed(s.confusion())),
    Figure("kappa", "criteria", Message("κ", "κ"), lambda s: s.confusion() if s.verdicts else None),
    Figure(
        "not_met_precision",
        "criteria",
        Message("未達成の適合率", "not_met precision"),
        lambda s: _not_met(s.confusion(), "precision"),
    ),
    Figure(
        "not_met_recall",
        "criteria",
        Message("未達成の再現率", "not_met recall"),
        lambda s: _not_met(s.confusion(), "recall"),
    ),
    Figure(
        "needs_review",
        "criteria",
        Message("要確認の割合", "needs review"),
        lambda s: _reviewed(s.confusion()),
    ),
]
FIGURES: tuple[Figure, ...] = (*WORDS, *SPEAKERS, *EVENTS, *CRITERIA)
"""In the order of the report."""
