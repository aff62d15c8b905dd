"""Decoded audio aside: the same from memory and from a file, and never left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.audio import open_track
from qa.audio.spool import Spool
from qa.errors import AudioError
from qa.model import Span
from tests.audio.making import tone, write_mulaw_header, write_wav


def filled(spool: Spool, blocks: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    parts = [rng.integers(-32768, 32767, (100_000, 2), dtype=np.int16) for _ in range(blocks)]
    for part in parts:
        spool.append(part)
    return np.concatenate(parts)


@pytest.mark.parametrize("blocks", [1, 2, 3, 7])
def test_memory_and_file_hold_the_same(tmp_path: Path, blocks: int) -> None:
    spool = Spool(2, folder=str(tmp_path), memory_mb=1)
    samples = filled(spool, blocks)
    assert spool.in_memory is (blocks * 400_000 <= 1_000_000)
    assert len(spool) == len(samples)
    for start, stop in ((0, len(samples)), (99_990, 100_010), (-5, 10), (len(samples) - 3, len(samples) + 9)):
        assert np.array_equal(spool.read(start, stop), samples[max(0, start) : stop])
    assert spool.read(len(samples) + 1, len(samples) + 5).shape == (0, 2)
    spool.close()


def test_the_file_has_no_name(tmp_path: Path) -> None:
    spool = Spool(2, folder=str(tmp_path), memory_mb=1)
    filled(spool, 5)
    assert not spool.in_memory
    assert list(tmp_path.iterdir()) == []
    spool.close()
    spool.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", tone(500, 60))
    with pytest.raises(AudioError, match=r"nowhere: no room .* spool_dir"):
        open_track(path, spool_dir=str(tmp_path / "nowhere"), memory_mb=1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_said() -> None:
    spool = Spool(1, memory_mb=1)
    spool._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115, PTH123
    with pytest.raises(AudioError, match=r"No space left on device.*spool_dir"):
        spool.append(np.zeros((10, 1), np.int16))


def test_reading_from_a_file_matches_reading_from_memory(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", tone(500, 60), tone(700, 60))
    with open_track(path) as small, open_track(path, memory_mb=1) as spooled:
        for span in (Span(0, 1), Span(30.5, 31.25), Span(59.9, 70)):
            assert np.array_equal(small.read(1, span), spooled.read(1, span))
        assert small.quality == spooled.quality


PEAK_MEMORY = """
import resource, sys
from pathlib import Path
from qa.audio import open_track
from qa.model import Span
seconds = int(sys.argv[2])
with open_track(Path(sys.argv[1]), spool_dir=sys.argv[3], memory_mb=2) as track:
    assert track.duration == seconds, track.duration
    assert abs(track.read(0, Span(seconds - 1, seconds))).max() > 0.05
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak_memory(path: Path, seconds: int, folder: Path) -> int:
    """MB that a process needs to open a recording."""
    command = [sys.executable, "-c", PEAK_MEMORY, str(path), str(seconds), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def write_long(path: Path, seconds: int) -> Path:
    """µ-law noise, written a minute at a time."""
    minute = np.random.default_rng(0).integers(0, 256, 8000 * 60, dtype=np.uint8).tobytes()
    write_mulaw_header(path, seconds * 8000)
    with path.open("ab") as file:
        for _ in range(seconds // 60):
            file.write(minute)
    return path


def test_three_hours_take_no_more_memory_than_three_minutes(tmp_path: Path) -> None:
    short, long = 180, 3 * 3600
    needed = peak_memory(write_long(tmp_path / "short.wav", short), short, tmp_path)
    assert peak_memory(write_long(tmp_path / "long.wav", long), long, tmp_path) < needed + 30
