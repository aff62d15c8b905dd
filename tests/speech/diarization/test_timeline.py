import numpy as np
import pytest

from qa.speech.diarization import grid, timeline
from qa.speech.diarization.grid import WINDOW_FRAMES


@pytest.mark.parametrize(
    ("drawn", "gap", "least", "expected"),
    [
        ("..##..", 0, 1, [(2, 4)]),
        ("##..##", 0, 1, [(0, 2), (4, 6)]),
        ("##..##", 2, 1, [(0, 6)]),
        ("##...#", 2, 2, [(0, 2)]),
        ("#.....", 0, 2, []),
        ("", 0, 1, []),
    ],
)
def test_runs(drawn: str, gap: int, least: int, expected: list[tuple[int, int]]) -> None:
    active = np.array([mark == "#" for mark in drawn], dtype=bool)
    assert timeline.runs(active, gap=gap, least=least) == expected


def activity(*rows: tuple[int, int, int, float]) -> np.ndarray:
    """One window from (local speaker, first, last, probability)."""
    window = np.zeros((WINDOW_FRAMES, 3), dtype=np.float32)
    for local, first, last, probability in rows:
        window[first:last, local] = probability
    return window


def test_a_window_alone_is_its_own_timeline() -> None:
    laid = timeline.overlay(
        np.stack([activity((1, 10, 20, 0.9), (2, 15, 20, 0.8))]), [5], np.array([[-1, 0, 1]]), 2, 600
    )
    assert laid.shape == (600, 2)
    assert laid[14].tolist() == [0, 0]
    assert laid[15] == pytest.approx([0.9, 0.0])
    assert laid[20] == pytest.approx([0.9, 0.8])
    assert laid[25].tolist() == [0, 0]


def test_local_speakers_trade_places_between_windows() -> None:
    """Speaker 0 of the first window is speaker 2 of the second: one person, seen twice."""
    windows = np.stack([activity((0, 300, 500, 1.0)), activity((2, 4, 204, 1.0))])
    laid = timeline.overlay(windows, [0, 296], np.array([[0, -1, -1], [-1, -1, 0]]), 1, 900)
    assert laid[300:500, 0] == pytest.approx(np.ones(200))
    assert laid[500:, 0].max() == 0


def test_the_window_whose_middle_is_nearer_has_the_greater_say() -> None:
    """At frame 320 the first window is near its middle, the second has only begun."""
    windows = np.stack([activity((0, 310, 330, 1.0)), activity()])
    laid = timeline.overlay(windows, [0, 296], np.array([[0, -1, -1], [-1, -1, -1]]), 1, 900)
    assert laid[320, 0] > 0.7


def test_two_local_voices_of_one_person_count_once() -> None:
    windows = np.stack([activity((0, 0, 50, 0.6), (1, 0, 50, 0.6))])
    laid = timeline.overlay(windows, [0], np.array([[0, 0, -1]]), 1, 589)
    assert laid[10, 0] == pytest.approx(0.6)


def test_spans_stay_inside_the_recording() -> None:
    (span,) = timeline.to_spans([(0, 100)], duration=1.0)
    assert span.start == pytest.approx(grid.FRAME_OFFSET) and span.end == 1.0
