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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from qa import language as languages
from qa.model import Conversation, Role
from qa.rubric.phrases.annotate import LIKE, ROLES, Annotated, ByParty, Voice, annotate

_COLUMNS = tuple(f.name for f in dataclasses.fields(Voice) if f.name not in ("role", "sound"))
_LENGTH = 4
"""Bytes before each part that say how long it is."""
_PACKAGES = ("SudachiPy", "sudachidict_core", "rapidfuzz")


@functools.cache
def reader() -> str:
    """Identity of the code and dictionaries that read conversations and find phrases in them."""
    files = sorted(Path(__file__).parent.glob("*.py"))
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
    found = {
        key: to_json([match.plain() for match in annotated.matches[key]]).decode()
        for key in sorted(annotated.asked)
    }
    renewed = {_list_of(key) for key in found}
    older = {key: plain for key, plain in (recalled or {}).items() if _list_of(key) not in renewed}
    document = {
        "substantial": _flags(annotated.substantial),
        "asks": _flags(annotated.asks),
        "units": annotated.units,
        "probability": annotated.probability,
        "matches": {**older, **found},
    }
    parts = (*(annotated.packed or _pack_voices(annotated.voices)), _packed(document))
    return b"".join(len(part).to_bytes(_LENGTH, "big") + part for part in parts)


def _list_of(key: str) -> tuple[str, str, bool]:
    """Role and list of matches, the two that stand first, and whether they are only like the list."""
    role, name, _ = key.split(" ", 2)
    return role, name, LIKE in key


@dataclass(frozen=True, slots=True)
class VoicesKept:
    """What both parties said, as far as it was kept, before the conversation itself is read."""

    sounds: Mapping[Role, str]
    packed: tuple[bytes, ...]
    """The sounds, then the rest of each of `ROLES`: unpacked only if somebody asks for it."""
    facts: bytes
    _voices: dict[Role, Voice] = field(default_factory=dict, compare=False, repr=False)

    def voice(self, role: Role) -> Voice:
        """All that one party said."""
        if role not in self._voices:
            text, *rest = from_json(zlib.decompress(self.packed[1 + ROLES.index(role)]))
            self._voices[role] = Voice(role, self.sounds[role], text, *map(tuple, rest))
        return self._voices[role]


def voices_kept(kept: bytes | None) -> VoicesKept | None:
    """The voices in what `keep` gave; None if nothing is kept, or another reader kept it."""
    if kept is None:
        return None
    *packed, facts = _parts(kept)
    head = from_json(zlib.decompress(packed[0]))
    if head.get("reader") != reader():
        return None
    return VoicesKept(dict(zip(ROLES, head["sounds"], strict=True)), tuple(packed), facts)


def recall(conversation: Conversation, voices: VoicesKept | None) -> Annotated:
    """The conversation with what was kept of it; read anew if nothing was, or by another reader."""
    if voices is None:
        return annotate(conversation)
    document: Mapping[str, Any] = from_json(zlib.decompress(voices.facts))
    if len(document["units"]) != len(conversation.turns):
        return annotate(conversation)
    return Annotated(
        conversation,
        ByParty(voices.voice),
        tuple(flag == "1" for flag in document["substantial"]),
        tuple(flag == "1" for flag in document["asks"]),
        tuple(document["units"]),
        tuple(document["probability"]),
        recalled=document["matches"],
        packed=voices.packed,
    )


def _parts(kept: bytes) -> Iterator[bytes]:
    """What `keep` joined."""
    at = 0
    while at < len(kept):
        start = at + _LENGTH
        at = start + int.from_bytes(kept[at:start], "big")
        yield kept[start:at]


def _pack_voices(voices: Mapping[Role, Voice]) -> list[bytes]:
    head = {"reader": reader(), "sounds": [voices[role].sound for role in ROLES]}
    return [_packed(head), *(_packed([getattr(voices[role], name) for name in _COLUMNS]) for role in ROLES)]


def _packed(document: Any) -> bytes:
    return zlib.compress(to_json(document), level=3)


def _flags(values: Sequence[bool]) -> str:
    return "".join("1" if value else "0" for value in values)
