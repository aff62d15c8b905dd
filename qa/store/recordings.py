"""Where the recording of a call lies, under every name it was seen under."""

from __future__ import annotations

from pathlib import Path

from qa.model import Recording
from qa.store.door import Door


class Recordings(Door):
    """The recordings of calls."""

    def names(self, call_id: str) -> tuple[Recording, ...]:
        """The names of a call's recording, the one seen last first. Empty where other bytes took its name."""
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT files.recording_id, files.path, files.size, files.modified
                FROM calls JOIN files ON files.recording_id = calls.recording_id
                WHERE calls.id = ? ORDER BY files.seen_at DESC, files.path
                """,
                (call_id,),
            ).fetchall()
        return tuple(Recording(id, Path(path), size, modified) for id, path, size, modified in rows)
