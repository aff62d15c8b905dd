"""`--until HH:MM`: which calls can still end in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

MARGIN = 1.2
"""A call may take this much longer than expected."""
SLOWEST_GUESS = 1.0
"""Seconds of work a second of audio, before anything was measured: a slow machine."""
BYTES_PER_SECOND = 8000.0
"""Of a recording, before anything was measured: one channel of telephone audio, the least a wav has."""


def next_time(clock: str, now: datetime) -> datetime:
    """The next moment after `now` at which the clock shows `clock` (HH:MM).

    >>> next_time("06:30", datetime(2026, 1, 1, 22, 0))
    datetime.datetime(2026, 1, 2, 6, 30)
    """
    hours, _, minutes = clock.partition(":")
    at = now.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


class Deadline:
    """Learns from the calls that ended how long one takes, and says which may still start.

    The length of a recording is not known before it is decoded; its size is. Both ratios are kept by
    file type: an opus file holds thirty times the audio of a wav of the same size.
    """

    def __init__(self, until: str, *, clock: Callable[[], datetime] = datetime.now) -> None:
        self._clock = clock
        self._end = next_time(until, clock()) if until else None
        self._audio: dict[str, float] = {}
        self._bytes: dict[str, float] = {}
        self._work = 0.0

    @property
    def end(self) -> datetime | None:
        """The moment; None: no deadline."""
        return self._end

    def learn(self, suffix: str, size: int, audio_seconds: float, work_seconds: float) -> None:
        """A call of `size` bytes held so much audio and took so much work."""
        self._audio[suffix] = self._audio.get(suffix, 0.0) + audio_seconds
        self._bytes[suffix] = self._bytes.get(suffix, 0.0) + size
        self._work += work_seconds

    def expected(self, suffix: str, size: int) -> float:
        """Seconds of work that a recording is expected to take."""
        rate = self._bytes[suffix] / self._audio[suffix] if self._audio.get(suffix) else BYTES_PER_SECOND
        heard = sum(self._audio.values())
        factor = self._work / heard if heard else SLOWEST_GUESS
        return size / rate * factor

    def allows(self, suffix: str, size: int) -> bool:
        """True if the recording, started now, is expected to end in time."""
        if self._end is None:
            return True
        return self._clock() + timedelta(seconds=self.expected(suffix, size) * MARGIN) <= self._end
