"""`qa rescore --dry-run`: what would change, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.conftest import World
from tests.cli.conftest import Qa


@pytest.fixture
def scored(tmp_path: Path) -> World:
    """Two calls of one agent; afterwards whoever orders something counts as cancelling."""
    world = World(tmp_path / "world")
    for name, said in (("c0", "解約したいのですが"), ("c1", "注文です")):
        world.record(f"{name}.wav", f"say {said}")
        (world.calls / f"{name}.json").write_text('{"agent_id": "a1"}', encoding="utf-8")
    world.night()
    return world


@pytest.mark.parametrize(
    ("language", "moved", "why"),
    [
        ("ja", "asks-to-cancel (未達成 → 達成): ", "2件のうち1件の結果が変わります"),
        ("en", "asks-to-cancel (not met → met): ", "1 of 2 calls would come out differently"),
    ],
)
def test_a_dry_run_shows_what_moves(qa: Qa, scored: World, language: str, moved: str, why: str) -> None:
    before = scored.results()
    scored.edit_rubric("  - 解約", "  - 解約\n  - 注文", "phrases/ja/cancel.yaml")
    done = qa(
        "rescore", "--dry-run", "--db", scored.settings.db, "--rubric", scored.rubric, "--lang", language
    )
    assert done.returncode == 0, done.stderr
    assert moved in done.stdout and why in done.stdout
    assert scored.results() == before


def test_only_points_moved(qa: Qa, scored: World) -> None:
    scored.edit_rubric("points: ", "points: 1")
    done = qa("rescore", "--dry-run", "--db", scored.settings.db, "--rubric", scored.rubric, "--lang", "en")
    assert "Same outcomes; points or weights changed." in done.stdout, done.stdout
