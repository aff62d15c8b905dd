"""What changed, in words: one change to a rubric, one sentence in each language."""

from pathlib import Path

import pytest

from qa.rubric import diff, load
from tests.rubric.helpers import RUBRIC, write

CONTEXT = "negation_before: [not]\nreach: 3\n"


@pytest.mark.parametrize(
    ("right", "wrong", "en", "ja"),
    [
        (
            "points: 10",
            "points: 12.5",
            "criterion kind: worth 12.5 points instead of 10",
            "項目 kind: 配点が10から12.5になりました",
        ),
        (
            "critical: true",
            "critical: false",
            "criterion calm: critical is now off",
            "項目 calm: 重大項目の扱いが無効になりました",
        ),
        (
            "section: two",
            "section: one",
            "criterion calm: moved from section two to one",
            "項目 calm: 区分がtwoからoneに移りました",
        ),
        (
            "{not_said: {phrases: rude}}",
            "{not_said: {phrases: rude, at_most: 2}}",
            "criterion calm: check was “the agent does not say “rude””, "
            "is “the agent says “rude” 2 times at most”",
            "項目 calm: 判定が「担当者が「rude」を言わない」から"
            "「担当者が「rude」を言うのは2回まで」に変わりました",
        ),
        (
            "weight: 3",
            "weight: 2",
            "section two: weight is 2 instead of 3",
            "区分 two: 重みが3から2になりました",
        ),
        (
            "by: customer}",
            "by: customer, which: last}",
            "anchor trouble: which is last instead of first",
            "場面 trouble: whichがfirstからlastになりました",
        ),
        (
            "languages: [en]",
            "languages: [en]\nthresholds: {low_score: 70}",
            "threshold low_score is 70 instead of 60",
            "しきい値 low_scoreが60から70になりました",
        ),
        (
            "{ja: 冷静, en: Calm}\n    points",
            "{ja: 冷静に, en: Calm}\n    points",
            "criterion calm: the words of its meaning changed",
            "項目 calm: 意味の文言が変わりました",
        ),
    ],
)
def test_each_change_is_one_sentence(right: str, wrong: str, en: str, ja: str, tmp_path: Path) -> None:
    assert right in RUBRIC
    old = load(write(tmp_path / "old"))
    new = load(write(tmp_path / "new", RUBRIC.replace(right, wrong, 1)))
    assert diff(old, new) == (en,)
    assert diff(old, new, "ja") == (ja,)
    assert diff(old, old) == ()


def test_words_that_came_and_went(tmp_path: Path) -> None:
    old = write(tmp_path / "old")
    new = write(tmp_path / "new", kind="that must be tough", spare="good day")
    for folder in (old, new):
        (folder / "phrases" / "en" / "context.yaml").write_text(CONTEXT, encoding="utf-8")
    assert diff(old, new) == (
        "phrase list kind (en): form “that must be tough” added",
        "phrase list kind (en): form “that must be hard” removed",
        "phrase list spare (en) is new",
    )
    (new / "phrases" / "en" / "context.yaml").write_text(CONTEXT.replace("not", "never"), encoding="utf-8")
    assert diff(old, new)[-1] == "words of negation or quotation (en) changed"
    assert diff(old, new, "ja")[-1] == "否定・引用などの共通語(en)が変わりました"
