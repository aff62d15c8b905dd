"""What decides whether a stored conversation is still what this run would hear."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from qa.model import Call
from qa.settings import Settings
from qa.speech.listen import hints
from qa.store import Hearing

SAID_BETTER = ("model", "diarization", "company", "products", "roster", "channel_roles", "language")
"""Settings whose effect on this call is written down instead: the identity of each model that was used,
the names that were hinted, the roles and language that hold for the call."""
DEFAULTS = Settings()
LATER = "chunk_seconds"
"""Added when conversations had been stored: where it has its default, they are what this run would hear."""
LONGEST = 100
"""Characters of the hints kept as they are; longer ones are kept as their hash."""


def hearing_of(call: Call, settings: Settings, identities: Mapping[str, str], used: Iterable[str]) -> Hearing:
    """How this call is heard with these settings and the models `used` (keys of `identities`)."""
    chosen = {
        name: value for name, value in settings.fingerprint("hearing").items() if name not in SAID_BETTER
    }
    if chosen.get(LATER) == str(DEFAULTS.chunk_seconds):
        del chosen[LATER]
    chosen["hints"] = _short(",".join(hints(call, settings)))
    chosen["channel_roles"] = ",".join(call.channel_roles)
    chosen["language"] = call.language or settings.language
    return Hearing({name: identities.get(name, "") for name in sorted(used)}, chosen)


def _short(value: str) -> str:
    if len(value) <= LONGEST:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:16]}"
