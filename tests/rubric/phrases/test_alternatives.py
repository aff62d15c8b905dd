"""Alternatives that stay together are found as their plain sequences would be, each looked for by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.model import Role
from qa.rubric.authoring.notation import conversation
from qa.rubric.phrases import match, slots
from qa.rubric.phrases.annotate import annotate
from qa.rubric.phrases.compiled import Pattern, Segment, compile_patterns
from qa.rubric.phrases.seeds import Index

FORMS = {
    "ja": (
        "(ご不便|ご迷惑|ご心配)(を)?(おかけ|お掛け)(し|いたし)(て|ました)…(申し訳|お詫び|失礼)",
        "(お名前|ご住所|お電話番号)(を|は)…(いただけますか|お願いいたします|お聞かせください)",
        "〈company〉(の|こと)〈name〉(です|でございます|と申します)",
        "(責任者|上司|店長)(は|が)…(外出|会議|不在)…(折り返|お電話させ)",
        "(お待たせ…)?(申し訳|すみません)",
        "^(はい|ええ)…(承知|かしこまり)",
        "(確認する〜|お調べする〜)…(お待ち|しばらく)",
    ),
    "en": (
        "(i|we) (am|are) (so|very|really)? sorry … (delay|wait|trouble)",
        "(my name is|this is|you are speaking to) <name>",
        "(could|can|may) (i|we) (take|have|get) … (name|number|account)",
        "(apologize~|sorry) for … (wait|mistake)",
        "(let me|i will) (check|look into) … (minute|moment) … (right|ok)",
    ),
}
SPOKEN = {
    "ja": (
        "ご不便をおかけして誠に申し訳ございません",
        "ご迷惑おかけいたしましたことお詫び申し上げます",
        "お名前とお電話番号をお願いいたします",
        "ご住所は変わりませんかお聞かせください",
        "みどり電気の高橋でございます",
        "責任者はただいま会議ですので折り返しお電話させていただきます",
        "上司が不在で後ほどお電話させてください",
        "お待たせして大変申し訳ございません",
        "はいでは承知いたしました",
        "確認いたしますのでお待ちください",
        "ルーターの電源は入れ直してみました",
    ),
    "en": (
        "we are so sorry about the long delay",
        "hello my name is Sarah",
        "this is Daniel speaking",
        "could I take your name and account number please",
        "I apologize for the long wait and the mistake",
        "let me check that it takes about a minute is that all right",
        "the red light keeps blinking",
    ),
}


@cache
def together(code: str) -> tuple[Pattern, ...]:
    return compile_patterns(FORMS[code], code)


@cache
def multiplied_out(code: str) -> tuple[Pattern, ...]:
    """A pattern for each choice of literals; what is looked for first is what it was."""
    found = []
    for pattern in together(code):
        choices = [
            [Segment((literal,)) for literal in part.literals] if isinstance(part, Segment) else [part]
            for part in pattern.parts
        ]
        found += [replace(pattern, parts=parts) for parts in product(*choices)]
    return tuple(found)


def hits(patterns: Sequence[Pattern], code: str, turns: list[str]) -> list[list[match.Hit]]:
    annotated = annotate(conversation(turns, code))
    index = Index({pattern.form: [p for p in patterns if p.form == pattern.form] for pattern in patterns})
    found = []
    for role in (Role.AGENT, Role.CUSTOMER):
        voice = annotated.voices[role]
        seeds = index.look(voice.sound)
        search = match.Search(voice, code, slots.Filler(code, frozenset()), seeds)
        found += [search.find(seeds.due.get(number, ())) for number in range(len(FORMS[code]))]
    return found


@st.composite
def lines(draw: st.DrawFn, code: str) -> list[str]:
    """Turns of phrases, some with sounds lost, changed or put in."""
    letters = "かさんでをに" if code == "ja" else "aetos "
    turns = []
    for spoken in draw(st.lists(st.sampled_from(SPOKEN[code]), min_size=1, max_size=4)):
        text = spoken
        for _ in range(draw(st.integers(0, 2))):
            at = draw(st.integers(0, len(text) - 1))
            cut = draw(st.integers(0, 1))
            text = text[:at] + draw(st.sampled_from(["", *letters])) + text[at + cut :]
        turns.append(f"{draw(st.sampled_from('AAC'))}: {text.strip() or spoken}")
    return turns


def shape(hit: match.Hit) -> tuple[int, int, int, int]:
    """Where it is, and how alike; which form and how the slots are filled may differ between equals."""
    return hit.first, hit.last, hit.edits, hit.length


def check(code: str, turns: list[str]) -> None:
    factored, plain = (hits(patterns(code), code, turns) for patterns in (together, multiplied_out))
    for ours, theirs in zip(factored, plain, strict=True):
        assert [shape(hit) for hit in ours] == [shape(hit) for hit in theirs]


@settings(max_examples=150, deadline=None)
@given(lines("ja"))
def test_japanese(turns: list[str]) -> None:
    check("ja", turns)


@settings(max_examples=150, deadline=None)
@given(lines("en"))
def test_english(turns: list[str]) -> None:
    check("en", turns)


@pytest.mark.parametrize("code", ["ja", "en"])
def test_there_is_something_to_find(code: str) -> None:
    found = [hits(together(code), code, [f"A: {text}"]) for text in SPOKEN[code]]
    assert sum(len(each) for hit in found for each in hit) >= len(SPOKEN[code]) - 1
