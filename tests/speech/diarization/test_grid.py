import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Span
from qa.speech.diarization import grid

WINDOW = 10.0


def test_the_classes_are_nobody_one_or_a_pair() -> None:
    assert grid.powerset().tolist() == [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [1, 0, 1],
        [0, 1, 1],
    ]


@pytest.mark.parametrize(
    ("duration", "speech", "starts"),
    [
        (7.0, [(0.5, 6.0)], [0]),
        (1.0, [(0.0, 1.0)], [0]),
        (30.0, [], []),
        # windows at 0, 5, 10, 15 and the last one, moved back to end with the recording
        (24.0, [(0.0, 24.0)], [0, 296, 592, 830]),
        # hold music from 12 to 40: the windows that hear nothing else are left out
        (50.0, [(0.0, 3.0), (45.0, 50.0)], [0, 2072, 2368, 2371]),
    ],
)
def test_windows_cover_the_speech(
    duration: float, speech: list[tuple[float, float]], starts: list[int]
) -> None:
    assert grid.window_starts(duration, tuple(Span(*pair) for pair in speech)) == starts


@given(
    duration=st.floats(0.5, 200.0),
    cuts=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=8, unique=True),
)
def test_no_speech_lies_outside_the_windows(duration: float, cuts: list[float]) -> None:
    edges = [cut * duration for cut in sorted(cuts)]
    speech = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    starts = [first * grid.FRAME for first in grid.window_starts(duration, speech)]
    for span in speech:
        for instant in (span.start, span.middle, span.end):
            assert any(start - 1e-9 <= instant <= start + WINDOW + 1e-9 for start in starts)


def test_frames_and_time_are_one_grid() -> None:
    span = grid.span_of(100, 160)
    assert span.duration == pytest.approx(60 * grid.FRAME)
    assert grid.frame_count(span.end) == 160
    assert np.isclose(grid.span_of(0, 1).start, 0.0225, atol=1e-3)
