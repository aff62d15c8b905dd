"""References from files: what each format tells, and what each broken one is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.evaluate import BadReference, Reference, load_references
from qa.evaluate.reference import ReferenceSpeech, ReferenceTurn
from qa.model import Role, Span

A = Role.AGENT
TURN = {"role": "agent", "start": 0.5, "end": 2.0, "text": "Hello."}
WHOLE: dict[str, Any] = {"call_id": "one", "language": "en", "turns": [TURN], "events": [], "criteria": {}}


def load(folder: Path, **files: str) -> tuple[Reference, ...]:
    for name, text in files.items():
        stem, ending = name.rsplit("_", 1)
        (folder / f"{stem}.{ending}").write_text(text, encoding="utf-8")
    return load_references([folder])


def test_json_with_speech(tmp_path: Path) -> None:
    speech = [{"speaker": "agent", "role": "agent", "start": 0.5, "end": 1.0}]
    (found,) = load(tmp_path, one_json=json.dumps(WHOLE | {"speech": speech}))
    assert found.turns == (ReferenceTurn(A, Span(0.5, 2.0), "Hello.", "agent"),)
    assert found.speech == (ReferenceSpeech("agent", A, Span(0.5, 1.0)),)


def test_without_speech_the_turns_tell_who_speaks(tmp_path: Path) -> None:
    (found,) = load(tmp_path, one_json=json.dumps(WHOLE))
    assert found.speech == (ReferenceSpeech("agent", A, Span(0.5, 2.0)),)


def test_what_a_json_leaves_out_is_not_known(tmp_path: Path) -> None:
    (found,) = load(tmp_path, one_json=json.dumps({"call_id": "one", "language": "ja", "criteria": {}}))
    assert (found.turns, found.speech, found.events) == (None, None, None)
    assert not found.silent


def test_no_turns_means_nobody_speaks(tmp_path: Path) -> None:
    (found,) = load(tmp_path, hum_json=json.dumps(WHOLE | {"turns": []}))
    assert found.silent


def test_rttm_knows_speakers_only(tmp_path: Path) -> None:
    text = ";; a comment\nSPEAKER x 1 1.5 2.0 <NA> <NA> bob <NA> <NA>\nSPEAKER x 1 0.5 0.5 <NA> <NA> agent\n"
    (found,) = load(tmp_path, one_rttm=text)
    assert found.call_id == "one"
    assert found.turns is None and found.criteria is None
    assert found.speech == (
        ReferenceSpeech("agent", A, Span(0.5, 1.0)),
        ReferenceSpeech("bob", Role.UNKNOWN, Span(1.5, 3.5)),
    )


def test_a_file_of_several_recordings_names_them(tmp_path: Path) -> None:
    lines = "SPEAKER x 1 0 1 <NA> <NA> a\nSPEAKER y 1 0 1 <NA> <NA> a\n"
    assert [found.call_id for found in load(tmp_path, all_rttm=lines)] == ["x", "y"]


def test_stm_with_and_without_labels(tmp_path: Path) -> None:
    text = (
        "x 1 bob 0.0 1.0 <o,f0,male> Hello there\n"
        "x 1 amy 1.0 2.0 hi\n"
        "x 1 z 3 4 IGNORE_TIME_SEGMENT_IN_SCORING\n"
    )
    (found,) = load(tmp_path, one_stm=text)
    assert [(turn.speaker, turn.text) for turn in found.turns or ()] == [
        ("bob", "Hello there"),
        ("amy", "hi"),
    ]
    assert found.speech is not None and not found.knows_roles


@pytest.mark.parametrize(
    ("text", "turns", "told"),
    [
        ("x 1 0.0 0.5 one\nx 1 0.6 0.4 two 0.9\nx 1 5.0 0.5 three\n", ["one two", "three"], False),
        ("x A 0.0 0.5 one\nx B 0.6 0.4 two\n", ["one", "two"], True),
    ],
)
def test_ctm_knows_words_and_speakers_only_by_channel(
    tmp_path: Path, text: str, turns: list[str], told: bool
) -> None:
    (found,) = load(tmp_path, one_ctm=text)
    assert [turn.text for turn in found.turns or ()] == turns
    assert (found.speech is not None) is told


def test_files_that_tell_different_parts_are_joined(tmp_path: Path) -> None:
    (found,) = load(tmp_path, one_rttm="SPEAKER x 1 0 1 <NA> <NA> a\n", one_stm="x 1 a 0 2 hello\n")
    assert found.spoken is not None and found.turns is not None


def test_two_files_that_tell_the_same_part(tmp_path: Path) -> None:
    with pytest.raises(BadReference, match=r"one\.stm: a second reference for call one \(turns\); keep one"):
        load(tmp_path, one_json=json.dumps(WHOLE), one_stm="x 1 a 0 2 hello\n")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("one.json", "{", "one.json: not a scoring reference"),
        ("one.json", json.dumps(WHOLE | {"criteria": {"empathy": "maybe"}}), "maybe"),
        ("one.json", json.dumps(WHOLE | {"turns": [TURN | {"end": 0.1}]}), "cannot end"),
        ("one.rttm", "SPEAKER x 1 zero 1 <NA> <NA> a\n", "one.rttm: not a scoring reference"),
        ("one.stm", "x 1 a\n", "one.stm"),
        ("one.ctm", "x 1 0.0 -1 word\n", "one.ctm"),
        ("one.txt", "nothing of ours", "one.txt: not a scoring reference"),
    ],
)
def test_broken_ones_say_where(tmp_path: Path, name: str, text: str, message: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadReference, match=message):
        load_references([file])


def test_somebody_elses_json_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadReference, match="no scoring references"):
        load(tmp_path, package_json='{"name": "x", "turns": 3}')
