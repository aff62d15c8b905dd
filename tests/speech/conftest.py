"""The real engines, loaded once for all tests that need them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.settings import Settings, load
from qa.speech import Engines


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Defaults, on the CPU."""
    return load(flags={"device": "cpu", "models": load().models}, environ={})


@pytest.fixture(scope="session")
def models_dir(settings: Settings) -> Path:
    """Where the default packs are."""
    return Path(load().models)


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """The default engines."""
    yield Engines.load(load(flags={"device": "cpu"}))
