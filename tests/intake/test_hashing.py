"""A recording's id is the hash of its bytes, and of a finished file only."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from qa.errors import AudioError, UnfinishedRecording
from qa.intake import hash_file


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_the_hash_is_that_of_the_bytes(tmp_path: Path, size: int) -> None:
    path = tmp_path / "録音 1.wav"
    path.write_bytes(bytes(size))
    assert hash_file(path) == hashlib.sha256(bytes(size)).hexdigest()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"gone\.wav: cannot be read"):
        hash_file(tmp_path / "gone.wav")


def test_a_file_that_grows_meanwhile_has_no_hash(tmp_path: Path) -> None:
    path = tmp_path / "growing.wav"
    path.write_bytes(bytes(40_000_000))
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"more")
                stop.wait(0.001)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(UnfinishedRecording, match=r"growing\.wav: changed while it was read"):
            hash_file(path)
    finally:
        stop.set()
        writer.join()
