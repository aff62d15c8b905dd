"""Probabilities to spans; the real model on sound that is and is not speech."""

import numpy as np
import pytest

from qa.model import Span
from qa.speech.fakes import FakeSource, FakeVad
from qa.speech.silero import identity
from qa.speech.vad import STEP, SileroVad, VadOptions, spans_of
from tests.speech.samples import sample
from tests.speech.sounds import hum, music, ringback, silence, spans

OPTIONS = VadOptions()


def frames(drawing: str) -> np.ndarray:
    """`#` speech, `+` between the two thresholds, `.` silence; one character a frame of 32 ms."""
    return np.array([{"#": 0.9, "+": 0.18, ".": 0.1}[c] for c in drawing], np.float32)


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("..........", []),
        ("..#####...", [(2, 7)]),
        # once begun, speech lasts until it falls below the lower threshold
        ("..###++++.", [(2, 9)]),
        # the lower threshold alone begins nothing
        ("..++++++..", []),
        # too short: under 0.16 s
        ("..####....", []),
        ("..#####....", [(2, 7)]),
        # a pause of 0.128 s is bridged, one of 0.16 s is not
        ("#####....#####", [(0, 14)]),
        ("#####.....#####", [(0, 5), (10, 15)]),
        # two bits too short alone, together long enough
        ("##..##", [(0, 6)]),
    ],
)
def test_spans_of_probabilities(drawing: str, expected: list[tuple[int, int]]) -> None:
    found = spans_of(frames(drawing), len(drawing) * STEP, OPTIONS)
    assert [(round(s.start / STEP), round(s.end / STEP)) for s in found] == expected


def test_a_span_ends_with_the_recording() -> None:
    assert spans_of(frames("######"), 5.5 * STEP, OPTIONS) == (Span(0.0, 5.5 * STEP),)


def test_the_fake_hears_what_is_loud() -> None:
    source = FakeSource(hum(5, (1, 2), (2.1, 3)), silence(5))
    (span,) = FakeVad().speech(source, 0)
    assert (span.start, span.end) == pytest.approx((1, 3), abs=0.03)
    assert FakeVad().speech(source, 1) == ()


@pytest.fixture(scope="module")
def silero() -> SileroVad:
    return SileroVad()


@pytest.mark.models
@pytest.mark.parametrize(
    "sound", [silence(0.0), silence(0.01), silence(1), silence(30), ringback(20), music(20)]
)
def test_no_speech_in_what_is_none(silero: SileroVad, sound: np.ndarray) -> None:
    assert sum(span.duration for span in silero.speech(FakeSource(sound), 0)) < 0.3


@pytest.mark.models
def test_speech_is_found_where_the_reference_has_it(silero: SileroVad) -> None:
    call = sample("ja-01-internet-down-stereo")
    for channel, role in enumerate(("agent", "customer")):
        found = silero.speech(call.source, channel)
        turns = spans(*((turn.start, turn.end) for turn in call.turns if turn.role == role))
        heard = sum(span.overlap(turn) for span in found for turn in turns)
        assert heard > 0.8 * sum(turn.duration for turn in turns)
        assert heard > 0.9 * sum(span.duration for span in found)


@pytest.mark.models
def test_blocks_do_not_show(silero: SileroVad) -> None:
    """The state is carried from block to block: a call cut in two at a block's end differs only there."""
    call = sample("ja-01-internet-down-stereo")
    samples = call.source.read(0, Span(0, 29.5))
    whole = silero.speech(FakeSource(samples), 0)
    shifted = silero.speech(FakeSource(np.concatenate([silence(5.12), samples])), 0)
    assert len(whole) == len(shifted)
    for one, other in zip(whole, shifted, strict=True):
        assert other.start - one.start == pytest.approx(5.12, abs=2 * STEP)
        assert other.end - one.end == pytest.approx(5.12, abs=2 * STEP)


@pytest.mark.models
def test_the_model_is_named_with_its_hash(silero: SileroVad) -> None:
    assert silero.identity == identity()
    assert identity().startswith("silero-vad-v6@")
