"""docs/rubrics.md and docs/rubrics.ja.md: the shipped rubrics, from their own files."""

from __future__ import annotations

from collections.abc import Iterator

from qa import rubric as rubrics
from qa.rubric import Rubric, schema
from qa.rubric.authoring.wording import Words

TEXTS = {
    "title": ("評価基準", "The shipped rubrics"),
    "intro": (
        "通話の評価基準です。YAMLとその中の例文から作られています。"
        "`qa rubric explain 項目`で、言い回しと例をすべて表示できます。",
        "What the shipped rubrics score, from their YAML and the examples in it. "
        "`qa rubric explain CRITERION` shows the phrases and every example.",
    ),
    "not_points": ("注意(点数には関係しません)", "Flags (never points)"),
    "own": (
        "どの評価基準にも次の注意があります。`low-score`(点数が低い)、`critical-failure`(重大項目の未達)、"
        "`low-coverage`(判定できた割合が低い)、`poor-audio`(音質が悪い)、"
        "`agent-unidentified`(誰が対応したか分からない)、`busy-hour`(直前1時間の通話が`busy_calls`件以上)、"
        "`listen-to-a-good-one`(よい通話の無作為抽出、割合は`good_share`)。"
        "`harassment`の付いた通話は、担当者の平均に入れません。",
        "Every rubric has these too: `low-score`, `critical-failure`, `low-coverage`, `poor-audio`, "
        "`agent-unidentified` (nobody can say who handled the call), `busy-hour` (`busy_calls` or more calls "
        "in the hour before), `listen-to-a-good-one` (drawn at random from each agent's good calls, "
        "`good_share` of them). A call with the flag `harassment` is left out of an agent's averages.",
    ),
    "points": ("{points}点", "{points} points"),
    "critical": ("重大項目", "critical"),
    "bonus": ("加点のみ", "bonus only"),
    "off": ("初期設定では無効", "switched off"),
    "check": ("判定", "Met when"),
    "applies": ("対象", "Applies when"),
    "trap": ("注意", "Watch out"),
}


def page(language: str) -> str:
    """The page in `ja` or `en`."""
    from docs.refresh import GENERATED

    lines = [f"# {_t('title', language)}", "", GENERATED, "", _t("intro", language), ""]
    for name in sorted(rubrics.shipped()):
        lines += _rubric(rubrics.load(name), language)
    lines += [f"## {_t('not_points', language)}", "", _t("own", language), ""]
    return "\n".join(lines)


def _rubric(rubric: Rubric, language: str) -> Iterator[str]:
    yield from (f"## {rubric.name}: {_text(rubric.file.title, language)}", "")
    for section in rubric.file.sections:
        yield from (f"### {_text(section.title, language)} (× {section.weight:g})", "")
        for criterion in rubric.file.criteria:
            if criterion.section == section.id:
                yield from _criterion(rubric, criterion, language)
    if rubric.file.flags:
        yield from (f"### {_t('not_points', language)}", "")
        for flag in rubric.file.flags:
            when = Words(language).check(flag.when)
            yield f"- `{flag.id}` {_text(flag.title, language)}: {when}"
        yield ""


def _criterion(rubric: Rubric, criterion: schema.Criterion, language: str) -> Iterator[str]:
    words = Words(language)
    notes = [_t("points", language).format(points=f"{criterion.points:g}")]
    notes += [_t(name, language) for name in ("critical", "bonus") if getattr(criterion, name)]
    notes += [] if criterion.enabled else [_t("off", language)]
    yield from (f"#### `{criterion.id}` {_text(criterion.title, language)} ({', '.join(notes)})", "")
    yield from (_text(criterion.meaning, language), "")
    if criterion.applies_when is not None:
        yield f"- {_t('applies', language)}: {words.check(criterion.applies_when)}"
    yield f"- {_t('check', language)}: {words.check(criterion.check)}"
    yield from (f"- {_t('trap', language)}: {_text(trap, language)}" for trap in criterion.traps)
    yield ""
    for example in _two(rubric, criterion, language):
        yield from ("```text", *example.dialogue, f"→ {words.outcome(example.expect)}", "```", "")


def _two(rubric: Rubric, criterion: schema.Criterion, language: str) -> Iterator[schema.Example]:
    """One example that is met and one that is not, in the reader's language if the rubric has it."""
    for met in (True, False):
        fitting = [e for e in criterion.examples if (e.expect == "met") is met and not e.held_out]
        own = [e for e in fitting if rubric.language_of(e) == language]
        yield from (own or fitting)[:1]


def _t(key: str, language: str) -> str:
    return TEXTS[key][0 if language == "ja" else 1]


def _text(text: schema.Text, language: str) -> str:
    return text.ja if language == "ja" else text.en
