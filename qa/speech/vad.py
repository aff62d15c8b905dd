"""Where somebody speaks: Silero VAD v6 (the copy inside faster-whisper), run block by block.

The model looks at 32 ms at a time and carries its state along, so memory does not grow with the
length of the call. Spans are tight (no padding): they decide what counts as an interruption.
Source of the input layout: github.com/snakers4/silero-vad, utils_vad.py.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.model import Span
from qa.speech.protocols import SAMPLE_RATE, AudioSource
from qa.speech.silero import identity, model

FRAME = 512
"""Samples the model judges at once (32 ms at 16 kHz)."""
STEP = FRAME / SAMPLE_RATE
"""Seconds a frame."""
_CONTEXT = 64
"""Samples of the frame before that the model also sees."""
_BLOCK = 156
"""Frames read and judged at once, 5 s: more are not faster."""
_STATE = (1, 1, 128)
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class VadOptions:
    """Turning probabilities into spans.

    Silero v6 is far less sure of telephone speech (0.3 to 0.5 where wide-band speech has 0.9) than of
    silence and music (below 0.05), so the thresholds lie far below the customary 0.5 and 0.35: with
    those, one telephone turn in eight was not heard at all.
    """

    threshold: float = 0.2
    """Speech starts at this probability …"""
    release: float = 0.15
    """… and ends below this one."""
    min_speech: float = 0.16
    """Shorter speech is dropped, seconds: a click or the attack of a note lasts 0.13."""
    min_silence: float = 0.15
    """Shorter pauses are speech, seconds."""


class SileroVad:
    """Silero VAD v6 on onnxruntime; one thread (it is a chain, more threads only wait for each other)."""

    def __init__(self, options: VadOptions = VadOptions()) -> None:
        import onnxruntime

        self.options = options
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        settings.enable_cpu_mem_arena = False
        settings.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(
            model(), sess_options=settings, providers=["CPUExecutionProvider"]
        )

    @property
    def identity(self) -> str:
        """`silero-vad-v6@hash`."""
        return identity()

    def speech(self, source: AudioSource, channel: int | None) -> tuple[Span, ...]:
        """Spans of speech in `channel` (None: the mix), tight, in time order."""
        read = reader(source, channel)
        return spans_of(self._judge_all(read, source.duration), source.duration, self.options)

    def _judge_all(self, read: Callable[[Span], NDArray[np.float32]], duration: float) -> NDArray[np.float32]:
        h, c = np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)
        context = np.zeros(_CONTEXT, np.float32)
        found = [np.zeros(0, np.float32)]
        for samples in blocks(read, duration):
            frames = _frames(samples)
            before = np.concatenate([context[None], frames[:-1, -_CONTEXT:]])
            context = frames[-1, -_CONTEXT:]
            given = {"input": np.concatenate([before, frames], axis=1), "h": h, "c": c}
            probabilities, h, c = self._session.run(None, given)
            found.append(probabilities)
        return np.concatenate(found)


def reader(source: AudioSource, channel: int | None) -> Callable[[Span], NDArray[np.float32]]:
    """Reads one channel of `source`, or the mix."""
    return source.mix if channel is None else functools.partial(source.read, channel)


def blocks(read: Callable[[Span], NDArray[np.float32]], duration: float) -> Iterator[NDArray[np.float32]]:
    """The samples of a channel in blocks of whole frames; the last one is whatever is left."""
    length = _BLOCK * STEP
    for index in range(int(np.ceil(duration / length))):
        samples = read(Span(index * length, min(duration, (index + 1) * length)))
        if len(samples):
            yield samples


def _frames(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples in rows of one frame, the last filled up with silence."""
    missing = -len(samples) % FRAME
    return np.pad(samples, (0, missing)).reshape(-1, FRAME)


def spans_of(probabilities: NDArray[np.float32], duration: float, options: VadOptions) -> tuple[Span, ...]:
    """Speech spans from one probability a frame, with hysteresis.

    probability   . . # # + + . # # . . . . . .      # ≥ threshold, + ≥ release
    span              |-------------|                pauses under min_silence are bridged
    """
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for index, probability in enumerate(probabilities):
        if start is None and probability >= options.threshold:
            start = index
        elif start is not None and probability < options.release:
            runs.append((start, index))
            start = None
    if start is not None:
        runs.append((start, len(probabilities)))
    return tidy((Span(a * STEP, min(duration, b * STEP)) for a, b in runs if a * STEP < duration), options)


def tidy(spans: Iterator[Span], options: VadOptions) -> tuple[Span, ...]:
    """Bridge short pauses, then drop short speech."""
    bridged: list[Span] = []
    for span in spans:
        if bridged and span.start - bridged[-1].end < options.min_silence - _ROUNDING:
            bridged[-1] = bridged[-1] | span
        else:
            bridged.append(span)
    return tuple(span for span in bridged if span.duration >= options.min_speech - _ROUNDING)
