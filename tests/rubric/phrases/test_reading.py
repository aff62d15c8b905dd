"""What was worked out from a conversation comes back as it was, and is thrown away when it may be stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.model import Conversation, Role
from qa.rubric import Rubric, annotate, keep, load, recall, score_annotated, voices_kept
from qa.rubric.authoring.notation import conversation
from qa.rubric.phrases.annotate import Annotated
from tests.rubric.helpers import RECEIPT, write

LINES = ["C: my lamp is broken", "A: that must be hard", "C: shut up", "A: could you tell me more?"]


@pytest.fixture(scope="module")
def rubric(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return load(write(tmp_path_factory.mktemp("tiny")))


@pytest.fixture
def talk() -> Conversation:
    return conversation(LINES, "en")


def scored(talk: Conversation, rubric: Rubric) -> Annotated:
    """Read and scored once: its matches were asked for."""
    annotated = annotate(talk)
    score_annotated(annotated, rubric, RECEIPT)
    return annotated


def test_all_of_it_comes_back(talk: Conversation, rubric: Rubric) -> None:
    read = scored(talk, rubric)
    back = recall(talk, voices_kept(keep(read)))
    for name in ("substantial", "asks", "units", "content"):
        assert getattr(back, name) == getattr(read, name)
    for role in (Role.AGENT, Role.CUSTOMER):
        assert back.voices[role] == read.voices[role]
    score_annotated(back, rubric, RECEIPT)
    assert back.matches == read.matches
    assert any(read.matches.values())


def test_nothing_is_kept_twice(talk: Conversation, rubric: Rubric) -> None:
    back = recall(talk, voices_kept(keep(scored(talk, rubric))))
    score_annotated(back, rubric, RECEIPT)
    assert keep(back) is None


def test_another_reader_reads_anew(talk: Conversation, rubric: Rubric) -> None:
    body = keep(scored(talk, rubric))
    longer = conversation([*LINES, "C: bye"], "en")
    assert recall(longer, voices_kept(body)).recalled is None
    assert recall(longer, voices_kept(body)).units == annotate(longer).units
    assert recall(talk, voices_kept(None)).recalled is None
    assert recall(talk, voices_kept(body)).recalled is not None


def test_a_changed_list_takes_the_place_of_the_old_one(talk: Conversation, tmp_path: Path) -> None:
    old = load(write(tmp_path / "old"))
    new = load(write(tmp_path / "new", kind="could you tell me"))
    first = scored(talk, old)
    back = recall(talk, voices_kept(keep(first)))
    score_annotated(back, new, RECEIPT)
    third = recall(talk, voices_kept(keep(back)))
    assert third.recalled is not None
    assert len(third.recalled) == len(first.asked)
    assert back.asked <= third.recalled.keys()
    assert not first.asked <= third.recalled.keys()


def test_matches_that_were_not_asked_for_stay(talk: Conversation, rubric: Rubric) -> None:
    first = scored(talk, rubric)
    back = recall(talk, voices_kept(keep(first)))
    key = "agent another 0 0.4 "
    back.asked.add(key)
    back.matches[key] = ()
    kept = recall(talk, voices_kept(keep(back))).recalled
    assert kept is not None
    assert kept.keys() == first.asked | {key}
