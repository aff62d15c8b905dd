"""The whole diarizer: frames to spans on hand-drawn activity, and the real models on real samples."""

from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.model import Span
from qa.speech.diarization import DiarizerOptions, PyannoteDiarizer, diarizer, grid, voices
from qa.speech.diarization.clustering import People
from qa.speech.diarization.diarizer import Activity
from qa.speech.diarization.look import BLOCK_WINDOWS, Seen
from qa.speech.fakes import FakeSource
from qa.speech.protocols import SAMPLE_RATE, Diarized
from qa.speech.vad import SileroVad
from tests.speech.samples import Sample, sample
from tests.speech.sounds import music

SECOND = round(1 / grid.FRAME)
ALIKE, PLAIN = "ja-07-game-account-mono", "en-02-cancel-broadband-mono"


def drawn(*rows: str) -> Activity:
    """One row a person, one mark a tenth of a second: # speaks, . does not."""
    tenth = [[0.9 if mark == "#" else 0.0 for mark in row] for row in rows]
    likely = np.repeat(np.array(tenth, np.float32).T, 6, axis=0)
    return Activity(likely, likely * np.float32(0.5))


def test_frames_become_spans_named_by_who_is_heard_first() -> None:
    found = diarizer.to_diarized(drawn("......#####", "#####......"), 2.0, DiarizerOptions())
    assert [(span.speaker, round(span.span.start, 1)) for span in found.spans] == [("A", 0.0), ("B", 0.6)]
    assert all(span.confidence == pytest.approx(0.45) for span in found.spans)
    assert found.overlap == ()


def test_overlap_is_kept() -> None:
    found = diarizer.to_diarized(drawn("#########...", "...####....."), 2.0, DiarizerOptions())
    assert [span.speaker for span in found.spans] == ["A", "B"]
    (both,) = found.overlap
    assert both.duration == pytest.approx(0.4, abs=0.02)


def test_a_touch_is_no_overlap() -> None:
    likely = drawn("#####.....", ".....#####").likely
    likely[27:33, :] = 0.9  # a tenth of a second is; five frames are not
    found = diarizer.to_diarized(Activity(likely, likely), 2.0, DiarizerOptions(least_overlap=0.15))
    assert found.overlap == ()


def test_where_turns_tell_who_speaks_they_decide() -> None:
    """All windows hear one voice; two of its pieces are the other's, by turns. The last one is nobody's."""
    activity = drawn("##########", "..........")
    pieces = np.array([[0, 18], [18, 36], [36, 54]])
    vectors = np.eye(1, 192, dtype=np.float32).repeat(3, axis=0)
    heard = voices.Heard(np.full(3, 0.3, np.float32), vectors)
    windows = np.zeros((1, grid.WINDOW_FRAMES, 3))
    seen = Seen([0], windows.astype(np.float16), windows > 0, pieces, heard)
    belongs = np.array([[0.9, 0.1], [0.2, 0.8], [0.0, 0.0]], np.float32)
    people = People(np.eye(2, 192, dtype=np.float32), belongs)
    found = diarizer.hear_pieces(activity, seen, people)
    assert found.likely[[0, 20, 40]].tolist() == pytest.approx(np.array([[0.9, 0], [0, 0.9], [0.9, 0]]))
    assert found.sure[20].tolist() == pytest.approx([0.0, 0.9 * 0.8])


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"pytorch_model\.bin.*qa models fetch"):
        PyannoteDiarizer(tmp_path)


@pytest.fixture(scope="session")
def real(models_dir: Path) -> PyannoteDiarizer:
    """The default pack, on the CPU."""
    return PyannoteDiarizer(models_dir / "diarization-offline")


class Watched(FakeSource):
    """A source that remembers the longest stretch anyone asked for."""

    longest = 0.0

    def mix(self, span: Span) -> np.ndarray:
        self.longest = max(self.longest, span.duration)
        return super().mix(span)


def run(real: PyannoteDiarizer, source: FakeSource) -> Diarized:
    return real.diarize(source, SileroVad().speech(source, None))


def errors(call: Sample, found: Diarized) -> dict[str, float]:
    """Missed, false and confused speech as shares of the reference, collar 0.25 s, overlap counted."""
    core = pytest.importorskip("pyannote.core")
    metrics = pytest.importorskip("pyannote.metrics.diarization")
    truth, guess = core.Annotation(), core.Annotation()
    for index, turn in enumerate(call.turns):
        truth[core.Segment(turn.start, turn.end), index] = turn.role
    for index, span in enumerate(found.spans):
        guess[core.Segment(span.span.start, span.span.end), index] = span.speaker
    whole = core.Timeline([core.Segment(0, call.source.duration)])
    metric = metrics.DiarizationErrorRate(collar=0.25)
    parts = dict(metric.compute_components(truth.support(), guess, uem=whole))
    return {name: value / parts["total"] for name, value in parts.items()}


def loudest(found: Diarized, within: Span) -> str:
    """Who speaks most of this time."""
    seconds = {s.speaker: 0.0 for s in found.spans}
    for span in found.spans:
        seconds[span.speaker] += span.span.overlap(within)
    return max(seconds, key=lambda speaker: seconds[speaker])


@pytest.mark.models
def test_two_parties_are_told_apart(real: PyannoteDiarizer) -> None:
    call = sample("en-02-cancel-broadband-mono")
    found = run(real, call.source)
    assert {span.speaker for span in found.spans} == {"A", "B"}
    assert found.overlap
    parts = errors(call, found)
    assert parts["confusion"] < 0.02
    assert parts["false alarm"] < 0.02
    # the script's turns run through the speaker's own pauses: those count as missed
    assert parts["missed detection"] < 0.12
    assert run(real, call.source) == found


@pytest.mark.models
def test_one_voice_is_one_speaker(real: PyannoteDiarizer) -> None:
    call = sample("en-02-cancel-broadband-mono")
    (longest,) = sorted(call.turns, key=lambda turn: turn.end - turn.start)[-1:]
    alone = FakeSource(call.source.mix(Span(longest.start, min(longest.end, longest.start + 7.0))))
    assert {span.speaker for span in run(real, alone).spans} == {"A"}


@pytest.mark.models
def test_two_parties_who_sound_much_alike_are_told_apart(real: PyannoteDiarizer) -> None:
    """Two women, one pitched up, whom neither distances nor windows tell apart."""
    call = sample("ja-07-game-account-mono")
    found = run(real, call.source)
    assert {span.speaker for span in found.spans} == {"A", "B"}
    assert errors(call, found)["confusion"] < 0.03


@pytest.mark.models
def test_an_agent_who_sounds_like_the_caller_is_told_apart_though_a_colleague_takes_over(
    real: PyannoteDiarizer,
) -> None:
    """Distances find the colleague, a man, and one more: two women."""
    call = sample("ja-06-accident-transfer-mono")
    found = run(real, call.source)
    heard: dict[str, set[str]] = {"agent": set(), "customer": set(), "ivr": set()}
    for turn in call.turns:
        if turn.duration >= 1.0:
            heard[turn.role].add(loudest(found, Span(turn.start, turn.end)))
    assert len(heard["customer"]) == 1 and len(heard["agent"]) == 2
    assert not heard["customer"] & heard["agent"]


@pytest.mark.models
@pytest.mark.parametrize(("name", "role"), [(ALIKE, "agent"), (ALIKE, "customer"), (PLAIN, "agent")])
def test_a_monologue_is_not_shared_out(real: PyannoteDiarizer, name: str, role: str) -> None:
    """One party's turns of a call, one after the other, as in a voice message."""
    call = sample(name)
    parts = [call.source.mix(Span(turn.start, turn.end)) for turn in call.turns if turn.role == role]
    alone = FakeSource(np.concatenate(parts))
    assert {span.speaker for span in run(real, alone).spans} == {"A"}


@pytest.mark.models
def test_a_second_of_speech(real: PyannoteDiarizer) -> None:
    call = sample("en-02-cancel-broadband-mono")
    turn = max(call.turns, key=lambda turn: turn.end - turn.start)
    short = FakeSource(call.source.mix(Span(turn.start + 0.2, turn.start + 1.2)))
    found = real.diarize(short, (Span(0.0, 1.0),))
    assert {span.speaker for span in found.spans} == {"A"}
    assert all(0.0 <= span.span.start <= span.span.end <= 1.0 for span in found.spans)


@pytest.mark.models
def test_nobody_speaks(real: PyannoteDiarizer) -> None:
    quiet = FakeSource(np.zeros(12 * SAMPLE_RATE, dtype=np.float32))
    assert real.diarize(quiet, ()) == Diarized(())
    assert real.diarize(quiet, (Span(0.0, 12.0),)) == Diarized(())
    assert run(real, FakeSource(music(12.0))).overlap == ()


@pytest.mark.models
def test_a_long_call_is_read_piece_by_piece(real: PyannoteDiarizer) -> None:
    """Three times over is still two people, and no read is longer than a block."""
    call = sample("en-02-cancel-broadband-mono").source
    long = Watched(np.tile(call.mix(Span(0.0, call.duration)), 3))
    found = run(real, long)
    assert {span.speaker for span in found.spans} == {"A", "B"}
    assert 0 < long.longest <= (BLOCK_WINDOWS - 1) * grid.STEP_FRAMES * grid.FRAME + 10.01


@pytest.mark.models
def test_identity_names_model_and_file(real: PyannoteDiarizer) -> None:
    assert dict(real.identity) == {
        "segmentation": "pyannote-segmentation-3.0@da85c29829d4",
        "embedding": "campplus-cn-en-common@92f29b94e694",
    }
