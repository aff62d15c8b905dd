"""The page: needs nothing else, escapes what was said, puts the wrong ones first; and what it draws."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from qa.evaluate import Evaluation, Reference, Result, evaluate, write_page
from qa.evaluate.difference import Piece, differences
from qa.evaluate.lanes import PIXELS, timelines
from qa.evaluate.page import EMBEDDED, clock, sound_of
from qa.model import (
    Conversation,
    Evidence,
    Finding,
    Message,
    Outcome,
    Receipt,
    Role,
    Score,
    Scorecard,
    Span,
    Word,
)
from tests.evaluate.talk import conversation, reference, said

A, C = Role.AGENT, Role.CUSTOMER


def heard(name: str, text: str) -> Conversation:
    words = [("X", A, Word(text, Span(0.0, 1.0), 0.9))]
    made = conversation({"X": (A, "aaaa..")}, words=words)
    return dataclasses.replace(made, call=dataclasses.replace(made.call, id=name))


def card(name: str, outcome: Outcome) -> Scorecard:
    evidence = (Evidence(Span(0.5, 1.0), A, "<b>quoted</b>", 0.9),)
    finding = Finding("empathy", "x", outcome, 0, 5, Message("理由", "the reason"), evidence)
    return Scorecard(name, (finding,), Score(0, 0), (), Receipt("0" * 64, "r@1", {}, {}, "0"))


def case(tmp_path: Path) -> tuple[Evaluation, list[Reference], dict[str, Result]]:
    truth = [
        dataclasses.replace(
            said([(A, 0.0, 2.0, "Hello <there>.")]),
            call_id=name,
            criteria={"empathy": Outcome.NOT_APPLICABLE},
        )
        for name in ("a-right", "b-wrong")
    ]
    stored = {
        "a-right": Result(heard("a-right", "Hello"), card("a-right", Outcome.NOT_APPLICABLE)),
        "b-wrong": Result(heard("b-wrong", "Hello"), card("b-wrong", Outcome.NOT_MET)),
    }
    return evaluate(truth, stored), truth, stored


@pytest.mark.parametrize(("language", "title"), [("ja", "どれだけ正しいか"), ("en", "How right are we")])
def test_a_page_that_needs_nothing_else(tmp_path: Path, language: str, title: str) -> None:
    evaluation, truth, stored = case(tmp_path)
    sound = tmp_path / "calls" / "b wrong.mp3"
    sound.parent.mkdir()
    sound.write_bytes(b"x" * (EMBEDDED + 1))
    page = tmp_path / "page.html"
    write_page(page, evaluation, truth, stored, {"b-wrong": sound}, language)
    text = page.read_text(encoding="utf-8")
    assert title in text
    assert text.index("b-wrong") < text.index("a-right")
    assert "&lt;b&gt;quoted" in text and "<b>quoted" not in text
    assert "<del> there&gt;.</del>" in text
    assert 'src="calls/b%20wrong.mp3"' in text
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//|url\(|@import""", text)


def test_small_recordings_are_in_the_page(tmp_path: Path) -> None:
    small = tmp_path / "a.wav"
    small.write_bytes(b"RIFF")
    found = sound_of(small, tmp_path / "page.html", 1000)
    assert found is not None and found.embedded and found.source == "data:audio/wav;base64,UklGRg=="
    assert not (sound_of(small, tmp_path / "page.html", 3) or found).embedded
    assert sound_of(tmp_path / "gone.wav", tmp_path / "page.html", 1000) is None
    odd = tmp_path / "a.amr"
    odd.write_bytes(b"#!AMR")
    unplayable = sound_of(odd, tmp_path / "sub" / "page.html", 1000)
    assert unplayable is not None and (unplayable.source, unplayable.playable) == ("../a.amr", False)


def test_both_timelines_are_drawn_to_scale() -> None:
    drawn = timelines(reference({A: "aa..", C: "..cc"}), conversation({"X": (A, ".aa.")}), ())
    speech = {(box.kind, box.x, box.width) for box in drawn.boxes}
    second = PIXELS
    assert speech == {
        ("speech agent", 0.0, second),
        ("speech customer", second, second),
        ("speech agent", second / 2, second),
    }
    upper, lower = ([lane.y for lane in drawn.lanes if lane.side == side] for side in ("reference", "result"))
    assert max(upper) < min(lower) and len(upper) == len(lower) == 2


def test_differences_word_by_word() -> None:
    words = [
        ("X", A, Word(text, Span(n, n + 1.0), 0.9)) for n, text in enumerate(["Hello", " their", " you"])
    ]
    (row,) = differences(
        said([(A, 0.0, 3.0, "Hello, there you.")]), conversation({"X": (A, "aa")}, words=words)
    )
    assert [(piece.said.strip(), piece.heard.strip(), piece.same) for piece in row.pieces] == [
        ("Hello,", "Hello", True),
        ("there", "their", False),
        ("you.", "you", True),
    ]


def test_words_of_somebody_who_never_speaks_stand_alone() -> None:
    words = [("Y", C, Word("ghost", Span(5.0, 6.0), 0.9))]
    rows = differences(said([(A, 0.0, 3.0, "Hello.")]), conversation({"Y": (C, "cc")}, words=words))
    assert [(row.role, row.pieces) for row in rows] == [
        (A, (Piece(" Hello.", "", False),)),
        (C, (Piece("", "ghost", False),)),
    ]


def test_clock() -> None:
    assert clock(65.3) == "1:05.3"
