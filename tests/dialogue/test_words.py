"""Words to speakers, and words heard twice."""

from dataclasses import replace

import pytest

from qa import dialogue
from qa.model import (
    Heard,
    Prosody,
    Role,
    Separation,
    Span,
    SpeakerSpan,
    StereoKind,
    Word,
)
from tests.dialogue.draw import call, draw, quality


def mono(words, speech, language="ja"):
    """Turns as `speaker: text`, from (text, start, end) words and (speaker, start, end) speech."""
    heard = Heard(
        language,
        1.0,
        Separation.DIARIZED,
        tuple(Word(text, Span(start, end), 0.9) for text, start, end in words),
        tuple(SpeakerSpan(speaker, Span(start, end)) for speaker, start, end in speech),
    )
    found = dialogue.build(call(), heard, quality(20.0, 1), "0" * 64)
    return [f"{turn.speaker}: {turn.text}" for turn in found.turns]


def test_by_the_speaker_who_speaks_most_of_the_word():
    words = [("商品が", 0.0, 0.8), ("届かない", 0.8, 1.9), ("です", 2.2, 2.6), ("確認", 3.0, 3.6)]
    assert mono(words, [("A", 0.0, 2.6), ("B", 2.5, 3.7)]) == ["A: 商品が届かないです", "B: 確認"]


def test_under_two_voices_the_one_already_speaking():
    words = [("商品が", 0.0, 0.8), ("まだ", 0.9, 1.3), ("届かない", 1.3, 1.9)]
    assert mono(words, [("A", 0.0, 2.0), ("B", 0.9, 1.4)]) == ["A: 商品がまだ届かない"]


CUT_INTO = [
    ("Was", 0.0, 0.4),
    (" it?", 0.4, 0.9),
    (" But", 1.1, 1.4),
    (" you", 1.5, 1.8),
    (" did.", 1.8, 2.2),
]


@pytest.mark.parametrize(
    ("words", "speech", "expected"),
    [
        # the second voice takes the floor: the sentence that starts with it is its own
        (CUT_INTO, [("A", 0.0, 1.9), ("B", 1.0, 2.4)], ["A: Was it?", "B: But you did."]),
        # it is just as long as the sentence, and the first voice goes on
        (
            [*CUT_INTO, (" Let", 2.6, 2.9), (" me.", 2.9, 3.2)],
            [("A", 0.0, 3.4), ("B", 1.0, 2.3)],
            ["A: Was it? Let me.", "B: But you did."],
        ),
        # far shorter than the sentence: it listens, and the first voice says the sentence
        (CUT_INTO, [("A", 0.0, 2.4), ("B", 1.0, 1.5)], ["A: Was it? But you did."]),
        # no sentence starts with it
        (
            [("Was", 0.0, 0.4), (" it", 0.4, 0.9), *CUT_INTO[2:]],
            [("A", 0.0, 2.4), ("B", 1.0, 2.3)],
            ["A: Was it But you did."],
        ),
    ],
    ids=["takes the floor", "under the other", "listens", "in mid-sentence"],
)
def test_a_sentence_that_starts_with_a_voice_is_its_own(words, speech, expected):
    assert mono(words, speech, language="en") == expected


def test_the_nearest_where_nobody_speaks():
    assert mono([("はい", 5.0, 5.4)], [("A", 0.0, 2.0), ("B", 6.0, 7.0)]) == ["B: はい"]


def test_a_word_at_the_edge_of_speech():
    assert mono([("はい", 1.99, 2.5)], [("A", 0.0, 2.0), ("B", 6.0, 7.0)]) == ["A: はい"]


def test_a_change_of_speaker_falls_on_the_pause():
    words = [("届きます", 0.0, 1.0), ("か", 1.0, 1.15), ("確認", 1.5, 2.0), ("します", 2.0, 2.5)]
    assert mono(words, [("A", 0.0, 0.95), ("B", 1.05, 2.5)]) == ["A: 届きますか", "B: 確認します"]


def test_no_speech_at_all():
    assert mono([("はい", 5.0, 5.4)], []) == ["A: はい"]


def test_words_without_voice_activity_confirm_nothing_alone():
    speech = (SpeakerSpan("B", Span(0.0, 3.0), channel=1),)
    words = (
        Word("先週注文した商品が届かないんですけど", Span(0.0, 3.0), 0.9, 1),
        Word("先に番号をお願いします", Span(1.5, 4.0), 0.9, 0),
    )
    heard = Heard("ja", 1.0, Separation.CHANNEL, words, speech)
    found = dialogue.build(call(Role.AGENT, Role.CUSTOMER), heard, quality(5.0), "0" * 64)
    assert [event.signals for event in found.events if event.successful] == [("words",)]
    assert found.measures.unconfirmed_interruptions_by_agent == 1
    assert found.measures.interruptions_by_agent == 0


TWICE = {"A": "[お電話ありがとうございます]", "B": ".[お電話ありがとうございます]"}


class TestEchoes:
    @pytest.mark.parametrize(("level", "dropped"), [(-45.0, 14 - 1), (-21.0, 0)])
    def test_the_quieter_copy_goes(self, level, dropped):
        picture = draw(TWICE)
        flat = (0.0,) * 20
        tracks = (Prosody(0, 0.1, (-20.0,) * 20, flat), Prosody(1, 0.1, (level,) * 20, flat))
        heard = replace(picture.heard, prosody=tracks)
        found = dialogue.build(call(), heard, picture.quality, "0" * 64)
        assert found.dropped.get("echo", 0) == dropped
        assert len({turn.speaker for turn in found.turns}) == (1 if dropped else 2)
        assert len({piece.speaker for piece in found.speech}) == (1 if dropped else 2)

    def test_without_levels_only_where_channels_leak(self):
        picture = draw(TWICE)
        unsure = tuple(
            replace(word, probability=0.5) if word.channel == 1 else word for word in picture.heard.words
        )
        heard = replace(picture.heard, words=unsure)
        leaking = replace(picture.quality, stereo=StereoKind.LEAKING)
        assert dialogue.build(call(), heard, leaking, "0" * 64).dropped == {"echo": 13}
        assert dialogue.build(call(), heard, picture.quality, "0" * 64).dropped == {}

    def test_two_people_who_say_hai_together(self):
        picture = draw({"A": "[はい]", "B": "[はい]"})
        assert dialogue.build(call(), picture.heard, picture.quality, "0" * 64).dropped == {}
