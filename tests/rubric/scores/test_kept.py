"""What is kept from an earlier scoring gives what a full scoring gives, and is used where it can be."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.conversations import conversations
from qa.dialogue import redefine
from qa.model import Call, Conversation, Scorecard
from qa.rubric import (
    Annotated,
    Around,
    Kept,
    Rubric,
    Since,
    Unmoved,
    annotate,
    keep,
    load,
    recall,
    score,
    score_kept,
    shipped,
    since,
    voices_kept,
)
from qa.rubric.authoring.notation import conversation
from qa.rubric.checks.judge import FakeJudge
from qa.rubric.loading.load import files_of
from qa.rubric.phrases.lexicon import CONTEXT as KINDS
from tests.rubric.helpers import RECEIPT, RUBRIC, write

MORE = """\
  - id: first-things
    section: one
    title: {ja: 順, en: Order}
    meaning: {ja: 順, en: Order}
    points: 5
    check: {order: {first: {phrases: kind}, then: {phrases: sorry}}}
  - id: takes-up
    section: two
    title: {ja: 受ける, en: Takes up}
    meaning: {ja: 受ける, en: Takes up}
    points: 5
    check: {reflection: {by: agent, of: customer, min_words: 1}}
  - id: named
    section: two
    title: {ja: 名乗り, en: Named}
    meaning: {ja: 名乗り, en: Named}
    points: 5
    check: {name_matches: {phrases: own-name}}
  - id: silent
    section: two
    title: {ja: 沈黙, en: Silence}
    meaning: {ja: 沈黙, en: Silence}
    points: 5
    check: {events: {kind: dead_air, at_most: 0}}
flags:
  - {id: insult, title: {ja: 侮辱, en: Insult}, when: {said: {phrases: rude, by: customer}}}
"""
WORDS = {"sorry": "(sorry|I apologise), so sorry", "own-name": "my name is 〈name〉"}
CONTEXT = "negation_before: [not, never]\nquotation_after: [you said]\nnot_content: [lamp]\n"
LINES = (
    "C: my lamp is broken",
    "C: the parcel got lost",
    "C: shut up",
    "C: that is nonsense, you said that must be hard",
    "A: that must be hard",
    "A: I am not sorry",
    "A: I am so sorry about the parcel",
    "A: my name is Daniel",
    "A: that is nonsense (0.4)",
    "A: mm-hm",
    "A: could you tell me what is broken",
)


def tiny(folder: Path, **lists: str) -> Rubric:
    """The rubric of these tests in `folder`."""
    write(folder, RUBRIC + MORE, **{**WORDS, **lists})
    (folder / "phrases" / "en" / "context.yaml").write_text(CONTEXT, encoding="utf-8")
    return load(folder)


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


EDITS: dict[str, Callable[[Path], None]] = {
    "nothing": lambda folder: None,
    "points": lambda folder: edit(folder / "rubric.yaml", "points: 10", "points: 7"),
    "check": lambda folder: edit(
        folder / "rubric.yaml", "not_said: {phrases: rude}", "said: {phrases: kind}"
    ),
    "reason": lambda folder: edit(
        folder / "rubric.yaml",
        "    points: 10\n",
        "    points: 10\n    reasons: {met: {ja: よし, en: Fine}, not_met: {ja: だめ, en: Bad}}\n",
    ),
    "anchor": lambda folder: edit(folder / "rubric.yaml", "by: customer}", "by: agent}"),
    "list": lambda folder: edit(
        folder / "phrases" / "en" / "kind.yaml", "that must be hard", "could you tell me"
    ),
    "form came": lambda folder: edit(
        folder / "phrases" / "en" / "kind.yaml", "forms: [", "forms: [what is broken, got lost, "
    ),
    "form nobody says came": lambda folder: edit(
        folder / "phrases" / "en" / "kind.yaml", "forms: [", "forms: [all the best, "
    ),
    "form went": lambda folder: edit(
        folder / "phrases" / "en" / "rude.yaml", "(shut up|that is nonsense)", "shut up"
    ),
    "near-miss came": lambda folder: edit(
        folder / "phrases" / "en" / "kind.yaml", "hits:", "near_misses: [you said that must be hard]\nhits:"
    ),
    "order of forms": lambda folder: edit(
        folder / "phrases" / "en" / "sorry.yaml",
        "[(sorry|I apologise), so sorry]",
        "[so sorry, (sorry|I apologise)]",
    ),
    "negation": lambda folder: edit(
        folder / "phrases" / "en" / "sorry.yaml", "hits:", "negated: keep\nhits:"
    ),
    "context": lambda folder: edit(folder / "phrases" / "en" / "context.yaml", "[not, never]", "[so]"),
    "not content": lambda folder: edit(folder / "phrases" / "en" / "context.yaml", "[lamp]", "[parcel]"),
    "threshold": lambda folder: edit(
        folder / "rubric.yaml", "sections:", "thresholds: {sure: 0.95, doubtful: 0.9}\nsections:"
    ),
    "flagging": lambda folder: edit(
        folder / "rubric.yaml", "sections:", "thresholds: {low_score: 99, critical_cap: 1}\nsections:"
    ),
    "definitions": lambda folder: edit(
        folder / "rubric.yaml", "sections:", "definitions: {dead_air_min: 0.4}\nsections:"
    ),
    "flag": lambda folder: edit(folder / "rubric.yaml", "phrases: rude, by: customer", "phrases: kind"),
    "gone": lambda folder: edit(folder / "rubric.yaml", "    critical: true\n", "    enabled: false\n"),
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return tiny(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rubric]:
    """The same rubric after each edit."""
    edited = {}
    for name, change in EDITS.items():
        folder = tmp_path_factory.mktemp("new")
        tiny(folder)
        change(folder)
        edited[name] = load(folder)
    return edited


@pytest.fixture(scope="module")
def differences(new: dict[str, Rubric]) -> dict[tuple[str, str], Since]:
    """What moved from each edit to each other."""
    return {(a, b): moved(new[a], new[b]) for a in new for b in new}


def left_by(talk: Conversation, rubric: Rubric) -> tuple[bytes | None, bytes | None]:
    """What a scoring keeps: judgements and reading."""
    annotated, kept = annotate(talk), Kept(talk.call)
    score_kept(talk, lambda: annotated, rubric, RECEIPT, kept=kept)
    return kept.body(), keep(annotated)


def moved(before: Rubric, now: Rubric) -> Since:
    """What `now` changed in the lists of `before`."""
    files = {name: path.read_text(encoding="utf-8") for name, path in files_of(before.folder).items()}
    return since(files, now, "en")


def again(
    talk: Conversation,
    rubric: Rubric,
    judgements: bytes | None,
    reading: bytes | None,
    earlier: Since | None = None,
) -> tuple[Scorecard, list[Annotated], Kept]:
    """Score with what is kept; also what was read for it."""
    read: list[Annotated] = []

    def reader() -> Annotated:
        read.append(recall(talk, voices_kept(reading)))
        return read[0]

    kept = Kept(talk.call, judgements)
    unmoved = Unmoved(earlier, talk.call, lambda: voices_kept(reading)) if earlier else None
    return score_kept(talk, reader, rubric, RECEIPT, kept=kept, unmoved=unmoved), read, kept


@given(lines=st.lists(st.sampled_from(LINES), max_size=8), name=st.sampled_from([None, "Daniel", "Sarah"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_scoring_with_what_is_kept_is_a_full_one(
    old: Rubric, new: dict[str, Rubric], lines: list[str], name: str | None
) -> None:
    talk = dataclasses.replace(conversation(lines, "en"), call=Call("c1", agent_name=name))
    judgements, reading = left_by(talk, old)
    for change, rubric in new.items():
        defined = talk if rubric.definitions == talk.definitions else redefine(talk, rubric.definitions)
        whole = score(defined, rubric, RECEIPT)
        card, read, kept = again(defined, rubric, judgements, reading if defined is talk else None)
        assert card == whole, change
        body = kept.body() or judgements
        left = (read and keep(read[0])) or reading
        once_more, read_again, _ = again(defined, rubric, body, left)
        assert once_more == whole, change
        assert not read_again, change


@given(
    lines=st.lists(st.sampled_from(LINES), max_size=8),
    name=st.sampled_from([None, "Daniel", "Sarah"]),
    changes=st.lists(st.sampled_from(sorted(EDITS.keys() - {"definitions"})), min_size=1, max_size=4),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_change_after_another(
    old: Rubric,
    new: dict[str, Rubric],
    differences: dict[tuple[str, str], Since],
    lines: list[str],
    name: str | None,
    changes: list[str],
) -> None:
    """Each scored again from what the one before left, as the store would keep it."""
    talk = dataclasses.replace(conversation(lines, "en"), call=Call("c1", agent_name=name))
    judgements, reading = left_by(talk, old)
    before = "nothing"
    for change in changes:
        earlier = differences[before, change]
        card, read, kept = again(talk, new[change], judgements, reading, earlier)
        assert card == score(talk, new[change], RECEIPT), (before, change)
        judgements = kept.body() or judgements
        reading = (read and keep(read[0])) or reading
        before = change


def test_a_form_that_came_while_other_words_negate(
    old: Rubric, new: dict[str, Rubric], differences: dict[tuple[str, str], Since]
) -> None:
    """What was found under other negations does not stand, though only forms of the list itself moved."""
    talk = conversation(["C: my lamp is broken", "A: I am not sorry", "A: that must be hard"], "en")
    judgements, reading = left_by(talk, new["context"])
    card, _, _ = again(talk, new["form came"], judgements, reading, differences["context", "form came"])
    assert card == score(talk, new["form came"], RECEIPT)


@pytest.mark.parametrize(
    ("change", "said", "read_again"),
    [
        ("form nobody says came", "that must be hard", False),
        ("form came", "that must be hard", False),
        ("form came", "could you tell me what is broken", True),
        ("form went", "that must be hard", False),
        ("form went", "that is nonsense", True),
        ("near-miss came", "that must be hard", False),
        ("near-miss came", "you said that must be hard", True),
        ("order of forms", "that must be hard", True),
        ("negation", "that must be hard", True),
    ],
)
def test_a_changed_form_is_looked_for_alone(
    old: Rubric,
    differences: dict[tuple[str, str], Since],
    new: dict[str, Rubric],
    change: str,
    said: str,
    read_again: bool,
) -> None:
    talk = conversation(["C: my lamp went dark", f"A: {said}"], "en")
    earlier = differences["nothing", change]
    card, read, _ = again(talk, new[change], *left_by(talk, old), earlier)
    assert bool(read) == read_again
    assert card == score(talk, new[change], RECEIPT)


@pytest.mark.parametrize("change", ["nothing", "points", "flagging", "gone"])
def test_nothing_is_read_where_no_judgement_changes(old: Rubric, new: dict[str, Rubric], change: str) -> None:
    talk = conversation(list(LINES), "en")
    assert again(talk, new[change], *left_by(talk, old))[1] == []


@pytest.mark.parametrize(
    ("change", "lists"),
    [
        ("check", {"kind"}),
        ("reason", {"kind", "trouble"}),
        ("list", {"kind", "trouble", "sorry"}),
        ("flag", {"kind"}),
    ],
)
def test_only_what_changed_is_looked_for(
    old: Rubric, new: dict[str, Rubric], change: str, lists: set[str]
) -> None:
    talk = conversation(list(LINES), "en")
    _, [annotated], _ = again(talk, new[change], *left_by(talk, old))
    assert {key.split()[1] for key in annotated.asked} - set(KINDS) == lists


def test_what_is_known_of_the_call_counts(old: Rubric) -> None:
    talk = dataclasses.replace(conversation(list(LINES), "en"), call=Call("c1", agent_name="Sarah"))
    judgements, reading = left_by(talk, old)
    renamed = dataclasses.replace(talk, call=Call("c1", agent_name="Daniel"))
    card, read, _ = again(renamed, old, judgements, reading)
    assert read
    assert card == score(renamed, old, RECEIPT) != score(talk, old, RECEIPT)


def test_a_judge_is_always_asked_again(tmp_path: Path) -> None:
    write(tmp_path, RUBRIC.replace("{not_said: {phrases: rude}}", "{judge: {prompt: {ja: 冷静, en: Calm}}}"))
    rubric, talk = load(tmp_path), conversation(["C: my lamp is broken", "A: that must be hard"], "en")
    answer = '{"quote": "that must be hard", "reason_ja": "はい", "reason_en": "Yes", "verdict": "met"}'
    judge = FakeJudge(answer)
    kept = Kept(talk.call)
    first = score_kept(talk, lambda: annotate(talk), rubric, RECEIPT, Around(judge), kept)
    second_kept = Kept(talk.call, kept.body())
    second = score_kept(talk, lambda: annotate(talk), rubric, RECEIPT, Around(judge), second_kept)
    assert first == second
    assert len(judge.asked) == 2
    assert second_kept.body() is None


def test_a_real_rubric_with_one_list_changed(tmp_path: Path) -> None:
    before = {code: load(shipped()[f"support-{code}"]) for code in ("ja", "en")}
    after = {}
    for code, rubric in before.items():
        empathy = rubric.lexicons[code].lists["empathy"]
        other = dataclasses.replace(empathy, patterns=empathy.patterns[::2], identity="other")
        lexicon = dataclasses.replace(
            rubric.lexicons[code], lists={**rubric.lexicons[code].lists, "empathy": other}, _indexes={}
        )
        after[code] = dataclasses.replace(rubric, lexicons={code: lexicon})
    for talk in conversations(6, seconds=120.0):
        judgements, reading = left_by(talk, before[talk.language])
        card, read, _ = again(talk, after[talk.language], judgements, reading)
        assert card == score(talk, after[talk.language], RECEIPT)
        assert read[0].asked - set(read[0].recalled or {})


def test_the_keys_are_the_same_in_every_process() -> None:
    """What is kept by a night is looked up by another process: no key may hang on how a set is ordered."""
    program = (
        "from qa.rubric import load\nfrom qa.rubric.scores.kept import keys_of\n"
        "keys = keys_of(load('support-en'), 'en')\nprint(keys.criteria, keys.flags, keys.sound)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
