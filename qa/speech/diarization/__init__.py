"""Telling voices apart in a mono recording. Importing this does not import torch."""

from qa.speech.diarization.diarizer import DiarizerOptions, PyannoteDiarizer

__all__ = ["DiarizerOptions", "PyannoteDiarizer"]
