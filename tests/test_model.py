"""The nouns refuse to be inconsistent."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import (
    Evidence,
    Finding,
    Message,
    Outcome,
    Role,
    Score,
    Span,
    merge_spans,
    outside,
    overlapping,
    total_overlap,
)

TIMES = st.floats(0, 1000, allow_nan=False)
SPANS = st.tuples(TIMES, TIMES).map(lambda pair: Span(min(pair), max(pair)))
REASON = Message("理由", "reason")


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Span(2.0, 1.0)


@given(SPANS, SPANS)
def test_overlap_and_gap_exclude_each_other(one: Span, two: Span) -> None:
    assert one.overlap(two) == two.overlap(one) == pytest.approx((one & two).duration)
    assert not (one.overlap(two) and one.gap(two))
    assert (one | two).covers(one)


@given(st.lists(SPANS, max_size=12), st.floats(0, 5))
def test_merged_spans_are_apart_and_cover_all(spans: list[Span], gap: float) -> None:
    merged = merge_spans(spans, gap)
    assert all(later.start - earlier.end > gap for earlier, later in itertools.pairwise(merged))
    assert all(any(whole.covers(span) for whole in merged) for span in spans)


@given(st.lists(SPANS, max_size=8), st.lists(SPANS, max_size=8))
def test_what_is_outside_and_what_is_covered_add_up(spans: list[Span], others: list[Span]) -> None:
    left, covers = outside(spans, others), merge_spans(others)
    whole = sum(span.duration for span in merge_spans(spans))
    shared = sum(total_overlap(span, covers) for span in merge_spans(spans))
    assert sum(part.duration for part in left) == pytest.approx(whole - shared)
    assert all(part.overlap(cover) == 0 for part in left for cover in covers)


@given(SPANS, st.lists(SPANS, max_size=12))
def test_overlapping_ones_are_found_without_looking_at_all(span: Span, spans: list[Span]) -> None:
    merged = merge_spans(spans)
    found = overlapping(span, merged)
    assert all(one in found for one in merged if one.overlap(span))
    assert all(not span.gap(one) for one in found)


def test_a_point_off_needs_a_place_in_the_audio() -> None:
    with pytest.raises(ValueError, match="needs evidence"):
        Finding("empathy", "feelings", Outcome.NOT_MET, 0, 10, REASON)
    Finding(
        "empathy",
        "feelings",
        Outcome.NOT_MET,
        0,
        10,
        REASON,
        (Evidence(Span(1, 2), Role.CUSTOMER, "困って", 0.9),),
    )


@pytest.mark.parametrize(
    ("outcome", "points"), [(Outcome.MET, 11), (Outcome.NOT_APPLICABLE, 1), (Outcome.NEEDS_REVIEW, 5)]
)
def test_points_only_for_met_and_within_possible(outcome: Outcome, points: float) -> None:
    with pytest.raises(ValueError, match="points"):
        Finding("empathy", "feelings", outcome, points, 10, REASON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 5, "possible": 4, "weighted_share": 1.0},
        {"points": 0, "possible": 0, "weighted_share": 0.5},
        {"points": 4, "possible": 4},
        {"points": 4, "possible": 4, "weighted_share": 1.5},
        {"points": 4, "possible": 4, "weighted_share": 1.0, "critical_failed": ("x",)},
        {"points": 4, "possible": 4, "weighted_share": 1.0, "cap": 50.0},
    ],
)
def test_an_impossible_score_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"score|share|cap"):
        Score(**wrong)  # type: ignore[arg-type]


def test_a_critical_failure_caps_and_a_bonus_never_passes_100() -> None:
    assert Score(8, 10, weighted_share=0.8, critical_failed=("x",), cap=50.0).value == 50.0
    assert Score(10, 10, weighted_share=1.0, bonus=5).value == 100.0
    assert Score(0, 0, undecided=10).value is None
    assert Score(6, 8, undecided=2, weighted_share=0.75).coverage == 0.8
