"""Why a person should hear a call: each flag has its reason in both languages."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from qa.model import Call, Flag, Message, Score
from qa.rubric import LEFT_OUT_OF_AVERAGES, Around, load, schema, score, shipped
from qa.rubric.authoring.notation import conversation
from qa.rubric.checks import NOTHING_AROUND
from qa.rubric.scores.flags import good_one
from tests.rubric.helpers import RECEIPT, RUBRIC, write

NAMED = RUBRIC.replace(
    "check: {said: {phrases: kind, where: {after: trouble}}}", "check: {name_matches: {phrases: own}}"
)
GOOD = ["C: my lamp is broken", "A: that must be hard"]
BAD = ["C: my lamp is broken", "A: that is nonsense"]


def flags(
    folder: Path, text: str, lines: list[str], around: Around = NOTHING_AROUND, **call: str
) -> dict[str, Flag]:
    write(folder, text, own="(my name is <name>|this is <name>)")
    talk = conversation(lines, "en")
    talk = dataclasses.replace(talk, call=dataclasses.replace(talk.call, **call))
    found = score(talk, load(folder), RECEIPT, around).flags
    assert all(flag.reason.ja and flag.reason.en and flag.reason.ja != flag.reason.en for flag in found)
    return {flag.id: flag for flag in found}


def test_a_bad_call(tmp_path: Path) -> None:
    found = flags(tmp_path, RUBRIC, BAD)
    assert set(found) == {"low-score", "critical-failure"}
    assert found["critical-failure"].evidence[0].quote == "that is nonsense"


def test_a_call_that_could_hardly_be_judged(tmp_path: Path) -> None:
    assert "low-coverage" in flags(tmp_path, RUBRIC, ["C: my lamp is broken", "A: that must be hard (0.05)"])


@pytest.mark.parametrize(
    ("lines", "name", "reason"),
    [
        (["A: my name is Maria", "C: hello"], "", "No name of an agent is on record for this call."),
        (["A: good morning to you", "C: hello"], "Maria", "The agent's name could not be heard."),
        (["A: my name is Maria", "C: hello"], "Maria", None),
        (["A: my name is Robert", "C: hello"], "Maria", None),
    ],
)
def test_who_handled_this_must_have_an_answer(
    lines: list[str], name: str, reason: str | None, tmp_path: Path
) -> None:
    found = flags(tmp_path, NAMED, lines, agent_name=name)
    assert found["agent-unidentified"].reason.en == reason if reason else "agent-unidentified" not in found


@pytest.mark.parametrize(
    ("limit", "before", "busy"), [(3, 3, True), (3, 2, False), (3, None, False), (0, 99, False)]
)
def test_a_busy_hour(limit: int, before: int | None, busy: bool, tmp_path: Path) -> None:
    text = RUBRIC.replace("sections:", f"thresholds: {{busy_calls: {limit}}}\nsections:")
    assert ("busy-hour" in flags(tmp_path, text, GOOD, Around(calls_before=before))) is busy


def test_a_signal_quotes_what_was_said(tmp_path: Path) -> None:
    when = "{said: {phrases: trouble, by: customer}}"
    rule = f"flags:\n  - {{id: harm, title: {{ja: 破損, en: Broken}}, when: {when}}}\n"
    found = flags(tmp_path, RUBRIC + rule, GOOD)
    assert found["harm"].reason.en.startswith("Broken: “broken” (0:")
    assert found["harm"].reason.ja.startswith("破損: 0:")


def drawn(agents: int, calls: int, value: float = 95, *ids: str, **thresholds: float) -> set[str]:
    rules = schema.Thresholds.model_validate({"good_share": 0.1, **thresholds})
    total = Score(value, 100, weighted_share=value / 100)
    other = [Flag(name, Message("理由", "why")) for name in ids]
    return {
        f"a{a}/c{c}"
        for a, c in itertools.product(range(agents), range(calls))
        for flag in good_one(Call(f"c{c}", agent_id=f"a{a}"), total, other, rules)
        if flag.id == "listen-to-a-good-one"
    }


def test_good_calls_are_drawn_for_each_agent_and_always_the_same() -> None:
    first = drawn(10, 300)
    assert first == drawn(10, 300)
    assert 200 < len(first) < 400, "a tenth of 3000"
    assert {name.split("/")[0] for name in first} == {f"a{n}" for n in range(10)}
    assert drawn(10, 100) < first, "more calls change nothing for those drawn before"
    assert drawn(10, 300, good_seed=2) != first


def test_only_good_calls_are_drawn() -> None:
    assert drawn(5, 100, 84.9) == set()
    assert drawn(5, 100, 85) != set()
    assert drawn(5, 100, 95, "customer-anger") == set()
    assert drawn(5, 100, 95, "praise") == drawn(5, 100, 95)
    assert drawn(5, 100, good_share=0) == set()
    assert len(drawn(5, 100, good_share=1)) == 500


@pytest.mark.parametrize("name", ["support-ja", "support-en"])
def test_what_keeps_a_call_out_of_averages_is_a_flag_of_the_shipped_rubrics(name: str) -> None:
    assert {flag.id for flag in load(shipped()[name]).file.flags} >= LEFT_OUT_OF_AVERAGES
