"""One sentence for people for every way a check can come out, in Japanese and English.

A criterion's own `reasons` stand in for these. Words in braces are filled from the verdict: `{quote}` `{at}`
`{count}` `{limit}` `{value}` `{first_quote}` `{first_at}` `{then_quote}` `{then_at}` `{step}` `{before}`
`{because}` (what a judge said).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from qa.model import Message
from qa.rubric import schema
from qa.rubric.checks.verdict import Verdict

WORDS = frozenset(
    {"quote", "at", "count", "limit", "value", "name"}
    | {"first_quote", "first_at", "then_quote", "then_at", "step", "before", "because"}
)
"""What may stand in braces."""

DEFAULTS: Mapping[str, tuple[str, str]] = {
    "said": ("{at}「{quote}」と言っています。", "Said at {at}: “{quote}”."),
    "not_said": ("その言葉がありませんでした。", "The words were never said."),
    "said_wrongly": ("{at}「{quote}」と言っています。", "Said at {at}: “{quote}”."),
    "never_said": ("該当する発言はありませんでした。", "Nothing of the kind was said."),
    "in_order": (
        "「{first_quote}」({first_at})が「{then_quote}」({then_at})より先です。",
        "“{first_quote}” ({first_at}) comes before “{then_quote}” ({then_at}).",
    ),
    "out_of_order": (
        "「{then_quote}」({then_at})が「{first_quote}」({first_at})より先に出ています。",
        "“{then_quote}” ({then_at}) comes before “{first_quote}” ({first_at}).",
    ),
    "without_first": (
        "{at}「{quote}」の前に必要な言葉がありません。",
        "“{quote}” ({at}) without what goes before it.",
    ),
    "without_then": ("{at}「{quote}」だけがありました。", "Only “{quote}” ({at}) was said."),
    "neither": ("どちらの発言もありませんでした。", "Neither was said."),
    "steps_in_order": ("順序どおりに進んでいます。", "The steps are in order."),
    "step_early": ("「{step}」が「{before}」より先に出ています。", "“{step}” comes before “{before}”."),
    "step_missing": (
        "「{step}」がありません(直前は「{before}」)。",
        "“{step}” is missing (after “{before}”).",
    ),
    "first_step_missing": ("最初の段「{step}」がありません。", "The first step, “{step}”, is missing."),
    "alone": ("{at}「{quote}」に必要な言葉が添えられていません。", "“{quote}” ({at}) stands alone."),
    "accompanied": (
        "{at}「{quote}」に必要な言葉が添えられています。",
        "“{quote}” ({at}) has what belongs to it.",
    ),
    "together": (
        "{at}「{quote}」に必要な内容がそろっています。",
        "From {at} (“{quote}”) everything is there.",
    ),
    "not_together": ("必要な内容がそろっていません。", "Not everything that is needed was said together."),
    "too_many": ("{count}回ありました(上限{limit})。", "{count} times (limit {limit})."),
    "too_few": ("{count}回しかありませんでした。", "Too few: {count}."),
    "count_fine": ("基準の範囲内です({count}回)。", "Within the limit ({count})."),
    "measure_fine": ("値は{value}で、基準の範囲内です。", "The value is {value}: within the limit."),
    "measure_high": ("値は{value}で、上限{limit}を超えています。", "The value is {value}, above {limit}."),
    "measure_low": ("値は{value}で、下限{limit}に届きません。", "The value is {value}, below {limit}."),
    "asked": ("{at}「{quote}」と尋ねています。", "Asked at {at}: “{quote}”."),
    "not_asked": ("質問がありませんでした。", "It was not asked."),
    "reflected": ("お客様の言葉({quote})を受けて返しています。", "Takes up the caller's words: {quote}."),
    "not_reflected": (
        "お客様の言葉を受けずに提案しています。",
        "A proposal with none of the caller's words in it.",
    ),
    "same_name": (
        "名乗り「{quote}」は記録の担当者({value})と一致します。",
        "The name said, {quote}, is the one on record ({value}).",
    ),
    "other_name": (
        "名乗り「{quote}」は記録の担当者({value})と異なります。",
        "The name said, {quote}, is not the one on record ({value}).",
    ),
    "straight": ("{at}「{quote}」とよどみなく述べています。", "Said straight out at {at}: “{quote}”."),
    "halting": ("{at}「{quote}」の前後に言いよどみがあります。", "Halting at {at}: “{quote}”."),
    "not_so": ("条件に当てはまりません。", "It is the other way round."),
    "happened": ("その場面がありました。", "It happened."),
    "no_anchor": ("この通話には該当する場面がありません。", "The situation does not arise in this call."),
    "nothing_applies": ("この通話には該当しません。", "Does not apply to this call."),
    "nothing_heard_applies": (
        "該当する場面は聞き取れた範囲にはありません。",
        "Nothing was heard that it would apply to; some words are unsure.",
    ),
    "not_measured": ("この通話では測れません。", "Not measurable in this call."),
    "no_proposal": ("提案がありませんでした。", "Nothing was proposed."),
    "no_conversation": ("会話がありません。", "There is no conversation."),
    "one_party": ("片方の声しかありません。", "Only one party is on the recording."),
    "role_unsure": (
        "話者の役割が確かではありません(確信度{value})。",
        "Not sure who is who (confidence {value}).",
    ),
    "no_agent": ("担当者の声を特定できません。", "Could not tell which voice is the agent."),
    "no_customer": ("お客様の声を特定できません。", "Could not tell which voice is the caller."),
    "anchor_unsure": ("起点となる発言が確かではありません。", "The moment it hangs on is not certain."),
    "doubtful": (
        "それらしい発言がありますが、聞き取りが確かではありません。",
        "Something like it was said, but not heard for certain.",
    ),
    "unheard": (
        "聞き取れない発話があり、言っていないとは判断できません。",
        "Speech without recognised words: absence proves nothing.",
    ),
    "stranger": (
        "誰か確かでない人の発話があり、言っていないとは判断できません。",
        "Somebody whose role is not known speaks here: absence proves nothing.",
    ),
    "voice_lost": (
        "通話の終わりまで声を追えておらず、言っていないとは判断できません。",
        "This voice was not followed to the end of the call: absence proves nothing.",
    ),
    "may_listen": (
        "短い一言が、あいづちかもしれません。",
        "Something short was said that may have been listening.",
    ),
    "words_unsure": ("聞き取りの確かさが低く、判断できません。", "The words are too unsure to judge."),
    "poor_audio": ("音質が悪く、判断できません。", "The audio is too poor to judge."),
    "truncated": ("録音が途中で切れており、判断できません。", "The recording is cut off: cannot judge."),
    "one_voice": ("声が一つしか分離できず、判断できません。", "The voices could not be told apart."),
    "unconfirmed": (
        "割り込みの疑いがありますが、確証がありません。",
        "Possible, but only one signal saw it.",
    ),
    "mono": (
        "モノラル録音のため、小さな相づちが失われた可能性があります。",
        "Mono recording: quiet backchannels may be lost.",
    ),
    "no_roster": ("担当者の名前が登録されていません。", "No name on record for this call."),
    "no_name": ("名乗りを聞き取れませんでした。", "No readable name was heard."),
    "name_unsure": (
        "名乗り「{quote}」が記録({value})と同じか確かではありません。",
        "Not certain that {quote} is {value}.",
    ),
    "no_judge": ("判定モデルが設定されていません。", "No judge is configured."),
    "judged": ("判定モデル: {because}({at}「{quote}」)", "The judge: {because} ({at}: “{quote}”)"),
    "judge_unsure": (
        "判定モデルも判断できませんでした: {because}",
        "The judge could not tell either: {because}",
    ),
    "judge_no_quote": (
        "判定モデルの引用「{quote}」が通話の中に見つからないため、採用しません。",
        "The judge quotes “{quote}”, which is nowhere in the call: not believed.",
    ),
    "judge_slow": (
        "判定モデルが時間内に答えませんでした({value})。",
        "The judge did not answer in time ({value}).",
    ),
    "judge_unreachable": (
        "判定モデルに問い合わせできませんでした({value})。",
        "The judge could not be asked ({value}).",
    ),
    "judge_malformed": (
        "判定モデルの答えが決められた形ではありません({value})。",
        "The judge's answer is not in the agreed form ({value}).",
    ),
    "judge_too_long": (
        "発話が{count}件あり、判定モデルに渡せる{limit}件を超えています。",
        "{count} turns are more than the {limit} that a judge is given.",
    ),
    "wrong_language": ("この評価基準の言語ではない通話です。", "The call is not in this rubric's language."),
    "nowhere": ("示せる箇所がなく、人の確認が必要です。", "No place to show: a person must judge."),
    "words_do_not_decide": ("言葉だけでは判断できません。", "Words alone do not decide this."),
    "when_unsure": (
        "この項目の対象になる通話か、確かではありません。",
        "Not certain that this applies to the call.",
    ),
}

_BRACES = re.compile(r"\{([a-z_]+)\}")


def unknown_words(template: str) -> list[str]:
    """Words in braces that nothing fills."""
    return [word for word in _BRACES.findall(template) if word not in WORDS]


def sentence(verdict: Verdict, reasons: schema.Reasons) -> Message:
    """The reason of a verdict: the criterion's own sentence if it has one and all its words are known."""
    own: schema.Text | None = getattr(reasons, str(verdict.outcome), None)
    if own is not None:
        ja, en = _fill(own.ja, verdict, "ja"), _fill(own.en, verdict, "en")
        if ja is not None and en is not None:
            return Message(ja, en)
    ja_default, en_default = DEFAULTS[verdict.cause]
    return Message(
        _fill(ja_default, verdict, "ja") or DEFAULTS["nothing_applies"][0],
        _fill(en_default, verdict, "en") or DEFAULTS["nothing_applies"][1],
    )


def _fill(template: str, verdict: Verdict, language: str) -> str | None:
    """The template with its words; None if one of them is not known here."""
    values = dict(verdict.values)
    for word in ("step", "before", "because"):
        if f"{word}_{language}" in values:
            values[word] = values[f"{word}_{language}"]
    wanted = _BRACES.findall(template)
    if any(word not in values for word in wanted):
        return None
    return _BRACES.sub(lambda found: values[found[1]], template)
