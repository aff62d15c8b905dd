"""segmentation-3.0, the network that tells who of up to three people speaks in each frame of ten seconds.

SincNet filters, an LSTM both ways, two linear layers: H. Bredin and A. Laurent, "End-to-end speaker
segmentation for overlap-aware resegmentation", Interspeech 2021; its classes are those of `grid.powerset`.
Module names are those of the published state dict, so that it loads strictly. Defined here because importing
pyannote.audio for it takes 3 s and 300 MB, training framework and all. Inference only.

This module imports torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from qa.errors import ModelError
from qa.speech.diarization.grid import SAMPLE_RATE

CLASSES = 7
LOWEST = 50.0
"""Hz: no filter begins or is narrower below it."""


class SincFilters(nn.Module):
    """80 band-pass filters of 251 samples, even and odd ones, given by where their bands begin and how wide.

    M. Ravanelli and Y. Bengio, "Speaker recognition from raw waveform with SincNet", SLT 2018.
    """

    def __init__(self, filters: int = 80, length: int = 251) -> None:
        super().__init__()
        half = length // 2
        self.low_hz_ = nn.Parameter(torch.zeros(filters // 2, 1))
        self.band_hz_ = nn.Parameter(torch.zeros(filters // 2, 1))
        self.register_buffer("window_", torch.zeros(half))
        self.register_buffer("n_", torch.zeros(1, half))

    def filters(self) -> Tensor:
        """(80, 1, 251)"""
        low = LOWEST + self.low_hz_.abs()
        high = torch.clamp(low + LOWEST + self.band_hz_.abs(), LOWEST, SAMPLE_RATE / 2)
        time, window = self.get_buffer("n_"), self.get_buffer("window_")
        width = 2 * (high - low)
        even = (torch.sin(high @ time) - torch.sin(low @ time)) / (time / 2) * window
        odd = (torch.cos(low @ time) - torch.cos(high @ time)) / (time / 2) * window
        evens = torch.cat([even, width, even.flip(1)], dim=1) / width
        odds = torch.cat([odd, torch.zeros_like(width), -odd.flip(1)], dim=1) / width
        return torch.cat([evens, odds])[:, None]


class SincEncoder(nn.Module):
    """The filters as a convolution; they are worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self.filterbank = SincFilters()
        self._filters: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self._filters is None:
            self._filters = self.filterbank.filters()
        return functional.conv1d(x, self._filters, stride=10)


class SincNet(nn.Module):
    """(batch, 1, samples) → (batch, 60, frames): a frame every 270 samples."""

    def __init__(self) -> None:
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        self.conv1d = nn.ModuleList([SincEncoder(), nn.Conv1d(80, 60, 5), nn.Conv1d(60, 60, 5)])
        self.norm1d = nn.ModuleList([nn.InstanceNorm1d(size, affine=True) for size in (80, 60, 60)])

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.wav_norm1d(x)
        for index, (convolution, norm) in enumerate(zip(self.conv1d, self.norm1d, strict=True)):
            y = convolution(y)
            y = y if index else y.abs()
            y = functional.leaky_relu(norm(functional.max_pool1d(y, 3)))
        return y


class Segmentation(nn.Module):
    """(batch, 1, 160000) samples of 16 kHz → (batch, 589, 7) log probabilities of the classes."""

    def __init__(self) -> None:
        super().__init__()
        self.sincnet = SincNet()
        self.lstm = nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(256, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.lstm(self.sincnet(x).transpose(1, 2))
        for linear in self.linear:
            y = functional.leaky_relu(linear(y))
        return functional.log_softmax(self.classifier(y), dim=-1)


class _Unused:
    """Stands for what a checkpoint says of its training."""

    def __init__(self, *said: object) -> None:
        self.said = said


_SAID = [
    (_Unused, f"pyannote.audio.core.task.{name}") for name in ("Specifications", "Problem", "Resolution")
]


def load(path: Path) -> Segmentation:
    """The network with the weights of `path`, ready for inference. Raises `ModelError`."""
    model = Segmentation()
    if not path.is_file():
        raise ModelError(f"{path}: no such file; `qa models fetch` gets it")
    safe: list[Any] = [*_SAID, torch.torch_version.TorchVersion]
    try:
        with torch.serialization.safe_globals(safe):
            state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        model.load_state_dict(state, strict=True)
    except Exception as error:  # torch raises whatever the unpickler does
        raise ModelError(
            f"{path}: not the segmentation-3.0 weights that qa knows; `qa models verify`: {error}"
        ) from error
    return model.eval()
