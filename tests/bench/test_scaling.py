"""How the night grows: what is taken off, and the briefest call."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import nights
from bench.processes import Cost
from bench.scaling import row
from qa.audio import open_track


def test_what_every_night_costs_is_taken_off_before_the_cost_of_a_minute() -> None:
    fixed = Cost(8.0, 9.0, 400.0)
    assert row("8 calls", 600.0, Cost(28.0, 59.0, 900.0), fixed) == (
        "| 8 calls | 10.0 | 28.0 | 59.0 | 2.00 | 5.00 | 900 |"
    )
    assert row("brief", 3.0, fixed, None) == "| brief | 0.1 | 8.0 | 9.0 | – | – | 400 |"


def test_a_brief_call_begins_where_something_is_said(tmp_path: Path) -> None:
    (call,) = nights.build(tmp_path, "short", 1, 0.0, ("ja",))
    nights.shorten(call.path, 3.0)
    with open_track(call.path) as track:
        assert (track.channels, track.duration) == (2, pytest.approx(3.0, abs=0.01))
        assert max(track.quality.level_dbfs) > -40
