"""Building: the files, that a second build only reads, and the real voice beside the fake one."""

from __future__ import annotations

import csv
import json
import os
import tomllib
from pathlib import Path

import numpy as np
import pytest

from audio_samples import tts
from bench.corpus import build
from bench.corpus.content import read_content
from bench.corpus.draw import draw_calls
from bench.corpus.fakes import buzz
from bench.corpus.voices import VOICES


def made(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_call_is_two_recordings_with_references_and_the_same_bytes_again(tmp_path: Path) -> None:
    call = draw_calls(read_content("dev"), 4)[1]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert build.build_call(call, tmp_path / name, buzz).startswith(f"{call.script.id}: ")
    assert made(tmp_path / "one") == made(tmp_path / "two")
    stems = sorted(path.stem for path in (tmp_path / "one").glob("*.json"))
    assert stems == [f"{call.script.id}-mono", f"{call.script.id}-stereo"]
    reference = json.loads((tmp_path / "one" / f"{stems[0]}.json").read_text(encoding="utf-8"))
    assert set(reference) == {"call_id", "language", "turns", "speech", "events", "criteria", "names"}
    assert build.build_call(call, tmp_path / "one", buzz) == f"{call.script.id}: kept"


def test_metadata_and_settings_name_everyone(tmp_path: Path) -> None:
    content = read_content("heldout")
    calls = draw_calls(content, 10)
    build.write_metadata(calls, tmp_path / "calls.csv")
    rows = list(csv.DictReader((tmp_path / "calls.csv").open(encoding="utf-8")))
    assert len(rows) == 20
    settings = tomllib.loads(build.settings(content, calls, tmp_path))
    names = settings["names"]["roster"]
    assert all(names[row["agent_id"]] == row["agent_name"] for row in rows)
    companies = {call.names.company for call in calls}
    assert companies <= set(settings["names"]["company"])


def test_the_folder_is_named_by_what_it_was_made_from() -> None:
    assert build.default_folder("dev", 60, 1) == build.default_folder("dev", 60, 1)
    folders = {
        build.default_folder(part, n, s) for part, n, s in [("dev", 60, 1), ("dev", 60, 2), ("dev", 6, 1)]
    }
    assert len(folders) == 3


@pytest.mark.skipif("QA_CORPUS_VOICES" not in os.environ, reason="set QA_CORPUS_VOICES=1: needs the voices")
@pytest.mark.parametrize("key", VOICES, ids="-".join)
def test_every_voice_speaks(key: tuple[str, str]) -> None:
    text = {"ja": "お電話ありがとうございます。", "en": "Thank you for calling."}[key[1]]
    for speaker in VOICES[key]:
        clip = tts.speak(text, speaker, key[1])
        assert 0.8 < len(clip) / tts.MODEL_RATE < 4
        assert float(np.sqrt(np.mean(clip**2))) > 0.01
