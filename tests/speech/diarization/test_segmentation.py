"""The real segmentation-3.0: the network defined here is the published one."""

from pathlib import Path
from typing import Any

import pytest

from qa.errors import ModelError
from qa.model import Span
from qa.speech.diarization import grid
from tests.speech.samples import sample

WEIGHTS = Path("diarization-offline") / "pytorch_model.bin"


@pytest.mark.models
def test_it_says_what_pyannotes_own_says(models_dir: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("pyannote.audio")
    from bench.diarization import hushed
    from qa.speech.diarization import segmentation

    with hushed():
        from pyannote.audio import Model

        theirs: Any = Model.from_pretrained(models_dir / WEIGHTS)
        theirs.eval()
    ours = segmentation.load(models_dir / WEIGHTS)
    call = sample("en-02-cancel-broadband-stereo")
    sound = torch.from_numpy(call.source.mix(Span(5.0, 15.0)))[None, None]
    with torch.inference_mode():
        scores = ours(sound)
        assert torch.allclose(scores.exp(), theirs(sound).exp(), atol=1e-5)
    assert scores.shape == (1, grid.WINDOW_FRAMES, len(grid.powerset()))


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from qa.speech.diarization import segmentation

    (tmp_path / "weights.bin").write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"weights\.bin.*qa models verify"):
        segmentation.load(tmp_path / "weights.bin")
    with pytest.raises(ModelError, match="qa models fetch"):
        segmentation.load(tmp_path / "nothing.bin")
