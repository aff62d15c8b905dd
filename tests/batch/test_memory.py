"""What a worker gives back between calls."""

from __future__ import annotations

import mmap
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from qa.batch import memory
from qa.batch.memory import ANEW, GROWTH_MB, give_back, release_pages, resident_mb

SIZE = 4_000_000


def resident(name: str) -> int:
    """Bytes of the mappings of a file that are in memory."""
    found, mine = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            mine = line.endswith(f"/{name}")
        elif mine and line.startswith("Rss:"):
            found += 1024 * int(line.split()[1])
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_pages_of_a_mapped_file_go_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "words in use.dic"
    path.write_bytes(b"word" * (SIZE // 4))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert mapped[:].count(b"word") == SIZE // 4
        assert resident(path.name) >= SIZE
        assert release_pages("another.dic") == 0
        assert release_pages(path.name) == 1
        assert resident(path.name) == 0
        assert mapped[SIZE - 4 :] == b"word"


def given_back(monkeypatch: pytest.MonkeyPatch, sizes: list[float | None], clock: list[float]) -> list[int]:
    """At which of these sizes, as they are asked for, something was given back just before."""
    asked = iter(enumerate(sizes))
    at: list[int] = []
    last = -1

    def size() -> float | None:
        nonlocal last
        last, found = next(asked)
        return found

    ticks = iter(clock)
    monkeypatch.setattr(memory, "resident_mb", size)
    monkeypatch.setattr(memory, "give_back", lambda: at.append(last + 1))
    monkeypatch.setattr(memory, "time", SimpleNamespace(monotonic=lambda: next(ticks), sleep=lambda _: None))
    memory._keep_small()
    assert last == len(sizes) - 1
    return at


def test_memory_goes_back_when_it_has_grown_beyond_what_was_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    start = [90.0, 90.0 + GROWTH_MB]
    of_which_200_stay = [91.0 + GROWTH_MB, 200.0, 200.0 + GROWTH_MB]
    of_which_150_stay = [201.0 + GROWTH_MB, 150.0, 199.0 + GROWTH_MB]
    sizes = [*start, *of_which_200_stay, *of_which_150_stay, None]
    assert given_back(monkeypatch, sizes, [0.0] * 9) == [3, 6]


def test_what_was_in_use_is_looked_at_anew_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [500.0, 500.0, 500.0, 100.0, 100.0 + GROWTH_MB, 101.0 + GROWTH_MB, 100.0, None]
    clock = [0.0, ANEW, *(4 * [1.0 + ANEW])]
    assert given_back(monkeypatch, sizes, clock) == [3, 6]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_is_filled_is_resident() -> None:
    before = resident_mb()
    filled = b"x" * 50_000_000
    after = resident_mb()
    assert before is not None and after is not None
    assert after - before == pytest.approx(len(filled) / 1e6, abs=10)


def test_there_is_nothing_to_give_back_and_no_harm_in_it() -> None:
    give_back()
