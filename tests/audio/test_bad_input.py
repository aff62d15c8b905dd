"""Recordings that are broken, unfinished or nothing of the kind."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from qa.audio import open_track
from qa.errors import AudioError, UnfinishedRecording
from tests.audio.making import encode, noise, tone, write_mulaw_header, write_wav
from tests.somebody import as_somebody_else


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


def header_only(path: Path) -> None:
    write_mulaw_header(path, 0)


def renamed_text(path: Path) -> None:
    path.write_text("お電話ありがとうございます。\nこれは音声ではありません。\n" * 50, encoding="utf-8")


def playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n/etc/hostname\n")


def zeros(path: Path) -> None:
    path.write_bytes(bytes(10000))


def cut_m4a(path: Path) -> None:
    encode(path, tone(500, 5, 16000), codec="aac", rate=16000, container="mp4")
    cut(path, 0.5)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Path.touch, "empty (0 bytes)"),
        (header_only, "a header but no sound"),
        (renamed_text, "not sound that qa can read"),
        (playlist, "not sound that qa can read"),
        (zeros, "not sound that qa can read"),
        (cut_m4a, "without its index"),
        (Path.mkdir, "not a file"),
    ],
)
def test_no_sound_is_refused_by_name_with_a_remedy(tmp_path: Path, make, says: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "録音 1.wav"
    make(path)
    with pytest.raises(AudioError) as caught:
        open_track(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"gone\.wav: no such file"):
        open_track(tmp_path / "gone.wav")


def test_no_permission_is_said(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "secret.wav", tone(500, 1))
    path.chmod(0)
    with as_somebody_else(), pytest.raises(AudioError, match=r"secret\.wav: cannot be opened .*permission"):
        open_track(path)


def test_four_channels_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "four.wav"
    fmt = struct.pack("<HHIIHH", 1, 4, 8000, 64000, 8, 16)
    data = bytes(8 * 8000)
    body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    with pytest.raises(AudioError, match="4 channels"):
        open_track(path)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("cut.mp3", "libmp3lame"),
        ("cut.wav", "pcm_s16le"),
        ("cut-mulaw.wav", "pcm_mulaw"),
        ("cut.flac", "flac"),
        ("cut.ogg", "libopus"),
        ("cut.webm", "libopus"),
    ],
)
def test_what_was_heard_of_a_truncated_file_is_kept(tmp_path: Path, name: str, codec: str) -> None:
    rate = 48000 if codec == "libopus" else 16000
    sound = tone(500, 10, rate) + noise(10, rate, -30)
    path = cut(encode(tmp_path / name, sound, codec=codec, rate=rate), 0.5)
    with open_track(path) as track:
        assert 3 < track.duration < 7
        assert track.quality.truncated
        assert track.quality.notes


def test_damage_in_the_middle_is_noted(tmp_path: Path) -> None:
    path = encode(tmp_path / "hit.flac", noise(10, 16000, -20), codec="flac", rate=16000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = bytes(4000)
    path.write_bytes(data)
    with open_track(path) as track:
        assert track.quality.truncated
        assert track.duration > 5


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000])
def test_a_recorder_that_never_wrote_its_length_is_believed(tmp_path: Path, size: int) -> None:
    path = write_wav(tmp_path / "stream.wav", tone(500, 3))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 40, size)
    path.write_bytes(data)
    with open_track(path) as track:
        assert track.duration == pytest.approx(3)
        assert not track.quality.truncated


def test_too_long_is_refused_with_the_setting(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "long.wav", tone(500, 20))
    with pytest.raises(AudioError, match="max_hours"):
        open_track(path, max_hours=10 / 3600)


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Somebody writes on, a little at a time, 8 MB at most: a slow reader would never end."""
    stop = threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as file:
            for _ in range(2000):
                if stop.is_set():
                    return
                file.write(bytes(4000))
                time.sleep(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def test_a_file_that_grows_while_it_is_read_is_left_for_later(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "growing.wav", tone(500, 300))
    with growing(path), pytest.raises(UnfinishedRecording, match=r"growing\.wav: changed while it was read"):
        open_track(path)


def test_the_recording_is_not_touched(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "kept.wav", tone(500, 1))
    path.chmod(0o444)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    with open_track(path):
        pass
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [p.name for p in tmp_path.iterdir()] == ["kept.wav"]


def test_float_samples_beyond_full_scale_and_not_numbers(tmp_path: Path) -> None:
    sound = tone(500, 2, 16000)
    sound[100:200] = np.nan
    sound[300:400] = 9.0
    path = encode(tmp_path / "wild.wav", sound, codec="pcm_f32le", rate=16000)
    with open_track(path) as track:
        assert track.quality.clipped_share[0] == pytest.approx(100 / 32000)
        assert np.isfinite(track.quality.level_dbfs[0])
