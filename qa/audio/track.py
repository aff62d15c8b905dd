"""A recording, opened: decoded once, its quality measured on the way, readable piece by piece."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from qa.audio.decode import SAMPLE_RATE, Decoder
from qa.audio.files import open_readonly
from qa.audio.quality import QualityMeter
from qa.audio.spool import Spool
from qa.errors import AudioError, UnfinishedRecording
from qa.model import Quality, Span, StereoKind


class Track:
    """A decoded recording: 16 kHz, one or two channels, float32 in -1..1. Close it, or use `with`."""

    sample_rate = SAMPLE_RATE

    def __init__(self, spool: Spool, quality: Quality) -> None:
        self.quality = quality
        self._spool = spool
        self._voices = _mixable(quality)

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.quality.duration

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self._spool.channels

    def read(self, channel: int, span: Span) -> NDArray[np.float32]:
        """Samples of one channel over `span`, clamped to the recording."""
        if not 0 <= channel < self.channels:
            raise ValueError(f"there is no channel {channel} among {self.channels}")
        return np.asarray(self._samples(span)[:, channel].astype(np.float32) / np.float32(32768))

    def mix(self, span: Span) -> NDArray[np.float32]:
        """Mean of the live channels over `span`.

        A dead channel is left out, and of duplicated channels the louder is taken alone: their mean
        could cancel out.
        """
        samples = self._samples(span)[:, self._voices].astype(np.float32)
        return np.asarray(samples.mean(axis=1, dtype=np.float32) / np.float32(32768))

    def _samples(self, span: Span) -> NDArray[np.int16]:
        return self._spool.read(round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE))

    def close(self) -> None:
        """Free the decoded audio. Safe to call twice."""
        self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_track(path: Path, *, spool_dir: str = "", memory_mb: int = 64, max_hours: float = 12.0) -> Track:
    """Decode `path` once, read-only, into a spool of at most `memory_mb` of memory, and measure it.

    Raises `AudioError` if there is no sound to be had, and `UnfinishedRecording` if the file changed
    while it was read.
    """
    with open_readonly(path) as file:
        before = os.fstat(file.fileno())
        if before.st_size == 0:
            raise AudioError(f"{path}: empty (0 bytes); fetch the recording from the recorder again")
        try:
            track = _decode(file, path, before.st_size, spool_dir, memory_mb, max_hours)
        except AudioError as error:
            # A half-written file often does not decode at all: that it is growing says more.
            _refuse_if_changed(file, path, before, cause=error)
            raise
        try:
            _refuse_if_changed(file, path, before)
        except UnfinishedRecording:
            track.close()
            raise
    return track


def _decode(file: BinaryIO, path: Path, size: int, spool_dir: str, memory_mb: int, max_hours: float) -> Track:
    decoder = Decoder(file, path, size)
    spool: Spool | None = None
    meter: QualityMeter | None = None
    try:
        for block in decoder.blocks():
            if spool is None or meter is None:
                spool = Spool(decoder.channels, folder=spool_dir, memory_mb=memory_mb)
                meter = QualityMeter(decoder.channels)
            spool.append(block.samples)
            meter.add(block)
            if len(spool) > max_hours * 3600 * SAMPLE_RATE:
                raise AudioError(f"{path}: longer than {max_hours:g} hours; raise max_hours to take it")
        if spool is None or meter is None or not len(spool):
            raise AudioError(f"{path}: a header but no sound; fetch the recording from the recorder again")
        return Track(spool, meter.quality(decoder))
    except BaseException:
        if spool is not None:
            spool.close()
        raise


def _refuse_if_changed(
    file: BinaryIO, path: Path, before: os.stat_result, cause: Exception | None = None
) -> None:
    after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnfinishedRecording(
            f"{path}: changed while it was read ({before.st_size} to {after.st_size} bytes): it is still "
            "being written; the next run takes it"
        ) from cause


def _mixable(quality: Quality) -> list[int]:
    if quality.channels == 1:
        return [0]
    if quality.dead_channel is not None:
        return [1 - quality.dead_channel]
    if quality.stereo is StereoKind.DUPLICATED:
        return [0 if quality.level_dbfs[0] >= quality.level_dbfs[1] else 1]
    return [0, 1]
