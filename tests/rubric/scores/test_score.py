"""Outcomes, abstaining and arithmetic, on hand-drawn dialogues."""

import dataclasses
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Conversation, Evidence, Finding, Message, Outcome, Role, Span, SpeakerRole
from qa.rubric import Rubric, load, schema, score
from qa.rubric.authoring.notation import conversation
from qa.rubric.loading.marked import parse
from qa.rubric.scores.score import arithmetic
from tests.rubric.helpers import RECEIPT, RUBRIC, write

GOOD = ["C: my lamp is broken", "A: that must be hard"]
BAD = ["C: my lamp is broken", "A: that is nonsense"]


@pytest.fixture(scope="module")
def rubric(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return load(write(tmp_path_factory.mktemp("tiny")))


def outcomes(talk: Conversation, rubric: Rubric) -> dict[str, str]:
    return {f.criterion: str(f.outcome) for f in score(talk, rubric, RECEIPT).findings}


@pytest.mark.parametrize(
    ("lines", "kind", "calm"),
    [
        (GOOD, "met", "met"),
        (BAD, "not_met", "not_met"),
        (["C: hello", "A: hello"], "not_applicable", "met"),
        (["C: my lamp is broken", "A: that must be hard (0.05)"], "needs_review", "needs_review"),
        (["C: my lamp is broken", "4-9 A: [unheard]", "A: ok then"], "needs_review", "needs_review"),
        (["A: hello", "A: is anybody there"], "not_applicable", "not_applicable"),
        (["A: hello", "X: my lamp is broken"], "needs_review", "met"),
        (["X: my lamp is broken", "X: that must be hard"], "needs_review", "needs_review"),
        ([], "not_applicable", "not_applicable"),
    ],
)
def test_the_four_outcomes(rubric: Rubric, lines: list[str], kind: str, calm: str) -> None:
    assert outcomes(conversation(lines, "en"), rubric) == {"kind": kind, "calm": calm}


def test_nobody_is_judged_while_the_roles_are_unsure(rubric: Rubric) -> None:
    talk = conversation(BAD, "en")
    unsure = dataclasses.replace(talk, roles=(SpeakerRole("A", Role.AGENT, 0.4), *talk.roles[1:]))
    assert set(outcomes(unsure, rubric).values()) == {"needs_review"}


def test_bad_sound_proves_no_absence(rubric: Rubric) -> None:
    talk = conversation(["C: my lamp is broken", "A: ok then"], "en")
    noisy = dataclasses.replace(talk, quality=dataclasses.replace(talk.quality, snr_db=(1.0, 1.0)))
    assert outcomes(talk, rubric)["kind"] == "not_met"
    assert outcomes(noisy, rubric)["kind"] == "needs_review"
    assert "poor-audio" in {flag.id for flag in score(noisy, rubric, RECEIPT).flags}


def test_another_language_is_not_judged(rubric: Rubric) -> None:
    assert set(outcomes(conversation(["C: 壊れました", "A: はいどうぞ"], "ja"), rubric).values()) == {
        "needs_review"
    }


def test_a_critical_failure_caps_the_score_and_says_so(rubric: Rubric) -> None:
    card = score(
        conversation(["C: my lamp is broken", "A: that must be hard", "A: shut up"], "en"), rubric, RECEIPT
    )
    assert card.score.critical_failed == ("calm",)
    assert card.score.value is not None and card.score.value <= 50
    assert "critical-failure" in {flag.id for flag in card.flags}


def test_not_met_quotes_and_places_what_was_said(rubric: Rubric) -> None:
    card = score(conversation(BAD, "en"), rubric, RECEIPT)
    calm = next(f for f in card.findings if f.criterion == "calm")
    kind = next(f for f in card.findings if f.criterion == "kind")
    assert calm.evidence[0].quote == "that is nonsense"
    assert [e.role for e in kind.evidence] == [Role.CUSTOMER, Role.AGENT], "where it was due"


def finding(
    index: int, outcome: Outcome, points: float, section: str, critical: bool, bonus: bool
) -> Finding:
    return Finding(
        f"c{index}",
        section,
        outcome,
        points if outcome is Outcome.MET else 0.0,
        points,
        Message("あ", "a"),
        (Evidence(Span(0, 1), Role.AGENT, "x", 1.0),),
        critical,
        bonus,
    )


FINDINGS = st.lists(
    st.tuples(
        st.sampled_from(list(Outcome)),
        st.integers(1, 30).map(float),
        st.sampled_from(["one", "two"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
).map(lambda rows: [finding(i, *row) for i, row in enumerate(rows)])


FILE = schema.RubricFile.model_validate(parse(RUBRIC, "tiny").data)


@given(FINDINGS, st.randoms())
def test_the_arithmetic_holds(findings: list[Finding], random: Random) -> None:
    total = arithmetic(findings, FILE)
    assert total.value is None or 0 <= total.value <= 100
    assert total.coverage is None or 0 <= total.coverage <= 1
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert arithmetic(shuffled, FILE).value == total.value, "the order of criteria does not matter"
    extra = finding(99, Outcome.NOT_APPLICABLE, 20.0, "one", True, False)
    assert arithmetic([*findings, extra], FILE) == total, "what does not apply changes nothing"


def test_the_same_input_gives_the_same_scorecard(rubric: Rubric, tmp_path: Path) -> None:
    again = load(write(tmp_path))
    assert score(conversation(GOOD, "en"), rubric, RECEIPT) == score(conversation(GOOD, "en"), again, RECEIPT)
