"""The batch size of a GPU, with a GPU whose memory is a number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.speech.batch_size import NOTES, BatchSizes, find_batch_size
from qa.speech.sharing import Sharing, TooLarge


def memory_for(most: int, tried: list[int] | None = None) -> Callable[[int], None]:
    """A GPU that holds so many chunks."""

    def attempt(size: int) -> None:
        if tried is not None:
            tried.append(size)
        if size > most:
            raise TooLarge

    return attempt


@pytest.mark.parametrize(
    ("most", "found"), [(1000, 64), (64, 64), (63, 32), (20, 16), (15, 8), (3, 2), (1, 1), (0, 1)]
)
def test_the_largest_that_fits(most: int, found: int) -> None:
    assert find_batch_size(memory_for(most)) == found


def test_other_errors_are_not_taken_for_a_full_memory() -> None:
    def broken(size: int) -> None:
        raise ValueError(size)

    with pytest.raises(ValueError, match="16"):
        find_batch_size(broken)


def test_what_was_found_is_remembered_for_the_same_gpu_and_model(tmp_path: Path) -> None:
    tried: list[int] = []
    find = lambda: find_batch_size(memory_for(32, tried))  # noqa: E731
    assert BatchSizes(tmp_path).known_or("L4/base", find) == 32
    assert BatchSizes(tmp_path).known_or("L4/base", find) == 32
    assert tried == [16, 32, 64]
    assert BatchSizes(tmp_path).known_or("L4/large", lambda: 4) == 4
    assert BatchSizes(tmp_path).known_or("L4/base", find) == 32


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"L4/base": "many"}', '{"L4/base": 0}'])
def test_a_note_that_cannot_be_read_costs_a_trial(tmp_path: Path, text: str) -> None:
    (tmp_path / NOTES).write_text(text, encoding="utf-8")
    assert BatchSizes(tmp_path).known_or("L4/base", lambda: 8) == 8
    assert BatchSizes(tmp_path).known_or("L4/base", lambda: 99) == 8


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    assert BatchSizes(tmp_path / "nowhere").known_or("L4/base", lambda: 8) == 8


def test_memory_that_runs_out_in_earnest_is_remembered(tmp_path: Path) -> None:
    sizes = BatchSizes(tmp_path)
    attempt = memory_for(3)

    def decode(jobs: object) -> list[str]:
        assert isinstance(jobs, list)
        attempt(len(jobs))
        return jobs

    sharing: Sharing[str, str] = Sharing(decode, 8, shrunk=lambda size: sizes.note("L4/base", size))
    jobs = [(None, letter) for letter in "abcdefgh"]
    assert sharing.run(0, jobs) == list("abcdefgh")
    assert sizes.known_or("L4/base", lambda: 99) == sharing.batch_size == 2
