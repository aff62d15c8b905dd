"""Copies for browsers: right, made once, within the bound, never in the way of the original."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from qa.audio import open_track
from qa.audio.copies import Copies, Playable
from qa.errors import AudioError
from qa.model import Span
from tests.audio.making import encode, tone, turns

CALLS = Path(__file__).parents[2] / "audio_samples" / "calls"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mulaw(path: Path, seconds: float = 10, hertz: float = 440) -> Path:
    return encode(path, tone(hertz, seconds), codec="pcm_mulaw")


def samples_of(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        data = file.readframes(file.getnframes())
        return np.frombuffer(data, "<i2").reshape(-1, file.getnchannels()) / 32768


def recordings() -> list[Path]:
    return [path for path in sorted(CALLS.iterdir()) if path.suffix in (".wav", ".amr")][:6]


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.name)
def test_a_copy_has_the_seconds_of_the_words(tmp_path: Path, path: Path) -> None:
    before = digest(path)
    found = Copies(tmp_path / "cache", 100).playable(before, path)
    assert (found.media_type, found.copied) == ("audio/wav", True)
    copy = samples_of(found.path)
    with open_track(path) as track:
        assert copy.shape == (pytest.approx(track.duration * 8000, abs=20), track.channels)
        for channel in range(track.channels):
            heard = track.read(channel, Span(5, 9))[::2]
            mine = copy[40000:72000, channel]
            # The same sound at the same second: any shift by a sample would break this.
            assert np.corrcoef(heard, mine)[0, 1] > 0.98
    assert digest(path) == before


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".ogg", ".webm", ".flac"])
def test_what_plays_is_served_as_it_is(tmp_path: Path, suffix: str) -> None:
    path = next(path for path in sorted(CALLS.iterdir()) if path.suffix == suffix)
    found = Copies(tmp_path / "cache", 100).playable(digest(path), path)
    assert (found.path, found.copied) == (path, False)
    assert not (tmp_path / "cache").exists()


def test_gaps_are_where_they_were(tmp_path: Path) -> None:
    agent, customer = turns(20)
    path = encode(tmp_path / "call.wav", agent, customer, codec="pcm_alaw")
    copy = samples_of(Copies(tmp_path / "cache", 100).playable(digest(path), path).path)
    assert np.abs(copy[:, 0] - agent)[1000:-1000].max() < 0.03
    assert np.abs(copy[:, 1] - customer)[1000:-1000].max() < 0.03


def test_the_second_request_finds_the_first_copy(tmp_path: Path) -> None:
    path = mulaw(tmp_path / "call.wav")
    copies = Copies(tmp_path / "cache", 10)
    made = copies.playable(digest(path), path).path.stat()
    again = copies.playable(digest(path), path).path.stat()
    assert (made.st_ino, made.st_size) == (again.st_ino, again.st_size)


def test_many_at_once_make_one_copy(tmp_path: Path) -> None:
    path = mulaw(tmp_path / "call.wav", 60)
    key, gate = digest(path), threading.Barrier(8)

    def ask(_: int) -> tuple[int, Playable]:
        # A `Copies` each, as in several processes: only the folder is shared.
        copies = Copies(tmp_path / "cache", 10)
        gate.wait()
        found = copies.playable(key, path)
        return found.path.stat().st_ino, found

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert len({inode for inode, _ in answers}) == 1
    assert sorted(p.name for p in (tmp_path / "cache").iterdir() if p.suffix != ".lock") == [f"{key}.wav"]


def test_two_processes_make_one_copy(tmp_path: Path) -> None:
    path = mulaw(tmp_path / "call.wav", 300)
    program = (
        "import sys; from pathlib import Path; from qa.audio.copies import Copies;"
        "print(Copies(Path(sys.argv[1]), 10).playable(sys.argv[2], Path(sys.argv[3])).path.stat().st_ino)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "cache"), digest(path), str(path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    inodes = {process.communicate(timeout=60)[0] for process in running}
    assert len(inodes) == 1 and inodes != {""}


def test_the_least_recently_asked_for_leaves_first(tmp_path: Path) -> None:
    # A copy of ten seconds takes 160 044 bytes: six of them fit.
    copies = Copies(tmp_path / "cache", 1)
    paths = [mulaw(tmp_path / f"{n}.wav", hertz=400 + n) for n in range(8)]
    for age, path in enumerate(paths[:6]):
        copy = copies.playable(digest(path), path).path
        os.utime(copy, (1_000_000 + age, 1_000_000 + age))
    copies.playable(digest(paths[0]), paths[0])
    for path in paths[6:]:
        copies.playable(digest(path), path)
        assert copies.size() <= 1_000_000
    kept = {p.stem for p in (tmp_path / "cache").glob("*.wav")}
    assert kept == {digest(paths[n]) for n in (0, 3, 4, 5, 6, 7)}


def test_a_copy_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    path = mulaw(tmp_path / "call.wav", 70)
    copies = Copies(tmp_path / "cache", 1)
    with pytest.raises(AudioError, match="audio_cache_mb"):
        copies.playable(digest(path), path)
    assert copies.size() == 0


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    path = mulaw(tmp_path / "call.wav", 10)
    program = """
import resource, signal, sys
from pathlib import Path
from qa.audio.copies import Copies
from qa.errors import AudioError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    Copies(Path(sys.argv[1]), 10).playable(sys.argv[2], Path(sys.argv[3]))
except AudioError as error:
    print(error)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "cache"), digest(path), str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "cache: no room for the copy of call.wav" in said and "free some space" in said
    assert not list((tmp_path / "cache").glob("*.wav")) + list((tmp_path / "cache").glob("*.part"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    path = mulaw(tmp_path / "call.wav", 1)
    with pytest.raises(AudioError, match="set audio_cache"):
        Copies(tmp_path / "file" / "cache", 10).playable(digest(path), path)


def test_what_a_killed_process_left_is_made_again(tmp_path: Path) -> None:
    path = mulaw(tmp_path / "call.wav", 2)
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / f"{digest(path)}.part").write_bytes(b"half")
    assert len(samples_of(Copies(folder, 10).playable(digest(path), path).path)) == 16000


def test_a_recording_that_went_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"gone\.wav: no such file"):
        Copies(tmp_path / "cache", 10).playable("0" * 64, tmp_path / "gone.wav")


def test_copies_of_deleted_calls_go(tmp_path: Path) -> None:
    paths = [mulaw(tmp_path / f"{n}.wav", 2, 200 + n) for n in range(3)]
    ids = [digest(path) for path in paths]
    copies = Copies(tmp_path / "cache", 10)
    for recording_id, path in zip(ids, paths, strict=True):
        copies.playable(recording_id, path)
    (tmp_path / "cache" / f"{ids[1]}.part").write_bytes(b"half")
    assert copies.forget({ids[0], ids[1], "f" * 64}) == 3
    assert [path.stem for path in (tmp_path / "cache").glob("*.*") if path.suffix != ".lock"] == [ids[2]]
    assert [digest(path) for path in paths] == ids  # the recordings themselves stay as they are
    assert Copies(tmp_path / "nowhere", 10).forget({ids[0]}) == 0
