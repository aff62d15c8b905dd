"""The real CAM++: loads strictly, and knows a voice again."""

from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.model import Span
from tests.speech.samples import sample

WEIGHTS = Path("diarization-offline") / "campplus_cn_en_common.pt"


@pytest.mark.models
def test_the_state_dict_loads_strictly_and_folding_changes_nothing(models_dir: Path) -> None:
    torch = pytest.importorskip("torch")
    from qa.speech.diarization import campplus

    plain = campplus.CamPlusPlus().eval()
    plain.load_state_dict(torch.load(models_dir / WEIGHTS, weights_only=True), strict=True)
    folded = campplus.load(models_dir / WEIGHTS)
    banks = torch.randn(2, 250, campplus.MEL_FILTERS, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        assert torch.allclose(plain(banks), folded(banks), atol=1e-4)
        assert folded(banks).shape == (2, campplus.DIMENSION)


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from qa.speech.diarization import campplus

    (tmp_path / "weights.pt").write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"weights\.pt.*qa models verify"):
        campplus.load(tmp_path / "weights.pt")
    with pytest.raises(ModelError, match="qa models fetch"):
        campplus.load(tmp_path / "nothing.pt")


@pytest.mark.models
def test_a_voice_is_known_again(models_dir: Path) -> None:
    pytest.importorskip("torch")
    from qa.speech.diarization.engine import Engine

    folder = models_dir / "diarization-offline"
    engine = Engine(folder / "pytorch_model.bin", folder / "campplus_cn_en_common.pt")
    call = sample("en-02-cancel-broadband-stereo")
    said = [
        (turn.role, engine.filter_banks(call.source.mix(Span(turn.start, turn.start + 2.0))))
        for turn in call.turns
        if turn.end - turn.start > 2.5
    ]
    vectors = engine.embed([banks for _, banks in said])
    similarity = vectors @ vectors.T
    roles = np.array([role for role, _ in said])
    same = (roles[:, None] == roles) & ~np.eye(len(roles), dtype=bool)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(roles)), abs=1e-4)
    assert similarity[same].min() > similarity[roles[:, None] != roles].max()
    assert not engine.embed([np.zeros((0, 80), np.float32)]).any()


@pytest.mark.models
def test_filter_banks_of_a_whole_are_those_of_its_parts(models_dir: Path) -> None:
    pytest.importorskip("torch")
    from qa.speech.diarization.engine import Engine

    folder = models_dir / "diarization-offline"
    engine = Engine(folder / "pytorch_model.bin", folder / "campplus_cn_en_common.pt")
    samples = np.random.default_rng(1).normal(0, 0.1, 32000).astype(np.float32)
    whole = engine.filter_banks(samples)
    part = engine.filter_banks(samples[16000:])
    assert np.allclose(whole[100 : 100 + len(part)], part, atol=1e-3)
    assert engine.filter_banks(samples[:100]).shape == (0, 80)
