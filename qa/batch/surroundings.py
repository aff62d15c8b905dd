"""What is known of a call besides its conversation: who may be asked, which names to strike out, its hour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from qa import judge
from qa.model import Call
from qa.rubric import Around
from qa.settings import Settings

HOUR = 3600.0
"""Seconds."""


class Hours:
    """How many calls began in the hour before each call, of all that are known."""

    def __init__(self, calls: Iterable[Call]) -> None:
        known = {call.id: call.started_at for call in calls if call.started_at is not None}
        self._starts = sorted(start.timestamp() for start in known.values())

    def before(self, call: Call) -> int | None:
        """Calls that began less than an hour before this one; None where it is not known when it did."""
        if call.started_at is None:
            return None
        start = call.started_at.timestamp()
        return bisect_left(self._starts, start) - bisect_left(self._starts, start - HOUR)


class Surroundings:
    """Made once a process: it holds the judge, if qa.toml names one. Raises `SettingsError`."""

    def __init__(self, settings: Settings) -> None:
        self._judge = judge.configured(settings)
        self._names = tuple(settings.roster.values())

    def around(self, calls_before: int | None) -> Around:
        """What scoring a call may use."""
        return Around(self._judge, self._names, calls_before)
