"""Writing recordings through PyAV, in the formats that recorders use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Format:
    """A container and codec; `bit_rate` is bits a second for each channel."""

    ending: str
    codec: str
    sample_format: str
    bit_rate: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)


FORMATS: Mapping[str, Format] = {
    "ulaw": Format("wav", "pcm_mulaw", "s16"),
    "alaw": Format("wav", "pcm_alaw", "s16"),
    "opus": Format("ogg", "libopus", "s16", 16_000, {"application": "voip"}),
    "webm": Format("webm", "libopus", "s16", 16_000, {"application": "voip"}),
    "mp3": Format("mp3", "libmp3lame", "s16p", 16_000),
    "m4a": Format("m4a", "aac", "fltp", 16_000),
    "amr": Format("amr", "libopencore_amrnb", "s16", 12_200),
    "flac": Format("flac", "flac", "s16"),
}


def write(path: Path, channels: NDArray[np.float32], rate: int, form: Format) -> None:
    """`channels` (c, n), -1..1, into `path`. The same samples give the same bytes."""
    layout = "stereo" if len(channels) == 2 else "mono"
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(form.codec, rate=rate, layout=layout, options=dict(form.options))
        assert isinstance(stream, av.AudioStream)  # every codec in FORMATS is one of sound
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        if form.bit_rate:
            stream.bit_rate = form.bit_rate * len(channels)
        pcm = np.round(np.clip(channels, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm.T).reshape(1, -1), "s16", layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        convert = av.AudioResampler(form.sample_format, layout, rate, _frame_size(stream))
        for piece in [*convert.resample(frame), *convert.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def _frame_size(stream: av.AudioStream) -> int | None:
    stream.codec_context.open(strict=False)
    return stream.codec_context.frame_size or None
