"""The telephone line and the recorder: what is done to two clean sides before they are a recording.

A voice may be breathy; each side is spoiled on its own (noise around the speaker, GSM, lost packets); both
then meet in the recorder (leakage, swapped, duplicated or dead channels) as in `audio_samples.channel`.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from audio_samples import channel
from audio_samples.channel import RATE, Samples
from audio_samples.script import LineQuality
from audio_samples.timeline import Timeline
from bench.corpus.profile import deck

PACKET = 0.02
"""Seconds; what RTP carries at once with G.711 (RFC 3551)."""
_LAYOUTS = {"separate": 0.5, "leaking": 0.3, "swapped": 0.1, "duplicated": 0.07, "one_dead": 0.03}
_CODECS = {"ulaw": 0.6, "gsm": 0.2, "loss": 0.2}
_VOICES = {"plain": 0.7, "agent-quiet": 0.1, "customer-quiet": 0.1, "customer-noisy": 0.1}
_FORMATS = {"ulaw": 0.6, "alaw": 0.2, "opus": 0.1, "mp3": 0.1}
_QUIETER = {"quiet": -10.0, "noisy": -3.0}


@dataclass(frozen=True, slots=True)
class Condition:
    """How one call is carried and recorded."""

    quality: LineQuality
    codec: str
    """What carries both sides: `ulaw`, `gsm` (full rate, mobile telephones) or `loss` (lost packets)."""
    voices: str
    """`plain`, or who is hard to hear: `agent-quiet`, `customer-quiet` (far, breathy), `customer-noisy`."""
    snr: tuple[float, float]
    """dB between speech and the noise around the speaker: agent, customer."""
    agent_level: float
    customer_level: float
    """dB from the usual level of speech."""
    lost: float
    """Share of packets that a lossy line loses."""
    stereo_format: str
    mono_format: str


def deal_conditions(count: int, rng: random.Random) -> tuple[Condition, ...]:
    """`count` conditions, in fixed shares; the same ones for the same `rng`."""
    layouts, codecs = deck(_LAYOUTS, count, rng), deck(_CODECS, count, rng)
    voices, stereo, mono = deck(_VOICES, count, rng), deck(_FORMATS, count, rng), deck(_FORMATS, count, rng)
    return tuple(_condition(*drawn, rng) for drawn in zip(layouts, codecs, voices, stereo, mono, strict=True))


def _condition(layout: str, codec: str, voices: str, stereo: str, mono: str, rng: random.Random) -> Condition:
    who, _, how = voices.partition("-")
    lower = _QUIETER.get(how, 0.0)
    snr = [rng.uniform(18, 35), rng.uniform(15, 35)]
    if how:
        snr[0 if who == "agent" else 1] = rng.uniform(15, 20) if how == "noisy" else rng.uniform(17, 22)
    return Condition(
        LineQuality(layout, noise=rng.uniform(-66, -56), leak=rng.uniform(-50, -20)),
        codec,
        voices,
        (snr[0], snr[1]),
        rng.uniform(-3, 1) + (lower if who == "agent" else 0.0),
        rng.uniform(-5, 2) + (lower if who == "customer" else 0.0),
        rng.uniform(0.005, 0.03),
        stereo,
        mono,
    )


def voiced(laid: Timeline, condition: Condition, rng: np.random.Generator) -> Timeline:
    """The call with breath in the voice of whoever is hard to hear; what the exchange plays stays."""
    who = condition.voices.removesuffix("-quiet")
    if who == condition.voices:
        return laid
    lines = (replace(p, clip=breathy(p.clip, rng)) if p.role == who else p for p in laid.lines)
    return replace(laid, lines=tuple(lines))


def record(sides: Sequence[Samples], condition: Condition, rng: np.random.Generator) -> Samples:
    """(2, n): the clean agent's and customer's `sides` as the recorder writes them."""
    spoiled = []
    for side, snr in zip(sides, condition.snr, strict=True):
        side = surroundings(side, snr, rng)
        if condition.codec == "gsm":
            side = through_gsm(side)
        elif condition.codec == "loss":
            side = lose_packets(side, condition.lost, rng)
        spoiled.append(side)
    return channel.record(spoiled[0], spoiled[1], condition.quality, rng)


def breathy(side: Samples, rng: np.random.Generator) -> Samples:
    """Speech with breath in it: noise that follows the voice, 12 dB below it."""
    from scipy.signal import sosfiltfilt

    envelope = np.sqrt(np.convolve(side**2, np.ones(160) / 160, "same"))
    noise = sosfiltfilt(channel.band(), rng.standard_normal(len(side)))
    noise /= float(np.sqrt(np.mean(noise**2)))
    return np.asarray(side * 0.8 + noise * envelope * 10 ** (-12 / 20), dtype=np.float32)


def surroundings(side: Samples, snr: float, rng: np.random.Generator) -> Samples:
    """Room and line noise `snr` dB below the loud half of the speech, swelling a little."""
    from scipy.signal import lfilter, sosfiltfilt

    frames = side[: len(side) // 160 * 160].reshape(-1, 160)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    speech = power[power > 1e-7]
    if not len(speech):
        return side
    noise = sosfiltfilt(channel.band(), lfilter([0.1], [1, -0.9], rng.standard_normal(len(side))))
    swell = np.interp(
        np.arange(len(side)),
        np.arange(0, len(side) + RATE, RATE),
        rng.uniform(0.7, 1.0, len(side) // RATE + 2)[: len(np.arange(0, len(side) + RATE, RATE))],
    )
    noise *= swell / max(1e-9, float(np.sqrt(np.mean((noise * swell) ** 2))))
    level = float(np.sqrt(np.median(speech))) * 10 ** (-snr / 20)
    return np.asarray(side + noise * level, dtype=np.float32)


def through_gsm(side: Samples) -> Samples:
    """Coded and decoded with GSM 06.10 full rate, by libsndfile."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, np.clip(side, -1, 1), RATE, format="WAV", subtype="GSM610")
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    whole = np.zeros(len(side), np.float32)
    whole[: min(len(side), len(decoded))] = decoded[: len(side)]
    return whole


def lose_packets(side: Samples, share: float, rng: np.random.Generator) -> Samples:
    """Packets lost in bursts of one to three, each concealed by the last one heard, fading.

    Repetition with attenuation, as the simplest receivers do; ITU-T G.711 appendix I repeats pitch periods.
    """
    size = round(PACKET * RATE)
    out = side.copy()
    packets = len(side) // size
    missing = np.zeros(packets, bool)
    for first in np.flatnonzero(rng.random(packets) < share / 1.7):
        missing[first : first + int(rng.integers(1, 4))] = True
    ramp = np.linspace(1.0, 0.5, size, dtype=np.float32)
    for packet in np.flatnonzero(missing):
        if packet:
            last = out[(packet - 1) * size : packet * size]
            out[packet * size : (packet + 1) * size] = last * ramp
    return out
