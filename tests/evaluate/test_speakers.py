"""Speakers: drawn timelines, and beside pyannote.metrics itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluate.counts import Found, Ratio, SpeakerErrors
from qa.evaluate.speakers import diarization, overlap_found, speaker_figures, without
from qa.model import Role, Span, Word
from tests.evaluate.talk import conversation, reference, spans

A, C = Role.AGENT, Role.CUSTOMER
LANES = st.text(alphabet="a.", min_size=1, max_size=30)
TRUTH = {A: "aaaa....aaaa", C: "....cccc...."}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [  # total 6 s; seconds missed, false alarm, confusion
        ("aaaa....aaaa", "....cccc....", (0, 0, 0)),
        ("aaaa.....aaa", "....cccc....", (0.5, 0, 0)),
        ("aaaa....aaaa", "....cccccc..", (0, 1.0, 0)),
        ("aaaaaa..aaaa", "......cc....", (0, 0, 1.0)),
        ("............", "............", (6.0, 0, 0)),
    ],
)
def test_der_of_drawn_lanes(first: str, second: str, expected: tuple[float, float, float]) -> None:
    figures = speaker_figures(reference(TRUTH), conversation({"X": (A, first), "Y": (C, second)}))
    missed, false_alarm, confusion = expected
    assert figures.exact == SpeakerErrors(6.0, missed, false_alarm, confusion)


def test_the_collar_forgives_a_boundary_by_half_of_it() -> None:
    truth = [("a", Span(0.0, 4.0)), ("b", Span(4.0, 8.0))]
    heard = [("x", Span(0.0, 4.1)), ("y", Span(4.1, 8.0))]
    assert diarization(truth, heard, 8.0, 0.0).confusion == pytest.approx(0.1)
    assert diarization(truth, heard, 8.0, 0.25).confusion == pytest.approx(0.0)


@settings(deadline=None)
@given(LANES, LANES)
def test_names_of_speakers_do_not_matter(one: str, two: str) -> None:
    truth = [("a", span) for span in spans("aaaa..aaaaaa")] + [("c", span) for span in spans("...ccccc")]
    heard = [("x", span) for span in spans(one)] + [("y", span) for span in spans(two)]
    renamed = [({"x": "y", "y": "x"}[name], span) for name, span in heard]
    assert diarization(truth, heard, 15.0, 0.0) == diarization(truth, renamed, 15.0, 0.0)


@settings(deadline=None)
@given(LANES, LANES)
def test_a_perfect_result_is_perfect(one: str, two: str) -> None:
    drawn = reference({A: one, C: two})
    figures = speaker_figures(drawn, conversation({"X": (A, one), "Y": (C, two)}))
    if drawn.speech:
        assert figures.exact is not None and figures.exact.rate.part == pytest.approx(0)
        assert figures.roles_by_time is not None and figures.roles_by_time.value in (None, pytest.approx(1))
        assert figures.overlap is not None and figures.overlap.f1.value in (None, 1.0)


def test_overlap_in_seconds() -> None:
    truth = [("a", Span(0, 5)), ("b", Span(4, 9))]
    heard = [("x", Span(0, 4.5)), ("y", Span(4, 9)), ("x", Span(8, 10))]
    assert overlap_found(truth, heard) == Found(0.5, 0.5, 1.0)


def test_roles_count_where_one_party_speaks_and_is_heard() -> None:
    heard = {"X": (A, "aaaa......aa"), "Y": (Role.UNKNOWN, "....cccc....")}
    figures = speaker_figures(reference(TRUTH), conversation(heard))
    assert figures.roles_by_time == Ratio(3.0, 5.0)


def test_roles_of_words() -> None:
    words = [
        ("X", A, Word("here", Span(0.0, 1.0), 0.9)),
        ("X", A, Word("there", Span(2.5, 3.0), 0.9)),
        ("X", A, Word("nobody's", Span(9.0, 9.5), 0.9)),
    ]
    heard = conversation({"X": (A, "aaaa"), "Y": (C, "....cccc")}, words=words)
    assert speaker_figures(reference(TRUTH), heard).roles_by_word == Ratio(1, 2)


def test_roles_are_absent_where_the_reference_has_none() -> None:
    drawn = reference({Role.UNKNOWN: "aaaa"})
    figures = speaker_figures(drawn, conversation({"X": (A, "aaaa")}))
    assert figures.roles_by_time is None and figures.exact is not None


def test_without_takes_out_both_ends() -> None:
    assert without(Span(0, 4), [Span(-1, 1), Span(3, 5)]) == (Span(1, 3),)
