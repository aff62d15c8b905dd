"""The nights that benchmarks are made of."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bench import nights, results
from bench.night import whole_night
from bench.processes import Cost
from qa.audio import open_track


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[nights.Made]:
    """Three stereo calls."""
    return nights.build(tmp_path_factory.mktemp("night"), "stereo", 3, 0.5, ("ja", "en"))


def test_calls_differ_and_the_languages_take_turns(made: list[nights.Made]) -> None:
    assert [call.language for call in made] == ["ja", "en", "ja"]
    assert len({hashlib.sha256(call.path.read_bytes()).digest() for call in made}) == 3


def test_a_call_is_as_long_as_it_says_and_its_turns_lie_in_it(made: list[nights.Made]) -> None:
    for call in made:
        with open_track(call.path) as track:
            assert (track.channels, track.duration) == (2, pytest.approx(call.seconds, abs=0.01))
        assert call.seconds >= 30
        assert len(call.turns) > 4
        assert all(0 <= turn.start < turn.end <= call.seconds for turn in call.turns)


def test_a_night_is_read_as_it_was_written(made: list[nights.Made]) -> None:
    assert nights.load(made[0].path.parent) == made


def test_short_calls_last_less_than_a_minute_and_hold_whole_turns(tmp_path: Path) -> None:
    made = nights.build(tmp_path, "short", 2 * 13, 1.0, ("ja", "en"))
    assert len({hashlib.sha256(call.path.read_bytes()).digest() for call in made}) == len(made)
    for call in made:
        with open_track(call.path) as track:
            assert (track.channels, track.duration) == (2, pytest.approx(call.seconds, abs=0.01))
        assert 5 < call.seconds <= nights.SHORT
        assert all(0 <= turn.start < turn.end <= call.seconds for turn in call.turns)
        assert call.turns


def test_a_short_call_keeps_the_parties_apart(tmp_path: Path) -> None:
    """Of this sample one party's turns would be left, and what leaked of them into the other's channel."""
    samples = nights._usable("en", "stereo")
    call = nights._excerpt(tmp_path / "call.wav", samples, 27)
    assert nights._channels(call.path) == 2
    assert call.turns


def test_more_calls_than_samples_are_still_different_calls() -> None:
    samples = [Path(f"ja-{number}.wav") for number in range(3)]
    orders = []
    for number in range(9):
        taken = []
        for sample in nights._order(samples, number, least=1 + number // 3):
            if sample is None:
                break
            taken.append(sample)
        orders.append(tuple(taken))
    assert len(set(orders)) == 9


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "PATH", tmp_path / "RESULTS.md")
    results.save("one", "first", "a")
    results.save("two", "second", "b")
    results.save("one", "third", "c")
    text = results.PATH.read_text(encoding="utf-8")
    assert "first" not in text
    assert text.index("third") < text.index("second")


def test_a_night_reckoned_from_half_of_it_pays_loading_once() -> None:
    half = Cost(wall=30.0, cpu=50.0, peak_mb=700.0)
    assert whole_night(half, loading_wall=10.0, loading_cpu=20.0, part=0.5) == Cost(50.0, 80.0, 700.0)
