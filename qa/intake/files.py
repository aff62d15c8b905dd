"""Finding the recordings: folders, files and globs; finished ones only.

Nothing that goes wrong with one path stops the others: it is reported with its reason.
"""

from __future__ import annotations

import glob
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.settings import Settings

AUDIO_ENDINGS = frozenset(
    f".{ending}"
    for line in (
        "wav wave w64 aif aiff au snd caf flac",
        "mp3 m4a mp4 aac 3gp 3g2 amr awb wma",
        "ogg oga opus webm weba mka",
    )
    for ending in line.split()
)
"""What counts as a recording in a folder. A file that is named itself may end in anything."""
COMPANION_ENDINGS = frozenset(
    f".{ending}"
    for line in ("json jsonl ndjson csv tsv xml txt md", "rttm stm vtt srt", "toml db db-wal db-shm")
    for ending in line.split()
)
"""What lies beside recordings: left out even when named, as a shell's `calls/*` names it."""
TEMPORARY_ENDINGS = frozenset(
    (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".inprogress")
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished recording, as it was when it was found."""

    path: Path
    """Absolute."""
    size: int
    modified: float
    """The file's mtime, POSIX seconds."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that is not taken, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a night has before it. Each in the order of its path."""

    candidates: tuple[Candidate, ...]
    unfinished: tuple[Skipped, ...] = ()
    """Still being written: the next run takes them."""
    unreadable: tuple[Skipped, ...] = ()
    """Named or found, but not to be had: somebody should look."""
    ignored: tuple[Skipped, ...] = ()
    """Named, but not a recording: metadata, transcripts, temporary files."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A file at one moment."""

    size: int
    modified_ns: int
    modified: float


def find(
    paths: Sequence[Path],
    settings: Settings,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Found:
    """The recordings under `paths`: folders (all levels), files, and globs such as `calls/2025-*/**`.

    A file is finished if nobody touched it for `settings.min_age` seconds, or if it is the same in two
    looks `settings.settle` seconds apart; all young files are waited for together. Hidden and temporary
    names are passed over. Raises nothing.
    """
    search = _Search()
    for path in paths:
        search.take(path)
    first: dict[Path, _Look] = {}
    for path in search.files:
        look = _look(path, search.unreadable)
        if look is not None:
            first[path] = look
    moment = now()
    young = [p for p, look in first.items() if not moment - look.modified >= settings.min_age]
    unfinished: list[Skipped] = []
    if young:
        sleep(settings.settle)
    for path in young:
        second = _look(path, search.unreadable)
        if second is None:
            del first[path]
        elif second != first[path] or second.size == 0:
            del first[path]
            unfinished.append(Skipped(path, f"{path}: still being written; the next run takes it"))
    return Found(
        tuple(Candidate(p, look.size, look.modified) for p, look in sorted(first.items())),
        tuple(sorted(unfinished, key=lambda skipped: skipped.path)),
        tuple(sorted(search.unreadable, key=lambda skipped: skipped.path)),
        tuple(sorted(search.ignored, key=lambda skipped: skipped.path)),
    )


class _Search:
    """Collects the files under many paths, each file once, whatever links lead to it."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.unreadable: list[Skipped] = []
        self.ignored: list[Skipped] = []
        self._seen: set[str] = set()
        self._folders: set[tuple[int, int]] = set()

    def take(self, path: Path) -> None:
        """Add what `path` stands for."""
        try:
            there = os.path.isdir(path) or path.lstat() is not None  # noqa: PTH112 — Path.is_dir may raise
        except (FileNotFoundError, NotADirectoryError):
            there = False
        except OSError as error:
            self.unreadable.append(Skipped(_absolute(path), f"{path}: cannot be read ({error.strerror})"))
            return
        if there and os.path.isdir(path):  # noqa: PTH112
            self._take_folder(path)
        elif there:
            self._take_named(path)
        elif glob.has_magic(str(path)):
            self._take_glob(path)
        else:
            self.unreadable.append(Skipped(_absolute(path), f"{path}: no such file or folder"))

    def _take_named(self, path: Path) -> None:
        if path.suffix.lower() in COMPANION_ENDINGS | TEMPORARY_ENDINGS:
            self.ignored.append(Skipped(_absolute(path), f"{path}: not a recording, by its ending"))
        else:
            self._add(path)

    def _take_glob(self, path: Path) -> None:
        # Not Path.glob: that takes no absolute pattern.
        matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207  # noqa: PTH207 — Path.glob takes no absolute pattern
        if not matches:
            self.unreadable.append(Skipped(_absolute(path), f"{path}: nothing matches"))
        for match in matches:
            if match.is_dir():
                self._take_folder(match)
            elif _is_recording_name(match.name):
                self._add(match)

    def _take_folder(self, folder: Path) -> None:
        for name in self._walk(folder):
            self._add(name)

    def _walk(self, folder: Path) -> Iterator[Path]:
        """Files that look like recordings, links followed, a folder never twice."""
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in self._folders:
                return
            self._folders.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"{folder}: folder cannot be read ({error.strerror or error}); check its permissions"
            self.unreadable.append(Skipped(_absolute(folder), reason))
            return
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                yield from self._walk(path)
            elif _is_recording_name(entry.name):
                yield path

    def _add(self, path: Path) -> None:
        real = os.path.realpath(path)
        if real not in self._seen:
            self._seen.add(real)
            self.files.append(_absolute(path))


def _look(path: Path, unreadable: list[Skipped]) -> _Look | None:
    """The file now; None, and a reason, if it is not to be had."""
    try:
        status = path.stat()
    except FileNotFoundError:
        what = "a link to nothing" if path.is_symlink() else "vanished while the night was planned"
        unreadable.append(Skipped(path, f"{path}: {what}"))
        return None
    except OSError as error:
        unreadable.append(Skipped(path, f"{path}: cannot be read ({error.strerror or error})"))
        return None
    if not stat.S_ISREG(status.st_mode):
        unreadable.append(Skipped(path, f"{path}: not a file (a pipe or a device)"))
        return None
    try:
        path.open("rb").close()
    except OSError as error:
        unreadable.append(
            Skipped(path, f"{path}: cannot be opened ({error.strerror}); check its permissions")
        )
        return None
    return _Look(status.st_size, status.st_mtime_ns, status.st_mtime)


def _is_recording_name(name: str) -> bool:
    if name.startswith((".", "~")) or name.endswith("~"):
        return False
    endings = [ending.lower() for ending in Path(name).suffixes]
    return bool(endings) and endings[-1] in AUDIO_ENDINGS and not TEMPORARY_ENDINGS & set(endings[-2:])


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _absolute(path: Path) -> Path:
    """Absolute, links and all: the name that people know the recording by."""
    return Path(os.path.abspath(path))  # noqa: PTH100 — Path.absolute keeps `..`
