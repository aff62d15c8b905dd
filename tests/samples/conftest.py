"""The committed samples, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from audio_samples.script import Script, read_scripts

SAMPLES = Path(__file__).parents[2] / "audio_samples"
RECORDINGS = sorted(path for path in (SAMPLES / "calls").iterdir() if path.suffix != ".json")


@dataclass(frozen=True)
class Sample:
    """A recording, its reference and the script of both."""

    path: Path
    script: Script

    @cached_property
    def reference(self) -> dict[str, Any]:
        return json.loads(self.path.with_suffix(".json").read_text(encoding="utf-8"))

    @cached_property
    def channels(self) -> NDArray[np.float32]:
        """(channels, n) at 8 kHz."""
        with av.open(str(self.path)) as container:
            stream = container.streams.audio[0]
            resampler = av.AudioResampler("fltp", stream.layout, 8000)
            frames = [piece for frame in container.decode(stream) for piece in resampler.resample(frame)]
            frames += resampler.resample(None)
        return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)

    @property
    def duration(self) -> float:
        return self.channels.shape[1] / 8000


@pytest.fixture(scope="session")
def scripts() -> dict[str, Script]:
    return {script.id: script for script in read_scripts(SAMPLES / "scripts")}


@pytest.fixture(params=RECORDINGS, ids=lambda path: path.stem)
def sample(request: pytest.FixtureRequest, scripts: dict[str, Script]) -> Sample:
    return Sample(request.param, scripts[request.param.stem.rpartition("-")[0]])
