"""How long a window a chunk is shown in, and how many such windows a CPU decodes together."""

from __future__ import annotations

import pytest

from qa.speech.decoding import Kind
from qa.speech.transcribe import CPU_BATCH_SECONDS, fitting, window


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.5, 5), (4.0, 5), (4.1, 10), (19.0, 20), (24.5, 30), (28.0, 30), (29.9, 30)]
)
def test_a_window_holds_the_chunk_and_a_second_of_air_as_far_as_whisper_can_look(
    seconds: float, shown: int
) -> None:
    assert window(seconds) == shown


@pytest.mark.parametrize(("shown", "count"), [(30, 3), (25, 3), (20, 4), (10, 9), (5, 18)])
def test_a_batch_on_a_cpu_is_bounded_by_its_seconds(shown: int, count: int) -> None:
    kind = Kind("ja", shown * 100, 20, 5, 0)
    assert fitting(kind) == count
    assert count * shown <= CPU_BATCH_SECONDS


def test_what_is_decoded_by_itself_after_an_error_stays_by_itself() -> None:
    assert fitting((Kind("ja", 500, 20, 5, 0), "its place")) == 1
