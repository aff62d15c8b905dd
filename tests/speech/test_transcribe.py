"""Whisper behind our protocol: what is said is heard, what is not said is not."""

import re
import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError, SpeechError
from qa.model import Call, Heard, Separation, Span, Word
from qa.settings import Settings, load
from qa.speech import Engines, gaps, listen, packs
from qa.speech.chunks import cut, plan_layouts
from qa.speech.decoding import Attempt, Decoded, WhisperOptions, attempts, skipped_seconds, worth_trying
from qa.speech.device import DeviceOptions
from qa.speech.device import load as load_model
from qa.speech.fakes import FakeSource
from qa.speech.protocols import Chunk, Layout, Piece
from tests.speech.samples import sample
from tests.speech.sounds import music, ringback, silence

OPTIONS = WhisperOptions()


@pytest.mark.parametrize(
    ("words", "length", "expected"),
    [
        ([], 5.0, 4.0),
        ([(0.2, 0.6), (0.6, 1.0)], 1.2, 0.0),
        # a pause of a second is ordinary, one of three hides two
        ([(0.0, 0.5), (1.5, 2.0)], 2.0, 0.0),
        ([(0.0, 0.5), (3.5, 4.0)], 4.0, 2.0),
        # a word of four seconds hides two and a half
        ([(0.0, 4.0)], 4.0, 2.5),
        # nothing written down at the end
        ([(0.0, 0.5)], 6.5, 5.0),
    ],
)
def test_seconds_that_no_word_accounts_for(
    words: list[tuple[float, float]], length: float, expected: float
) -> None:
    found = skipped_seconds([Word("x", Span(*pair), 1.0) for pair in words], length)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("logprob", "repetition", "skipped", "weak"),
    [(-0.2, 1.5, 0.0, False), (-1.2, 1.5, 0.0, True), (-0.2, 2.6, 0.0, True), (-0.2, 1.5, 3.0, True)],
)
def test_what_is_tried_again(logprob: float, repetition: float, skipped: float, weak: bool) -> None:
    assert Decoded((), logprob, (), repetition, skipped).weak(OPTIONS) is weak


HINTED, PLAIN, NO_LOOPS = attempts(OPTIONS)
SURE = Decoded((1, 2, 3), -0.1, (), 1.0, 0.0)
LEFT_OUT = Decoded(tuple(range(20)), -0.1, (), 1.0, 9.0)
LOOP = Decoded((1, 2, 3, 4, 5) * 4, -0.1, (), 3.0, 0.0)


@pytest.mark.parametrize(
    ("way", "tried", "worth"),
    [
        (HINTED, {}, True),
        (PLAIN, {HINTED: SURE}, False),
        (PLAIN, {HINTED: LEFT_OUT}, True),
        (PLAIN, {PLAIN: LEFT_OUT}, False),  # without hints the first two are one
        (NO_LOOPS, {HINTED: LOOP, PLAIN: LOOP}, True),
        (NO_LOOPS, {HINTED: LOOP, PLAIN: LEFT_OUT}, False),  # nothing that forbidding loops could change
        (NO_LOOPS, {PLAIN: LEFT_OUT}, False),
        (NO_LOOPS, {Attempt(3, hinted=False): LEFT_OUT}, True),  # with a wider beam besides
    ],
)
def test_only_what_may_give_something_else_is_tried(
    way: Attempt, tried: dict[Attempt, Decoded], worth: bool
) -> None:
    assert worth_trying(way, tried, OPTIONS) is worth


@pytest.mark.models
def test_what_repeats_nothing_comes_out_the_same_without_repetition(engines: Engines) -> None:
    """With the real model: that is why such a chunk is not decoded again."""
    call = sample("ja-01-internet-down-stereo")
    layout = plan_layouts(engines.vad.speech(call.source, 1), call.source.duration, 1)[0]
    chunk = cut(call.source, layout)
    (first,) = engines.transcriber.transcribe([chunk], "ja", ())
    (again,) = engines.transcriber.transcribe_again([chunk], "ja")
    assert first
    assert first == again


def test_a_loop_ranks_below_anything_else() -> None:
    loop = Decoded((), -0.1, (), 5.0, 0.0)
    unsure = Decoded((), -1.5, (), 1.5, 4.0)
    assert unsure.rank(OPTIONS) > loop.rank(OPTIONS)


def plain(text: str, language: str) -> str:
    """Letters only; English words stay apart."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = re.sub(r"[^\w\s]", "", folded)
    return re.sub(r"\s+", "" if language == "ja" else " ", kept).strip()


def text_of(words: tuple[Word, ...], channel: int, language: str) -> str:
    said = [word.text for word in words if word.channel == channel]
    return plain(("" if language == "ja" else " ").join(said), language)


@pytest.fixture(scope="module")
def japanese(engines: Engines, settings: Settings) -> Heard:
    """A sample call, heard once for all tests below."""
    call = sample("ja-01-internet-down-stereo")
    return listen(call.source, Call(id="x"), call.source.quality, engines, settings)


@pytest.mark.models
@pytest.mark.parametrize(
    ("channel", "phrase"),
    [
        (0, "お電話ありがとうございます"),
        (0, "お待たせいたしました"),
        (0, "お困りのことはございませんか"),
        (1, "先週からインターネットの調子が悪くて"),
        (1, "本当に困っているんです"),
    ],
)
def test_japanese_is_heard(japanese: Heard, channel: int, phrase: str) -> None:
    assert phrase in text_of(japanese.words, channel, "ja")


@pytest.mark.models
def test_the_language_and_the_parties_are_told(japanese: Heard) -> None:
    assert japanese.language == "ja"
    assert japanese.language_probability > 0.9
    assert japanese.separation is Separation.CHANNEL
    assert {part.speaker for part in japanese.speech} == {"A", "B"}


@pytest.mark.models
def test_sentences_end_with_a_mark(japanese: Heard) -> None:
    ends = [word for word in japanese.words if word.text.endswith(("。", "?", "？"))]
    assert len(ends) >= 12


@pytest.mark.models
def test_english_is_heard(engines: Engines, settings: Settings) -> None:
    call = sample("en-01-late-parcel-stereo")
    heard = listen(call.source, Call(id="x"), call.source.quality, engines, settings)
    assert heard.language == "en"
    said = text_of(heard.words, 0, "en")
    phrases = ("how can i help", "is it all right if i put you on hold", "thank you for holding")
    assert [phrase for phrase in phrases if phrase not in said] == []


@pytest.mark.models
def test_words_lie_where_they_were_said(japanese: Heard) -> None:
    call = sample("ja-01-internet-down-stereo")
    for channel, role in enumerate(("agent", "customer")):
        turns = [Span(t.start, t.end).pad(0.4) for t in call.turns if t.role == role]
        words = [word for word in japanese.words if word.channel == channel]
        inside = [word for word in words if any(turn.covers(word.span) for turn in turns)]
        assert len(words) > 20
        assert len(inside) >= 0.95 * len(words)


@pytest.mark.models
def test_a_gap_is_heard_again_by_itself(engines: Engines) -> None:
    call = sample("ja-01-internet-down-stereo")
    turn = next(t for t in call.turns if t.role == "customer" and "インターネットの調子" in t.text)
    wanted = gaps.Wanted(1, (Span(turn.start, turn.end),))
    (found,) = gaps.hear(call.source, [wanted], "ja", engines.transcriber)
    assert "インターネットの調子が悪く" in text_of(found, 1, "ja")
    assert all(turn.start - 0.3 <= word.span.middle <= turn.end + 0.3 for word in found)


@pytest.mark.models
@pytest.mark.parametrize("sound", [ringback(12), music(12)], ids=["ringback", "music"])
def test_a_gap_without_a_voice_stays_one(engines: Engines, sound: np.ndarray) -> None:
    """What voice activity took for speech and is none: nothing is made up by trying harder."""
    wanted = gaps.Wanted(0, (Span(1.0, 9.0),))
    assert gaps.hear(FakeSource(sound), [wanted], "ja", engines.transcriber) == [()]


@pytest.mark.models
@pytest.mark.parametrize(
    "sound", [silence(20), ringback(20), music(20)], ids=["silence", "ringback", "music"]
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_is_heard_where_nobody_speaks(
    engines: Engines, settings: Settings, sound: np.ndarray, language: str
) -> None:
    source = FakeSource(sound, silence(20))
    heard = listen(source, Call(id="x", language=language), source.quality, engines, settings)
    assert heard.words == ()


@pytest.mark.models
def test_what_whisper_makes_up_over_music_is_dropped_and_counted(engines: Engines) -> None:
    """Voice activity aside: even if music reached the recogniser, no sentence would survive."""
    from qa.speech.phantoms import screen

    whole = Span(0.0, 20.0)
    chunk = Chunk(lambda: music(20), Layout(0, (Piece(0.0, whole),)))
    (words,) = engines.transcriber.transcribe([chunk], "ja", ())
    screened = screen(words, (), "ja")
    assert screened.words == ()
    assert bool(screened.dropped) == bool(words)


@pytest.mark.models
def test_a_chunk_gives_the_same_words_alone_and_in_company(engines: Engines) -> None:
    call = sample("ja-01-internet-down-stereo")
    layouts = [
        layout
        for channel in (0, 1)
        for layout in plan_layouts(engines.vad.speech(call.source, channel), call.source.duration, channel)
    ]
    chunks = [cut(call.source, layout) for layout in sorted(layouts, key=lambda one: one.duration)[:3]]
    together = engines.transcriber.transcribe(chunks, "ja", ("佐藤",))
    backwards = engines.transcriber.transcribe(chunks[::-1], "ja", ("佐藤",))
    alone = [engines.transcriber.transcribe([chunk], "ja", ("佐藤",))[0] for chunk in chunks]
    assert len(chunks) == 3
    assert [[w.text for w in words] for words in together] == [[w.text for w in words] for words in alone]
    assert together == backwards[::-1]


@pytest.mark.models
def test_the_language_is_told_among_those_configured(engines: Engines) -> None:
    samples = [sample("en-01-late-parcel-stereo").source.read(0, Span(1, 11))]
    assert engines.transcriber.detect_language(samples, ("ja", "en"))[0] == "en"
    assert engines.transcriber.detect_language(samples, ("ja",)) == ("ja", 1.0)
    assert engines.transcriber.detect_language([], ("ja", "en")) == ("ja", 0.0)


@pytest.mark.models
def test_a_changed_byte_in_the_model_stops_the_run(tmp_path: Path, models_dir: Path) -> None:
    folder = tmp_path / "whisper-base"
    shutil.copytree(models_dir / "whisper-base", folder)
    with (folder / "model.bin").open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    chosen = load(flags={"models": str(tmp_path), "device": "cpu"}, environ={})
    with pytest.raises(ModelError, match=r"model\.bin: not the file that was pinned.*qa models fetch"):
        _ = Engines.load(chosen).transcriber
    assert packs.status("whisper-base", tmp_path).state == "broken"


@pytest.mark.models
def test_a_tokenizer_is_never_fetched_behind_our_back(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_model(tmp_path, DeviceOptions("cpu"))


@pytest.mark.models
def test_cuda_that_was_demanded_and_is_not_there_is_an_error(models_dir: Path) -> None:
    import ctranslate2

    if ctranslate2.get_cuda_device_count():
        assert load_model(models_dir / "whisper-base", DeviceOptions("cuda")).device == "cuda"
        return
    with pytest.raises(SpeechError, match=r"no CUDA device was found.*use device = auto or cpu"):
        load_model(models_dir / "whisper-base", DeviceOptions("cuda"))


@pytest.mark.models
def test_the_device_is_said_once_in_the_log(models_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "qa.speech")
    placed = load_model(models_dir / "whisper-base", DeviceOptions("auto"))
    lines = [record.message for record in caplog.records if "runs on the CPU" in record.message]
    assert len(lines) == (1 if placed.device == "cpu" else 0)
