"""A recording under its names: found where its bytes are, never another call's."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from qa.audio.files import find
from qa.errors import RecordingGone
from qa.model import Recording


def note(path: Path, content: bytes = b"sound") -> Recording:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    found = path.stat()
    return Recording(hashlib.sha256(content).hexdigest(), path, found.st_size, found.st_mtime)


def test_where_it_was(tmp_path: Path) -> None:
    assert find([note(tmp_path / "a.wav")]) == tmp_path / "a.wav"


def test_under_its_other_name(tmp_path: Path) -> None:
    names = [note(tmp_path / "old" / "a.wav"), note(tmp_path / "new" / "a.wav")]
    names[0].path.unlink()
    assert find(names) == tmp_path / "new" / "a.wav"


def test_touched_but_the_same(tmp_path: Path) -> None:
    name = note(tmp_path / "a.wav")
    os.utime(name.path, (1, 1))
    assert find([name]) == name.path


@pytest.mark.parametrize("content", [b"other", b"of another length", b""])
def test_another_call_under_the_old_name_is_not_it(tmp_path: Path, content: bytes) -> None:
    name = note(tmp_path / "a.wav")
    name.path.write_bytes(content)
    os.utime(name.path, (1, 1))
    with pytest.raises(RecordingGone, match=r"a\.wav: not there any more; put it back"):
        find([name])


def test_all_names_are_named(tmp_path: Path) -> None:
    names = [note(tmp_path / "a.wav"), note(tmp_path / "b.wav")]
    for name in names:
        name.path.unlink()
    (tmp_path / "b.wav").mkdir()
    with pytest.raises(RecordingGone) as caught:
        find(names)
    assert caught.value.paths == (str(tmp_path / "a.wav"), str(tmp_path / "b.wav"))


def test_without_a_name() -> None:
    with pytest.raises(RecordingGone, match="a recording without a name"):
        find([])
