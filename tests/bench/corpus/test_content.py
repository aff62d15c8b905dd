"""What may be written, and that the two parts have nothing in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus.content import PARTS, BadContent, Content, read_content
from bench.corpus.voices import VOICES

GOOD = """title: t
language: en
complaint: true
queue: q
company: [One, Two, Three]
slots: {item: [a, b, c]}
lines:
  trouble: ["my {item} is broken", it does not work, one more of them]
"""
FORMULAS = frozenset(
    {"listen", "customer-listen", "ack", "apology-bare", "back", "thanks", "thanks-formula", "wait-bare"}
    | {"goodbye", "customer-goodbye"}
)
COMMON = "agents: [A, B, C, D, E, F]\nlines:\n  listen: [Yes., Right., I see.]\n"


def write(root: Path, scenario: str, common: str = COMMON) -> Path:
    folder = root / "dev"
    folder.mkdir()
    for language in ("ja", "en"):
        (folder / f"common-{language}.yaml").write_text(common, encoding="utf-8")
    (folder / "en-x.yaml").write_text(scenario, encoding="utf-8")
    return root


def test_a_good_file_is_read(tmp_path: Path) -> None:
    content = read_content("dev", write(tmp_path, GOOD))
    assert content.scenarios[0].slots == {"item": ("a", "b", "c")}
    assert content.of("ja") == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("trouble:", "truoble:"), r"en-x\.yaml:8: unknown act 'truoble'"),
        (("{item} is", "{thing} is"), r"en-x\.yaml:8: no slot 'thing'"),
        (("queue: q", "queue: q\ncolour: red"), r"en-x\.yaml:5: unknown key 'colour'"),
        (("title: t\n", ""), r"en-x\.yaml: 'title' is missing"),
        ((", Three", ""), r"en-x\.yaml:5: company needs at least 3"),
        ((", one more of them", ""), r"en-x\.yaml:8: trouble needs at least 3 variants"),
        (("one more of them", "it does not work"), r"en-x\.yaml:8: trouble needs at least 3 variants"),
        (("complaint: true", "complaint: false"), r"there must be lines for 'request'"),
        (("language: en", "language: fr"), r"language must be ja or en"),
        (("title: t", "title: [t"), r"en-x\.yaml"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(BadContent, match=message):
        read_content("dev", write(tmp_path, GOOD.replace(*change)))


def test_a_part_without_scenarios_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, GOOD)
    (root / "dev" / "en-x.yaml").unlink()
    with pytest.raises(BadContent, match="holds no scenario"):
        read_content("dev", root)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_scenarios_enough(part: str) -> None:
    content = read_content(part)
    for language in ("ja", "en"):
        scenarios = content.of(language)
        assert len(scenarios) >= 6
        assert {s.complaint for s in scenarios} == {True, False}


def test_parts_share_no_scenario_line_company_agent_or_voice() -> None:
    one, other = (read_content(part) for part in PARTS)
    for name in ("scenarios", "companies", "agents", "titles"):
        assert not _all(one)[name] & _all(other)[name], name
    assert not _wording(one) & _wording(other)
    for language in ("ja", "en"):
        voices = [{speaker.voice for speaker in VOICES[part, language]} for part in PARTS]
        assert not voices[0] & voices[1]
    assert len({s.voice for speakers in VOICES.values() for s in speakers}) >= 8


def _wording(content: Content) -> set[str]:
    """Every line but the formulas that nobody can say in another way ("はい。", "Please hold.")."""
    sets = [*content.common.values(), *content.scenarios]
    acts = [(act, lines) for each in sets for act, lines in each.lines.items() if act not in FORMULAS]
    return {line for _, lines in acts for line in lines}


def _all(content: Content) -> dict[str, set[str]]:
    return {
        "scenarios": {s.id for s in content.scenarios},
        "titles": {s.title for s in content.scenarios},
        "companies": {c for s in content.scenarios for c in s.companies},
        "agents": {a for common in content.common.values() for a in common.agents},
    }
