"""Hearing a call: voice activity, transcription, diarization. The only room with neural models."""

from qa.speech.engines import Engines, identities
from qa.speech.listen import Plan, assemble, listen, plan, transcribe

__all__ = ["Engines", "Plan", "assemble", "identities", "listen", "plan", "transcribe"]
