"""What a browser can play of a recording: the recording itself, or a copy made once and kept for a while.

The copy is 16-bit PCM in a wav: every browser plays it, and a second lies at a byte that arithmetic gives,
so a moment is found exactly after any seek (mp3 and AAC seek by tables and begin with encoder delay, Ogg
and FLAC by searching, Opus is not in every browser). It is made by the decoder that made the words, so its
seconds are theirs. It costs 16 kB a second for 8 kHz stereo, on a disk, within a bound.

Copies lie in one folder, named by the recording's hash. A file's mtime is when it was last asked for.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import wave
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from qa.audio.decode import SAMPLE_RATE, Decoder
from qa.audio.files import open_readonly
from qa.audio.playable import Source, look
from qa.errors import AudioError

_WAV_HEADER = 44
_LOCKS = 64
"""Lock files; recordings share them by hash, so that none has to be removed while another waits on it."""


@dataclass(frozen=True, slots=True)
class Playable:
    """A file to send to a browser."""

    path: Path
    media_type: str
    copied: bool
    """False: it is the recording itself."""


class Copies:
    """A folder of copies that never holds more than `max_mb`. Threads and processes may share the folder."""

    def __init__(self, folder: Path, max_mb: int) -> None:
        self._folder = folder
        self._limit = max_mb * 1_000_000

    def playable(self, recording_id: str, path: Path) -> Playable:
        """The file to send for a recording that lies at `path`. Two requests at once make one copy.

        Raises `AudioError` if it cannot be read, or the folder cannot take the copy.
        """
        copy = self._folder / f"{recording_id}.wav"
        if _touch(copy):
            return Playable(copy, "audio/wav", copied=True)
        source = _look(path, _modified(path))
        if source.media_type is not None:
            return Playable(path, source.media_type, copied=False)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._lock(str(int(recording_id[:8], 16) % _LOCKS)):
                if not _touch(copy):
                    self._make(path, source, copy)
        except OSError as error:
            raise AudioError(
                f"{self._folder}: no room for the copy of {path.name} that a browser can play "
                f"({error.strerror or error}); free some space, or set audio_cache to another folder"
            ) from error
        return Playable(copy, "audio/wav", copied=True)

    def forget(self, recording_ids: Set[str]) -> int:
        """Remove the copies of these recordings, also what is left of one in the making; how many there were.

        Raises `AudioError` if the folder does not let go of them.
        """
        found = [path for path, _, _ in _files(self._folder) if path.stem in recording_ids]
        try:
            for path in found:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise AudioError(
                f"{self._folder}: a copy cannot be removed ({error.strerror or error}); "
                "make the folder writable, and run again"
            ) from error
        return len(found)

    def size(self) -> int:
        """Bytes in the folder."""
        return sum(size for _, size, _ in _files(self._folder))

    def _make(self, path: Path, source: Source, copy: Path) -> None:
        rate = min(source.sample_rate, SAMPLE_RATE)
        expected = _WAV_HEADER + round((source.seconds or 0) * rate) * 2 * source.channels
        self._make_room(expected)
        part = copy.with_suffix(".part")
        try:
            with part.open("wb") as file:
                self._write(path, file, rate)
                file.flush()
                os.fsync(file.fileno())
            with self._lock("folder"):
                self._drop_oldest(needed=0, spare=part)
                part.replace(copy)
        finally:
            part.unlink(missing_ok=True)

    def _write(self, path: Path, out: BinaryIO, rate: int) -> None:
        with open_readonly(path) as file:
            decoder = Decoder(file, path, os.fstat(file.fileno()).st_size, rate)
            wav: wave.Wave_write | None = None
            try:
                for block in decoder.blocks():
                    if wav is None:
                        wav = wave.open(out, "wb")  # noqa: SIM115 — how many channels, the first block tells
                        wav.setparams((decoder.channels, 2, rate, 0, "NONE", ""))
                    if out.tell() + block.samples.nbytes > self._limit:
                        raise self._too_long(path)
                    wav.writeframesraw(block.samples.astype("<i2", copy=False).tobytes())
            finally:
                if wav is not None:
                    wav.close()

    def _make_room(self, expected: int) -> None:
        with self._lock("folder"):
            self._drop_oldest(needed=min(expected, self._limit), spare=None)

    def _drop_oldest(self, *, needed: int, spare: Path | None) -> None:
        """Remove the least recently asked for until `needed` bytes more are within the bound."""
        files = sorted(_files(self._folder), key=lambda file: file[2])
        total = needed + sum(size for _, size, _ in files)
        for path, size, _ in files:
            if total <= self._limit:
                return
            if path.suffix == ".wav" and path != spare:
                path.unlink(missing_ok=True)
                total -= size

    def _too_long(self, path: Path) -> AudioError:
        return AudioError(
            f"{path}: the copy that a browser can play takes more than the {self._limit // 1_000_000} MB "
            "of audio_cache_mb; set it higher"
        )

    @contextlib.contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        """Holds off other threads and other processes; freed by the system if this one dies."""
        with (self._folder / f"{name}.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@lru_cache(maxsize=1024)
def _look(path: Path, modified: int) -> Source:
    """`look`, remembered: a player asks for many ranges. `modified` makes a changed file a new question."""
    return look(path)


def _modified(path: Path) -> int:
    """mtime in ns; 0 where there is no file: whoever opens it says so."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _touch(copy: Path) -> bool:
    """Mark a copy as just asked for; False if there is none."""
    try:
        os.utime(copy)
    except OSError:
        return False
    return True


def _files(folder: Path) -> Iterator[tuple[Path, int, float]]:
    """(path, bytes, mtime) of the copies, whole and in the making."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.suffix in (".wav", ".part"):
            with contextlib.suppress(FileNotFoundError):
                found = path.stat()
                yield path, found.st_size, found.st_mtime
