"""Japanese and English: normalising, readings, fillers, backchannels, sentence ends. Pure.

>>> from qa import language
>>> language.get("en").is_backchannel("Uh-huh, I see.")
True
"""

from __future__ import annotations

from functools import cache

from qa.errors import SettingsError
from qa.language.protocol import NAMES, Language, Token

LANGUAGES = ("ja", "en")

__all__ = ["LANGUAGES", "NAMES", "Language", "Token", "get"]


@cache
def get(code: str) -> Language:
    """The rules of a language by its ISO 639-1 code.

    Raises `SettingsError` for a language that qa does not know. Japanese loads its dictionary on first
    use, not here.
    """
    if code == "ja":
        from qa.language.japanese import Japanese

        return Japanese()
    if code == "en":
        from qa.language.english import English

        return English()
    raise SettingsError(f"language {code!r}: not one of {', '.join(LANGUAGES)}")
