"""What criteria and flags came to when a call was last scored, each under all that it hangs on.

Scoring again takes what is kept wherever nothing of that has changed, and judges the rest: where nothing
is left to judge, the conversation is not even read.
"""

from __future__ import annotations

import functools
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from qa import language as languages
from qa import model
from qa.model import Call, Evidence, Message, Outcome, Role, Span
from qa.rubric import schema
from qa.rubric.phrases.lexicon import CONTEXT, Lexicon
from qa.rubric.phrases.reading import packages
from qa.rubric.rubric import Keys, Rubric

_NOT_JUDGED_BY = frozenset(
    {"low_score", "low_coverage", "critical_cap", "good_score", "good_share", "good_seed", "busy_calls"}
)
"""Thresholds of the whole score: no criterion hangs on them."""
_CRITERION = {"check", "applies_when", "not_met_as", "reasons"}
"""What decides how a criterion comes out; its points and section are added afterwards."""
_FLAG = {"when", "title"}
_LIST = "list "
_ROLES = {role.value: role for role in Role}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a criterion came to, or a flag (raised where it is met)."""

    outcome: Outcome
    cause: str
    reason: Message
    evidence: tuple[Evidence, ...] = ()


class Kept:
    """The judgements of one call: those of an earlier scoring, and those asked for since."""

    def __init__(self, call: Call, body: bytes | None = None) -> None:
        """`body`: as `Kept.body` gave it for the same conversation; None: nothing is kept."""
        self._about = [judging(), call.agent_name]
        self._found: Mapping[str, Sequence[Any]] = {}
        self._asked: dict[str, Sequence[Any]] = {}
        document = from_json(zlib.decompress(body)) if body is not None else {}
        if document.get("about") == self._about:
            self._found = document["found"]

    def judgement(
        self,
        key: str | None,
        judge: Callable[[], Judgement],
        earlier: Callable[[], str | None],
    ) -> Judgement:
        """What is kept under `key`, or else what `judge` says, to be kept. None: never kept.

        `earlier`: another key, under which the same judgement may have been kept (see `since`).
        """
        if key is None:
            return judge()
        plain = self._found.get(key)
        if plain is None and self._found and (other := earlier()) is not None:
            plain = self._found.get(other)
        if plain is not None:
            self._asked[key] = plain
            return _judgement(plain)
        judged = judge()
        self._asked[key] = _plain(judged)
        return judged

    def body(self) -> bytes | None:
        """The judgements asked for, as bytes for the next time; None where the same ones were kept before."""
        if self._asked.keys() == self._found.keys():
            return None
        document = {"about": self._about, "found": self._asked}
        return zlib.compress(to_json(document), level=3)


def _plain(judged: Judgement) -> list[Any]:
    return [
        judged.outcome.value,
        judged.cause,
        judged.reason.ja,
        judged.reason.en,
        [_plain_evidence(evidence) for evidence in judged.evidence],
    ]


def _plain_evidence(e: Evidence) -> list[Any]:
    note = [] if e.note is None else [e.note.ja, e.note.en]
    return [e.span.start, e.span.end, e.role.value, e.quote, e.confidence, *note]


def _judgement(plain: Sequence[Any]) -> Judgement:
    outcome, cause, ja, en, evidence = plain
    return Judgement(_OUTCOMES[outcome], cause, Message(ja, en), tuple(map(_evidence, evidence)))


def _evidence(plain: Sequence[Any]) -> Evidence:
    start, end, role, quote, confidence, *note = plain
    return Evidence(Span(start, end), _ROLES[role], quote, confidence, Message(*note) if note else None)


@functools.cache
def judging() -> str:
    """Identity of the code and dictionaries that judge."""
    digest = hashlib.sha256()
    rooms = (Path(__file__).parents[1], Path(languages.__file__).parent, Path(model.__file__).parent)
    for path in (path for room in rooms for path in sorted(room.rglob("*.py"))):
        digest.update(path.read_bytes())
    digest.update(packages().encode())
    return digest.hexdigest()[:16]


def keys_of(rubric: Rubric, code: str) -> Keys:
    """The keys for calls in one language, worked out once a rubric."""
    if code not in rubric.keys:
        rubric.keys[code] = make_keys(rubric, code, {})
    return rubric.keys[code]


def make_keys(rubric: Rubric, code: str, identities: Mapping[str, str]) -> Keys:
    """The keys as they would be if these lists (list → identity) were others."""
    lexicon = rubric.lexicons.get(code) or rubric.lexicons[rubric.languages[0]]
    thresholds = rubric.file.thresholds.model_dump(mode="json", exclude=set(_NOT_JUDGED_BY))
    around = [
        code,
        *rubric.languages,
        thresholds,
        repr(rubric.definitions),
        _digest(repr([*(getattr(lexicon, kind) for kind in CONTEXT), lexicon.reach])),
        sorted(lexicon.not_names),
        sorted(lexicon.not_content),
        lexicon.resemblance.taught_by if lexicon.resemblance else "",
    ]

    def named(part: schema.Part, fields: set[str]) -> dict[str, Any]:
        return _named(_dumped(part, fields), rubric.file.anchors, lexicon, identities)

    def lists(part: schema.Part, fields: set[str]) -> frozenset[str]:
        return frozenset(name.removeprefix(_LIST) for name in named(part, fields) if name.startswith(_LIST))

    def key(kind: str, part: schema.Part, fields: set[str]) -> str:
        document = [kind, _dumped(part, fields), named(part, fields), around]
        return _digest(json.dumps(document, ensure_ascii=False, sort_keys=True))

    criteria = tuple(key("criterion", criterion, _CRITERION) for criterion in rubric.criteria)
    flags = tuple(key("flag", rule, _FLAG) for rule in rubric.file.flags)
    asking = tuple(_asks(c.model_dump(include=_CRITERION)) for c in rubric.criteria)
    flags_asking = tuple(_asks(f.model_dump(include=_FLAG)) for f in rubric.file.flags)
    criteria_lists = tuple(lists(criterion, _CRITERION) for criterion in rubric.criteria)
    flags_lists = tuple(lists(rule, _FLAG) for rule in rubric.file.flags)
    sound = _digest(json.dumps(["sound", around]))
    return Keys(criteria, flags, sound, asking, flags_asking, criteria_lists, flags_lists)


def _dumped(part: schema.Part, fields: set[str]) -> Any:
    return part.model_dump(mode="json", by_alias=True, exclude_none=True, include=fields)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _asks(part: Any) -> bool:
    """True if a judge is asked somewhere in it: another time it may answer something else."""
    if isinstance(part, dict):
        return "judge" in part or any(map(_asks, part.values()))
    return isinstance(part, list) and any(map(_asks, part))


def _named(
    meaning: Any, anchors: Mapping[str, schema.Anchor], lexicon: Lexicon, identities: Mapping[str, str]
) -> dict[str, Any]:
    """Whatever the texts in `meaning` are the names of: phrase lists, anchors, and what those name."""
    found: dict[str, Any] = {}
    texts = list(_texts(meaning))
    while texts:
        name = texts.pop()
        if name in lexicon.lists and _LIST + name not in found:
            phrases = lexicon.lists[name]
            found[_LIST + name] = identities.get(name) or judged_by(
                phrases.identity or _digest(repr(phrases)),
                lexicon.resemblance.examples.get(name) if lexicon.resemblance else None,
            )
        if name in anchors and f"anchor {name}" not in found:
            anchor = anchors[name].model_dump(mode="json", by_alias=True, exclude_none=True)
            found[f"anchor {name}"] = anchor
            texts += _texts(anchor)
    return found


def judged_by(identity: str, examples: object) -> str:
    """What judgements hang on of a list: what its matches hang on, and its examples where they decide."""
    return f"{identity} {_digest(repr(examples))}" if examples is not None else identity


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
