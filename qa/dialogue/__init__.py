"""Words and speech spans to a conversation: turns, roles, events, measures. Pure functions over values."""

from __future__ import annotations

from qa.dialogue.build import build, redefine, rederive, remeasure
from qa.dialogue.voices import UNHEARD_MIN

__all__ = ["UNHEARD_MIN", "build", "redefine", "rederive", "remeasure"]
