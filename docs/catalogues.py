"""Bring the desk's catalogues in step with its pages: `python docs/catalogues.py` (or `make docs`).

A message belongs to the catalogue file (`desk.po`, `player.po`, `agent.po`) that already has it; a new one
goes into desk.po with an empty Japanese translation, which a test refuses. English is the message itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
REVIEW = ROOT / "qa" / "review"
LOCALE = REVIEW / "locale"
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "false", "newstyle_gettext": "true"}}

Id = str | tuple[str, ...]


def extracted() -> dict[Id, list[tuple[str, int]]]:
    """Every message of the desk's templates and code → where it stands."""
    found: dict[Id, list[tuple[str, int]]] = {}
    for name, line, message, _, _ in extract_from_dir(REVIEW, METHODS, OPTIONS):
        id: Id = message if isinstance(message, str) else tuple(message)
        if id:
            found.setdefault(id, []).append((f"qa/review/{name}", line))
    return found


def catalogues(language: str) -> Iterator[tuple[Path, Catalog]]:
    """The catalogue files of a language."""
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as source:
            yield path, read_po(source, locale=language)


def refresh() -> None:
    """Write every catalogue again: new messages in, unused ones out."""
    messages = extracted()
    owners = {
        _id(message): path.name for path, catalogue in catalogues("ja") for message in catalogue if message.id
    }
    names = sorted({path.name for path, _ in catalogues("ja")} | {"desk.po"})
    for language in ("ja", "en"):
        known = {_id(m): m for _, catalogue in catalogues(language) for m in catalogue if m.id}
        for name in names:
            made = Catalog(locale=language, project="qa", version="1", charset="utf-8")
            for id, places in sorted(messages.items(), key=lambda item: str(item[0])):
                if owners.get(id, "desk.po") == name:
                    files = [(place, 0) for place in dict.fromkeys(place for place, _ in places)]
                    made.add(id, _said(language, id, known.get(id), made.num_plurals), locations=files)
            with (LOCALE / language / name).open("wb") as out:
                write_po(out, made, width=110, sort_output=True, omit_header=True, include_lineno=False)


def _id(message: Message) -> Id:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else str(message.id)


def _said(language: str, id: Id, known: Message | None, plurals: int) -> Id:
    if language == "en":
        return id
    if known is not None and known.string:
        return known.string if isinstance(known.string, str) else tuple(known.string)
    return "" if isinstance(id, str) else ("",) * plurals


if __name__ == "__main__":
    refresh()
    missing = [_id(m) for _, catalogue in catalogues("ja") for m in catalogue if m.id and not any(m.string)]
    for id in missing:
        print(f"ja: not translated: {id!r}", file=sys.stderr)  # noqa: T201
    sys.exit(bool(missing))
