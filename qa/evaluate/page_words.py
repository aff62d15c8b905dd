"""What the page of `qa evaluate --html` says, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qa.model import Message, Outcome, Role

OUTCOMES: Mapping[Outcome, Message] = MappingProxyType(
    {
        Outcome.MET: Message("達成", "met"),
        Outcome.NOT_MET: Message("未達成", "not met"),
        Outcome.NOT_APPLICABLE: Message("該当なし", "n/a"),
        Outcome.NEEDS_REVIEW: Message("要確認", "needs review"),
    }
)
ROLES: Mapping[str, Message] = MappingProxyType(
    {
        Role.AGENT: Message("担当者", "Agent"),
        Role.CUSTOMER: Message("お客様", "Customer"),
        Role.IVR: Message("自動音声", "IVR"),
        Role.UNKNOWN: Message("不明", "Unknown"),
    }
)
WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "title": Message("どれだけ正しいか", "How right are we"),
        "intro": Message(
            "正解と判定をくらべた結果です。誤りの多い通話から順に並んでいます。",
            "Results beside their references. Calls with the most wrong verdicts come first.",
        ),
        "figures": Message("全体の指標（かっこ内は95 %区間）", "Pooled figures (95 % interval in brackets)"),
        "figure": Message("指標", "Figure"),
        "calls": Message("通話", "Calls"),
        "stereo": Message("ステレオ", "Stereo"),
        "mono": Message("モノラル", "Mono"),
        "ja": Message("日本語", "Japanese"),
        "en": Message("英語", "English"),
        "wrong": Message("誤り", "wrong"),
        "review": Message("要確認", "needs review"),
        "all_right": Message("判定はすべて正解どおり", "every decided verdict is right"),
        "reference": Message("正解", "Reference"),
        "result": Message("判定", "Result"),
        "criterion": Message("項目", "Criterion"),
        "why": Message("理由と根拠", "Reason and evidence"),
        "timelines": Message("正解（上）と判定（下）", "Reference (above) and result (below)"),
        "scroll": Message(
            "横に動かせます。押すとその場所から再生します。", "Scrolls sideways; press a place to hear it."
        ),
        "transcript": Message("ことばの違い", "Transcript differences"),
        "said": Message("正解のことば", "said"),
        "heard": Message("認識されたことば", "recognised"),
        "numbers": Message("この通話の指標", "Figures of this call"),
        "embedded": Message("録音はこのページに入っています", "recording embedded in this page"),
        "linked": Message("録音はこのページの外のファイルです", "recording linked, beside this page"),
        "unplayable": Message(
            "この形式はブラウザーで再生できません", "browsers do not play this format; open the file"
        ),
        "no_sound": Message("録音のファイルがありません", "the recording's file is not there"),
        "missing": Message("採点がない通話", "No scorecard for"),
        "interruption": Message("遮り", "interruption"),
        "backchannel": Message("あいづち", "backchannel"),
        "dead_air": Message("沈黙", "dead air"),
        "hold": Message("保留", "hold"),
        "unsure": Message("手がかり一つ", "one signal only"),
        "place": Message("誤りの根拠", "evidence of a wrong verdict"),
        "minutes": Message("長さ", "length"),
    }
)
