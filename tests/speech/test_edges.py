"""Edges of speech on levels drawn by hand: a column is five steps, 40 ms."""

import numpy as np
import pytest

from qa.model import Span
from qa.speech import edges

COLUMN = 5 * edges.FINE
LEVELS = {".": -60.0, "-": -45.0, "#": -20.0}


def levels(drawn: str) -> np.ndarray:
    """`.` is the line's noise, `-` soft speech, `#` speech."""
    return np.repeat(np.array([LEVELS[mark] for mark in drawn], np.float32), 5)


def spans(drawn: str, mark: str = "x") -> list[Span]:
    """Runs of `mark`."""
    found, start = [], None
    for at, one in enumerate(f"{drawn}."):
        if one == mark and start is None:
            start = at
        elif one != mark and start is not None:
            found.append(Span(start * COLUMN, at * COLUMN))
            start = None
    return found


TABLE = {
    "a soft beginning": (
        "....................---#######..................",
        ".......................xxxxxxx..................",
        "....................xxxxxxxxxx..................",
    ),
    "an ending that was held too long": (
        "....................##########..................",
        "....................xxxxxxxxxxxx................",
        "....................xxxxxxxxxx..................",
    ),
    "an ending that was cut": (
        "....................##########---...............",
        "....................xxxxxxxxxx..................",
        "....................xxxxxxxxxxxxx...............",
    ),
    "a sound of its own before it, further off": (
        "...............##.....########..................",
        "......................xxxxxxxx..................",
        "......................xxxxxxxx..................",
    ),
    "a swallowed syllable is breath": (
        "....................#####.....#####.............",
        "....................xxxxx.....xxxxx.............",
        "....................xxxxxxxxxxxxxxx.............",
    ),
    "a pause is a pause": (
        "....................#####........#####..........",
        "....................xxxxx........xxxxx..........",
        "....................xxxxx........xxxxx..........",
    ),
    "no further than voice activity is off by": (
        "..........#########################.............",
        "....................xxxxxxxxxxxxxxx.............",
        "...............xxxxxxxxxxxxxxxxxxxx.............",
    ),
}


@pytest.mark.parametrize(("level", "heard", "expected"), TABLE.values(), ids=TABLE)
def test_edges(level: str, heard: str, expected: str) -> None:
    silent = np.full(len(level) * 5, -60.0, np.float32)
    found = edges.sharpened(spans(heard), levels(level), silent, 30.0, len(level) * COLUMN)
    assert [tuple(span) for span in rounded(found)] == [tuple(span) for span in rounded(spans(expected))]


def rounded(found: tuple[Span, ...] | list[Span]) -> list[tuple[float, float]]:
    """To two hundredths: levels are smoothed over three steps."""
    return [(round(span.start / 0.04), round(span.end / 0.04)) for span in found]


def test_the_other_partys_leakage_is_no_beginning() -> None:
    own = levels("................----########..................")
    other = levels("............########..........................")
    heard = spans("....................xxxxxxxx..................")
    found = edges.sharpened(heard, own, other, 15.0, 2.0)
    assert rounded(found) == rounded(heard)


def test_without_noise_nothing_is_moved() -> None:
    """Talk from end to end: nobody knows what is quiet."""
    heard = [Span(0.0, 1.0)]
    assert edges.sharpened(heard, levels("#" * 25), levels("." * 25), 30.0, 1.0) == tuple(heard)
    assert edges.sharpened([], levels("." * 50), levels("." * 50), 30.0, 2.0) == ()


def test_a_breath_on_a_still_line_is_no_beginning() -> None:
    """Behind a noise gate everything stands out of the noise."""
    own = np.where(levels("................----########..................") == -45.0, -58.0, -20.0)
    own[levels("................----########..................") == -60.0] = -100.0
    heard = spans("....................xxxxxxxx..................")
    silent = np.full(len(own), -100.0, np.float32)
    found = edges.sharpened(heard, own.astype(np.float32), silent, 30.0, 2.0)
    assert rounded(found) == rounded(heard)
