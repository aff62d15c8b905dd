"""Word errors by hand, and beside what meeteval 0.4.3 gave for the same texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluate.counts import ErrorCounts
from qa.evaluate.spread import split, timed
from qa.evaluate.words import concatenated, errors_by_character, errors_by_word, word_figures
from qa.model import Role, Span, Word
from tests.evaluate.talk import conversation, said

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("reference", "result", "expected"),
    [
        ("the cat sat", "the cat sat", ErrorCounts(0, 0, 0, 3)),
        ("the cat sat", "the bat", ErrorCounts(1, 1, 0, 3)),
        ("cat", "the big cat", ErrorCounts(0, 0, 2, 1)),
        ("", "made up", ErrorCounts(0, 0, 2, 0)),
        ("not heard", "", ErrorCounts(0, 2, 0, 2)),
    ],
)
def test_words_by_hand(reference: str, result: str, expected: ErrorCounts) -> None:
    assert errors_by_word(reference, result) == expected


def test_characters_by_hand() -> None:
    assert errors_by_character("ホケンショオ", "ホケンシオ") == ErrorCounts(0, 1, 0, 6)


@pytest.mark.parametrize(
    ("reference", "result", "errors", "length"),
    [  # meeteval.wer.cp_word_error_rate(reference, result)
        (["a b", "c d"], ["c d", "a x"], 1, 4),
        (["a b c", "d"], ["a b c d"], 2, 4),
        (["a b"], ["a", "b", "c"], 3, 2),
        (["hello there how are you", "fine thanks", "me too"], ["fine thanks", "hello there how you"], 3, 9),
    ],
)
def test_each_speaker_for_themselves(
    reference: list[str], result: list[str], errors: int, length: int
) -> None:
    found = concatenated(reference, result, errors_by_word)
    assert (found.errors, found.length) == (errors, length)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.lists(TEXTS, min_size=1, max_size=3), st.randoms())
def test_names_of_speakers_do_not_matter(reference: list[str], result: list[str], random) -> None:  # type: ignore[no-untyped-def]
    renamed = list(result)
    random.shuffle(renamed)
    once, again = (concatenated(reference, texts, errors_by_word) for texts in (result, renamed))
    assert once.errors == again.errors
    assert concatenated(reference, reference, errors_by_word).errors == 0


def test_words_stand_where_they_are_spoken() -> None:
    """The pause holds no word:  "aaaa....aaaa", 0.5 s a letter."""
    turn = said([(Role.AGENT, 0.0, 6.0, "ab cd")]).turns[0]  # type: ignore[index]
    reference = _with_speech([(0.0, 2.0), (4.0, 6.0)])
    assert timed(turn, reference, "en") == ((" ab", Span(0.0, 2.0)), (" cd", Span(4.0, 6.0)))


@settings(deadline=None)
@given(st.text(alphabet="あいう漢字、。ab 12!?", max_size=30))
def test_a_japanese_text_is_its_pieces(text: str) -> None:
    assert "".join(split(text, "ja")) == (text if text.strip() else "")


def test_kanji_of_the_same_sound_are_no_error_as_readings() -> None:
    heard = [("A", Role.AGENT, Word("保健です", Span(0.0, 1.0), 0.9))]
    figures = word_figures(
        said([(Role.AGENT, 0.0, 1.0, "保険です。")], "ja"),
        conversation({"A": (Role.AGENT, "aa")}, words=heard, language="ja"),
    )
    assert figures.cer == ErrorCounts(1, 0, 0, 4)
    assert figures.reading_cer is not None and figures.reading_cer.errors == 0
    assert figures.cp_cer == figures.reading_cer
    assert figures.wer is None


def test_words_under_the_wrong_speaker_count_only_there() -> None:
    truth = said([(Role.AGENT, 0.0, 2.0, "Hello there."), (Role.CUSTOMER, 2.0, 4.0, "Good morning!")])
    words = ["hello", "there", "good", "morning"]
    heard = [("A", Role.AGENT, Word(f" {w}", Span(i, i + 1), 0.9)) for i, w in enumerate(words)]
    figures = word_figures(truth, conversation({"A": (Role.AGENT, "aaaaaaaa")}, words=heard))
    assert figures.wer == ErrorCounts(0, 0, 0, 4)
    assert figures.cp_wer is not None and figures.cp_wer.errors == 4


def _with_speech(pieces: list[tuple[float, float]]):  # type: ignore[no-untyped-def]
    from qa.evaluate.reference import Reference, ReferenceSpeech

    return Reference(
        "call", "en", spoken=tuple(ReferenceSpeech("agent", Role.AGENT, Span(*p)) for p in pieces)
    )
