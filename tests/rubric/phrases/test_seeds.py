"""One pass over a voice finds what looking for each piece on its own finds."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.model import Role
from qa.rubric.authoring.notation import conversation
from qa.rubric.phrases import match, slots
from qa.rubric.phrases.annotate import annotate
from qa.rubric.phrases.compiled import Pattern, compile_patterns
from qa.rubric.phrases.seeds import Index
from tests.rubric.phrases import plain_match

FORMS = {
    "ja": (
        "お詫び申し上げます",
        "申し訳ない〜",
        "(大変|誠に)?ご不便をおかけ(して|いたしました)",
        "お待たせ…申し訳",
        "〈company〉の〈name〉でございます",
        "^ですから",
        "はい",
        "一分ほどお待ちいただけますでしょうか",
        "本日中に私から折り返しお電話いたします",
    ),
    "en": (
        "(i am|we are) (so|very)? sorry (to hear|about) that",
        "my name is <name>",
        "apologize~ for the … in getting back to you",
        "as i already told you",
        "could you bear with me for a moment please",
        "^no",
    ),
}
SPOKEN = {
    "ja": (
        "お詫び申し上げます",
        "誠に申し訳ございません",
        "大変ご不便をおかけしております",
        "お待たせして大変申し訳ございません",
        "みどり電気の高橋でございます",
        "ですからできません",
        "一分ほどお待ちいただけますでしょうか",
        "本日中に私から折り返しお電話いたします",
        "ルーターの電源は入れ直してみました",
    ),
    "en": (
        "we are so sorry to hear that",
        "hello my name is Sarah",
        "I apologise for the long delay in getting back to you",
        "as I already told you we can't do that",
        "could you bear with me for a moment please",
        "no the red light keeps blinking",
    ),
}


@cache
def patterns(code: str) -> tuple[Pattern, ...]:
    return compile_patterns(FORMS[code], code)


@cache
def index(code: str) -> Index:
    return Index({"all": patterns(code)})


@st.composite
def lines(draw: st.DrawFn, code: str) -> list[str]:
    """Turns of phrases, some with sounds lost, changed or put in."""
    letters = "かさんでをに" if code == "ja" else "aetos "
    turns = []
    for spoken in draw(st.lists(st.sampled_from(SPOKEN[code]), min_size=1, max_size=4)):
        text = spoken
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(text) - 1))
            cut = draw(st.integers(0, 1))
            text = text[:at] + draw(st.sampled_from(["", *letters])) + text[at + cut :]
        turns.append(f"{draw(st.sampled_from('AAC'))}: {text.strip() or spoken}")
    return turns


def both(code: str, turns: list[str]) -> list[tuple[list[match.Hit], list[match.Hit]]]:
    annotated = annotate(conversation(turns, code))
    filler = slots.Filler(code, frozenset())
    found = []
    for role in (Role.AGENT, Role.CUSTOMER):
        voice = annotated.voices[role]
        fast = index(code).look(voice.sound)
        slow = plain_match.look({"all": patterns(code)}, voice.sound)
        quick = match.Search(voice, code, filler, fast).find(fast.due.get("all", ()))
        found.append((quick, match.Search(voice, code, filler, slow).find(patterns(code))))
    return found


@settings(max_examples=150, deadline=None)
@given(lines("ja"))
def test_japanese(turns: list[str]) -> None:
    for fast, slow in both("ja", turns):
        assert fast == slow


@settings(max_examples=150, deadline=None)
@given(lines("en"))
def test_english(turns: list[str]) -> None:
    for fast, slow in both("en", turns):
        assert fast == slow


def test_there_is_something_to_find() -> None:
    for code in ("ja", "en"):
        hits = [fast for text in SPOKEN[code] for fast, _ in both(code, [f"A: {text}"])]
        assert sum(map(len, hits)) >= len(SPOKEN[code]) - 1
