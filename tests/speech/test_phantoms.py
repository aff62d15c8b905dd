"""What Whisper makes up, what it does not, and what is counted."""

import time

import pytest

from qa.model import Span, Word
from qa.speech.phantoms import loops, screen, sentences, snap
from tests.speech.sounds import spans


def words(text: str, start: float, end: float, probability: float = 0.9) -> tuple[Word, ...]:
    """`text` cut at `|`, evenly timed over start..end."""
    parts = text.split("|")
    step = (end - start) / len(parts)
    return tuple(
        Word(part, Span(start + i * step, start + (i + 1) * step), probability)
        for i, part in enumerate(parts)
    )


SPOKEN = spans((0, 10))


@pytest.mark.parametrize(
    ("language", "sentence", "speech", "reason"),
    [
        # said, and heard
        ("ja", words("はい", 1, 1.3), SPOKEN, None),
        ("ja", words("お電話|ありがとう|ございます。", 1, 3), SPOKEN, None),
        ("en", words("How|can|I|help|you?", 1, 2.5), SPOKEN, None),
        # nobody speaks there
        ("ja", words("お電話|ありがとう|ございます。", 1, 3), spans((5, 6)), "no_speech"),
        ("en", words("Okay.", 1, 1.4), (), "no_speech"),
        # word times are a little unsure: speech close by is support enough
        ("ja", words("はい", 1, 1.3), spans((1.35, 1.7)), None),
        # only punctuation
        ("en", words("...", 1, 2), SPOKEN, "no_speech"),
        # a guess at a noise
        ("ja", words("お", 1, 1.1, 0.02), SPOKEN, "unsure"),
        ("en", words("Oh.", 1, 1.1, 0.05), SPOKEN, "unsure"),
        ("en", words("Oh.", 1, 1.1, 0.3), SPOKEN, None),
        # nobody talks that fast
        ("ja", words("本日はお電話をいただき誠に|ありがとうございました", 1, 1.5), SPOKEN, "rate"),
        ("en", words("thank you for calling the support line|how can I help", 1, 1.5), SPOKEN, "rate"),
        ("ja", words("かしこまりました", 1, 1.6), SPOKEN, None),
        # loops
        ("ja", words("ありがとう|" * 7 + "ありがとう", 1, 6), SPOKEN, "repetition"),
        ("en", words("I see, |" * 9 + "I see.", 1, 6), SPOKEN, "repetition"),
        ("ja", words("はい|はい|はい|はい", 1, 2.2), SPOKEN, None),
        ("ja", words("00000000000000", 1, 4), SPOKEN, None),
        # phantom phrases: dropped where the voice under them is too short or the words unsure …
        ("ja", words("ご視聴|ありがとうございました", 1, 4), spans((1, 1.3)), "phantom_phrase"),
        ("ja", words("ご視聴|ありがとうございました", 1, 3, 0.3), SPOKEN, "phantom_phrase"),
        ("en", words("Thank|you|for|watching!", 1, 3, 0.3), SPOKEN, "phantom_phrase"),
        ("en", words("Bye.", 1, 1.4, 0.2), SPOKEN, "phantom_phrase"),
        # … and kept where somebody says them
        ("ja", words("ご視聴|ありがとうございました", 1, 3), SPOKEN, None),
        ("en", words("Bye.", 1, 1.4), SPOKEN, None),
        # and a phrase of the other language is no phantom phrase
        ("ja", words("you", 1, 1.4, 0.3), SPOKEN, None),
    ],
)
def test_each_reason(
    language: str, sentence: tuple[Word, ...], speech: tuple[Span, ...], reason: str | None
) -> None:
    found = screen(sentence, speech, language)
    assert found.words == (sentence if reason is None else ())
    assert found.dropped == ({} if reason is None else {reason: 1})


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("佐藤、|みなとネット、|山田。", True),
        ("みなとネット、佐藤", True),
        ("佐藤", False),
        ("みなとネットの|佐藤でございます。", False),
        ("佐藤、|鈴木。", False),
    ],
)
def test_hints_said_back_are_not_heard(text: str, dropped: bool) -> None:
    found = screen(words(text, 1, 3), SPOKEN, "ja", ("佐藤", "山田", "みなとネット"))
    assert found.dropped == ({"prompt_echo": 1} if dropped else {})


def test_the_same_long_sentence_again_and_again_is_a_loop() -> None:
    said = [word for i in range(5) for word in words("申し訳ございません。", 1 + i * 1.5, 2 + i * 1.5)]
    found = screen(said, SPOKEN, "ja")
    assert found.dropped == {"repetition": 3}
    assert len(found.words) == 2


def test_short_sure_answers_may_repeat() -> None:
    said = [word for i in range(5) for word in words("はい。", 1 + i * 1.5, 1.4 + i * 1.5)]
    assert screen(said, SPOKEN, "ja").dropped == {}


def test_only_the_made_up_sentence_goes() -> None:
    said = words("はい、|そうです。", 1, 2) + words("ご視聴|ありがとうございました。", 4, 6)
    found = screen(said, spans((1, 2)), "ja")
    assert [word.text for word in found.words] == ["はい、", "そうです。"]
    assert found.dropped == {"no_speech": 1}


def test_sentences_end_at_full_stops_and_pauses() -> None:
    said = words("a|b.", 0, 1) + words("c|d", 1, 2) + words("e", 3.5, 4)
    assert [[w.text for w in s] for s in sentences(said)] == [["a", "b."], ["c", "d"], ["e"]]
    assert sentences(()) == []


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("", False),
        ("はいはいはい", False),
        ("はい" * 6, True),
        ("そうですね" * 5, False),
        ("そうですね" * 6, True),
        ("お電話ありがとうございますそうですねええええ", False),
        ("09012345678", False),
        ("0" * 30, False),
    ],
)
def test_loops(letters: str, expected: bool) -> None:
    assert loops(letters) is expected


@pytest.mark.parametrize(
    ("word", "speech", "expected"),
    [
        # stretched over the pause before it
        ((1.0, 4.0), [(3.5, 4.0)], (3.3, 4.0)),
        # on its speech already
        ((3.5, 3.9), [(3.4, 4.0)], (3.5, 3.9)),
        # over two stretches: the one it shares more with
        ((1.0, 4.0), [(0.5, 1.2), (3.0, 4.5)], (2.8, 4.0)),
        # no speech near: left alone, the screening decides
        ((1.0, 2.0), [(3.0, 4.0)], (1.0, 2.0)),
    ],
)
def test_words_are_held_to_speech(
    word: tuple[float, float], speech: list[tuple[float, float]], expected: tuple[float, float]
) -> None:
    (found,) = snap([Word("はい", Span(*word), 0.9)], spans(*speech))
    assert (found.span.start, found.span.end) == pytest.approx(expected)


def test_a_long_call_costs_what_its_parts_cost() -> None:
    """Three hours of one party: every word against all speech took half a minute."""
    speech = spans(*((4.0 * i, 4.0 * i + 3.0) for i in range(3000)))
    said = [
        word
        for i, span in enumerate(speech)
        for word in words(f"番号は{i}|で|す。", span.start, span.end + 0.5)
    ]
    started = time.process_time()
    found = screen(snap(said, speech), speech, "ja")
    assert len(found.words) == len(said)
    assert time.process_time() - started < 5.0
