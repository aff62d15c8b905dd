"""A judge is believed only as far as its quote is in the turns."""

import json
from pathlib import Path

import pytest

from qa.errors import JudgeError
from qa.model import Finding
from qa.rubric import Rubric, load, score
from qa.rubric.authoring.notation import conversation
from qa.rubric.checks.judge import Around, FakeJudge
from tests.rubric.helpers import RECEIPT, RUBRIC, write

ASKED = RUBRIC.replace(
    "check: {said: {phrases: kind, where: {after: trouble}}}",
    "check: {judge: {prompt: {ja: 親身に応じている, en: They care}}}",
)
TALK = ["C: my lamp is broken, call 020 7946 0958", "A: oh dear what a pity for you"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return load(write(tmp_path_factory.mktemp("asked"), ASKED))


def answer(verdict: str = "met", quote: str = "what a pity") -> str:
    return json.dumps({"quote": quote, "reason_ja": "理由", "reason_en": "because", "verdict": verdict})


def kind(rubric: Rubric, judge: FakeJudge | None, lines: list[str] = TALK) -> Finding:
    card = score(conversation(lines, "en"), rubric, RECEIPT, Around(judge=judge))
    return next(f for f in card.findings if f.criterion == "kind")


@pytest.mark.parametrize(
    ("says", "outcome", "told"),
    [
        (answer(), "met", "because"),
        (answer("not_met"), "not_met", "because"),
        (answer(quote="WHAT A  PITY!"), "met", "because"),
        (answer(quote="call [NUMBER]"), "met", "because"),
        (answer("cannot_tell"), "needs_review", "could not tell"),
        (answer(quote="I do not care at all"), "needs_review", "nowhere in the call"),
        (answer(quote="oh"), "needs_review", "nowhere in the call"),
        (answer(quote=""), "needs_review", "nowhere in the call"),
        (answer(quote="[NUMBER]"), "needs_review", "nowhere in the call"),
        (answer("fail"), "needs_review", "verdict"),
        ('{"verdict": "met"}', "needs_review", "quote"),
        ("Certainly! The agent cared.", "needs_review", "not in the agreed form"),
        (JudgeError("judge_slow", "10 s"), "needs_review", "in time (10 s)"),
        (JudgeError("judge_unreachable", "HTTP 500"), "needs_review", "HTTP 500"),
    ],
)
def test_what_an_answer_comes_to(asked: Rubric, says: str | JudgeError, outcome: str, told: str) -> None:
    found = kind(asked, FakeJudge(says))
    assert found.outcome == outcome
    assert told in found.reason.en
    assert found.reason.ja and found.reason.ja != found.reason.en
    assert all(e.quote in (t.split(": ", 1)[1] for t in TALK) for e in found.evidence)


def test_without_a_judge_a_person_is_asked(asked: Rubric) -> None:
    assert kind(asked, None).outcome == "needs_review"


def test_the_judge_sees_the_turns_redacted(asked: Rubric) -> None:
    judge = FakeJudge(answer())
    kind(asked, judge)
    [question] = judge.asked
    assert question.prompt == "They care"
    assert [line.who for line in question.lines] == ["customer", "agent"]
    assert question.lines[0].text == "my lamp is broken, call [NUMBER]"
    assert "7946" not in question.as_json()


def test_nobody_is_asked_about_what_cannot_be_judged(asked: Rubric) -> None:
    judge = FakeJudge(answer("not_met"), most_turns=1)
    assert kind(asked, judge).outcome == "needs_review"
    unknown = ["X: my lamp is broken", "A: what a pity for you"]
    assert kind(asked, FakeJudge(answer("not_met")), unknown).outcome == "needs_review"
    assert judge.asked == []


def test_bad_hearing_proves_nothing_to_a_judge_either(asked: Rubric) -> None:
    unsure = ["C: my lamp is broken", "A: what a pity for you (0.1)"]
    assert kind(asked, FakeJudge(answer("not_met")), unsure).outcome == "needs_review"
    lost = ["C: my lamp is broken", "5-12 A: [unheard]", "A: what a pity for you"]
    assert kind(asked, FakeJudge(answer("not_met")), lost).outcome == "needs_review"


def test_the_prompt_is_part_of_the_revision(asked: Rubric, tmp_path: Path) -> None:
    assert (
        load(write(tmp_path / "b", ASKED.replace("They care", "They care a lot"))).revision != asked.revision
    )


def test_a_failed_word_check_spares_the_question(tmp_path: Path) -> None:
    both = RUBRIC.replace(
        "check: {said: {phrases: kind, where: {after: trouble}}}",
        "check: {all: [{said: {phrases: kind}}, {judge: {prompt: {ja: あ, en: a}}}]}",
    )
    judge = FakeJudge(answer())
    rubric = load(write(tmp_path, both))
    assert kind(rubric, judge).outcome == "not_met"
    assert judge.asked == []
