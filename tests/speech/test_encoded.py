"""Encoder outputs, kept from one use to the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.speech.encoded import Encoded


def features(value: float) -> NDArray[np.float32]:
    return np.full((80, 500), value, np.float32)


def test_what_was_kept_is_given_once_and_for_the_same_features_only() -> None:
    kept = Encoded()
    kept.put(features(1.0), "one")
    assert kept.take(features(2.0)) is None
    assert kept.take(features(1.0)) == "one"
    assert kept.take(features(1.0)) is None


def test_the_oldest_makes_way() -> None:
    kept = Encoded(most=2)
    for value in (1.0, 2.0, 3.0):
        kept.put(features(value), value)
    assert [kept.take(features(value)) for value in (1.0, 2.0, 3.0)] == [None, 2.0, 3.0]
