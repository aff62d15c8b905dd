"""Moments of a recording as short sound files, small enough to put into a page.

mp3, because a page that is sent around is opened by whatever there is, and everything plays mp3: 4 to
6 kB a second.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.audio.decode import SAMPLE_RATE, Decoder
from qa.audio.files import open_readonly
from qa.errors import AudioError
from qa.model import Span

MAX_CLIP_SECONDS = 30.0
_BIT_RATES = {1: 32_000, 2: 48_000}
"""By channels."""
_FADE = 0.01
"""Seconds at both ends, so that a cut does not click."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A moment, encoded."""

    data: bytes
    media_type: str
    span: Span
    """What it holds of the recording."""


def clip(path: Path, span: Span) -> Clip:
    """`span` of the recording at `path`, both channels, cut to `MAX_CLIP_SECONDS` and to the recording.

    Raises `AudioError` if the recording cannot be read, or ends before the span begins.
    """
    start = max(0.0, span.start)
    end = min(span.end, start + MAX_CLIP_SECONDS)
    parts = list(_between(path, round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)))
    samples = np.concatenate(parts) if parts else np.zeros((0, 1), np.int16)
    if not len(samples):
        raise AudioError(f"{path}: there is no sound from {span.start:.1f} s to {span.end:.1f} s in it")
    return Clip(_encode(_faded(samples)), "audio/mpeg", Span(start, start + len(samples) / SAMPLE_RATE))


def _between(path: Path, start: int, stop: int) -> Iterator[NDArray[np.int16]]:
    """The samples from `start` to `stop`. Decodes from the beginning: only so are the seconds the words'."""
    with open_readonly(path) as file:
        decoder = Decoder(file, path, os.fstat(file.fileno()).st_size)
        at = 0
        for block in decoder.blocks():
            piece = block.samples[max(0, start - at) : max(0, stop - at)]
            if len(piece):
                yield piece
            at += len(block.samples)
            if at >= stop:
                return


def _faded(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    length = min(round(_FADE * SAMPLE_RATE), len(samples) // 2)
    ramp = np.arange(length, dtype=np.float32)[:, np.newaxis] / max(1, length)
    faded = samples.astype(np.float32)
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return np.asarray(faded.astype(np.int16))


def _encode(samples: NDArray[np.int16]) -> bytes:
    import av

    layout = "mono" if samples.shape[1] == 1 else "stereo"
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout=layout)
        stream.bit_rate = _BIT_RATES[samples.shape[1]]
        resampler = av.AudioResampler(stream.format, layout, SAMPLE_RATE, frame_size=stream.frame_size)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = SAMPLE_RATE
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return file.getvalue()
