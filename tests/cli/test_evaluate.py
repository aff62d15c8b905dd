"""`qa evaluate`: over a hand-made database, and once over a real call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.cli.evaluate import ORACLES
from qa.evaluate import Oracle
from tests.cli.conftest import Qa
from tests.cli.test_show import width

ROOT = Path(__file__).parents[2]
TOLD = {
    "call_id": "call-1",
    "language": "ja",
    "turns": [{"role": "customer", "start": 2.0, "end": 9.0, "text": "届かなくて困っているんですが。"}],
    "events": [],
    "criteria": {"no-interruption": "met", "empathy": "met"},
}


@pytest.fixture
def told(tmp_path: Path, filled: Path) -> Path:
    """References of one stored call, and of one that nobody scored."""
    folder = tmp_path / "truth"
    folder.mkdir()
    for call_id in ("call-1", "call-9"):
        text = json.dumps(TOLD | {"call_id": call_id}, ensure_ascii=False)
        (folder / f"{call_id}.json").write_text(text, encoding="utf-8")
    return folder


def test_oracles_are_all_but_the_control() -> None:
    assert set(ORACLES) == set(Oracle) - {Oracle.NOTHING}


@pytest.mark.parametrize(
    ("language", "heading", "missing"),
    [("en", "reading CER", "no scorecard for: call-9"), ("ja", "読みの誤り率", "採点がない通話: call-9")],
)
@pytest.mark.parametrize("columns", [80, 120])
def test_tables_fit_the_terminal(
    qa: Qa, told: Path, columns: int, language: str, heading: str, missing: str
) -> None:
    done = qa("evaluate", told, "--lang", language, "--oracle", "events", COLUMNS=str(columns))
    assert done.returncode == 0, done.stderr
    assert heading in done.stdout and missing in done.stdout
    assert max(map(width, done.stdout.splitlines())) <= columns


def test_json_has_oracles_only_where_asked(qa: Qa, told: Path) -> None:
    plain = json.loads(qa("evaluate", told, "--json").stdout)
    assert plain["oracles"] == [] and plain["missing"] == ["call-9"]
    assert plain["groups"]["stereo"]["calls"] == 1
    asked = json.loads(qa("evaluate", told, "--json", "--oracle", "words", "--oracle", "roles").stdout)
    assert [row["oracle"] for row in asked["oracles"]] == ["nothing", "words", "roles"]


def test_html_is_written_beside_the_report(qa: Qa, told: Path, tmp_path: Path) -> None:
    done = qa("evaluate", told, "--html", "page.html")
    assert done.returncode == 0, done.stderr
    assert "call-1" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_speakers_only(qa: Qa, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "call-1.rttm").write_text("SPEAKER x 1 0 3 <NA> <NA> bob\n", encoding="utf-8")
    done = qa("evaluate", "call-1.rttm", "--json", "--oracle", "speakers")
    figures = json.loads(done.stdout)["groups"]["stereo"]["figures"]
    assert "der" in figures and "cer" not in figures and "agreement" not in figures


def test_a_broken_reference_is_one_line(qa: Qa, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "x.stm").write_text("x 1\n", encoding="utf-8")
    done = qa("evaluate", "x.stm")
    assert done.returncode == 2
    assert "x.stm: not a scoring reference" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.models
@pytest.mark.slow
def test_a_real_call_from_sound_to_figures(qa: Qa, tmp_path: Path) -> None:
    calls = ROOT / "audio_samples" / "calls"
    name = "en-01-late-parcel-stereo"
    config = ("--db", tmp_path / "real.db")
    heard = qa("run", calls / f"{name}.wav", *config)
    assert heard.returncode == 0, heard.stderr
    done = qa("evaluate", calls / f"{name}.json", *config, "--json", "--oracle", "everything")
    found = json.loads(done.stdout)
    figures = found["groups"]["stereo"]["figures"]
    assert figures["wer"]["value"] < 0.15
    assert figures["roles_by_time"]["value"] > 0.99
    assert figures["core_agreement"]["value"] == 1.0
    assert [row["oracle"] for row in found["oracles"]] == ["nothing", "everything"]
