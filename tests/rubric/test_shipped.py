import json

import pytest

from qa.rubric import explain, json_schema, load, run_tests, shipped
from qa.rubric.loading.json_schema import FILES

FIRST_CUT = {
    "self-identification",
    "no-interruption",
    "let-them-finish",
    "empathy",
    "empathy-before-apology",
    "specific-apology",
    "no-arguing",
    "thanks-for-time",
}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_their_own_tests_pass(name: str) -> None:
    report = run_tests(name)
    assert report.passed, report.text()
    passed, all_of_them = report.counts(held_out=True)
    assert passed >= 0.9 * all_of_them > 0, report.text()


def test_both_languages_have_the_same_criteria() -> None:
    ids = {name: {c.id for c in load(name).file.criteria} for name in ("support-ja", "support-en")}
    assert ids["support-ja"] == ids["support-en"] >= FIRST_CUT


def test_minimal_is_the_first_three_in_both_languages() -> None:
    rubric = load("minimal")
    assert rubric.languages == ("ja", "en")
    assert [c.id for c in rubric.criteria] == [
        "no-interruption",
        "empathy-before-apology",
        "self-identification",
    ]
    for name, code in (("support-ja", "ja"), ("support-en", "en")):
        other = load(name)
        for criterion in rubric.criteria:
            same = other.criterion(criterion.id)
            assert same is not None and same.check == criterion.check and same.points == criterion.points
        assert all(other.phrases[code][name] == written for name, written in rubric.phrases[code].items())


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_schema_beside_the_rubrics_is_the_models_own(kind: str) -> None:
    path = next(iter(shipped().values())).parent / "schema" / f"{kind}.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema(kind)


def test_explain_speaks_both_languages() -> None:
    assert "最初の30秒" in explain("support-ja", "self-identification", "ja")
    assert "first 30 seconds" in explain("support-ja", "self-identification", "en")


def test_explain_shows_meaning_traps_phrases_and_examples_of_the_file() -> None:
    text = explain("minimal", "empathy-before-apology", "ja")
    assert "「お待たせして申し訳ございません」" in text
    assert "判定: 「empathy」が「apology」より先に来る(「trouble」のあと)" in text
    assert "phrases/ja/apology.yaml" in text and "phrases/en/apology.yaml" in text
    assert text.index("書類がまだ届かなくて") < text.index("My parcel never arrived"), (
        "one's own language first"
    )
    english = explain("minimal", "empathy-before-apology", "en")
    assert english.index("My parcel never arrived") < english.index("書類がまだ届かなくて")
    assert "→ not applicable" in english
