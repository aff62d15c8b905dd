"""What the command line says to people, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qa.model import Message, Outcome

OUTCOMES: Mapping[Outcome, Message] = MappingProxyType(
    {
        Outcome.MET: Message("達成", "met"),
        Outcome.NOT_MET: Message("未達成", "not met"),
        Outcome.NOT_APPLICABLE: Message("該当なし", "n/a"),
        Outcome.NEEDS_REVIEW: Message("要確認", "needs review"),
    }
)

STATES: Mapping[str, Message] = MappingProxyType(
    {
        "due": Message("未処理", "due"),
        "running": Message("実行中", "running"),
        "done": Message("完了", "done"),
        "failed": Message("失敗", "failed"),
        "quarantined": Message("隔離", "quarantined"),
        "skipped": Message("対象外", "skipped"),
        "stopped": Message("中断", "stopped"),
        "crashed": Message("異常終了", "crashed"),
    }
)
"""Of a run, and of a recording in it."""

LABELS: Mapping[str, Message] = MappingProxyType(
    {
        "after": Message("後", "After"),
        "agent": Message("担当者", "Agent"),
        "before": Message("前", "Before"),
        "call": Message("通話", "Call"),
        "calls": Message("件数", "Calls"),
        "coverage": Message("判定率", "Coverage"),
        "criterion": Message("項目", "Criterion"),
        "critical": Message("重大項目が未達成", "critical criteria failed"),
        "dead_air": Message("沈黙", "Dead air"),
        "duration": Message("長さ", "Length"),
        "flags": Message("注意", "Flags"),
        "hold": Message("保留", "Holds"),
        "interruptions": Message("遮り", "Interruptions"),
        "interruptions_short": Message("遮り", "Intr."),
        "latency": Message("応答までの間", "Response latency"),
        "measures": Message("計測値", "Measures"),
        "left": Message("次回", "Left for the next run"),
        "night": Message(
            "録音{found}件: 採点{scored}、済み{skipped}、失敗{failed}、"
            "隔離{quarantined}、要確認{needs_review}",
            "{found} recordings: {scored} scored, {skipped} known, {failed} failed, "
            "{quarantined} quarantined; {needs_review} need review",
        ),
        "night_heard": Message(
            "音声{audio}を{wall}で処理（{speed}倍速、{device}）",
            "{audio} of audio in {wall} ({speed} × real time, {device})",
        ),
        "none_yet": Message("採点された通話はまだありません。", "No call is scored yet."),
        "not_decided": Message("判定できず", "undecided"),
        "outcome": Message("結果", "Outcome"),
        "points": Message("点", "Points"),
        "review": Message("要確認", "Review"),
        "score": Message("得点", "Score"),
        "shift": Message("差", "Shift"),
        "talk": Message("話した割合（担当者）", "Agent's share of talk"),
        "backchannels": Message("あいづち", "Backchannels"),
        "speech_rate": Message("話速", "Speech rate"),
        "failed": Message("失敗", "Failed"),
        "file": Message("ファイル", "File"),
        "found": Message("見つかった録音", "found"),
        "quarantined": Message("隔離", "Quarantined"),
        "reason": Message("理由", "Reason"),
        "weights_changed": Message(
            "結果は同じで、配点か重みが変わりました。", "Same outcomes; points or weights changed."
        ),
        "rescored": Message(
            "{calls}件を採点し直し、{changed}件の結果が変わり、{written}件の採点表を追加",
            "{calls} calls scored again: {changed} came out differently, {written} scorecards added",
        ),
        "rescored_dry": Message(
            "{calls}件のうち{changed}件の結果が変わります（何も書き込んでいません）",
            "{changed} of {calls} calls would come out differently (nothing was written)",
        ),
        "rtfx": Message("実時間比", "Speed"),
        "scored": Message("採点", "Scored"),
        "skipped": Message("済み", "Skipped"),
        "started": Message("開始", "Started"),
        "state": Message("状態", "State"),
        "summary": Message(
            "採点済み{calls}件（録音{recordings}件）、要確認{review}件、注意あり{flagged}件",
            "{calls} calls scored ({recordings} recordings); {review} need review, {flagged} flagged",
        ),
        "tries": Message("回数", "Tries"),
        "why": Message("理由と根拠", "Why, and where to listen"),
    }
)

UNITS: Mapping[str, Message] = MappingProxyType(
    {"ja": Message("拍/分", "morae/min"), "en": Message("語/分", "words/min")}
)
"""Speech rate, by the language spoken."""


def label(name: str, language: str) -> str:
    """The label called `name`, in `language`."""
    return LABELS[name].text(language)
