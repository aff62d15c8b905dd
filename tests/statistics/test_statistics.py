"""Intervals, change and agreement: answers known from the papers or from scipy, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qa.model import Outcome
from qa.statistics import (
    Agreement,
    Direction,
    Interval,
    Moments,
    Share,
    Standing,
    Trust,
    Week,
    halves,
    mean_change,
    share_change,
    trend_of_means,
    trend_of_shares,
    week_of,
)

MET, NOT, NA, REVIEW = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE, Outcome.NEEDS_REVIEW
Pairs = dict[tuple[Outcome, Outcome], int]
SCORES = st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=5, max_size=40)


@st.composite
def shares(draw: st.DrawFn, least: int = 1) -> Share:
    of = draw(st.integers(least, 500))
    return Share(draw(st.integers(0, of)), of)


@pytest.mark.parametrize(("count", "of"), [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (81, 263), (499, 500)])
def test_wilson_is_scipys(count: int, of: int) -> None:
    expected = stats.binomtest(count, of).proportion_ci(method="wilson")
    found = Share(count, of).interval
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(shares())
def test_an_interval_holds_what_was_seen_and_stays_a_share(share: Share) -> None:
    assert share.interval is not None and share.value is not None
    assert 0 <= share.interval.low <= share.value <= share.interval.high <= 1


@given(shares())
def test_more_of_the_same_is_surer(share: Share) -> None:
    once, thrice = share.interval, (share + share + share).interval
    assert once is not None and thrice is not None
    assert thrice.high - thrice.low < once.high - once.low


def test_nothing_has_no_figure() -> None:
    assert (Share().value, Share().interval) == (None, None)
    assert (Moments().mean, Moments().interval, Moments.of([70]).variance) == (None, None, None)
    assert (Agreement().kappa, Agreement().share) == (None, Share())


@pytest.mark.parametrize("wrong", [(-1, 2), (3, 2), (1, 0)])
def test_impossible_shares_are_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        Share(*wrong)
    with pytest.raises(ValueError, match="cannot end"):
        Interval(1, 0)


@given(SCORES)
def test_the_mean_is_scipys(values: list[float]) -> None:
    found = Moments.of(values)
    variance = stats.tvar(values)
    assert found.variance == pytest.approx(variance, abs=1e-6)
    if variance > 1e-6:
        assert found.interval is not None and found.mean is not None
        assert found.mean in found.interval
        low, high = stats.t.interval(0.95, len(values) - 1, loc=found.mean, scale=stats.sem(values))
        assert found.interval.low == pytest.approx(max(0, low), abs=1e-4)
        assert found.interval.high == pytest.approx(min(100, high), abs=1e-4)


def test_few_scores_or_all_alike_have_no_interval() -> None:
    assert Moments.of([100, 90]).interval is None
    assert Moments.of([100] * 30).interval is None
    assert Moments.of([100, 90, 80, 95, 99]).interval is not None


@given(SCORES, SCORES)
def test_moments_add_up(one: list[float], other: list[float]) -> None:
    both, joined = Moments.of(one) + Moments.of(other), Moments.of(one + other)
    assert both.count == joined.count
    assert both.mean == pytest.approx(joined.mean)
    assert both.variance == pytest.approx(joined.variance, abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        (Share(48, 80), Share(56, 70), 0.0524, 0.3339),
        (Share(3, 10), Share(9, 10), 0.1705, 0.8090),
        (Share(0, 10), Share(10, 10), 0.6075, 1.0),
    ],
)
def test_change_of_shares_is_newcombes(before: Share, after: Share, low: float, high: float) -> None:
    found = share_change(before, after, 10)
    assert found is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=1e-4)
    assert found.direction is Direction.UP


@given(shares(), shares())
def test_change_turned_round_is_its_opposite(before: Share, after: Share) -> None:
    there, back = share_change(before, after, 1), share_change(after, before, 1)
    assert there is not None and back is not None
    assert there.amount == pytest.approx(-back.amount)
    assert there.interval.low == pytest.approx(-back.interval.high)
    assert there.amount in Interval(there.interval.low - 1e-12, there.interval.high + 1e-12)


def test_change_of_means_is_welchs() -> None:
    before, after = [70.0, 82, 65, 90, 71, 77], [88.0, 91, 84, 97, 79, 93, 90]
    found = mean_change(Moments.of(before), Moments.of(after), 5)
    expected = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert found is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((expected.low, expected.high))
    assert mean_change(Moments.of([80, 80]), Moments.of([90, 90]), 2) is None, "all alike is no certainty"


def test_below_the_least_sample_no_change_is_said() -> None:
    assert share_change(Share(0, 9), Share(10, 10), 10) is None
    assert share_change(Share(0, 0), Share(1, 1), 0) is None
    assert mean_change(Moments.of([1, 2]), Moments.of([90, 91, 92]), 3) is None
    assert mean_change(Moments.of([1]), Moments.of([90]), 0) is None


def test_a_change_that_may_be_none_is_unclear() -> None:
    found = share_change(Share(5, 10), Share(6, 10), 10)
    assert found is not None and found.direction is Direction.UNCLEAR
    worse = share_change(Share(10, 10), Share(0, 10), 10)
    assert worse is not None and worse.direction is Direction.DOWN


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_week_begins_on_monday(day: date) -> None:
    monday = week_of(day)
    assert monday.weekday() == 0 and timedelta(0) <= day - monday < timedelta(7)


MONDAY = date(2026, 1, 5)


def weeks(*met_of: tuple[int, int] | None) -> list[Week[Share]]:
    """One share a week, from `MONDAY` on; None: a week without calls."""
    return [
        Week(MONDAY + timedelta(weeks=n), Share(*pair)) for n, pair in enumerate(met_of) if pair is not None
    ]


@pytest.mark.parametrize(
    ("given", "early", "late"),
    [
        (weeks(), Share(), Share()),
        (weeks((1, 2)), Share(1, 2), Share()),
        (weeks((1, 2), (2, 2)), Share(1, 2), Share(2, 2)),
        (weeks((1, 2), (1, 1), (2, 2)), Share(2, 3), Share(2, 2)),
        (weeks((1, 2), None, None, (2, 2)), Share(1, 2), Share(2, 2)),
        (weeks((1, 2), (1, 2), None, None, None, (2, 2)), Share(2, 4), Share(2, 2)),
    ],
)
def test_halves_are_of_the_calendar(given: list[Week[Share]], early: Share, late: Share) -> None:
    assert halves(given, Share()) == (early, late)


def test_a_trend_over_weeks() -> None:
    rising = trend_of_shares(weeks((2, 10), (3, 10), (8, 10), (9, 10)), 10)
    assert rising is not None and rising.direction is Direction.UP and rising.amount == pytest.approx(0.6)
    assert trend_of_shares(weeks((2, 10), (3, 3)), 10) is None
    scores = [Week(MONDAY, Moments.of([60, 62, 64])), Week(MONDAY + timedelta(7), Moments.of([90, 92, 91]))]
    found = trend_of_means(scores, 3)
    assert found is not None and found.amount == pytest.approx(29) and found.direction is Direction.UP


@pytest.mark.parametrize(
    ("pairs", "agreed", "of", "kappa"),
    [
        ({(MET, MET): 20, (MET, NOT): 5, (NOT, MET): 10, (NOT, NOT): 15}, 35, 50, 0.4),
        ({(MET, MET): 45, (MET, NOT): 15, (NOT, MET): 25, (NOT, NOT): 15}, 60, 100, 0.1304),
        ({(MET, MET): 25, (MET, NOT): 35, (NOT, MET): 5, (NOT, NOT): 35}, 60, 100, 0.2593),
        ({(MET, MET): 3, (NA, NA): 2, (NOT, NOT): 1}, 6, 6, 1.0),
        ({(MET, MET): 9}, 9, 9, None),
        ({(MET, NOT): 5, (NOT, MET): 5}, 0, 10, -1.0),
        ({(REVIEW, MET): 4, (NOT, REVIEW): 1}, 0, 0, None),
    ],
)
def test_agreement(
    pairs: dict[tuple[Outcome, Outcome], int], agreed: int, of: int, kappa: float | None
) -> None:
    found = Agreement(pairs)
    assert found.share == Share(agreed, of)
    assert found.kappa == (None if kappa is None else pytest.approx(kappa, abs=1e-4))


@given(st.dictionaries(st.tuples(st.sampled_from(Outcome), st.sampled_from(Outcome)), st.integers(0, 50)))
def test_kappa_never_flatters(pairs: dict[tuple[Outcome, Outcome], int]) -> None:
    found = Agreement(pairs)
    assert found.share.of + found.abstained == sum(pairs.values())
    if found.kappa is not None and found.share.value is not None:
        assert -1 <= found.kappa <= found.share.value + 1e-12


@pytest.mark.parametrize(
    ("agree", "differ", "expected"),
    [
        (0, 0, Standing.UNPROVEN),
        (0, 19, Standing.UNPROVEN),
        (16, 4, Standing.COUNTS),
        (15, 5, Standing.ADVICE),
        (0, 20, Standing.ADVICE),
    ],
)
def test_a_criterion_below_the_level_is_advice_only(agree: int, differ: int, expected: Standing) -> None:
    week = Week(MONDAY, Agreement({(MET, MET): agree, (NOT, MET): differ, (REVIEW, NOT): 100}))
    assert Trust.of([week], level=0.8, least=20).standing is expected


def test_trust_drifts() -> None:
    first = Week(MONDAY, Agreement({(MET, MET): 19, (MET, NOT): 1}))
    last = Week(MONDAY + timedelta(7), Agreement({(MET, MET): 8, (MET, NOT): 12}))
    trust = Trust.of([first, last], level=0.6, least=20)
    assert trust.drift is not None and trust.drift.direction is Direction.DOWN
    assert trust.standing is Standing.COUNTS and trust.agreement.share == Share(27, 40)
    assert Trust.of([first], level=0.6, least=20).drift is None
