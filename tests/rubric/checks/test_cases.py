"""`cases`: the first that is met names the outcome; what cannot be judged asks a person."""

from pathlib import Path

import pytest

from qa.errors import RubricError
from qa.rubric import Rubric, load, score
from qa.rubric.authoring.notation import conversation
from tests.rubric.helpers import RECEIPT, RUBRIC, write

CASES = RUBRIC.replace(
    "check: {said: {phrases: kind, where: {after: trouble}}}",
    """check:
      cases:
        - when: {said: {phrases: rude}}
          then: not_met
        - when: {said: {phrases: kind}}
          then: met
        - when: {said: {phrases: trouble, by: customer}}
          then: not_applicable
      otherwise: needs_review""",
)


@pytest.fixture(scope="module")
def rubric(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return load(write(tmp_path_factory.mktemp("cases"), CASES))


@pytest.mark.parametrize(
    ("lines", "outcome", "quote"),
    [
        (["C: hello", "A: that must be hard"], "met", "that must be hard"),
        (["C: hello", "A: shut up"], "not_met", "shut up"),
        (["C: hello", "A: that must be hard", "A: shut up"], "not_met", "shut up"),
        (["C: it is broken", "A: one moment"], "not_applicable", None),
        (["C: hello", "A: one moment"], "needs_review", None),
        (["C: hello", "2-9 A: [unheard]", "A: that must be hard"], "needs_review", None),
    ],
)
def test_the_first_case_that_is_met_decides(
    rubric: Rubric, lines: list[str], outcome: str, quote: str | None
) -> None:
    card = score(conversation(lines, "en"), rubric, RECEIPT)
    found = next(f for f in card.findings if f.criterion == "kind")
    assert found.outcome == outcome
    assert quote is None or quote in [e.quote for e in found.evidence]


def test_otherwise_not_met_shows_where_it_was_due(tmp_path: Path) -> None:
    rubric = load(write(tmp_path, CASES.replace("otherwise: needs_review", "otherwise: not_met")))
    card = score(conversation(["C: hello", "A: one moment"], "en"), rubric, RECEIPT)
    found = next(f for f in card.findings if f.criterion == "kind")
    assert found.outcome == "not_met"
    assert found.evidence[0].quote == "one moment"


@pytest.mark.parametrize(
    ("right", "wrong", "place", "told"),
    [
        ("cases:", "casses:", "16:7", "no check 'casses'; did you mean 'cases'?"),
        ("- when:", "- wen:", "17:11", "unknown key 'wen'; did you mean 'when'?"),
        ("then: met", "then: mett", "20:17", "did you mean 'met'?"),
        ("then: met", "than: met", "20:11", "unknown key 'than'; did you mean 'then'?"),
        ("otherwise:", "otherwize:", "23:7", "unknown key 'otherwize'; did you mean 'otherwise'?"),
        ("otherwise: needs_review", "otherwise: review", "23:18", "did you mean 'needs_review'?"),
        ("{phrases: rude}}", "{phrases: rud}}", "17:34", "no phrase list 'rud'"),
        (
            "{said: {phrases: rude}}",
            "{sayd: {phrases: rude}}",
            "17:18",
            "no check 'sayd'; did you mean 'said'?",
        ),
        ("{said: {phrases: rude}}", "{said: {phrases: rude, at_least: none}}", "17:50", "valid integer"),
        ("{said: {phrases: rude}}", "rude", "17:17", "a check is one of"),
        ("{said: {phrases: kind}}", "{said: {phrases: kind, wher: {}}}", "19:40", "did you mean 'where'?"),
    ],
)
def test_every_mistake_in_cases_points_at_its_word(
    right: str, wrong: str, place: str, told: str, tmp_path: Path
) -> None:
    assert right in CASES
    folder = write(tmp_path, CASES.replace(right, wrong, 1))
    with pytest.raises(RubricError) as caught:
        load(folder)
    lines = str(caught.value).splitlines()
    assert any(line.startswith(f"{folder / 'rubric.yaml'}:{place}: ") and told in line for line in lines), (
        lines
    )
