"""Sound that may be speech although voice activity says no: small timelines of levels."""

import numpy as np
import pytest

from qa.model import Call, Separation, Sound, SoundKind, Span, SpeakerSpan, Word
from qa.settings import load
from qa.speech import Engines, assemble, hear_words, listen, plan
from qa.speech.fakes import FakeSource, FakeTranscriber, FakeVad
from qa.speech.protocols import SAMPLE_RATE
from qa.speech.quiet import quiet_sound
from qa.speech.vad import STEP
from tests.speech.sounds import hum

LEVELS = {"_": -60.0, "q": -40.0, "n": -42.0, "S": -25.0, "~": -55.0}
SYLLABLES = {"q": 6.0, "S": 6.0}
"""dB that every third frame is softer."""


def level(drawing: str) -> np.ndarray:
    """One letter is a tenth of a second: silence, a quiet voice, steady noise, speech, a rustle."""
    frames = round(len(drawing) * 0.1 / STEP)
    letters = [drawing[min(int(i * STEP / 0.1), len(drawing) - 1)] for i in range(frames)]
    return np.array([LEVELS[a] - SYLLABLES.get(a, 0.0) * (i % 3 == 2) for i, a in enumerate(letters)])


@pytest.mark.parametrize(
    ("own", "other", "speech", "found"),
    [
        ("__________qqqqqqqqqq____", "_" * 24, [], [(1.0, 2.0)]),
        ("__________qqq___________", "_" * 24, [], []),  # a click, a breath
        ("__________nnnnnnnnnn____", "_" * 24, [], []),  # a gate opens, and lets the street in
        ("____nnnnnnnnnnnnnqqqqqqqnnnnn________", "_" * 37, [], [(0.4, 2.9)]),  # somebody in the street
        ("__________~~~~~~~~~~____", "_" * 24, [], []),  # the line rustles
        ("__________qqqqqqqqqq____", "_" * 10 + "S" * 14, [], []),  # leakage of the other party
        ("__________SSSSSSSSSS____", "_" * 24, [(1.0, 2.0)], []),  # known to be speech
        ("____qqqqqqqqqqqqSSSSSS__", "_" * 24, [(1.6, 2.2)], [(0.4, 1.2)]),  # runs into speech
        ("", "", [], []),
    ],
)
def test_where_a_channel_sounds(
    own: str, other: str, speech: list[tuple[float, float]], found: list[tuple[float, float]]
) -> None:
    spans = quiet_sound(tuple(Span(*pair) for pair in speech), level(own), level(other))
    assert [(round(s.start, 1), round(s.end, 1)) for s in spans] == found


CALL = Call(id="x", language="ja")
WORD = Word("承ります。", Span(1.2, 1.8), 0.8, 0)


def whispered(end: float = 2.0) -> FakeSource:
    """From 1 s on, in channel 0, too soft for voice activity."""
    time = np.arange(6 * SAMPLE_RATE) / SAMPLE_RATE
    syllables = (1 - 0.7 * np.sin(2 * np.pi * 4 * time) ** 2).astype(np.float32)
    return FakeSource(hum(6, (1, end), level=0.006) * syllables, hum(6, (3, 4), level=0.0))


def hearing(second: tuple[Word, ...]) -> Engines:
    """Engines that hear nothing but `second`, and that only when they listen again."""
    transcriber = FakeTranscriber((), second_script=second)
    return Engines(FakeVad, lambda: transcriber, lambda: pytest.fail("stereo needs no diarizer"))


@pytest.mark.parametrize(
    ("second", "words", "unsure", "murmur"), [((WORD,), (WORD,), 1, False), ((), (), 0, True)]
)
def test_words_make_it_speech_and_without_them_it_is_kept_in_mind(
    second: tuple[Word, ...], words: tuple[Word, ...], unsure: int, murmur: bool
) -> None:
    source = whispered()
    heard = listen(source, CALL, source.quality, hearing(second), load(environ={}))
    assert heard.separation is Separation.CHANNEL
    assert heard.words == words
    assert sum(part.confidence < 1 for part in heard.speech) == unsure
    assert (sum(m.span.duration for m in heard.murmur) > 0.5) is murmur
    assert all(isinstance(part, SpeakerSpan) and part.speaker == "A" for part in heard.murmur)


LATE = Word("お待たせしました。", Span(4.3, 4.8), 0.8, 0)


@pytest.mark.parametrize(
    ("tune", "words"),
    [(Span(0.9, 5.1), ()), (Span(0.9, 4.2), (LATE,)), (Span(0.9, 3.0), (LATE,)), (Span(5.2, 6.0), (LATE,))],
    ids=["all of it", "all but the end", "half of it", "elsewhere"],
)
def test_music_is_not_listened_to(tune: Span, words: tuple[Word, ...]) -> None:
    asked = []

    def sounds(channel: int, speech: tuple[Span, ...]) -> list[Sound]:
        asked.append((channel, speech))
        return [Sound(SoundKind.MUSIC, tune, channel)]

    source, used = whispered(5.0), hearing((LATE,))
    planned = plan(source, CALL, source.quality, used, load(environ={}))
    heard = assemble(planned, hear_words(planned, used), used, sounds)
    assert heard.words == words
    assert heard.murmur  # what has no words is kept in mind, heard or not
    assert asked == [(0, ())]  # not of the channel in which nothing is left to hear
