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
    """Says what its process finds around it."""

    def analyse(self, task: Task) -> Analysis:
        return dataclasses.replace(super().analyse(task), device=surroundings())


def surroundings() -> str:
    return " ".join(f"{name}={os.environ.get(name)}" for name in SURROUNDINGS)


@pytest.mark.parametrize(
    "chosen", [None, {"OPENBLAS_NUM_THREADS": "3", "GLIBC_TUNABLES": "glibc.malloc.check=0"}]
)
def test_a_worker_finds_our_surroundings_unless_the_operator_says_otherwise(
    world: World, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str] | None
) -> None:
    for name in SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)
        if chosen:
            monkeypatch.setenv(name, chosen[name])
    before = surroundings()
    executor = LocalExecutor(Teller, world.settings, 1)
    try:
        executor.submit(task(world.record("a.wav", "say はい"), 0))
        (answer,) = executor.answers(30.0)
        assert isinstance(answer.outcome, Analysis)
        found = chosen or SURROUNDINGS
        assert answer.outcome.device == " ".join(f"{name}={found[name]}" for name in SURROUNDINGS)
        assert surroundings() == before
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
