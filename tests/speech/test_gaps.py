"""Speech without words: where it lies, as small timelines."""

import pytest

from qa.model import Word
from qa.speech.gaps import uncovered
from tests.speech.sounds import spans


@pytest.mark.parametrize(
    ("speech", "words", "gaps"),
    [
        ([(0, 5)], [], [(0, 5)]),
        ([(0, 5)], [(0, 1), (1.2, 2), (2.4, 3), (3.3, 4), (4.2, 5)], []),
        ([(0, 5)], [(0, 1), (1, 2)], [(2.3, 5)]),
        ([(0, 5)], [(0, 4), (4, 5)], [(1.3, 3.7)]),  # one word stretched over what was left out
        ([(0, 0.6)], [], []),  # a breath
        ([(0, 1), (3, 4)], [(0, 1)], [(3, 4)]),
        ([], [(0, 1)], []),
    ],
)
def test_where_no_word_lies(
    speech: list[tuple[float, float]], words: list[tuple[float, float]], gaps: list[tuple[float, float]]
) -> None:
    heard = [Word("w", span, 0.9) for span in spans(*words)]
    found = uncovered(spans(*speech), heard)
    assert [(round(gap.start, 2), round(gap.end, 2)) for gap in found] == gaps
