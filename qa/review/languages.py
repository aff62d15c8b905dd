"""Japanese and English: gettext catalogues (`locale/LANGUAGE/*.po`), read with Babel when the desk starts."""

from __future__ import annotations

import functools
import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("ja", "en")


@functools.cache
def catalogue(language: str) -> Translations:
    """Every message of a language, of all its files."""
    first, *others = (_compiled(path, language) for path in sorted((LOCALE / language).glob("*.po")))
    for other in others:
        first.merge(other)
    return first


def _compiled(path: Path, language: str) -> Translations:
    with path.open("rb") as source:
        messages = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled, domain="messages")


def preferred(accepted: str) -> str:
    """The language a browser asks for (an Accept-Language header): Japanese, or else English."""
    ranked: list[tuple[float, str]] = []
    for part in accepted.split(","):
        name, _, quality = part.partition(";")
        try:
            weight = float(quality.partition("=")[2] or 1)
        except ValueError:
            weight = 0.0
        ranked.append((-weight, name.strip().lower().split("-")[0]))
    known = [name for _, name in sorted(ranked, key=lambda pair: pair[0]) if name in LANGUAGES]
    return known[0] if known else "en"
