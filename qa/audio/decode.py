"""A recording's bytes, decoded piece by piece into 16 kHz samples.

PyAV, because its wheel brings FFmpeg: every codec of a call centre with no system package. The file is
given to FFmpeg as an open, read-only Python file without a name: the content decides what it is, not
its ending, and no playlist can make FFmpeg open anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from qa.audio import headers
from qa.errors import AudioError

SAMPLE_RATE = 16000
FULL_SCALE = 0.98
"""Share of full scale from which a sample counts as clipped: the largest µ-law value is 0.980."""

_CONTAINERS = "wav,w64,aiff,au,caf,mp3,aac,mov,ogg,matroska,webm,flac,amr,amrnb,amrwb,asf"
_WITHOUT_LENGTH = ("mp3", "aac", "amr", "amrnb", "amrwb")
"""Bare frames: FFmpeg guesses their length from size and bit rate, unless an mp3 has a Xing header."""
_SENDS_NO_SILENCE = ("matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "ogg")
"""Containers whose time stamps may jump on purpose; in any other, a jump is a loss."""
_BLOCK_SECONDS = 2.0
_GAP_MIN = 0.1
"""Seconds: time stamps that jump further than this hide silence that was not sent (DTX) or was lost."""
_GAP_MAX = 600.0
"""Seconds: a larger jump is a broken time stamp."""
_SHORT = 0.3
"""Seconds that may be missing at the end before a file counts as truncated (encoder delay, padding)."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """About two seconds of sound."""

    samples: NDArray[np.int16]
    """(samples, channels) at the decoder's `rate`."""
    clipped: NDArray[np.int64]
    """Samples at full scale in each channel, counted at the file's own rate."""
    counted: int
    """Samples a channel at the file's own rate."""


class Decoder:
    """Decodes one open recording at `rate` Hz. `blocks` may be walked once; the facts are complete after it.

    `codec`, `sample_rate` and `channels` are known once the first block is out.
    """

    def __init__(self, file: BinaryIO, path: Path, size: int, rate: int = SAMPLE_RATE) -> None:
        self.codec = ""
        self.sample_rate = 0
        self.channels = 0
        self.truncated = False
        self.notes: list[str] = []
        self._file = file
        self._path = path
        self._size = size
        self._rate = rate
        self._resampler: Any = None
        self._frame_rate = 0
        self._first_pts: float | None = None
        self._decoded = 0.0
        self._damage: list[float] = []
        """Where pieces could not be decoded, in seconds."""
        self._tick = 0.0
        """Seconds a unit of the time stamps."""
        self._filled = 0.0
        """Seconds of silence put in where the time stamps jump."""

    def blocks(self) -> Iterator[Block]:
        """The whole recording in order, in blocks of bounded size. Raises `AudioError`."""
        import av

        missing = headers.missing_bytes(self._file, self._size)
        tagged = headers.has_length_tag(self._file)
        with open_container(self._file, self._path) as container:
            stream = self._choose(container)
            self._tick = float(stream.time_base or 0)
            stores_length = container.format.name not in _WITHOUT_LENGTH or tagged
            promised = _promised_seconds(container, stream) if stores_length else None
            pending: list[NDArray[Any]] = []
            held = 0
            try:
                for frame in self._frames(container, stream):
                    if frame.sample_rate != self._frame_rate and self._frame_rate:
                        yield from self._convert(pending, last=True)
                        pending, held = [], 0
                    self._frame_rate = frame.sample_rate
                    for piece in self._with_gaps(frame):
                        pending.append(piece)
                        held += piece.shape[1]
                        if held >= _BLOCK_SECONDS * self._frame_rate:
                            yield from self._convert(pending)
                            pending, held = [], 0
            except (av.error.FFmpegError, OSError) as error:
                self._stop_short(error)
            yield from self._convert(pending, last=True)
        if not self.channels:
            raise AudioError(
                f"{self._path}: a header but no sound; fetch the recording from the recorder again"
            )
        self._settle(promised, missing, gapless=container.format.name not in _SENDS_NO_SILENCE)

    def _choose(self, container: Any) -> Any:
        streams = container.streams.audio
        if not streams:
            raise AudioError(f"{self._path}: no audio in it; take it out of the folder, or export its sound")
        if len(streams) > 1:
            self.notes.append(f"{len(streams)} audio streams in the file: the first one is used")
        stream = streams[0]
        if stream.codec_context is None:
            raise AudioError(f"{self._path}: its codec is not known here; export it as wav")
        self.codec = stream.codec_context.name
        return stream

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        import av

        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                self._damage.append(self._decoded)
                continue
            for frame in frames:
                self._meet(frame)
                if frame.samples:
                    yield frame

    def _meet(self, frame: Any) -> None:
        """The first frame says how many channels there are: the stream's header can be wrong (HE-AAC)."""
        if self.channels:
            return
        channels = frame.layout.nb_channels
        if channels > 2:
            raise AudioError(
                f"{self._path}: {channels} channels; qa takes one or two: export the agent's and the "
                "customer's as stereo"
            )
        self.channels = channels
        self.sample_rate = frame.sample_rate

    def _with_gaps(self, frame: Any) -> Iterator[NDArray[Any]]:
        """The frame, after the silence that its time stamp says was not sent."""
        samples = _as_planar(frame, self.channels)
        if frame.pts is not None:
            stamp = frame.pts * self._tick
            if self._first_pts is None:
                self._first_pts = stamp
            gap = stamp - self._first_pts - self._decoded
            if _GAP_MIN < gap <= _GAP_MAX:
                self._decoded += gap
                self._filled += gap
                left = round(gap * frame.sample_rate)
                while left > 0:
                    part = min(left, frame.sample_rate)
                    left -= part
                    yield np.zeros((self.channels, part), samples.dtype)
        self._decoded += samples.shape[1] / frame.sample_rate
        yield samples

    def _convert(self, pending: list[NDArray[Any]], *, last: bool = False) -> Iterator[Block]:
        """The pending samples at `rate`. FFmpeg's resampler keeps its state from block to block."""
        import av

        if not self.channels:
            return
        layout = "stereo" if self.channels == 2 else "mono"
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="s16p", layout=layout, rate=self._rate)
        out: list[NDArray[np.int16]] = []
        clipped = np.zeros(self.channels, np.int64)
        counted = 0
        if pending:
            native = np.ascontiguousarray(np.concatenate(pending, axis=1))
            clipped, counted = _count_clipped(native), native.shape[1]
            kind = "s16p" if native.dtype == np.int16 else "fltp"
            frame = av.AudioFrame.from_ndarray(native, format=kind, layout=layout)
            frame.sample_rate = self._frame_rate
            out += [piece.to_ndarray() for piece in self._resampler.resample(frame)]
        if last:
            out += [piece.to_ndarray() for piece in self._resampler.resample(None)]
            self._resampler = None
        samples = np.concatenate(out, axis=1) if out else np.zeros((self.channels, 0), np.int16)
        yield Block(np.ascontiguousarray(samples.T), clipped, counted)

    def _stop_short(self, error: Exception) -> None:
        """Keep what was heard before the file broke off; without any sound, say so."""
        if not self.channels:
            raise AudioError(
                f"{self._path}: cannot be decoded ({error}); fetch it from the recorder again"
            ) from error
        self._damage.append(self._decoded)

    def _settle(self, promised: float | None, missing: int, *, gapless: bool) -> None:
        """Compare what was heard with what the file promised."""
        kept = promised is not None and promised - self._decoded < 0.02
        # A last piece that is no whole one, in a file that keeps its promise, is padding.
        damage = [at for at in self._damage if not (kept and at >= self._decoded - 0.02)]
        if promised is not None and promised - self._decoded > _SHORT:
            self.truncated = True
            self.notes.append(f"the file promises {promised:.1f} s and holds {self._decoded:.1f} s")
        elif missing:
            self.truncated = True
            self.notes.append(f"{missing} bytes that the file promises are not there")
        if damage:
            self.truncated = True
            self.notes.append(f"{len(damage)} damaged piece(s) could not be decoded")
        if self._filled:
            self.truncated |= gapless
            self.notes.append(f"{self._filled:.1f} s that the file leaves out are taken for silence")


def open_container(file: BinaryIO, path: Path) -> Any:
    """FFmpeg's view of an open recording, whatever it is called. Raises `AudioError`. Close it after use."""
    import av

    file.seek(0)
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "pipe"}
    try:
        return av.open(file, options=options, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        if headers.is_mp4(file):
            raise AudioError(
                f"{path}: an mp4 without its index: it was cut off before the recorder closed it; "
                "fetch it from the recorder again"
            ) from error
        raise AudioError(
            f"{path}: not sound that qa can read (the content decides, not the ending); "
            "see whether another program plays it, and export it as wav"
        ) from error


def _promised_seconds(container: Any, stream: Any) -> float | None:
    """How long the file says it is; None if it does not say."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration is not None else None


def _as_planar(frame: Any, channels: int) -> NDArray[Any]:
    """(channels, samples), as int16 where the codec gives 8 or 16 bit, else float32 in -1..1."""
    raw: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, frame.layout.nb_channels).T
    if raw.shape[0] != channels:
        # The layout changed in mid-stream: keep the recording's own.
        raw = np.repeat(raw[:1], channels, axis=0) if raw.shape[0] < channels else raw[:channels]
    if raw.dtype == np.uint8:
        return np.asarray((raw.astype(np.int16) - 128) << 8)
    if raw.dtype == np.int16:
        return raw
    if np.issubdtype(raw.dtype, np.integer):
        return np.asarray(raw / float(-np.iinfo(raw.dtype).min), np.float32)
    return np.asarray(np.nan_to_num(raw.astype(np.float32), nan=0.0, posinf=1.0, neginf=-1.0))


def _count_clipped(native: NDArray[Any]) -> NDArray[np.int64]:
    limit = FULL_SCALE * 32768 if native.dtype == np.int16 else FULL_SCALE
    return np.asarray(np.count_nonzero((native >= limit) | (native <= -limit), axis=1), np.int64)
