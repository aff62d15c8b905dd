"""The written content a call is drawn from: `content/<part>/common-<language>.yaml` and one file a scenario.

The n-th `reflect` and `apology-specific` of a scenario are written for its n-th `trouble` or `request`.
A line is text with `{slot}`s to be filled, and `|` or `|0.6|` where its speaker takes a breath.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "content"
PARTS = ("dev", "heldout")
LANGUAGES = ("ja", "en")

_AGENT = """greet-full greet-company listen reflect empathy apology-specific apology-bare apology-disfluent
question-circumstances question-manual own department solution next-concrete next-vague refusal-alternative
refusal-bare wait-good wait-bare back further thanks-effort thanks-formula summary name-again joy argue
superior-refused superior-owned cut-in request-repeat goodbye"""
_CUSTOMER = """trouble request detail answer-circumstances answer-manual protest anger demand-superior
cut-line customer-listen ack accept grudging thanks customer-goodbye praise repeat-contact"""
AGENT_ACTS = frozenset(_AGENT.split())
CUSTOMER_ACTS = frozenset(_CUSTOMER.split())
ACTS = AGENT_ACTS | CUSTOMER_ACTS
_SCENARIO_KEYS = {"title", "language", "complaint", "queue", "company", "slots", "lines"}
_SLOT = re.compile(r"\{([^}]*)\}")

Lines = Mapping[str, tuple[str, ...]]


class BadContent(ValueError):
    """A content file cannot be used; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Common:
    """What every scenario of a language may use."""

    agents: tuple[str, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Scenario:
    """One reason to call."""

    id: str
    language: str
    title: str
    complaint: bool
    queue: str
    companies: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]
    lines: Lines

    @property
    def account(self) -> str:
        """The act with which the caller says why they call."""
        return "trouble" if self.complaint else "request"


@dataclass(frozen=True, slots=True)
class Content:
    """All of one part."""

    part: str
    common: Mapping[str, Common]
    """By language."""
    scenarios: tuple[Scenario, ...]

    def of(self, language: str) -> tuple[Scenario, ...]:
        """The scenarios of a language, by id."""
        return tuple(s for s in self.scenarios if s.language == language)


def read_content(part: str, root: Path = HERE) -> Content:
    """Everything written for `part`. Raises `BadContent`."""
    folder = root / part
    common = {language: _common(folder / f"common-{language}.yaml") for language in LANGUAGES}
    paths = sorted(path for path in folder.glob("*.yaml") if not path.stem.startswith("common-"))
    if not paths:
        raise BadContent(f"{folder} holds no scenario; write one as {folder}/ja-<name>.yaml")
    return Content(part, common, tuple(_scenario(path) for path in paths))


def slots_of(line: str) -> frozenset[str]:
    """The names in braces.

    >>> sorted(slots_of("{item} from {company}"))
    ['company', 'item']
    """
    return frozenset(_SLOT.findall(line))


def _common(path: Path) -> Common:
    document = _read(path)
    _keys(document, {"agents", "lines"}, set(), path)
    if len(document["agents"]) < 6:
        raise BadContent(f"{path}: agents: at least 6 names are needed")
    lines = _lines(document["lines"], {"agent", "company"}, path)
    return Common(tuple(document["agents"]), lines)


def _scenario(path: Path) -> Scenario:
    document = _read(path)
    _keys(document, _SCENARIO_KEYS, {"keywords"}, path)
    slots = {name: tuple(str(value) for value in values) for name, values in document["slots"].items()}
    for name, values in {**slots, "company": document["company"]}.items():
        if len(values) < 3:
            raise BadContent(f"{path}:{_where(path, name)}: {name} needs at least 3 values")
    if document["language"] not in LANGUAGES or not path.stem.startswith(document["language"] + "-"):
        raise BadContent(f"{path}: language must be {' or '.join(LANGUAGES)} and begin the file's name")
    lines = _lines(document["lines"], {"agent", "company", *slots}, path)
    account = "trouble" if document["complaint"] else "request"
    if account not in lines:
        raise BadContent(
            f"{path}: with complaint {document['complaint']} there must be lines for {account!r}"
        )
    return Scenario(
        path.stem,
        document["language"],
        document["title"],
        bool(document["complaint"]),
        document["queue"],
        tuple(document["company"]),
        slots,
        lines,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadContent(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise BadContent(f"{path}: must be a mapping of keys")
    return document


def _keys(document: Mapping[str, Any], needed: set[str], allowed: set[str], path: Path) -> None:
    for name in sorted(document.keys() - needed - allowed):
        raise BadContent(
            f"{path}:{_where(path, name)}: unknown key {name!r}; known: {', '.join(sorted(needed))}"
        )
    for name in sorted(needed - document.keys()):
        raise BadContent(f"{path}: {name!r} is missing")


def _lines(raw: Mapping[str, Any], known: set[str], path: Path) -> Lines:
    lines: dict[str, tuple[str, ...]] = {}
    for act, variants in raw.items():
        if act not in ACTS:
            raise BadContent(
                f"{path}:{_where(path, act)}: unknown act {act!r}; known: {', '.join(sorted(ACTS))}"
            )
        if not isinstance(variants, list) or not all(isinstance(v, str) and v.strip() for v in variants):
            raise BadContent(f"{path}:{_where(path, act)}: {act} must be a list of texts")
        if len(variants) < 3 or len(set(variants)) < len(variants):
            raise BadContent(f"{path}:{_where(path, act)}: {act} needs at least 3 variants, each its own")
        for variant in variants:
            for slot in sorted(slots_of(variant) - known):
                where = _where(path, variant[:12])
                raise BadContent(f"{path}:{where}: no slot {slot!r}; known: {', '.join(sorted(known))}")
        lines[act] = tuple(variants)
    return lines


def _where(path: Path, text: str) -> int:
    """The number of the first line that holds `text`."""
    rows = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, row in enumerate(rows, 1) if text in row), 1)
