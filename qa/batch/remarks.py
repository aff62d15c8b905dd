"""What an operator should know of the metadata and the folder, though no call fails for it."""

from __future__ import annotations

from collections.abc import Iterator

from qa import intake
from qa.model import Message
from qa.settings import Settings

MOST_NAMED = 5


def remarks(metadata: intake.Metadata, found: intake.Found, settings: Settings) -> Iterator[Message]:
    """Rows without a recording and the reverse, bad values, ids given twice, files that are no recordings."""
    paths = [candidate.path for candidate in found.candidates]
    yield from intake.reconcile(metadata, paths, settings).notes
    if found.ignored:
        count = len(found.ignored)
        names = ", ".join(skipped.path.name for skipped in found.ignored[:MOST_NAMED])
        more = " …" if count > MOST_NAMED else ""
        yield Message(
            f"録音ではないファイル({count}件): {names}{more}",
            f"{count} file(s) that are no recordings: {names}{more}",
        )
