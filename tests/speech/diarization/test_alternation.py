"""Two much alike or one, by their turns: hand-made vectors in which what is said differs more than who."""

import itertools

import numpy as np
import pytest

from qa.speech.diarization import alternation
from qa.speech.diarization.alternation import Turns, best_of_two, change_over, clearly_two
from qa.speech.diarization.voices import Heard

ONE, OTHER, MOOD = np.eye(3, 192, dtype=np.float32)
SISTER = ONE + 0.6 * OTHER
"""A similarity of 0.86."""
LOUD = ONE + 0.6 * MOOD


def sounds(
    said: list[np.ndarray], seconds: list[float] | float = 1.5, noise: float = 0.45, seed: int = 3
) -> Heard:
    """Pieces with what is said on top, in time order."""
    random = np.random.default_rng(seed)
    rows = []
    for direction in said:
        words = random.normal(size=192).astype(np.float32)
        row = direction / np.linalg.norm(direction) + noise * words / np.linalg.norm(words)
        rows.append(row / np.linalg.norm(row))
    return Heard(np.broadcast_to(np.float32(seconds), len(said)).copy(), np.array(rows, np.float32))


def pauses(heard: Heard, change: float = 0.35) -> np.ndarray:
    """Nothing but pauses between the pieces."""
    return np.full(len(heard.seconds) - 1, change, np.float32)


TALK = [ONE, ONE, SISTER, ONE, SISTER, SISTER, ONE, ONE, ONE, SISTER] * 3


@pytest.mark.parametrize(
    ("said", "two"),
    [
        (TALK, True),
        # one person, from first to last
        ([ONE] * 30, False),
        # one person who gets louder half-way, or twice: no turns
        ([ONE] * 15 + [LOUD] * 15, False),
        ([ONE] * 10 + [LOUD] * 10 + [ONE] * 10, False),
        # too little of the other to be a party
        ([ONE] * 29 + [SISTER], False),
        # a voice message of one sentence
        ([ONE, SISTER, ONE, SISTER], False),
    ],
)
def test_two_people_take_turns(said: list[np.ndarray], two: bool) -> None:
    heard = sounds(said)
    found = best_of_two(heard, pauses(heard))
    assert (found is not None and clearly_two(found)) is two


def test_whose_the_pieces_are_and_who_speaks_longer_comes_first() -> None:
    heard = sounds(TALK)
    found = best_of_two(heard, pauses(heard))
    assert found is not None
    truth = [int(person is SISTER) for person in TALK]
    assert np.mean(found.belongs.argmax(axis=1) == truth) > 0.95
    assert found.belongs.sum(axis=1) == pytest.approx(1.0)


def test_a_short_piece_is_whose_turn_it_is() -> None:
    """A word that sounds like the other, in the middle of a sentence without a pause."""
    said = [ONE, ONE, ONE, SISTER, SISTER, SISTER] * 5
    seconds = [1.5] * 30
    said[7], seconds[7] = SISTER, 0.25
    change = np.where(np.arange(29) % 3 == 2, 0.7, 0.05).astype(np.float32)
    heard = sounds(said, seconds, noise=0.6)
    found = best_of_two(heard, change)
    assert found is not None
    assert found.belongs[7].argmax() == found.belongs[6].argmax() != found.belongs[9].argmax()


def test_one_person_alone_is_no_likelier_to_be_two() -> None:
    gains = [best_of_two(heard, pauses(heard)) for heard in (sounds([ONE] * 40, seed=n) for n in range(20))]
    assert max(found.gain for found in gains if found is not None) < alternation.GAIN


@pytest.mark.parametrize(
    ("gain", "owners", "clear"),
    [
        (8.0, [0, 1] * 10, True),
        (6.0, [0, 1] * 10, False),
        # a few words can always be shared out
        (8.0, [0, 1] * 4, False),
        # a long recording needs more
        (8.0, [0, 1] * 40, False),
        (11.0, [0, 1] * 40, True),
        # far apart, but one after the other
        (20.0, [0] * 20 + [1] * 20, False),
    ],
)
def test_clearly_two(gain: float, owners: list[int], clear: bool) -> None:
    assert clearly_two(Turns(np.eye(2, dtype=np.float32)[owners], gain)) is clear


def test_over_others_the_changes_add_up() -> None:
    change = np.array([0.2, 0.3, 0.3, 0.7], np.float32)
    assert change_over(change, np.arange(5)) == pytest.approx(change)
    # there and back again, or not at all: 0.3 * 0.7 twice
    assert change_over(change, np.array([1, 3])) == pytest.approx([0.42])


def test_forward_and_backward() -> None:
    """The second piece says nothing; its neighbours and the chain decide."""
    scores = np.log([[0.9, 0.1], [0.5, 0.5], [0.9, 0.1]])
    sticky, likelihood = alternation.smooth(scores, np.array([0.1, 0.1]))
    assert sticky[1, 0] > 0.9
    lively, _ = alternation.smooth(scores, np.array([0.9, 0.9]))
    assert lively[1, 0] < 0.2
    # all paths of three pieces, added up by hand
    paths = sum(
        0.5
        * np.prod([np.exp(scores[at, who]) for at, who in enumerate(path)])
        * np.prod([0.1 if a != b else 0.9 for a, b in itertools.pairwise(path)])
        for path in np.ndindex(2, 2, 2)
    )
    assert likelihood == pytest.approx(np.log(paths))
