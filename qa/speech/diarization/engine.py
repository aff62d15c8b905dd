"""The two networks behind arrays: segmentation, filter banks, embeddings. This module imports torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import MissingExtra
from qa.speech.diarization.grid import SAMPLE_RATE

try:
    import torch
    from torchaudio.compliance import kaldi

    from qa.speech.diarization import campplus, segmentation
except ImportError as error:
    raise MissingExtra(
        f"telling voices apart in mono recordings needs more: pip install 'qa-calls[mono]' ({error})"
    ) from error

FBANK_SHIFT = SAMPLE_RATE // 100
FBANK_LENGTH = SAMPLE_RATE // 40
SEGMENTATION_BATCH = 8
EMBEDDING_BATCH = 8
"""Small batches stay in a core's cache; on a GPU both are multiplied by `GPU_FACTOR`."""
GPU_FACTOR = 8
BUCKETS = (25, 50, 75, 100, 150, 200)
"""Lengths, in filter-bank frames, that stretches are brought to so that they share a batch."""


class Engine:
    """segmentation-3.0 and CAM++ on one device."""

    def __init__(self, windows: Path, voices: Path, *, threads: int = 1, device: str = "cpu") -> None:
        """`windows`, `voices`: the weights of segmentation-3.0 and of CAM++."""
        self._threads = max(1, threads)
        self.limit_threads()
        self._device = torch.device(device)
        self._factor = 1 if device == "cpu" else GPU_FACTOR
        self._segmentation = segmentation.load(windows).to(self._device)
        self._embedding = campplus.load(voices).to(self._device)

    def limit_threads(self) -> None:
        """Hold torch to its threads in the calling thread: it keeps their number for each thread apart.

        One by default: the LSTM's steps are too small to share out, and torch's threads spin while they wait
        for each other: on busy cores two threads took 23 times the CPU of one.
        """
        torch.set_num_threads(self._threads)

    def segment(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 160000) samples → (n, 589, 7) probabilities of the powerset classes."""
        batch = SEGMENTATION_BATCH * self._factor
        parts = [self._segment(windows[at : at + batch]) for at in range(0, len(windows), batch)]
        return np.concatenate(parts)

    def _segment(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            scores = self._segmentation(torch.from_numpy(windows)[:, None].to(self._device))
        return _array(scores.exp())

    def filter_banks(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,) samples → (frames, 80) Kaldi log-mel filter banks; frame i starts at sample 160 * i.

        Every frame stands alone (mean and pre-emphasis are taken within it), so stretches may be cut
        out of one long run; the mean of a stretch is taken off in `embed`.
        """
        if len(samples) < FBANK_LENGTH:
            return np.zeros((0, campplus.MEL_FILTERS), dtype=np.float32)
        with torch.inference_mode():
            wave = torch.from_numpy(samples)[None].to(self._device)
            banks = kaldi.fbank(wave, num_mel_bins=campplus.MEL_FILTERS, sample_frequency=SAMPLE_RATE)
        return _array(banks)

    def embed(self, stretches: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Filter banks of one voice each, (frames, 80) → (n, 192), each row of length 1.

        A stretch is repeated in a circle up to the next bucket's length: padding with silence would
        shift the pooled statistics, the voice's own frames hardly do.
        An empty stretch gives a row of zeros.
        """
        vectors = np.zeros((len(stretches), campplus.DIMENSION), dtype=np.float32)
        for length, members in _buckets(stretches).items():
            for chosen in _batches(members, EMBEDDING_BATCH * self._factor):
                banks = np.stack([_fit(stretches[index], length) for index in chosen])
                with torch.inference_mode():
                    vectors[chosen] = _array(self._embedding(torch.from_numpy(banks).to(self._device)))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _buckets(stretches: Sequence[NDArray[np.float32]]) -> dict[int, list[int]]:
    """Indices of the stretches that go together, by the length they are brought to."""
    members: dict[int, list[int]] = {}
    for index, stretch in enumerate(stretches):
        if not len(stretch):
            continue
        length = next((bucket for bucket in BUCKETS if len(stretch) <= bucket), BUCKETS[-1])
        members.setdefault(length, []).append(index)
    return members


def _batches(members: list[int], most: int) -> Iterator[list[int]]:
    """`members` in batches whose sizes are `most` and smaller powers of two.

    The library keeps a prepared kernel for every shape that it has met; any size would fill memory.
    """
    at = 0
    while at < len(members):
        size = min(most, 1 << ((len(members) - at).bit_length() - 1))
        yield members[at : at + size]
        at += size


def _fit(stretch: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """`stretch` less its mean, repeated or cut to `length` frames."""
    centred = stretch - stretch.mean(axis=0)
    return np.resize(centred, (length, stretch.shape[1]))


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    values: NDArray[np.float32] = tensor.float().cpu().numpy()
    return values
