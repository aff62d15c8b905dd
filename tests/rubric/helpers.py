"""A small rubric on disk, and receipts, for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from qa.model import Receipt

RECEIPT = Receipt("0" * 64, "test@0", {}, {}, "test")

RUBRIC = """\
name: tiny
title: {ja: 小さい, en: Tiny}
languages: [en]
sections:
  - {id: one, title: {ja: 一, en: One}}
  - {id: two, title: {ja: 二, en: Two}, weight: 3}
anchors:
  trouble: {said: trouble, by: customer}
criteria:
  - id: kind
    section: one
    title: {ja: 親切, en: Kind}
    meaning: {ja: 親切, en: Kind}
    points: 10
    check: {said: {phrases: kind, where: {after: trouble}}}
  - id: calm
    section: two
    title: {ja: 冷静, en: Calm}
    meaning: {ja: 冷静, en: Calm}
    points: 5
    critical: true
    check: {not_said: {phrases: rude}}
"""

LIST = """\
id: {id}
meaning: {{ja: 例, en: Example}}
forms: [{forms}]
hits: [a]
misses: [b]
"""


def write(folder: Path, rubric: str = RUBRIC, **lists: str) -> Path:
    """The rubric in `folder`, with phrase lists kind, rude and trouble unless given."""
    words = {"kind": "that must be hard", "rude": "(shut up|that is nonsense)", "trouble": "(broken|lost)"}
    (folder / "phrases" / "en").mkdir(parents=True, exist_ok=True)
    (folder / "rubric.yaml").write_text(rubric, encoding="utf-8")
    for name, forms in {**words, **lists}.items():
        path = folder / "phrases" / "en" / f"{name}.yaml"
        path.write_text(LIST.format(id=name, forms=forms), encoding="utf-8")
    return folder
