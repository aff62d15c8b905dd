"""`qa show`, `transcript`, `status`, `export`: over a hand-made database."""

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest

from qa import store
from qa.cli import export
from tests.cli.conftest import Qa


def width(line: str) -> int:
    """Columns on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip())


def test_show_prints_the_card_with_quotes_and_times(qa: Qa, filled: Path) -> None:
    text = qa("show", "call-1", COLUMNS="100").stdout
    for part in ("Score 50.0", "10/20 points", "80 %", "customer-anger", "needs review", "407 morae/min"):
        assert part in text
    assert "00:07.8–00:09.0 Customer “困っているんですが”" in text


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(["--lang", "ja"], {}), ([], {"QA_UI_LANGUAGE": "ja"}), ([], {"LANG": "ja_JP.UTF-8"})],
)
def test_show_in_japanese(qa: Qa, filled: Path, arguments: list[str], environment: dict[str, str]) -> None:
    text = qa("show", "call-1", *arguments, **environment).stdout
    assert "得点 50.0" in text
    assert "お客様の話を1回遮っています。" in text


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("arguments", [["show"], ["show", "call-1"], ["status"]])
def test_it_fits_the_terminal(qa: Qa, filled: Path, columns: int, arguments: list[str]) -> None:
    for language in ("ja", "en"):
        lines = qa(*arguments, "--lang", language, COLUMNS=str(columns)).stdout.splitlines()
        assert lines
        assert max(width(line) for line in lines) <= columns


def test_show_json_is_one_object(qa: Qa, filled: Path) -> None:
    shown = json.loads(qa("show", "call-1", "--json").stdout)
    assert (shown["call"]["id"], shown["score"]) == ("call-1", 50.0)
    assert shown["criteria"][1]["evidence"][0]["quote"] == "困っているんですが"


def test_show_without_a_call_lists_all(qa: Qa, filled: Path) -> None:
    text = qa("show").stdout
    assert "call-1" in text
    assert "長い通話 [2]" in text, "brackets are no markup"
    documents = [json.loads(line) for line in qa("show", "--json").stdout.splitlines()]
    assert {document["call"]["id"] for document in documents} == {"call-1", "長い通話 [2]"}


def test_a_call_is_found_by_the_start_of_its_id_or_hash(qa: Qa, filled: Path) -> None:
    for name in ("call", "長い", "cdcdcd"):
        assert qa("show", name, "--json").returncode == 0


def test_an_empty_database_says_so(qa: Qa, tmp_path: Path) -> None:
    store.Store.open(tmp_path / "qa.db").close()
    assert "No call is scored yet." in qa("show").stdout
    assert qa("show", "--json").stdout == ""
    assert "0 calls scored" in qa("status").stdout


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("txt", "[00:00.500] Agent"),
        ("vtt", "WEBVTT"),
        ("srt", "1\n"),
        ("rttm", "SPEAKER call-1"),
        ("json", "{"),
    ],
)
def test_transcripts(qa: Qa, filled: Path, format: str, start: str) -> None:
    assert qa("transcript", "call-1", "--format", format).stdout.startswith(start)


def test_status_names_what_failed_and_why(qa: Qa, filled: Path) -> None:
    text = qa("status").stdout
    assert "2 calls scored" in text
    assert "no audio in it" in text
    document = json.loads(qa("status", "--json").stdout)
    assert document["calls"] == 2
    assert document["runs"][0]["device"] == "cpu (int8)"
    assert {(entry["state"], entry["attempts"]) for entry in document["open"]} == {
        ("quarantined", 1),
        ("failed", 2),
    }


def test_export_knows_every_table_of_the_store() -> None:
    assert export.TABLES == store.TABLES


@pytest.mark.parametrize("table", export.TABLES)
def test_every_table_exports(qa: Qa, filled: Path, table: str) -> None:
    done = qa("export", table, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()]


def test_export_runs_nothing_in_a_spreadsheet(qa: Qa, filled: Path, tmp_path: Path) -> None:
    done = qa("export", "turns", "--output", "turns.csv")
    assert (done.returncode, done.stdout) == (0, "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "turns.csv").read_text("utf-8-sig"))))
    assert len(rows) == 8
    assert "困っているんですが" in rows[1]["text"]


def test_a_closed_pipe_is_no_complaint(filled: Path) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m qa.cli show --db {filled} --json | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (len(done.stdout), done.stderr) == (10, "")
