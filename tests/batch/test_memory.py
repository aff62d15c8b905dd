"""What a worker gives back between calls."""

from __future__ import annotations

import mmap
import re
import sys
from pathlib import Path

import pytest

from qa.batch import memory
from qa.batch.memory import GROWTH_MB, give_back, release_pages, resident_mb

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


def test_memory_goes_back_when_it_has_grown_since_it_was_least(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    grown = [100.0, 90.0, 90.0 + GROWTH_MB, 91.0 + GROWTH_MB]
    of_which_200_stay = [200.0, 200.0 + GROWTH_MB, 201.0 + GROWTH_MB]
    sizes = iter([*grown, *of_which_200_stay, 150.0, 140.0, None])
    monkeypatch.setattr(memory, "resident_mb", lambda: next(sizes))
    monkeypatch.setattr(memory, "give_back", lambda: told.append("given"))
    monkeypatch.setattr(memory, "LOOK", 0.0)
    memory._keep_small()
    assert told == ["given", "given"]
    assert next(sizes, "all were asked for") == "all were asked for"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_is_filled_is_resident() -> None:
    before = resident_mb()
    filled = b"x" * 50_000_000
    after = resident_mb()
    assert before is not None and after is not None
    assert after - before == pytest.approx(len(filled) / 1e6, abs=10)


def test_there_is_nothing_to_give_back_and_no_harm_in_it() -> None:
    give_back()
