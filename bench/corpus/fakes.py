"""A voice that costs nothing: a buzz as long as its text takes. Beside `audio_samples.timeline.Speak`."""

from __future__ import annotations

import zlib

import numpy as np

from audio_samples.channel import Samples
from audio_samples.script import Speaker

_RATE = 8_000
_PACE = {"ja": 0.15, "en": 0.055}
"""Seconds a character."""


def buzz(text: str, speaker: Speaker, language: str, speed: float) -> tuple[Samples, int]:
    """A tone of the speaker's own pitch, as long as `text` takes; and its rate."""
    seconds = max(0.25, len(text) * _PACE[language] / (speaker.speed * speed))
    pitch = 110 + zlib.crc32(speaker.voice.encode()) % 120
    time = np.arange(round(seconds * _RATE)) / _RATE
    wave = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(3, 9))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
    return np.asarray(0.2 * wave * swell, dtype=np.float32), _RATE
