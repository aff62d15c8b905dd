"""Facts about the sound itself, gathered in one pass while the recording is decoded.

Everything kept is a histogram or a sum: memory does not grow with the recording.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.audio.decode import SAMPLE_RATE, Block, Decoder
from qa.audio.levels import FRAME, LevelMeter
from qa.audio.stereo import WINDOW, StereoFacts, StereoMeter
from qa.model import Quality, StereoKind

_SPECTRUM = 512
"""Samples a spectrum: 32 ms."""
_SPECTRUM_EVERY = 4
"""One spectrum in four is enough to see the band."""
_WIDE_DB = -42.0
"""Power above 4.3 kHz relative to that below: wide-band speech has -15 to -30 dB, a telephone's -55."""
_SPECTRUM_LEAST = 10 ** (-50 / 10)
"""Power from which a stretch counts: the spectrum of the noise says nothing about the band."""


class QualityMeter:
    """Takes blocks of 16 kHz samples as they are decoded, and says what was in them."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._levels = LevelMeter(channels)
        self._stereo = StereoMeter() if channels == 2 else None
        self._rest = np.zeros((0, channels), np.int16)
        self._spectrum = np.zeros(_SPECTRUM // 2 + 1)
        self._window = np.hanning(_SPECTRUM).astype(np.float32)
        self._clipped = np.zeros(channels, np.int64)
        self._counted = 0
        self._samples = 0

    def add(self, block: Block) -> None:
        """Measure one block."""
        self._clipped += block.clipped
        self._counted += block.counted
        self._samples += len(block.samples)
        samples = np.concatenate([self._rest, block.samples])
        whole = len(samples) // WINDOW * WINDOW
        self._rest = samples[whole:].copy()
        if whole:
            self._measure(samples[:whole])

    def _measure(self, samples: NDArray[np.int16]) -> None:
        """`samples` are whole frames; windows of a second are compared where there are any."""
        sound = np.ascontiguousarray(samples.T).astype(np.float32) / np.float32(32768)
        self._levels.add(sound.reshape(self._channels, -1, FRAME))
        whole = sound.shape[1] // WINDOW * WINDOW
        if self._stereo is not None and whole:
            self._stereo.add(sound[:, :whole].reshape(2, -1, WINDOW))
        self._add_spectra(sound)

    def _add_spectra(self, sound: NDArray[np.float32]) -> None:
        usable = sound.shape[1] // (_SPECTRUM * _SPECTRUM_EVERY) * _SPECTRUM * _SPECTRUM_EVERY
        pieces = sound[:, :usable].reshape(-1, _SPECTRUM)[::_SPECTRUM_EVERY]
        pieces = pieces[pieces.var(axis=1) > _SPECTRUM_LEAST]
        if len(pieces):
            spectra = np.fft.rfft(pieces * self._window, axis=1)
            self._spectrum += (spectra.real**2 + spectra.imag**2).sum(axis=0)

    def quality(self, decoder: Decoder) -> Quality:
        """The facts, once every block is in."""
        whole = len(self._rest) // FRAME * FRAME
        if whole:
            self._measure(self._rest[:whole])
            self._rest = self._rest[whole:]
        channels = range(self._channels)
        stereo = self._stereo.facts(self._levels) if self._stereo else StereoFacts(StereoKind.MONO)
        notes = [*decoder.notes, *([stereo.note] if stereo.note else [])]
        return Quality(
            duration=self._samples / SAMPLE_RATE,
            sample_rate=decoder.sample_rate,
            channels=self._channels,
            codec=decoder.codec,
            stereo=stereo.kind,
            band=self._band(decoder.sample_rate),
            level_dbfs=tuple(round(self._levels.active_level(c), 1) for c in channels),
            snr_db=tuple(round(self._levels.snr(c), 1) for c in channels),
            clipped_share=tuple(float(c) / max(1, self._counted) for c in self._clipped),
            silence_share=round(self._levels.silence_share(), 4),
            leakage_db=stereo.leakage_db,
            dead_channel=stereo.dead_channel,
            truncated=decoder.truncated,
            notes=tuple(notes),
        )

    def _band(self, sample_rate: int) -> str:
        """`narrow` if nothing is above the telephone's 4 kHz, by the file's rate or by the spectrum."""
        hertz = np.fft.rfftfreq(_SPECTRUM, 1 / SAMPLE_RATE)
        high = self._spectrum[hertz > 4300].sum()
        low = self._spectrum[(hertz > 200) & (hertz < 3700)].sum()
        if sample_rate <= 8000 or low <= 0 or high <= 0:
            return "narrow"
        return "wide" if 10 * np.log10(high / low) > _WIDE_DB else "narrow"
