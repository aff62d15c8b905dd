"""What was worked out from a conversation, to keep beside it: scoring it again need not read it again.

Kept are facts about each turn and the matches of the phrase lists that the last scoring asked for, each
under the identity of its list. Everything can be worked out anew; a reading by other code, or with another
dictionary, is thrown away.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from qa import language as languages
from qa.model import Conversation, Role
from qa.rubric.annotate import ROLES, Annotated, Voice, Voices, annotate

_CODE = ("annotate", "compiled", "forms", "look", "match", "reading", "seeds", "slots")
_COLUMNS = tuple(field.name for field in dataclasses.fields(Voice) if field.name != "role")
_LENGTH = 4
"""Bytes that say how long the facts are; the voices follow, and are seldom wanted."""
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
    """The bytes that `recall` takes: the facts, the matches that were asked for or kept before, the voices.

    None where what was recalled still holds all of that.
    """
    recalled = annotated.recalled
    if recalled is not None and annotated.asked <= recalled.keys():
        return None
    found = {key: [match.plain() for match in annotated.matches[key]] for key in sorted(annotated.asked)}
    renewed = {_list_of(key) for key in found}
    older = {key: plain for key, plain in (recalled or {}).items() if _list_of(key) not in renewed}
    document = {
        "reader": reader(),
        "substantial": _flags(annotated.substantial),
        "asks": _flags(annotated.asks),
        "units": annotated.units,
        "content": {
            role: [[turn, *words] for turn, words in content.items()]
            for role, content in annotated.content.items()
        },
        "matches": {**older, **found},
    }
    facts = _packed(document)
    return len(facts).to_bytes(_LENGTH, "big") + facts + (annotated.packed or _pack_voices(annotated.voices))


def _list_of(key: str) -> tuple[str, str]:
    """Role and list of matches: the two that `Look` puts first."""
    role, name, _ = key.split(" ", 2)
    return role, name


def recall(conversation: Conversation, kept: bytes | None) -> Annotated:
    """The conversation with what was kept of it; read anew if nothing was, or by another reader."""
    if kept is None:
        return annotate(conversation)
    end = _LENGTH + int.from_bytes(kept[:_LENGTH], "big")
    document: Mapping[str, Any] = from_json(zlib.decompress(kept[_LENGTH:end]))
    if document.get("reader") != reader() or len(document["units"]) != len(conversation.turns):
        return annotate(conversation)
    packed = kept[end:]
    return Annotated(
        conversation,
        _unpack_voices(packed),
        tuple(flag == "1" for flag in document["substantial"]),
        tuple(flag == "1" for flag in document["asks"]),
        tuple(document["units"]),
        {
            Role(role): {turn: [tuple(word) for word in words] for turn, *words in content}
            for role, content in document["content"].items()
        },
        recalled=document["matches"],
        packed=packed,
    )


def _pack_voices(voices: Mapping[Role, Voice]) -> bytes:
    return _packed([[getattr(voices[role], name) for name in _COLUMNS] for role in ROLES])


def _unpack_voices(packed: bytes) -> Voices:
    """The voices of `_pack_voices`, unpacked when one is asked for."""

    @functools.cache
    def columns() -> Any:
        return from_json(zlib.decompress(packed))

    def voice(role: Role) -> Voice:
        sound, text, *rest = columns()[ROLES.index(role)]
        return Voice(role, sound, text, *map(tuple, rest))

    return Voices(voice)


def _packed(document: Any) -> bytes:
    return zlib.compress(to_json(document), level=3)


def _flags(values: Sequence[bool]) -> str:
    return "".join("1" if value else "0" for value in values)
