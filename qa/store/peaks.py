"""Waveforms ready to be drawn, worked out once a recording. Safe to empty."""

from __future__ import annotations

from dataclasses import dataclass

from qa.store.door import Door, utc_now


@dataclass(frozen=True, slots=True)
class Peaks:
    """Loudest sample of each step, a channel after the other."""

    channels: int
    per_second: float
    """Steps a second."""
    body: bytes
    """One unsigned byte a step, 255 full scale: all of channel 0, then all of channel 1, …"""


class Waveforms(Door):
    """The peaks of recordings."""

    def find(self, recording_id: str) -> Peaks | None:
        """What is kept for a recording."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT channels, per_second, body FROM peaks WHERE recording_id = ?", (recording_id,)
            ).fetchone()
        return None if row is None else Peaks(*row)

    def keep(self, recording_id: str, peaks: Peaks) -> None:
        """Keep the peaks of a recording."""
        with self.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO peaks VALUES (?, ?, ?, ?, ?)",
                (recording_id, peaks.channels, peaks.per_second, peaks.body, utc_now().isoformat()),
            )
