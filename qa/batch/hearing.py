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
LATER, FIRST = "chunk_seconds", "28.0"
"""A setting added when conversations had been stored, and what those were heard with: that is left out."""
LONGEST = 100
"""Characters of the hints kept as they are; longer ones are kept as their hash."""


def hearing_of(call: Call, settings: Settings, identities: Mapping[str, str], used: Iterable[str]) -> Hearing:
    """How this call is heard with these settings and the models `used` (keys of `identities`)."""
    chosen = {
        name: value for name, value in settings.fingerprint("hearing").items() if name not in SAID_BETTER
    }
    if chosen.get(LATER) == FIRST:
        del chosen[LATER]
    chosen["hints"] = _short(",".join(hints(call, settings)))
    chosen["channel_roles"] = ",".join(call.channel_roles)
    chosen["language"] = call.language or settings.language
    return Hearing({name: identities.get(name, "") for name in sorted(used)}, chosen)


def still_holds(stored: Hearing, wanted: Hearing) -> bool:
    """True if a conversation heard as `stored` is none to hear anew for a run that hears as `wanted`.

    What was heard before `LATER` had today's default is as good: nobody's whole archive is heard again.
    """
    if stored == wanted:
        return True
    settings = dict(wanted.settings)
    return settings.pop(LATER, "") == str(DEFAULTS.chunk_seconds) and stored == Hearing(
        wanted.models, settings
    )


def _short(value: str) -> str:
    if len(value) <= LONGEST:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:16]}"
