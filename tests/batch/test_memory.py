"""What a worker gives back between calls."""

from __future__ import annotations

import mmap
import re
import sys
from pathlib import Path

import pytest

from qa.batch.memory import give_back, release_pages

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


def test_there_is_nothing_to_give_back_and_no_harm_in_it() -> None:
    give_back()
