"""The profile by stages."""

from __future__ import annotations

import time

from bench.stages import Meter


class Work:
    """A stage within a stage."""

    def outer(self) -> str:
        burn(0.02)
        return self.inner()

    def inner(self) -> str:
        burn(0.04)
        return "done"


def burn(seconds: float) -> None:
    """Use the processor for so long."""
    started = time.process_time()
    while time.process_time() - started < seconds:
        pass


def test_a_stage_within_a_stage_is_counted_once() -> None:
    meter = Meter()
    meter.watch("outer", __name__, "Work.outer")
    meter.watch("inner", __name__, "Work.inner")
    assert Work().outer() == "done"
    assert meter.calls == {"outer": 1, "inner": 1}
    assert 0.02 <= meter.seconds["outer"] < 0.04 <= meter.seconds["inner"]
