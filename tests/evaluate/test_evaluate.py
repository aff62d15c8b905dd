"""Groups, figures that are absent, phantom words, the JSON, and the table of goals."""

from __future__ import annotations

import dataclasses
import json

import pytest

from bench.evaluate import ROWS, Goal, Part, cell, page
from qa.evaluate import Reference, Result, document, evaluate, figures
from qa.evaluate.bootstrap import Estimate
from qa.model import Outcome, Role, Separation, Span, Word
from tests.evaluate.talk import conversation, reference, said
from tests.evaluate.test_page import card

A, C = Role.AGENT, Role.CUSTOMER
LANES = {"X": (A, "aaaa"), "Y": (C, "....cc")}


def result(outcome: Outcome = Outcome.NOT_MET, separation: Separation = Separation.DIARIZED) -> Result:
    words = [("X", A, Word("Hello", Span(0.0, 1.0), 0.9))]
    made = dataclasses.replace(conversation(LANES, words=words), separation=separation)
    return Result(made, card("call", outcome))


@pytest.mark.parametrize(
    ("told", "present", "absent"),
    [
        (reference({A: "aaaa"}), {"der", "roles_by_time"}, {"wer", "agreement", "holds_f1", "cer"}),
        (said([(A, 0.0, 1.0, "Hello.")]), {"wer", "cp_wer", "der"}, {"cer", "kappa", "dead_air_f1"}),
        (Reference("call", "en", criteria={"empathy": Outcome.MET}), {"agreement", "kappa"}, {"wer", "der"}),
        (reference({Role.UNKNOWN: "aaaa"}, []), {"der", "holds_f1"}, {"roles_by_time", "roles_by_word"}),
    ],
)
def test_what_a_reference_does_not_know_is_absent(
    told: Reference, present: set[str], absent: set[str]
) -> None:
    found = set(figures(evaluate([told], {"call": result()}).scores))
    assert present <= found
    assert not absent & found


def test_groups_are_by_channel_and_language() -> None:
    truth = [
        dataclasses.replace(said([], language), call_id=language + kind)
        for language in ("ja", "en")
        for kind in "sm"
    ]
    kinds = {"s": Separation.CHANNEL, "m": Separation.SINGLE}
    results = {told.call_id: result(separation=kinds[told.call_id[-1]]) for told in truth}
    evaluation = evaluate(truth, results)
    assert [(group.separation, group.language, len(group.scores)) for group in evaluation.groups] == [
        ("stereo", "", 2),
        ("stereo", "ja", 1),
        ("stereo", "en", 1),
        ("mono", "", 2),
        ("mono", "ja", 1),
        ("mono", "en", 1),
    ]


def test_words_over_silence_are_phantoms() -> None:
    evaluation = evaluate([said([])], {"call": result()})
    assert evaluation.phantoms.words == 1 and evaluation.phantoms.seconds == 60.0
    assert evaluate([said([(A, 0, 1, "Hello")])], {"call": result()}).phantoms.calls == 0


def test_a_reference_without_a_result_is_named() -> None:
    assert evaluate([said([])], {}).missing == ("call",)


def test_json_holds_the_confusion_and_survives_a_round_trip() -> None:
    told = Reference("call", "en", criteria={"empathy": Outcome.MET})
    found = json.loads(json.dumps(document(evaluate([told], {"call": result()}))))
    assert found["groups"]["mono"]["pooled"]["confusion"]["met"]["not_met"] == 1
    assert found["disagreements"][0]["quotes"] == ["<b>quoted</b>"]
    assert found["calls"][0]["wrong"] == ["empathy"]


@pytest.mark.parametrize(
    ("goal", "value", "shown"),
    [
        (Goal("x", 0.97, 0.93), 0.98, "0.980 (0.970–0.990) ✓"),
        (Goal("x", 0.99, 0.93), 0.98, "0.980 (0.970–0.990) ✗"),
        (Goal("x", 0.03, 0.08, at_least=False, percent=True), 0.04, "4.0 % (3.0 %–5.0 %) ✗"),
    ],
)
def test_goals_are_marked(goal: Goal, value: float, shown: str) -> None:
    assert cell(goal, Estimate(value, value - 0.01, value + 0.01, 5), "stereo") == shown
    assert cell(goal, None, "stereo") == "–"


def test_the_table_has_the_rows_of_the_issue_for_both_parts() -> None:
    told = [Reference("call", "en", criteria={"empathy": Outcome.MET})]
    stored = {"call": result()}
    part = Part(tuple(told), stored, evaluate(told, stored))
    lines = page(part, part, ()).splitlines()
    rows = [line for line in lines if line.startswith(tuple(f"| {label}" for label, _ in ROWS))]
    assert len(rows) == len(ROWS)
    assert all(line.count("|") == 8 for line in rows)
    assert any("0.000 (0.000–0.000) ✗" in line for line in rows)
