"""What decides whether a stored conversation is still what this run would hear."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from qa.model import Call
from qa.settings import Settings
from qa.store import Hearing

BY_IDENTITY = ("model", "diarization")
"""Settings that choose a model: the model's identity says it better, and only if it was used."""
LONGEST = 100
"""Characters of a setting kept as they are; a long roster is kept as its hash."""


def hearing_of(call: Call, settings: Settings, identities: Mapping[str, str], used: Iterable[str]) -> Hearing:
    """How this call is heard with these settings and the models `used` (keys of `identities`)."""
    chosen = {
        name: _short(value)
        for name, value in settings.fingerprint("hearing").items()
        if name not in BY_IDENTITY
    }
    if call.channel_roles:
        chosen["channel_roles"] = ",".join(call.channel_roles)
    if call.language:
        chosen["language"] = call.language
    return Hearing({name: identities.get(name, "") for name in sorted(used)}, chosen)


def _short(value: str) -> str:
    if len(value) <= LONGEST:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:16]}"
