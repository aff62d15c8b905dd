"""A rubric is loaded once, beside other work where there is some."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.batch.rubrics import Rubrics
from qa.errors import RubricError
from qa.rubric import Rubric, load
from qa.settings import Settings
from tests.batch.conftest import RUBRIC


def test_a_rubric_that_was_begun_is_there_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    begun = threading.Event()

    def loading(source: str) -> Rubric:
        loaded.append(source)
        begun.set()
        return load(source)

    monkeypatch.setattr("qa.batch.rubrics.load", loading)
    rubrics = Rubrics(Settings(rubric=str(RUBRIC)))
    rubrics.begin("en")
    assert begun.wait(30.0)
    first = rubrics.for_language("en")
    rubrics.begin("en")
    assert rubrics.for_language("en") is first
    assert loaded == [str(RUBRIC)]


def test_threads_that_ask_at_once_get_the_same_rubric() -> None:
    rubrics = Rubrics(Settings(rubric=str(RUBRIC)))
    rubrics.begin("en")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(rubrics.for_language, ["en", "ja"] * 4))
    assert len({id(one) for one in found}) == 1


def test_what_is_wrong_is_told_to_whoever_needs_it() -> None:
    rubrics = Rubrics(Settings(rubric="nowhere at all"))
    rubrics.begin("ja")
    with pytest.raises(RubricError, match="nowhere at all"):
        rubrics.for_language("ja")
