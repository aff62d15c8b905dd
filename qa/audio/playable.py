"""Which recordings a browser can play, and seek in, as they are.

A moment is evidence: the second that is asked for has to be the second that is heard. What browsers play
but find their place in by guessing (mp3 of variable bit rate, bare AAC frames, webm that was never
closed) therefore counts as not playable.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from qa.audio import headers
from qa.audio.decode import open_container
from qa.audio.files import open_readonly
from qa.errors import AudioError

MEDIA_TYPES = {
    ("wav", "pcm_u8"): "audio/wav",
    ("wav", "pcm_s16le"): "audio/wav",
    ("wav", "pcm_s24le"): "audio/wav",
    ("wav", "pcm_f32le"): "audio/wav",
    ("mp3", "mp3"): "audio/mpeg",
    ("mov,mp4,m4a,3gp,3g2,mj2", "aac"): "audio/mp4",
    ("ogg", "opus"): "audio/ogg",
    ("ogg", "vorbis"): "audio/ogg",
    ("matroska,webm", "opus"): "audio/webm",
    ("flac", "flac"): "audio/flac",
}
"""(container, codec), in FFmpeg's names, that current browsers play."""

_LATE_START = 0.2
"""Seconds: a browser counts from the container's zero, qa from the first sound. Encoder delay is less."""
_MP3_FRAMES = 400


@dataclass(frozen=True, slots=True)
class Source:
    """What a recording is, from its headers."""

    media_type: str | None
    """What to serve it as; None: browsers cannot play it, or not find a second in it."""
    sample_rate: int
    """Hz."""
    channels: int
    seconds: float | None
    """As far as the file says; None: it does not."""


def look(path: Path) -> Source:
    """What `path` is, without decoding it. Raises `AudioError`."""
    with open_readonly(path) as file:
        sound_head = _has_sound_head(file)
        with open_container(file, path) as container:
            if not container.streams.audio or container.streams.audio[0].codec_context is None:
                raise AudioError(f"{path}: no audio in it that qa can read; export its sound as wav")
            stream = container.streams.audio[0]
            media_type = MEDIA_TYPES.get((container.format.name, stream.codec_context.codec.canonical_name))
            if not (sound_head and _finds_its_place(container, stream)):
                media_type = None
            seconds = container.duration / 1_000_000 if container.duration is not None else None
            return Source(media_type, stream.rate, stream.codec_context.layout.nb_channels, seconds)


def _has_sound_head(file: BinaryIO) -> bool:
    """The file keeps what its bytes promise, and is of the kind of RIFF and Matroska that browsers know.

    Looked at before FFmpeg has the file: both read from where the other left off.
    """
    if headers.missing_bytes(file, os.fstat(file.fileno()).st_size):
        return False
    return not headers.is_foreign_kin(file)


def _finds_its_place(container: Any, stream: Any) -> bool:
    if len(container.streams) > 1 or container.duration is None:
        return False
    if abs(float((stream.start_time or 0) * stream.time_base)) > _LATE_START:
        return False
    return container.format.name != "mp3" or _has_constant_rate(container, stream)


def _has_constant_rate(container: Any, stream: Any) -> bool:
    """True if the first frames are equally long, to the byte of padding.

    Browsers seek in a constant-rate mp3 by arithmetic, in any other by a table of a hundred places.
    """
    sizes = [packet.size for packet in islice(container.demux(stream), _MP3_FRAMES) if packet.size]
    return len(sizes) > 0 and max(sizes) - min(sizes) <= 1
