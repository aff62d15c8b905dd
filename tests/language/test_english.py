"""English text rules, as tables."""

import pytest

from qa import language

EN = language.get("en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mm-hm.", True),
        ("mm-hmm", True),
        ("Uh-huh.", True),
        ("uh huh uh huh", True),
        ("I see.", True),
        ("Okay, okay.", True),
        ("Oh, I see. Okay.", True),
        ("Right.", True),
        ("All right", True),
        ("yeah yeah", True),
        ("Of course, I understand.", True),
        ("That's right", True),
        ("", False),
        ("...", False),
        ("Right. So you need to", False),
        ("No, wait", False),
        ("right now", False),
        ("I see the box", False),
        ("okra", False),
        ("Sorry?", False),
        ("But listen", False),
        ("thank you", False),
    ],
)
def test_backchannel(text, expected):
    assert EN.is_backchannel(text) is expected


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Right, so what you do is", "Right"),
        ("Oh, I see. But", "Oh, I see"),
        ("Yesterday I", ""),
        ("Okra", ""),
        ("", ""),
    ],
)
def test_leading_backchannel(text, head):
    assert text[: EN.leading_backchannel(text)] == head


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I ordered the", True),
        ("and then it was because", True),
        ("it never -", True),
        ("I ordered it", False),
        ("what is it for", False),
        ("Is it the?", False),
        ("", False),
    ],
)
def test_breaks_off(text, expected):
    assert EN.breaks_off(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("um", True), ("Um, uh,", True), ("you know", True), ("umbrella", False), ("", False)],
)
def test_filler(text, expected):
    assert EN.is_filler(text) is expected


@pytest.mark.parametrize(
    ("text", "sentence", "clause"),
    [
        ("I ordered it last week.", True, True),
        ("Is that okay?", True, True),
        ("I ordered it", True, True),
        ("Yes", True, True),
        ("What is it for?", True, True),
        ("I ordered the", False, False),
        ("I ordered the.", False, False),
        ("I ordered it and", False, False),
        ("I was going to", False, False),
        ("because", False, False),
        ("it never...", False, False),
        ("it never -", False, False),
        ("I called,", False, True),
        ("Hello. I ordered it last week and the box", False, True),
        ("", False, False),
    ],
)
def test_ends(text, sentence, clause):
    assert (EN.ends_sentence(text), EN.ends_clause(text)) == (sentence, clause)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's your name", True),
        ("okay and what is your order number", True),
        ("can you help me", True),
        ("How long have you been waiting", True),
        ("how can I help you today", True),
        ("All good. Do you have the number", True),
        ("You ordered it?", True),
        ("I can help you", False),
        ("what I need is a refund", False),
        ("When I called you", False),
        ("which is fine", False),
        ("I know what you mean", False),
        ("", False),
    ],
)
def test_question(text, expected):
    assert EN.is_question(text) is expected


def test_words_are_the_unit():
    assert EN.count_units("I'm calling about my order, 12345.") == 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("delivery", "deliveries"),
        ("wait", "waiting"),
        ("cancel", "cancelled"),
        ("order", "ordered"),
        ("close", "closed"),
        ("call", "calling"),
    ],
)
def test_lemmas_join_inflections(one, other):
    assert EN.tokens(one)[0].lemma == EN.tokens(other)[0].lemma


def test_tokens_point_into_the_text():
    text = "Hi, this is Sato from Acme; I’m here."
    tokens = EN.tokens(text)
    assert all(text[t.start : t.end] == t.surface for t in tokens)
    assert {t.surface for t in tokens if t.pos == "name"} == {"Sato", "Acme"}
    assert EN.reading("Okay, GONNA go") == "ok going to go"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([" Hello", ",", " this", " is", " Sato", "."], "Hello, this is Sato."),
        (["Hello", "there", ",", "it", "'s", "me"], "Hello there, it's me"),
        ([" self", "-service"], "self-service"),
        ([], ""),
    ],
)
def test_place_gives_each_word_its_characters(words, text):
    placed, offsets = EN.place(words)
    assert placed == EN.join(words) == text
    assert [placed[a:b] for a, b in offsets] == [w.strip() for w in words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("that make sense", True),
        ("I sea.", True),
        ("ok", False),
        ("what", False),
        ("can I have your number", False),
        ("the third of May", False),
    ],
)
def test_sounds_like_backchannel(text, expected):
    assert EN.sounds_like_backchannel(text) is expected
