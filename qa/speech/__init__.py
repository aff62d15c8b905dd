"""Hearing a call: voice activity, transcription, diarization. The only room with neural models."""

from qa.speech.engines import Engines, identities
from qa.speech.listen import Plan, assemble, hear_words, listen, plan
from qa.speech.sounded import without_sounded

__all__ = ["Engines", "Plan", "assemble", "hear_words", "identities", "listen", "plan", "without_sounded"]
