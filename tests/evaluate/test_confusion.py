"""Agreement arithmetic, by hand-counted tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.confusion import Confusion
from qa.model import Outcome

MET, NOT, NA, REVIEW = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE, Outcome.NEEDS_REVIEW
PAIRS = st.lists(st.tuples(st.sampled_from([MET, NOT, NA]), st.sampled_from(list(Outcome))), max_size=60)


def test_hand_counted_table() -> None:
    confusion = Confusion.of([(MET, MET)] * 6 + [(NOT, NOT)] * 2 + [(MET, NOT), (NOT, REVIEW)])
    assert confusion.total == 10
    assert confusion.decided == 9
    assert confusion.agreement == pytest.approx(8 / 9)
    assert confusion.not_met_precision == pytest.approx(2 / 3)
    assert confusion.not_met_recall == pytest.approx(2 / 3)
    assert confusion.needs_review_share == pytest.approx(0.1)


def test_kappa_of_the_textbook_table() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed 0.7, chance 0.5
    confusion = Confusion.of([(MET, MET)] * 20 + [(MET, NOT)] * 5 + [(NOT, MET)] * 10 + [(NOT, NOT)] * 15)
    assert confusion.kappa == pytest.approx(0.4)


def test_nothing_decided_has_no_rates() -> None:
    confusion = Confusion.of([(MET, REVIEW)])
    assert confusion.agreement is None
    assert confusion.kappa is None
    assert confusion.not_met_precision is None


@given(PAIRS, PAIRS)
def test_adding_is_pooling(one: list[tuple[Outcome, Outcome]], two: list[tuple[Outcome, Outcome]]) -> None:
    assert Confusion.of(one) + Confusion.of(two) == Confusion.of(one + two)


@given(PAIRS)
def test_perfect_machine_agrees(pairs: list[tuple[Outcome, Outcome]]) -> None:
    confusion = Confusion.of((reference, reference) for reference, _ in pairs)
    assert confusion.agreement in (None, 1.0)
    assert confusion.kappa in (None, 1.0)
