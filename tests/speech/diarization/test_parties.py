"""Two much alike or one, on hand-made vectors: what is said differs more than who says it."""

import numpy as np
import pytest

from qa.speech.diarization import parties
from qa.speech.diarization.voices import Heard, Voices

ONE, OTHER = np.eye(2, 192, dtype=np.float32)
SISTER = ONE + 0.8 * OTHER
"""A similarity of 0.78."""


def sounds(said: list[np.ndarray], seconds: float = 1.5, noise: float = 0.45) -> Heard:
    """Voices with what they said on top: a similarity of about 0.83 between two pieces of one person."""
    random = np.random.default_rng(3)
    rows = []
    for direction in said:
        words = random.normal(size=192).astype(np.float32)
        row = direction / np.linalg.norm(direction) + noise * words / np.linalg.norm(words)
        rows.append(row / np.linalg.norm(row))
    return Heard(np.full(len(said), seconds, np.float32), np.array(rows, np.float32))


def windows(heard: Heard, each: int | tuple[int, ...] = 2) -> Voices:
    """The pieces as voices, so many to a window."""
    count = len(heard.seconds)
    sizes = each if isinstance(each, tuple) else (each,) * (count // each)
    places = [(window, local) for window, size in enumerate(sizes) for local in range(size)]
    return Voices(np.array([w for w, _ in places]), np.array([at for _, at in places]), heard)


@pytest.mark.parametrize(
    ("said", "each", "two"),
    [
        ([ONE, SISTER] * 8, 2, True),
        ([ONE, SISTER, ONE] * 6, 3, True),
        # the model splits one person's talk in two, in every window
        ([ONE, ONE] * 8, 2, False),
        # never two in one window: nothing says that there are two
        ([ONE, SISTER] * 8, 1, False),
        # one window is enough where all the others fall in two along its axis
        ([ONE, SISTER, *[ONE] * 5, *[SISTER] * 5], (2, *[1] * 10), True),
        ([ONE, ONE, *[ONE] * 10], (2, *[1] * 10), False),
        # … but not if there is hardly anything else
        ([ONE, SISTER], 2, False),
    ],
)
def test_two_much_alike(said: list[np.ndarray], each: int | tuple[int, ...], two: bool) -> None:
    heard = sounds(said)
    assert parties.heard_side_by_side(heard, windows(heard, each)) is two


def test_a_few_words_are_no_party() -> None:
    heard = sounds([ONE, SISTER] * 2, seconds=0.45)
    assert not parties.heard_side_by_side(heard, windows(heard))


@pytest.mark.parametrize(
    ("along", "weights", "low", "explained"),
    [
        ([0.0, 5.0, 0.2, 5.2], [1, 1, 1, 1], [True, False, True, False], 0.998),
        ([1.0, 1.0, 1.0], [1, 1, 1], [False, False, False], 0.0),
        ([1.0], [1], [False], 0.0),
        # a heavy heap is not cut for the sake of a light stray
        ([0.0, 0.1, 1.0, 1.1, 2.0], [9, 9, 9, 9, 0.1], [True, True, False, False, False], 0.981),
        # one heap, evenly spread: cut in the middle, and not clear enough
        ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [1] * 6, [True] * 3 + [False] * 3, 0.771),
    ],
)
def test_heaps(along: list[float], weights: list[float], low: list[bool], explained: float) -> None:
    found = parties.heaps(np.array(along), np.array(weights, float))
    assert found[0].tolist() == low
    assert found[1] == pytest.approx(explained, abs=0.001)
