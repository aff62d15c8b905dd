"""From a recording to `Heard`, with the small engines."""

import pytest

from qa.errors import SettingsError
from qa.model import Call, Separation, Span, SpeakerSpan, StereoKind, Word
from qa.settings import load
from qa.speech import Engines, assemble, listen, plan
from qa.speech.fakes import FakeDiarizer, FakeSource, FakeTranscriber, FakeVad
from qa.speech.protocols import Diarizer
from tests.speech.sounds import hum, silence, spans

CALL = Call(id="c1")
SETTINGS = load(environ={})
AGENT = Word("はい。", Span(1.2, 1.6), 0.9, 0)
CUSTOMER = Word("もしもし。", Span(3.2, 3.9), 0.8, 1)


def engines(transcriber: FakeTranscriber, diarizer: Diarizer | None = None) -> Engines:
    def no_diarizer() -> Diarizer:
        assert diarizer is not None, "this call needs no diarizer"
        return diarizer

    return Engines(FakeVad, lambda: transcriber, no_diarizer)


def stereo(kind: StereoKind = StereoKind.SEPARATE, leakage_db: float | None = None) -> FakeSource:
    return FakeSource(hum(6, (1, 2)), hum(6, (3, 4)), stereo=kind, leakage_db=leakage_db)


def test_stereo_the_channel_is_the_speaker_and_no_diarizer_is_asked() -> None:
    source = stereo()
    heard = listen(source, CALL, source.quality, engines(FakeTranscriber((AGENT, CUSTOMER))), SETTINGS)
    assert heard.separation is Separation.CHANNEL
    assert heard.words == (AGENT, CUSTOMER)
    assert [(part.speaker, part.channel) for part in heard.speech] == [("A", 0), ("B", 1)]
    assert heard.speech[0].span.start == pytest.approx(1, abs=0.05)
    assert (heard.language, heard.language_probability) == ("ja", 0.97)


def test_leaking_channels_keep_only_their_own_party() -> None:
    loud, leaked = hum(6, (1, 2), level=0.3), hum(6, (1, 2), level=0.03)
    source = FakeSource(loud, leaked + hum(6, (3, 4), level=0.3), stereo=StereoKind.LEAKING, leakage_db=-20.0)
    twice = Word(AGENT.text, AGENT.span, 0.5, 1)
    heard = listen(source, CALL, source.quality, engines(FakeTranscriber((AGENT, twice, CUSTOMER))), SETTINGS)
    assert heard.words == (AGENT, CUSTOMER)
    assert [part.speaker for part in heard.speech] == ["A", "B"]


DIARIZER = FakeDiarizer((SpeakerSpan("A", Span(0, 2.5)), SpeakerSpan("B", Span(2.5, 6))), (Span(2.4, 2.6),))


@pytest.mark.parametrize("kind", [StereoKind.MONO, StereoKind.DUPLICATED, StereoKind.ONE_DEAD])
def test_otherwise_the_mix_is_heard_and_diarized(kind: StereoKind) -> None:
    channels = (hum(6, (1, 2), (3, 4)),) if kind is StereoKind.MONO else (hum(6, (1, 2), (3, 4)), silence(6))
    source = FakeSource(*channels, stereo=kind)
    second = Word("もしもし。", Span(3.2, 3.9), 0.8, 0)
    heard = listen(
        source, CALL, source.quality, engines(FakeTranscriber((AGENT, second)), DIARIZER), SETTINGS
    )
    assert heard.separation is Separation.DIARIZED
    assert heard.words == (AGENT, second)
    assert [part.speaker for part in heard.speech] == ["A", "B"]
    assert heard.overlap == spans((2.4, 2.6))


def test_one_voice_in_the_mix_is_not_called_diarized() -> None:
    source = FakeSource(hum(6, (1, 2)))
    heard = listen(source, CALL, source.quality, engines(FakeTranscriber((AGENT,)), FakeDiarizer()), SETTINGS)
    assert heard.separation is Separation.SINGLE


@pytest.mark.parametrize(
    "source", [FakeSource(silence(5)), FakeSource(silence(5), silence(5)), FakeSource(silence(0))]
)
def test_nothing_heard_is_no_error(source: FakeSource) -> None:
    heard = listen(source, CALL, source.quality, engines(FakeTranscriber((AGENT,))), SETTINGS)
    assert (heard.words, heard.speech, heard.language_probability) == ((), (), 0.0)
    assert heard.language == SETTINGS.languages[0]


def test_made_up_sentences_are_counted() -> None:
    source = stereo()
    phantom = Word("ご視聴ありがとうございました。", Span(1.7, 2.2), 0.3, 0)
    heard = listen(
        source, CALL, source.quality, engines(FakeTranscriber((AGENT, phantom, CUSTOMER))), SETTINGS
    )
    assert heard.words == (AGENT, CUSTOMER)
    assert sum(heard.dropped.values()) == 1


@pytest.mark.parametrize(
    ("call", "flags", "expected"),
    [
        (Call(id="c", language="en"), {}, ("en", 1.0)),
        (Call(id="c", language="en"), {"language": "ja"}, ("en", 1.0)),
        (CALL, {"language": "en"}, ("en", 1.0)),
        (CALL, {}, ("ja", 0.97)),
        (CALL, {"languages": ("en",)}, ("en", 0.5)),
    ],
)
def test_the_language_is_what_is_known_else_what_is_heard(
    call: Call, flags: dict[str, object], expected: tuple[str, float]
) -> None:
    source = stereo()
    made = plan(source, call, source.quality, engines(FakeTranscriber()), load(flags=flags, environ={}))
    assert (made.language, made.language_probability) == expected


def test_names_are_hints() -> None:
    settings = load(
        flags={"roster": {"a1": "佐藤", "a2": "鈴木"}, "company": ("みなとネット",), "products": ("光",)},
        environ={},
    )
    transcriber = FakeTranscriber()
    source = stereo()
    listen(
        source,
        Call(id="c", agent_id="a2", agent_name="鈴木花子"),
        source.quality,
        engines(transcriber),
        settings,
    )
    assert transcriber.asked == [("ja", ("鈴木花子", "鈴木", "みなとネット", "光", "佐藤"))]


def test_a_long_roster_is_no_hint_but_the_agent_is() -> None:
    settings = load(flags={"roster": {f"a{i}": f"名前{i}" for i in range(50)}}, environ={})
    transcriber = FakeTranscriber()
    source = stereo()
    listen(source, Call(id="c", agent_id="a7"), source.quality, engines(transcriber), settings)
    assert transcriber.asked == [("ja", ("名前7",))]


def test_chunks_of_two_calls_can_share_a_batch() -> None:
    """The stages: plans of several calls, one list of chunks, each call's results put together apart."""
    transcriber = FakeTranscriber((AGENT, CUSTOMER))
    used = engines(transcriber)
    sources = (stereo(), stereo())
    plans = [plan(source, CALL, source.quality, used, SETTINGS) for source in sources]
    heard = transcriber.transcribe([chunk for one in plans for chunk in one.chunks()], "ja", ())
    first = assemble(plans[0], heard[: len(plans[0].layouts)], used)
    second = assemble(plans[1], heard[len(plans[0].layouts) :], used)
    assert first == second
    assert first == listen(sources[0], CALL, sources[0].quality, used, SETTINGS)


SECOND = Word("承ります。", Span(4.2, 4.9), 0.8, 1)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (SECOND, (AGENT, CUSTOMER, SECOND)),
        (Word("承ります。", Span(4.2, 4.9), 0.3, 1), (AGENT, CUSTOMER)),
        (Word("はいはい。", Span(3.2, 3.6), 0.9, 1), (AGENT, CUSTOMER)),
    ],
    ids=["what the gap holds is taken", "not what is unsure", "nor what was heard already"],
)
def test_speech_without_words_is_heard_once_more(again: Word, expected: tuple[Word, ...]) -> None:
    source = FakeSource(hum(6, (1, 2)), hum(6, (3, 5)))
    transcriber = FakeTranscriber((AGENT, CUSTOMER), second_script=(again,))
    heard = listen(source, CALL, source.quality, engines(transcriber), SETTINGS)
    assert heard.words == expected


def test_chunks_are_as_long_as_the_settings_say() -> None:
    source = FakeSource(hum(60, (1, 59)), silence(60))
    lengths = {}
    for seconds in (28.0, 19.0):
        settings = load(flags={"chunk_seconds": seconds}, environ={})
        planned = plan(source, CALL, source.quality, engines(FakeTranscriber()), settings)
        lengths[seconds] = max(layout.duration for layout in planned.layouts)
    assert 19.0 < lengths[28.0] <= 28.0
    assert 11.0 < lengths[19.0] <= 19.0


@pytest.mark.parametrize(("channels", "longest"), [(2, 24.0), (1, 28.0)])
def test_one_party_is_heard_in_shorter_pieces_than_a_mix(channels: int, longest: float) -> None:
    source = FakeSource(*[hum(60, (1, 59)), silence(60)][:channels])
    planned = plan(source, CALL, source.quality, engines(FakeTranscriber()), SETTINGS)
    assert longest - 8.0 < max(layout.duration for layout in planned.layouts) <= longest


@pytest.mark.parametrize("seconds", [7.9, 28.1])
def test_chunks_that_whisper_cannot_take_are_refused(seconds: float) -> None:
    with pytest.raises(SettingsError, match="chunk_seconds: 8 to 28"):
        load(flags={"chunk_seconds": seconds}, environ={})
