"""What must not leave the process: input → what is left of it, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Call
from qa.rubric.checks.redact import names_of, redact


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("電話は0120-444-113です", "電話は[NUMBER]です"),
        ("電話は０９０の１２３４の５６７８です", "電話は[NUMBER]です"),
        ("〇三の五五五五の一二三四", "[NUMBER]"),
        ("郵便番号は〒100-0001になります", "郵便番号は〒[NUMBER]になります"),
        ("番号はゼロキュウゼロイチニーサンヨンになります", "番号は[NUMBER]になります"),
        ("カードは4111 1111 1111 1111です", "カードは[NUMBER]です"),
        ("四一一一、一一一一です", "[NUMBER]です"),
        ("090", "[NUMBER]"),
        ("はい、12の", "はい、[NUMBER]の"),
        ("メールはsato.k@example.co.jpです", "メールは[EMAIL]です"),
        ("サトウアットマークexampleドットコムにお願いします", "[EMAIL]にお願いします"),
        ("山田様でいらっしゃいますね", "[NAME]様でいらっしゃいますね"),
        ("佐藤でございます", "[NAME]でございます"),
        ("砂糖でございます", "[NAME]でございます"),
        ("3日前に2つ届きました、まだ1つ足りません", "3日前に2つ届きました、まだ1つ足りません"),
        ("それはご心配でしたね", "それはご心配でしたね"),
        ("三千円と五百円です", "三千円と五百円です"),
    ],
)
def test_japanese(text: str, left: str) -> None:
    assert redact(text, "ja", ["佐藤"]) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("call me on +44 20 7946 0958 please", "call me on [NUMBER] please"),
        ("it's oh one two, double three four", "it's [NUMBER]"),
        ("my card is 4111-1111-1111-1111", "my card is [NUMBER]"),
        ("twenty twenty six forty", "[NUMBER]"),
        ("write to jo.bloggs@example.com today", "write to [EMAIL] today"),
        ("write to jo at example dot com today", "write to [EMAIL] today"),
        ("the postcode is SW1A 1AA", "the postcode is [NUMBER]"),
        ("this is Maria speaking", "this is [NAME] speaking"),
        ("thank you Mr Brown, one moment", "thank you Mr [NAME], one moment"),
        ("my name is Oluwaseun Ade and I called", "my name is [NAME] and I called"),
        ("I bought two lamps for thirty dollars", "I bought two lamps for thirty dollars"),
        ("the marianas trench", "the marianas trench"),
    ],
)
def test_english(text: str, left: str) -> None:
    assert redact(text, "en", ["Maria Lopez"]) == left


@given(
    st.text(alphabet="0123456789０１２３４５６７８９〇一二三四五六七八九", min_size=4, max_size=16),
    st.sampled_from("-－ ・"),
)
def test_no_long_number_is_left_however_it_is_written(digits: str, apart: str) -> None:
    for written in (digits, apart.join(digits), f"番号は{digits}です"):
        left = redact(written, "ja")
        assert not any(char in left for char in "0123456789〇一二三四五六七八九"), left


def test_names_come_from_what_is_known_of_the_call() -> None:
    call = Call("c", agent_name="佐藤", attributes={"customer_name": "山田花子", "product": "L-5"})
    assert names_of(call) == ("佐藤", "山田花子")
