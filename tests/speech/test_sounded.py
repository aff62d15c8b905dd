"""Words that a ring or hold music accounts for, and those it does not."""

from __future__ import annotations

import pytest

from qa.model import Heard, Separation, Sound, SoundKind, Span, Word
from qa.speech import without_sounded

RING, MUSIC = SoundKind.RINGBACK, SoundKind.MUSIC
PHANTOM = "ご視聴ありがとうございました。"


@pytest.mark.parametrize(
    ("text", "said", "sound", "reason"),
    [
        ("ご覧ください。", (18.0, 19.0), Sound(RING, Span(18.0, 19.1), 0), "ring"),
        # on the other channel, or for longer than a ring lasts
        ("もしもし。", (18.0, 19.0), Sound(RING, Span(18.0, 19.1), 1), None),
        ("もしもし。", (18.6, 20.0), Sound(RING, Span(18.0, 19.1), 0), None),
        # between the rings of a whole ring-back
        ("もしもし。", (19.5, 20.0), Sound(RING, Span(0.0, 60.0), 0), None),
        (PHANTOM, (19.5, 21.0), Sound(RING, Span(0.0, 60.0), 0), "phantom_phrase"),
        # people speak over music; nobody thanks for watching there
        ("そのままお待ちください。", (41.0, 43.0), Sound(MUSIC, Span(39.7, 80.3), 0), None),
        (PHANTOM, (41.0, 43.0), Sound(MUSIC, Span(39.7, 80.3), 0), "phantom_phrase"),
        (PHANTOM, (81.0, 83.0), Sound(MUSIC, Span(39.7, 80.3), 0), None),
    ],
)
def test_what_a_sound_accounts_for_is_dropped(
    text: str, said: tuple[float, float], sound: Sound, reason: str | None
) -> None:
    word = Word(text, Span(*said), 0.9, channel=0)
    heard = Heard("ja", 1.0, Separation.CHANNEL, (word,), (), sounds=(sound,), dropped={"rate": 1})
    found = without_sounded(heard)
    assert found.words == (() if reason else (word,))
    assert found.dropped == ({"rate": 1, reason: 1} if reason else {"rate": 1})


def test_the_leak_into_the_other_channel_tells_when_each_ring_sounds() -> None:
    words = (Word("もしもし。", Span(18.0, 19.0), 0.9, 0), Word("もしもし。", Span(19.5, 20.5), 0.9, 0))
    sounds = (Sound(RING, Span(0.0, 60.0), 0), Sound(RING, Span(18.0, 19.1), 1))
    found = without_sounded(Heard("ja", 1.0, Separation.CHANNEL, words, (), sounds=sounds))
    assert found.words == words[1:]
