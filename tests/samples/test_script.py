"""Reading scripts: how lines split, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_samples.script import PAUSE, BadScript, Hold, Line, Part, read_script

WHOLE = """
language: en
title: t
shows: [s]
call: {agent_id: x}
names: {agent: A, company: B}
criteria: {empathy: met}
formats: {stereo: ulaw, mono: opus}
speakers:
  agent: {role: agent, voice: af_heart}
timeline:
"""


def write(folder: Path, timeline: str) -> Path:
    path = folder / "x-01.yaml"
    path.write_text(WHOLE + timeline, encoding="utf-8")
    return path


def test_a_line_splits_at_its_marks_and_keeps_what_the_voice_reads(tmp_path: Path) -> None:
    path = write(tmp_path, "  - agent: one|two|0.6|three\n    say: wan|too|free\n    cut: true\n")
    (line,) = read_script(path).steps
    assert isinstance(line, Line)
    assert line.parts == (Part("one", "wan", PAUSE), Part("two", "too", 0.6), Part("three", "free", 0.0))
    assert line.cut


def test_sounds(tmp_path: Path) -> None:
    assert read_script(write(tmp_path, "  - hold: 5\n    music: false\n")).steps == (Hold(5.0, False),)


@pytest.mark.parametrize(
    "timeline",
    [
        "  - nobody: hello\n",
        "  - agent: one|two\n    say: one\n",
        "  - agent: hello\n    volume: 3\n",
    ],
)
def test_what_cannot_be_read_is_refused_with_the_files_name(tmp_path: Path, timeline: str) -> None:
    with pytest.raises(BadScript, match=r"x-01\.yaml"):
        read_script(write(tmp_path, timeline))
