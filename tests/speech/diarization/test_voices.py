import numpy as np
import pytest

from qa.speech.diarization import voices
from qa.speech.diarization.grid import WINDOW_FRAMES
from qa.speech.diarization.voices import Heard


def classes(*runs: tuple[int, int, int]) -> np.ndarray:
    """One window's powerset classes from (class, first, last); silence elsewhere."""
    seen = np.zeros(WINDOW_FRAMES, dtype=np.intp)
    for value, first, last in runs:
        seen[first:last] = value
    return seen


WHOLE = (0, WINDOW_FRAMES)


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ([0], [(0, 589)]),
        ([0, 296], [(0, 442), (442, 885)]),
        ([0, 296, 2000], [(0, 442), (442, 885), (2000, 2589)]),
        ([0, 589], [(0, 589), (589, 1178)]),
    ],
)
def test_each_frame_belongs_to_the_window_that_sees_it_best(
    starts: list[int], expected: list[tuple[int, int]]
) -> None:
    assert voices.regions(starts) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (classes((1, 100, 160)), [(100, 160)]),
        # two speakers, one after the other: never one piece
        (classes((1, 100, 160), (2, 160, 200)), [(100, 160), (160, 200)]),
        # a breath does not cut, a pause does
        (classes((1, 100, 130), (1, 134, 160)), [(100, 160)]),
        (classes((1, 100, 130), (1, 140, 160)), [(100, 130), (140, 160)]),
        # a second voice on top does cut, and is in no piece (class 4: speakers 1 and 2)
        (classes((1, 100, 130), (4, 130, 133), (1, 133, 160)), [(100, 130), (133, 160)]),
        # long speech: equal parts of two seconds (118 frames) at most
        (classes((3, 0, 300)), [(0, 100), (100, 200), (200, 300)]),
        # too short to sound like anybody
        (classes((1, 100, 110)), []),
        (classes(), []),
    ],
)
def test_pieces(seen: np.ndarray, expected: list[tuple[int, int]]) -> None:
    assert voices.cut_pieces(seen, 0, WHOLE) == expected


def test_pieces_are_counted_from_the_start_of_the_recording_and_cut_at_the_region() -> None:
    assert voices.cut_pieces(classes((1, 100, 200)), 1000, (1150, 1442)) == [(1150, 1200)]


def test_a_voice_sounds_like_the_pieces_in_which_it_speaks_alone() -> None:
    """Window 0 has heard little of its speaker 1; the pieces that window 1 cut tell who it is.

    window 0:  ..111.........2      window 1 (from 296):  22222222
    pieces:      |A|                                      |B|
    """
    active = np.zeros((2, WINDOW_FRAMES, 3), dtype=bool)
    active[0, 20:80, 0] = True
    active[0, 560:, 1] = True
    active[1, 264:350, 2] = True
    pieces = np.array([[20, 80], [560, 640]])
    heard = Heard(np.array([1.0, 1.35], np.float32), np.eye(2, 192, dtype=np.float32))
    found = voices.gather(active, [0, 296], pieces, heard)
    assert list(zip(found.window.tolist(), found.local.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 2)]
    assert found.heard.vectors[:, :2].round(3).tolist() == [[1, 0], [0, 1], [0, 1]]
    assert found.heard.seconds.tolist() == pytest.approx([60 * 0.016875, 29 * 0.016875, 80 * 0.016875])


def test_a_voice_that_never_speaks_alone_sounds_like_nobody() -> None:
    active = np.zeros((1, WINDOW_FRAMES, 3), dtype=bool)
    active[0, 20:80, 0] = True
    active[0, 40:50, 1] = True
    heard = Heard(np.array([1.0], np.float32), np.eye(1, 192, dtype=np.float32))
    found = voices.gather(active, [0], np.array([[20, 80]]), heard)
    assert found.heard.seconds[1] == 0 and not found.heard.vectors[1].any()


def test_how_likely_the_speaker_changes() -> None:
    """Pieces of one window's speaker 0, without a pause and with one; then another; then far away.

    window 0:  0000|0000..0000|1111      window 1 (from 700):   0000
    """
    active = np.zeros((2, WINDOW_FRAMES, 3), dtype=bool)
    active[0, 20:300, 0] = True
    active[0, 320:400, 1] = True
    active[1, 20:80, 0] = True
    pieces = np.array([[20, 100], [100, 180], [200, 300], [320, 400], [720, 780]])
    found = voices.changes(active, [0, 700], pieces)
    expected = [voices.CHANGE_SAME, voices.CHANGE_PAUSE, voices.CHANGE_OTHER, voices.CHANGE_LONG]
    assert found.tolist() == pytest.approx(expected)
    assert len(voices.changes(active, [0, 700], pieces[:1])) == 0
