"""`qa rubric`: what the rubric's room finds, on the command line."""

import json
import shutil
from pathlib import Path

import pytest

from qa import rubric
from qa.cli.rubric import KINDS
from qa.rubric.loading.json_schema import FILES
from tests.cli.conftest import Qa


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A lead's own copy of a shipped rubric."""
    return Path(shutil.copytree(rubric.shipped()["support-en"], tmp_path / "mine"))


def test_the_shipped_rubrics_are_in_order(qa: Qa) -> None:
    linted = qa("rubric", "lint")
    assert (linted.returncode, linted.stderr) == (0, "")
    assert linted.stdout.splitlines() == [f"{name}: ok" for name in rubric.shipped()]


def test_a_mistake_is_named_with_its_place(qa: Qa, mine: Path) -> None:
    file = mine / "rubric.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("criteria:", "criterias:", 1), encoding="utf-8")
    done = qa("rubric", "lint", mine)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "rubric.yaml:" in done.stderr
    assert "criterias" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_examples_of_a_rubric_run(qa: Qa, mine: Path) -> None:
    done = qa("rubric", "test", mine)
    assert done.returncode == 0, done.stdout
    assert "tests passed" in done.stdout


def test_a_failing_example_is_drawn(qa: Qa, mine: Path) -> None:
    file = mine / "rubric.yaml"
    text = file.read_text(encoding="utf-8")
    assert "expect: not_met" in text
    file.write_text(text.replace("expect: not_met", "expect: not_applicable", 1), encoding="utf-8")
    done = qa("rubric", "test", mine)
    assert done.returncode == 2
    assert "expected not_applicable" in done.stdout


def test_schema_is_json(qa: Qa) -> None:
    assert set(KINDS) == set(FILES)
    assert "criteria" in json.loads(qa("rubric", "schema").stdout)["properties"]


def test_diff_says_nothing_of_equals_and_something_of_others(qa: Qa, mine: Path) -> None:
    assert qa("rubric", "diff", "support-en", mine).stdout == ""
    file = mine / "rubric.yaml"
    text = file.read_text(encoding="utf-8")
    assert "points: 15" in text
    file.write_text(text.replace("points: 15", "points: 16", 1), encoding="utf-8")
    assert "worth 16 points instead of 15" in qa("rubric", "diff", "support-en", mine).stdout


def test_explain_speaks_the_readers_language(qa: Qa) -> None:
    assert "Points:" in qa("rubric", "explain", "empathy").stdout
    assert "配点:" in qa("rubric", "explain", "empathy", "--lang", "ja").stdout
    done = qa("rubric", "explain", "empathie")
    assert done.returncode == 2
    assert "empathy" in done.stderr
