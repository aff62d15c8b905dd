"""Several GPUs: a worker for each, and none sees another's."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.batch.executor import LocalExecutor, choose_jobs
from qa.batch.fakes import FakeAnalyst
from qa.batch.task import Analysis, Task
from qa.intake import hash_file
from qa.model import Call, Recording
from qa.settings import Settings
from qa.speech.gpus import VISIBLE, visible_gpus
from tests.batch.conftest import World


class Teller(FakeAnalyst):
    """Says which GPU its process sees."""

    def analyse(self, task: Task) -> Analysis:
        return dataclasses.replace(super().analyse(task), device=f"gpu {os.environ.get(VISIBLE)}")


@pytest.mark.parametrize(
    ("device", "variable", "there", "found"),
    [
        ("auto", None, 0, ()),
        ("auto", None, 2, ("0", "1")),
        ("cuda", "2,3", 2, ("2", "3")),
        ("cuda", "GPU-8a, GPU-9b", 2, ("GPU-8a", "GPU-9b")),
        ("auto", "7", 0, ()),
        ("cpu", None, 2, ()),
    ],
)
def test_gpus_by_setting_variable_and_driver(
    device: str, variable: str | None, there: int, found: tuple[str, ...]
) -> None:
    environ = {} if variable is None else {VISIBLE: variable}
    assert visible_gpus(device, environ, lambda: there) == found


def test_a_worker_for_each_gpu_unless_jobs_says_otherwise() -> None:
    assert choose_jobs(Settings(jobs=0), 3) == 3
    assert choose_jobs(Settings(jobs=5), 3) == 5


def tasks(world: World, count: int) -> Iterator[Task]:
    for number in range(count):
        path: Path = world.record(f"c{number}.wav", f"gate opened {number} 番です")
        stat = path.stat()
        yield Task(Recording(hash_file(path), path, stat.st_size, stat.st_mtime), Call(path.stem))


def test_each_worker_sees_one_gpu_and_all_are_used(world: World) -> None:
    executor = LocalExecutor(Teller, world.settings, 4, 1, ("GPU-a", "GPU-b"))
    try:
        for task in tasks(world, 4):
            executor.submit(task)
        (world.calls / "opened").touch()
        answers = []
        while len(answers) < 4:
            answers += executor.answers(30.0)
        outcomes = [answer.outcome for answer in answers]
        devices = sorted(one.device for one in outcomes if isinstance(one, Analysis))
        assert devices == ["gpu GPU-a", "gpu GPU-a", "gpu GPU-b", "gpu GPU-b"]
    finally:
        executor.close()
