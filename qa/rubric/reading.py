"""What was worked out from a conversation, to keep beside it: scoring it again need not read it again.

Kept are facts about each turn and the matches of the phrase lists that the last scoring asked for, each
under the identity of its list. Everything can be worked out anew; a reading by other code, or with another
dictionary, is thrown away.
"""

from __future__ import annotations

import functools
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qa import language as languages
from qa.model import Conversation, Role, Span
from qa.rubric.annotate import Annotated, Match, annotate, voices_of

_CODE = ("annotate", "compiled", "forms", "look", "match", "reading", "seeds", "slots")
_PACKAGES = ("SudachiPy", "sudachidict_core", "rapidfuzz")


@functools.cache
def reader() -> str:
    """Identity of the code and dictionaries that read conversations and find phrases in them."""
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in _CODE]
    files += sorted(Path(languages.__file__).parent.glob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    digest.update(packages().encode())
    return digest.hexdigest()[:16]


@functools.cache
def packages() -> str:
    """Versions of what reads and compares words."""
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} missing")
    return ", ".join(found)


def keep(annotated: Annotated) -> bytes | None:
    """The bytes that `recall` takes: the facts, and the matches that were asked for since.

    None where what was recalled still holds all of that.
    """
    if annotated.recalled is not None and annotated.asked <= annotated.recalled:
        return None
    document = {
        "reader": reader(),
        "substantial": _flags(annotated.substantial),
        "asks": _flags(annotated.asks),
        "units": annotated.units,
        "content": {
            role: [[turn, *words] for turn, words in content.items()]
            for role, content in annotated.content.items()
        },
        "matches": {
            key: [_plain(match) for match in annotated.matches[key]]
            for key in sorted(annotated.asked)
            if key in annotated.matches
        },
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"), level=3)


def recall(conversation: Conversation, kept: bytes | None) -> Annotated:
    """The conversation with what was kept of it; read anew if nothing was, or by another reader."""
    if kept is None:
        return annotate(conversation)
    document: Mapping[str, Any] = json.loads(zlib.decompress(kept))
    if document.get("reader") != reader() or len(document["units"]) != len(conversation.turns):
        return annotate(conversation)
    substantial = tuple(flag == "1" for flag in document["substantial"])
    return Annotated(
        conversation,
        voices_of(conversation, substantial),
        substantial,
        tuple(flag == "1" for flag in document["asks"]),
        tuple(document["units"]),
        {
            Role(role): {turn: [tuple(word) for word in words] for turn, *words in content}
            for role, content in document["content"].items()
        },
        {key: tuple(_match(key, plain) for plain in found) for key, found in document["matches"].items()},
        recalled=frozenset(document["matches"]),
    )


def _flags(values: Sequence[bool]) -> str:
    return "".join("1" if value else "0" for value in values)


def _plain(match: Match) -> list[Any]:
    span = match.span
    return [
        match.phrases,
        span.start,
        span.end,
        match.turn,
        match.quote,
        match.confidence,
        match.first,
        match.last,
        match.slots,
    ]


def _match(key: str, plain: Sequence[Any]) -> Match:
    phrases, start, end, turn, quote, confidence, first, last, slots = plain
    filled = tuple((kind, low, high) for kind, low, high in slots)
    role = Role(key.partition(" ")[0])
    return Match(phrases, role, Span(start, end), turn, quote, confidence, first, last, filled)
