import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import RubricError
from qa.rubric import lint, load, shipped
from qa.rubric.loading.load import files_of
from tests.rubric.helpers import RUBRIC, write


@pytest.mark.parametrize(
    ("right", "wrong", "place", "told"),
    [
        ("points: 10", "pints: 10", "rubric.yaml:14:5", "unknown key 'pints'; did you mean 'points'?"),
        ("said: {phrases", "sad: {phrases", "rubric.yaml:15:13", "no check 'sad'; did you mean 'said'?"),
        ("phrases: kind", "phrase: kind", "rubric.yaml:15:20", "did you mean 'phrases'?"),
        ("phrases: kind", "phrases: kin", "rubric.yaml:15:29", "did you mean 'kind'?"),
        ("after: trouble", "after: truble", "rubric.yaml:15:50", "did you mean 'trouble'?"),
        ("after: trouble", "aftr: trouble", "rubric.yaml:15:43", "did you mean 'after'?"),
        ("section: two", "section: tow", "rubric.yaml:17:14", "did you mean 'two'?"),
        ("by: customer", "by: custmer", "rubric.yaml:8:32", "did you mean 'customer'?"),
        ("points: 5", "points: five", "rubric.yaml:20:13", "five"),
        ("id: calm", "id: kind", "rubric.yaml:16:9", "twice"),
        ("id: calm", "id: Calm!", "rubric.yaml:16:9", "is no id"),
        ("after: trouble", "within_turns: 0", "rubric.yaml:15:57", "greater than or equal to 1"),
        (
            "{said: {phrases: kind, where: {after: trouble}}}",
            "{said: {phrases: kind}, not_said: {phrases: rude}}",
            "rubric.yaml:15:36",
            "a second check",
        ),
        (
            "    points: 5\n",
            "    points: 5\n    applies_when: {all: [{sad: {}}]}\n",
            "rubric.yaml:21:27",
            "did you mean 'said'?",
        ),
        (
            "    points: 5\n",
            "    points: 5\n    applies_when: {any: [{said: {phrase: kind}}]}\n",
            "rubric.yaml:21:34",
            "did you mean 'phrases'?",
        ),
        (
            "    points: 5\n",
            "    points: 5\n    applies_when: {not: {said: {phrases: kind, by: agnt}}}\n",
            "rubric.yaml:21:52",
            "did you mean 'agent'?",
        ),
        (
            "    critical: true\n",
            "    critical: true\n    reasons: {met: {ja: あ, en: '{qoute}'}}\n",
            "rubric.yaml:22:32",
            "did you mean 'quote'?",
        ),
        ("weight: 3", "weight: -3", "rubric.yaml:6:48", "greater than 0"),
    ],
)
def test_every_error_points_at_its_word(
    tmp_path: Path, right: str, wrong: str, place: str, told: str
) -> None:
    assert right in RUBRIC
    folder = write(tmp_path, RUBRIC.replace(right, wrong, 1))
    with pytest.raises(RubricError) as caught:
        load(folder)
    assert any(
        line.startswith(str(folder / place)) and told in line for line in str(caught.value).splitlines()
    )


def test_a_wrong_form_points_at_itself(tmp_path: Path) -> None:
    write(tmp_path, kind='"(that must be hard"')
    with pytest.raises(RubricError, match=r"kind\.yaml:3:9: the form .* is not closed"):
        load(tmp_path)


@given(st.sampled_from(sorted(set(re.findall(r"[a-z_]{4,}(?=:)", RUBRIC)))), st.integers(0, 2))
def test_any_misspelt_key_is_refused_with_line_and_column(
    tmp_path_factory: pytest.TempPathFactory, key: str, cut: int
) -> None:
    folder = write(
        tmp_path_factory.mktemp("r"), RUBRIC.replace(f"{key}:", f"{key[:cut]}{key[cut + 1 :]}:", 1)
    )
    with pytest.raises(RubricError, match=r"rubric\.yaml:\d+:\d+: "):
        load(folder)


def test_the_revision_is_the_hash_of_the_meaning(tmp_path: Path) -> None:
    first = load(write(tmp_path / "a")).revision
    reordered = RUBRIC.replace("    points: 10\n", "").replace(
        "  - id: kind\n", "  - points: 10.0\n    id: kind\n"
    )
    same = load(write(tmp_path / "b", "# a comment\n" + reordered)).revision
    assert first == same
    assert load(write(tmp_path / "c", RUBRIC.replace("points: 10", "points: 11"))).revision != first
    assert load(write(tmp_path / "d", kind="that must be terrible")).revision != first


def test_a_rubric_of_two_languages_borrows_lists(tmp_path: Path) -> None:
    write(tmp_path / "lender")
    folder = tmp_path / "two"
    folder.mkdir()
    text = RUBRIC.replace("languages: [en]", "languages: [en]\nphrases_from: {en: ../lender}")
    (folder / "rubric.yaml").write_text(text, encoding="utf-8")
    borrowed = load(folder)
    assert set(borrowed.phrases["en"]) == {"kind", "rude", "trouble"}
    write(folder, text, kind="my own words")
    assert load(folder).phrases["en"]["kind"].forms == ["my own words"], "an own list stands before"
    (folder / "rubric.yaml").write_text(text.replace("../lender", "suport-en"), encoding="utf-8")
    with pytest.raises(
        RubricError, match=r"rubric\.yaml:4:20: no rubric 'suport-en'.*did you mean 'support-en'"
    ):
        load(folder)


def test_what_a_borrowed_list_says_is_part_of_the_meaning(tmp_path: Path) -> None:
    write(tmp_path / "lender")
    folder = tmp_path / "mine"
    folder.mkdir()
    text = RUBRIC.replace("languages: [en]", "languages: [en]\nphrases_from: {en: ../lender}")
    (folder / "rubric.yaml").write_text(text, encoding="utf-8")
    before = load(folder).revision
    write(tmp_path / "lender", unused="never asked for")
    assert load(folder).revision == before
    write(tmp_path / "lender", kind="other words")
    assert load(folder).revision != before
    assert {"phrases/en/kind.yaml", "rubric.yaml"} <= set(files_of(folder))
    assert "phrases/en/unused.yaml" not in files_of(folder)


def test_an_unknown_rubric_names_the_nearest() -> None:
    with pytest.raises(RubricError, match="did you mean 'support-ja'"):
        load("suport-ja")


def test_lint_wants_tests_that_test(tmp_path: Path) -> None:
    told = "\n".join(map(str, lint(write(tmp_path))))
    assert "kind: no example that is met" in told
    assert "calm: no example that is not_met" in told
    assert "rude: 1 hits, at least 12" in told


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_rubrics_are_in_order(name: str) -> None:
    assert [str(problem) for problem in lint(name)] == []
