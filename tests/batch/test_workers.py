"""What a worker process finds around it, and how much a call may keep in it."""

from __future__ import annotations

import dataclasses
import os

import pytest

from qa.batch.ears import local_executor
from qa.batch.executor import SURROUNDINGS, LocalExecutor
from qa.batch.fakes import FakeAnalyst
from qa.batch.task import Analysis, Task
from qa.settings import Settings
from tests.batch.conftest import World
from tests.batch.test_together import task


class Teller(FakeAnalyst):
    """Says how many threads the algebra of its process may have."""

    def analyse(self, task: Task) -> Analysis:
        return dataclasses.replace(super().analyse(task), device=os.environ["OPENBLAS_NUM_THREADS"])


@pytest.mark.parametrize("chosen", [None, "3"])
def test_algebra_has_one_thread_unless_the_operator_says_otherwise(
    world: World, monkeypatch: pytest.MonkeyPatch, chosen: str | None
) -> None:
    for name in SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)
        if chosen:
            monkeypatch.setenv(name, chosen)
    executor = LocalExecutor(Teller, world.settings, 1)
    try:
        executor.submit(task(world.record("a.wav", "say はい"), 0))
        (answer,) = executor.answers(30.0)
        assert isinstance(answer.outcome, Analysis)
        assert answer.outcome.device == (chosen or "1")
        assert [os.environ.get(name) for name in SURROUNDINGS] == [chosen] * len(SURROUNDINGS)
    finally:
        executor.close()


@pytest.mark.parametrize(("together", "calls"), [(0, 12), (4, 4), (100, 100)])
def test_the_calls_of_a_worker_share_the_memory_for_sound(together: int, calls: int) -> None:
    """However many and however long they are."""
    settings = Settings(device="cpu", jobs=1, together=together, memory_mb=64)
    executor = local_executor(settings)
    assert isinstance(executor, LocalExecutor)
    assert executor.capacity == calls
    assert executor.capacity * executor.settings.memory_mb <= max(64, calls)
