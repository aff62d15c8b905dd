"""Sounds and files for the tests, made with numpy, the wave module and PyAV."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]


def times(seconds: float, rate: int = 8000) -> Sound:
    return np.arange(round(seconds * rate)) / rate


def tone(hertz: float, seconds: float, rate: int = 8000, level: float = 0.3) -> Sound:
    return level * np.sin(2 * np.pi * hertz * times(seconds, rate))


def noise(seconds: float, rate: int = 8000, dbfs: float = -60.0, seed: int = 0) -> Sound:
    return 10 ** (dbfs / 20) * np.random.default_rng(seed).standard_normal(round(seconds * rate))


def voice(seconds: float, rate: int = 8000, pitch: float = 140.0, seed: int = 0) -> Sound:
    """Something like speech: a gliding pitch, changing formants, four syllables a second, pauses."""
    rng = np.random.default_rng(seed)
    time = times(seconds, rate)
    knots = np.arange(0, seconds + 1, 0.12)
    pitches = pitch * 2 ** np.interp(time, knots, rng.uniform(-0.35, 0.35, len(knots)))
    phase = 2 * np.pi * np.cumsum(pitches) / rate
    first = np.interp(time, knots, rng.uniform(300, 800, len(knots)))
    second = np.interp(time, knots, rng.uniform(1000, 2300, len(knots)))
    sound = np.zeros(len(time))
    for harmonic in range(1, int(3400 / (pitch * 1.3))):
        at = harmonic * pitches
        gain = np.exp(-(((at - first) / 200) ** 2)) + 0.5 * np.exp(-(((at - second) / 300) ** 2)) + 0.02
        sound += gain * np.sin(harmonic * phase)
    syllables = np.clip(np.sin(2 * np.pi * 4 * time + rng.uniform(0, 6)), 0, 1)
    phrases = (time % 2.4) < 1.8
    return 0.15 * sound * syllables * phrases


def turns(seconds: float, rate: int = 8000, seed: int = 0) -> tuple[Sound, Sound]:
    """Two parties who take turns of five seconds, each on a line with its own faint noise."""
    floor = np.floor(times(seconds, rate) / 5) % 2
    agent = voice(seconds, rate, 190, seed) * (floor == 0) + noise(seconds, rate, -62, seed + 10)
    customer = voice(seconds, rate, 120, seed + 1) * (floor == 1) + noise(seconds, rate, -62, seed + 11)
    return agent, customer


def melody(seconds: float, rate: int = 8000, seed: int = 0) -> Sound:
    """A plain tune of plucked notes, as on hold."""
    rng = np.random.default_rng(seed)
    time = times(seconds, rate)
    sound = np.zeros(len(time))
    for beat in np.arange(0, seconds, 0.4):
        pitch = 262 * 2 ** (int(rng.choice([0, 2, 4, 5, 7, 9, 12])) / 12)
        since = np.maximum(time - beat, 0)
        pluck = np.minimum(since / 0.01, 1) * np.exp(-3 * since)
        sound += pluck * sum(np.sin(2 * np.pi * pitch * n * since) / n**1.5 for n in (1, 2, 3))
    return 0.15 * sound


def write_wav(path: Path, *channels: Sound, rate: int = 8000) -> Path:
    """16 bit PCM."""
    samples = np.clip(np.stack(channels, axis=1) * 32767, -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def encode(
    path: Path, *channels: Sound, codec: str, rate: int = 8000, container: str | None = None, bits: int = 0
) -> Path:
    """Whatever PyAV can encode. The container follows the ending unless it is named."""
    layout = "mono" if len(channels) == 1 else "stereo"
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate)
        stream.layout = layout
        if bits:
            stream.bit_rate = bits
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=stream.frame_size or 1024)
        samples = np.ascontiguousarray(np.stack(channels).astype(np.float32))
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate = rate
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return path


def write_mulaw_header(path: Path, data_bytes: int) -> None:
    """A mono 8 kHz µ-law wav header; the sound is to follow."""
    fmt = struct.pack("<HHIIHHH", 7, 1, 8000, 8000, 1, 8, 0)
    riff = struct.pack("<4sI4s4sI", b"RIFF", 38 + data_bytes, b"WAVE", b"fmt ", 18)
    path.write_bytes(riff + fmt + struct.pack("<4sI", b"data", data_bytes))
