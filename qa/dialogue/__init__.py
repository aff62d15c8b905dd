"""Words and speech spans to a conversation: turns, roles, events, measures. Pure functions over values."""

from __future__ import annotations

from qa.dialogue.build import UNHEARD_MIN, build, redefine, rederive, remeasure

__all__ = ["UNHEARD_MIN", "build", "redefine", "rederive", "remeasure"]
