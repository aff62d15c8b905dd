"""The collection as a whole: what must be in it, and how big it may be."""

from __future__ import annotations

import csv
from collections import Counter

from audio_samples.script import LAYOUTS, Hold, Ring, Script
from qa.settings import load
from tests.samples.conftest import RECORDINGS, SAMPLES


def test_enough_calls_in_both_languages_each_stereo_and_mono() -> None:
    kinds = Counter((path.stem[:2], path.stem.rpartition("-")[2]) for path in RECORDINGS)
    assert kinds["ja", "stereo"] == kinds["ja", "mono"] >= 10
    assert kinds["en", "stereo"] == kinds["en", "mono"] >= 6


def test_every_recording_has_a_reference_and_the_reverse() -> None:
    references = {path.stem for path in (SAMPLES / "calls").glob("*.json")}
    assert references == {path.stem for path in RECORDINGS}


def test_every_script_is_built_in_its_formats(scripts: dict[str, Script]) -> None:
    expected = {f"{name}-{kind}" for name in scripts for kind in ("stereo", "mono")}
    assert {path.stem for path in RECORDINGS} == expected


def test_small_enough_to_live_in_the_repository() -> None:
    assert sum(path.stat().st_size for path in RECORDINGS) < 15_000_000


def test_formats_and_recorder_mistakes_are_all_there(scripts: dict[str, Script]) -> None:
    assert {path.suffix for path in RECORDINGS} >= {".wav", ".ogg", ".mp3", ".m4a", ".webm", ".amr"}
    assert {script.line.layout for script in scripts.values()} == set(LAYOUTS)


def test_the_scripts_cover_what_the_readme_promises(scripts: dict[str, Script]) -> None:
    steps = [step for script in scripts.values() for step in script.steps]
    assert {step.country for step in steps if isinstance(step, Ring)} == {"jp", "us"}
    assert {step.music for step in steps if isinstance(step, Hold)} == {True, False}
    voices = {speaker.voice for script in scripts.values() for speaker in script.speakers.values()}
    assert len(voices) >= 8
    roles = {speaker.role for script in scripts.values() for speaker in script.speakers.values()}
    assert roles == {"agent", "customer", "ivr"}


def test_metadata_has_one_row_a_recording() -> None:
    with (SAMPLES / "calls.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["call_id"] for row in rows) == sorted(path.stem for path in RECORDINGS)
    assert all(row["agent_id"] and row["agent_name"] and row["started_at"] for row in rows)


def test_settings_fragment_loads_and_its_roster_is_the_metadatas() -> None:
    settings = load(SAMPLES / "qa.toml", environ={})
    with (SAMPLES / "calls.csv").open(encoding="utf-8", newline="") as file:
        known = {row["agent_id"]: row["agent_name"] for row in csv.DictReader(file)}
    assert dict(settings.roster) == known
    assert (SAMPLES.parent / settings.metadata).samefile(SAMPLES / "calls.csv")


def test_readme_lists_every_call(scripts: dict[str, Script]) -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in scripts if f"| {name} |" not in text] == []
