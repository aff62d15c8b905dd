"""Hearing a call: voice activity, transcription, diarization. The only room with neural models."""

from qa.speech.engines import Engines, identities
from qa.speech.listen import Plan, assemble, hear_words, listen, plan

__all__ = ["Engines", "Plan", "assemble", "hear_words", "identities", "listen", "plan"]
