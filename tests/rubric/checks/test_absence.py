"""When the absence of a phrase proves nothing, whatever the criterion."""

import dataclasses

import pytest

from qa.model import Outcome, Role, Separation, Span, SpeakerSpan
from qa.rubric import load, score
from qa.rubric.authoring.notation import conversation
from tests.rubric.helpers import RECEIPT

OPENING = "A: Thank you for calling Northwind support, this is Daniel speaking, how can I help?"
TROUBLE = "C: My internet has been down since last week and I can't work"
LONG = [
    "C: It was working fine until the engineer came and changed the box in the hall last Tuesday",
    "C: Then it went off every evening and nobody could tell me what the matter was with the line",
    "C: And now the lights are all red and I have a meeting with people in Tokyo tomorrow morning",
]


def thanks(lines: list[str], separation: Separation) -> tuple[Outcome, str]:
    """What `thanks-for-time` comes to, and why."""
    talk = dataclasses.replace(conversation(lines, "en"), separation=separation)
    card = score(talk, load("support-en"), RECEIPT)
    finding = next(f for f in card.findings if f.criterion == "thanks-for-time")
    return finding.outcome, finding.reason.en


@pytest.mark.parametrize(
    ("separation", "expected"),
    [(Separation.CHANNEL, Outcome.NOT_MET), (Separation.DIARIZED, Outcome.NEEDS_REVIEW)],
)
def test_a_voice_lost_on_the_way_is_no_silence(separation: Separation, expected: Outcome) -> None:
    outcome, reason = thanks([OPENING, TROUBLE, "A: Let me look", *LONG], separation)
    assert outcome is expected
    if expected is Outcome.NEEDS_REVIEW:
        assert "not followed to the end" in reason


def test_a_diarized_agent_who_speaks_to_the_end_is_judged() -> None:
    outcome, _ = thanks([OPENING, TROUBLE, *LONG, "A: Okay, goodbye then"], Separation.DIARIZED)
    assert outcome is Outcome.NOT_MET


def test_words_of_an_unknown_voice_may_be_the_agents() -> None:
    talk = conversation([OPENING, TROUBLE, *LONG, "A: Okay, goodbye then"], "en")
    turns = tuple(
        dataclasses.replace(t, role=Role.UNKNOWN, speaker="X") if i == len(talk.turns) - 2 else t
        for i, t in enumerate(talk.turns)
    )
    card = score(dataclasses.replace(talk, turns=turns), load("support-en"), RECEIPT)
    finding = next(f for f in card.findings if f.criterion == "thanks-for-time")
    assert finding.outcome is Outcome.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.9, Outcome.NOT_MET), (0.2, Outcome.NEEDS_REVIEW)],
    ids=["heard", "mumbled"],
)
def test_what_an_apology_is_for_may_be_a_word_that_was_hardly_recognised(
    probability: float, expected: Outcome
) -> None:
    talk = conversation(
        ["A: お電話ありがとうございます", "C: 冷蔵庫が冷えません", "A: 見は申し訳ございません"], "ja"
    )
    last = talk.turns[-1]
    words = tuple(
        dataclasses.replace(word, probability=probability) if "見" in word.text else word
        for word in last.words
    )
    assert words
    talk = dataclasses.replace(talk, turns=(*talk.turns[:-1], dataclasses.replace(last, words=words)))
    card = score(talk, load("support-ja"), RECEIPT)
    finding = next(f for f in card.findings if f.criterion == "specific-apology")
    assert finding.outcome is expected


def unsure(lines: list[str], number: int, probability: float) -> dict[str, Outcome]:
    """What each criterion comes to when the words of one turn are so sure."""
    talk = conversation(lines, "en")
    turns = list(talk.turns)
    words = tuple(dataclasses.replace(w, probability=probability) for w in turns[number].words)
    turns[number] = dataclasses.replace(turns[number], words=words)
    card = score(dataclasses.replace(talk, turns=tuple(turns)), load("support-en"), RECEIPT)
    return {finding.criterion: finding.outcome for finding in card.findings}


ACCOUNT = [
    "0-3 A: Acme support, this is Maria speaking",
    "3.5-16 C: I ordered a lamp last week and it still has not arrived and nobody has told me why",
    "{} A: {}",
    "17-19 A: That must be frustrating, let me check that",
]


@pytest.mark.parametrize(
    ("when", "words", "expected"),
    [
        ("8-8.4", "Mm, the", Outcome.MET),
        ("8-11", "The elm wells are nothing but a good sent fish", Outcome.NEEDS_REVIEW),
    ],
    ids=["listening", "a sentence"],
)
def test_no_solution_hides_in_misheard_listening(when: str, words: str, expected: Outcome) -> None:
    lines = [*ACCOUNT[:2], ACCOUNT[2].format(when, words), ACCOUNT[3]]
    assert unsure(lines, 2, 0.2)["let-them-finish"] is expected


@pytest.mark.parametrize(("probability", "expected"), [(0.9, Outcome.NOT_MET), (0.3, Outcome.NEEDS_REVIEW)])
def test_something_short_and_misheard_may_have_been_listening(probability: float, expected: Outcome) -> None:
    lines = [*ACCOUNT[:2], ACCOUNT[2].format("8-8.9", "The elm by the"), ACCOUNT[3]]
    assert unsure(lines, 2, probability)["active-listening"] is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I understant", Outcome.NEEDS_REVIEW),
        ("Splendid", Outcome.NEEDS_REVIEW),
        ("A lamp and a box", Outcome.NOT_MET),
    ],
)
def test_what_is_like_listening_or_too_short_for_more_may_have_been_some(
    said: str, expected: Outcome
) -> None:
    lines = [*ACCOUNT[:2], ACCOUNT[2].format("8-8.7", said), ACCOUNT[3]]
    assert unsure(lines, 2, 0.95)["active-listening"] is expected


def test_an_occasion_that_nobody_heard_of_is_none_however_poor_the_words() -> None:
    lines = [*ACCOUNT[:2], ACCOUNT[2].format("16.5-17", "Right"), ACCOUNT[3]]
    assert unsure(lines, 1, 0.2)["escalation-handled"] is Outcome.NOT_APPLICABLE


def test_an_occasion_may_hide_in_speech_without_words() -> None:
    lines = [*ACCOUNT[:2], ACCOUNT[2].format("20.5-21", "Right"), ACCOUNT[3]]
    talk = conversation(lines, "en")
    customer = talk.turns[1].speaker
    talk = dataclasses.replace(talk, unheard=(SpeakerSpan(customer, Span(4.0, 15.0), 0.0),))
    card = score(talk, load("support-en"), RECEIPT)
    finding = next(f for f in card.findings if f.criterion == "escalation-handled")
    assert finding.outcome is Outcome.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("And for telling me all about it,", Outcome.NEEDS_REVIEW),
        ("I have sent the new box today.", Outcome.NOT_MET),
    ],
)
def test_what_was_not_heard_may_be_the_end_of_a_sentence(said: str, expected: Outcome) -> None:
    lines = [
        "0-4 " + OPENING,
        "5-9 " + TROUBLE,
        f"10-12 A: {said}",
        "14-15 A: Goodbye then",
        "15.5-16 C: Bye",
    ]
    talk = conversation(lines, "en")
    talk = dataclasses.replace(talk, unheard=(SpeakerSpan(talk.turns[0].speaker, Span(12.3, 13.1), 0.0),))
    card = score(talk, load("support-en"), RECEIPT)
    finding = next(f for f in card.findings if f.criterion == "thanks-for-time")
    assert finding.outcome is expected


@pytest.mark.parametrize(("probability", "expected"), [(0.95, Outcome.NOT_MET), (0.45, Outcome.NEEDS_REVIEW)])
def test_an_order_is_as_sure_as_both_of_what_it_puts_in_order(probability: float, expected: Outcome) -> None:
    lines = [
        "A: " + OPENING.removeprefix("A: "),
        TROUBLE,
        "A: I will send you a new box today",
        "C: Okay",
        "A: I understand how frustrating that must be for you",
        "C: Yes",
    ]
    talk = conversation(lines, "en")
    turns = tuple(
        dataclasses.replace(t, words=tuple(dataclasses.replace(w, probability=probability) for w in t.words))
        if number in (2, 4)
        else t
        for number, t in enumerate(talk.turns)
    )
    card = score(dataclasses.replace(talk, turns=turns), load("support-en"), RECEIPT)
    finding = next(f for f in card.findings if f.criterion == "feelings-before-solution")
    assert finding.outcome is expected
