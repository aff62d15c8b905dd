"""The other party's voice in one's own channel is not one's own speech."""

import dataclasses

import numpy as np
import pytest

from qa.model import Span, StereoKind
from qa.speech.fakes import FakeSource
from qa.speech.leakage import SEPARATE_MARGIN, levels, margin, without_leakage
from qa.speech.vad import STEP, VadOptions
from tests.speech.sounds import hum, silence

OPTIONS = VadOptions(min_speech=0.05, min_silence=0.05)


def level(drawing: str) -> np.ndarray:
    """One character a frame: `#` -10 dB, `+` -30 dB, `.` -60 dB."""
    return np.array([{"#": -10.0, "+": -30.0, ".": -60.0}[c] for c in drawing], np.float32)


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        # only the other one speaks, and is heard 20 dB down in our channel
        ("..++++++++..", "..########..", []),
        # we speak, they hear us 20 dB down
        ("..########..", "..++++++++..", [(2, 10)]),
        # both at once
        ("..########..", "..########..", [(2, 10)]),
        # they speak, then we join
        ("..++++######", "..##########", [(6, 12)]),
        # nobody else
        ("..++++++++..", "............", [(2, 10)]),
        # the leaked copy comes a little late and outlasts them
        ("....++++++..", "..######....", [(11, 12)]),
    ],
)
def test_frames_that_the_other_channel_explains(
    own: str, other: str, expected: list[tuple[int, int]]
) -> None:
    speech = tuple(Span(a * STEP, b * STEP) for a, b in _runs(own))
    found = without_leakage(speech, level(own), level(other), 12.0, OPTIONS)
    if own.startswith("....++"):
        # it may outlast the reach of 0.1 s by a frame or two, never by much
        assert sum(span.duration for span in found) <= 0.1
        return
    assert [(round(s.start / STEP), round(s.end / STEP)) for s in found] == expected


def _runs(drawing: str) -> list[tuple[int, int]]:
    inside = [i for i, c in enumerate(drawing) if c != "."]
    return [(inside[0], inside[-1] + 1)] if inside else []


@pytest.mark.parametrize(
    ("kind", "leakage_db", "expected"),
    [
        (StereoKind.SEPARATE, None, SEPARATE_MARGIN),
        (StereoKind.SEPARATE, -45.0, SEPARATE_MARGIN),
        (StereoKind.LEAKING, None, SEPARATE_MARGIN),
        (StereoKind.LEAKING, -20.0, 12.0),
        (StereoKind.LEAKING, -5.0, 4.0),
        (StereoKind.LEAKING, -80.0, SEPARATE_MARGIN),
    ],
)
def test_how_much_louder_the_other_must_be(
    kind: StereoKind, leakage_db: float | None, expected: float
) -> None:
    quality = FakeSource(silence(1), silence(1)).quality
    quality = dataclasses.replace(quality, stereo=kind, leakage_db=leakage_db)
    assert margin(quality, NOBODY, NOBODY) == pytest.approx(expected)


NOBODY = np.full(300, -60.0, np.float32)


def talking(at: float, other: float, every: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Own and other level: the other one talks a quarter of the time, `at` is what one hears of it."""
    own, theirs = np.full(800, -60.0, np.float32), np.full(800, -62.0, np.float32)
    theirs[::every], own[::every] = other, at
    return own, theirs


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (-46.0, -20.0, 15.6),  # faint leakage, 26 dB down
        (-60.0, -20.0, 24.0),  # only the line's noise: 40 dB down at least
        (-60.0, -40.0, 12.0),  # a quiet party over noise: never below what speech at once looks like
        (-22.0, -20.0, 12.0),
    ],
)
def test_in_clean_stereo_the_margin_follows_what_is_heard(own: float, other: float, expected: float) -> None:
    quality = FakeSource(silence(1), silence(1)).quality
    assert margin(quality, *talking(own, other)) == pytest.approx(expected, abs=0.1)


def test_levels_are_dbfs_a_frame() -> None:
    source = FakeSource(hum(2, (0, 1), level=0.1), silence(2))
    found = levels(source, 0)
    assert len(found) == int(np.ceil(2 / STEP))
    assert found[5] == pytest.approx(-23.0, abs=0.5)
    assert found[-1] == -120.0


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        # louder by 18 dB, in the middle of one's own talk: a weak syllable
        ([-25.0] * 10 + [-38.0] * 10 + [-25.0] * 10, [(0, 30)]),
        # … and at its end, as the other one cuts in
        ([-25.0] * 10 + [-38.0] * 20, [(0, 30)]),
        # nothing of one's own beside it: what the other says
        ([-38.0] * 30, []),
        # louder by 30 dB: the other's, whoever was speaking
        ([-25.0] * 10 + [-50.0] * 20, [(0, 10)]),
    ],
    ids=["weak syllable", "cut into", "leakage", "leakage after talk"],
)
def test_who_is_speaking_may_be_quieter(own: list[float], expected: list[tuple[int, int]]) -> None:
    other = np.full(30, -20.0, np.float32)
    speech = (Span(0.0, 30 * STEP),)
    found = without_leakage(speech, np.array(own, np.float32), other, 15.0, VadOptions())
    assert [(round(span.start / STEP), round(span.end / STEP)) for span in found] == expected
