"""Who hears the calls: the real engines in worker processes, unless somebody brings others."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qa.batch.executor import Executor, LocalExecutor, choose_jobs, choose_together
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears the calls, and what their models are called (known without loading any)."""

    identities: Callable[[Settings], Mapping[str, str]]
    executor: Callable[[Settings], Executor]
    """Called once, when the first call is to be heard."""


def local_ears() -> Ears:
    """The real engines, in worker processes of this machine."""
    from qa import speech

    return Ears(speech.identities, local_executor)


def local_executor(settings: Settings) -> Executor:
    """Workers that share out the machine's GPUs and cores."""
    from qa.batch.pipeline import Pipeline
    from qa.speech.gpus import visible_gpus

    gpus = visible_gpus(settings.device)
    jobs = choose_jobs(settings, len(gpus))
    together = choose_together(settings)
    settings = dataclasses.replace(
        settings,
        threads=settings.threads or max(1, (os.cpu_count() or 1) // jobs),
        memory_mb=max(1, settings.memory_mb // together),  # of a call, in the worker
    )
    return LocalExecutor(Pipeline, settings, jobs, together, gpus)
