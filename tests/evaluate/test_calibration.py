"""Reliability tables and intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate import bootstrap
from qa.evaluate.calibration import Bin, Reliability, said_of_roles
from qa.evaluate.confusion import Confusion
from qa.model import Outcome, Role
from tests.evaluate.talk import conversation, reference

A, C = Role.AGENT, Role.CUSTOMER
DECIDED = [Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE]
PAIRS = st.lists(st.tuples(st.sampled_from(DECIDED), st.sampled_from(list(Outcome))), min_size=1, max_size=40)


def test_bins_hold_their_lower_border() -> None:
    found = Reliability.of([(0.9, True), (0.94, False), (0.95, True), (1.0, True), (0.2, False)])
    assert [(bin.lower, bin.count, bin.right) for bin in found.bins] == [
        (0.0, 1, 0),
        (0.9, 2, 1),
        (0.95, 2, 2),
    ]
    assert found.bins[1] == Bin(0.9, 0.95, 2, 1, pytest.approx(0.92))  # type: ignore[arg-type]


def test_ninety_per_cent_sure_and_nine_of_ten_right_has_no_error() -> None:
    found = Reliability.of([(0.9, number > 0) for number in range(10)])
    assert found.expected_error == pytest.approx(0.0)
    assert Reliability.of([(0.9, False)] * 4).expected_error == pytest.approx(0.9)
    assert Reliability.of([]).expected_error is None


def test_a_role_is_right_if_most_of_the_speech_is_that_partys() -> None:
    truth = reference({A: "aaaa....", C: "....cccc"})
    heard = conversation({"X": (A, "aaaaa..."), "Y": (A, ".....ccc"), "Z": (Role.UNKNOWN, "......c.")})
    assert sorted(said_of_roles(truth, heard)) == [(0.9, False), (0.9, True)]


@given(PAIRS)
def test_kappa_is_the_confusions(pairs: list[tuple[Outcome, Outcome]]) -> None:
    confusion = Confusion.of(pairs)
    value = bootstrap.estimate([confusion.table], bootstrap.kappa).value
    assert value == (None if confusion.kappa is None else pytest.approx(confusion.kappa))


def test_the_interval_of_a_share_is_about_the_binomials() -> None:
    """60 of 100 calls right: ± 1.96 · sqrt(0.6 · 0.4 / 100) = 0.096."""
    found = bootstrap.estimate([(float(number < 60), 1.0) for number in range(100)], bootstrap.ratio)
    assert found.value == pytest.approx(0.6)
    assert (found.low, found.high) == (pytest.approx(0.504, abs=0.02), pytest.approx(0.696, abs=0.02))


def test_the_same_calls_give_the_same_interval() -> None:
    counts = np.random.default_rng(1).uniform(size=(20, 2)).tolist()
    assert bootstrap.estimate(counts, bootstrap.ratio) == bootstrap.estimate(counts, bootstrap.ratio)


def test_a_call_without_counts_weighs_nothing() -> None:
    assert bootstrap.estimate([(0.0, 0.0)], bootstrap.ratio).value is None
    assert bootstrap.estimate([(1.0, 2.0), (0.0, 0.0)], bootstrap.ratio).value == 0.5
