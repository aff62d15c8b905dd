"""A pack is there, missing or broken; a changed byte is found and named."""

import json
import os
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.speech import packs
from qa.speech.packs import Manifest

NAME = "whisper-small"  # no pins: what the first fetch recorded is what counts


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder that holds a (tiny) pack."""
    folder = tmp_path / NAME
    folder.mkdir()
    for file in packs.get_pack(NAME).needs:
        (folder / file).write_bytes(f"the bytes of {file}".encode())
    packs.write_manifest(folder, Manifest("a test", packs.examine_all(folder, packs.get_pack(NAME).needs)))
    return tmp_path


def test_the_default_packs_are_pinned_file_by_file() -> None:
    for name in ("whisper-base", "diarization-offline"):
        pack = packs.get_pack(name)
        assert set(pack.pins) == set(pack.needs)
        assert all(len(sha256) == 64 for sha256 in pack.pins.values())
        assert pack.wheels is not None
        assert set(pack.wheels.members) == set(pack.needs)


def test_every_pack_names_licence_origin_and_a_source() -> None:
    for pack in packs.list_packs():
        assert pack.licence
        assert pack.origin.startswith("https://")
        assert pack.hub or pack.wheels
        assert pack.engine in ("transcription", "diarization")
        assert pack.needs


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ModelError, match="did you mean whisper-base"):
        packs.get_pack("whisper-bse")


def test_a_sound_pack_has_a_path_and_an_identity(models: Path) -> None:
    assert packs.pack_path(NAME, models) == models / NAME
    assert packs.identity(NAME, models).startswith("whisper-small@")
    assert packs.status(NAME, models).state == "ok"


def test_a_missing_pack_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="qa models fetch whisper-base"):
        packs.pack_path("whisper-base", tmp_path)
    assert packs.status("whisper-base", tmp_path).state == "missing"


def test_a_missing_file_is_named(models: Path) -> None:
    (models / NAME / "config.json").unlink()
    with pytest.raises(ModelError, match=r"config\.json.*missing.*qa models fetch whisper-small"):
        packs.pack_path(NAME, models)


def test_one_changed_byte_is_found_at_start_up(models: Path) -> None:
    path = models / NAME / "model.bin"
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(0, 0))
    with pytest.raises(ModelError, match=r"model\.bin: not the file that was pinned.*qa models fetch"):
        packs.pack_path(NAME, models)
    assert packs.status(NAME, models).state == "broken"


def test_a_change_that_hides_behind_the_old_mtime_is_found_by_verify(models: Path) -> None:
    path = models / NAME / "model.bin"
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert packs.pack_path(NAME, models)
    with pytest.raises(ModelError, match=r"model\.bin"):
        packs.verify(NAME, models)


def test_a_touched_but_unchanged_file_is_hashed_once_more_and_remembered(models: Path) -> None:
    path = models / NAME / "model.bin"
    os.utime(path, ns=(1, 1))
    packs.pack_path(NAME, models)
    manifest = packs.read_manifest(models / NAME)
    assert manifest is not None
    assert manifest.files["model.bin"].modified_ns == 1


def test_without_pins_and_manifest_nothing_is_trusted(models: Path) -> None:
    (models / NAME / packs.MANIFEST).unlink()
    with pytest.raises(ModelError, match="nothing tells what"):
        packs.pack_path(NAME, models)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": {"model.bin": {}}}', '{"source": 1}'])
def test_a_damaged_manifest_is_no_manifest(models: Path, content: str) -> None:
    (models / NAME / packs.MANIFEST).write_text(content)
    assert packs.read_manifest(models / NAME) is None


def test_the_manifest_is_plain_json(models: Path) -> None:
    document = json.loads((models / NAME / packs.MANIFEST).read_text())
    assert document["source"] == "a test"
    assert set(document["files"]["model.bin"]) == {"sha256", "size", "modified_ns"}
