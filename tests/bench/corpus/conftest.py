"""A handful of calls of each part, voiced by a buzz: everything but the sound is what a build makes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import pytest

from audio_samples import timeline
from audio_samples.timeline import Timeline
from bench.corpus import truth
from bench.corpus.content import PARTS, read_content
from bench.corpus.draw import Call, draw_calls
from bench.corpus.fakes import buzz


@dataclass(frozen=True)
class Laid:
    """A call, laid out, and its reference."""

    call: Call
    timeline: Timeline
    reference: dict[str, Any]


@functools.cache
def laid_calls(part: str) -> tuple[Laid, ...]:
    """All sixty calls of a part."""
    found = []
    for call in draw_calls(read_content(part), 60):
        laid = timeline.lay_out(call.script, buzz)
        found.append(Laid(call, laid, truth.reference(call, laid, f"{call.script.id}-stereo")))
    return tuple(found)


@pytest.fixture(scope="session", params=PARTS)
def calls(request: pytest.FixtureRequest) -> tuple[Laid, ...]:
    return laid_calls(request.param)
