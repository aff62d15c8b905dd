"""Holds, dead air and response latency on timelines drawn by hand (a tenth of a second a column)."""

import pytest

from qa import dialogue
from qa.model import EventKind, Role, SoundKind
from tests.dialogue.draw import call, draw, music

PAUSE = "." * 40
"""Four seconds."""
WAIT = "[少々お待ちください]"
BACK = "[お待たせいたしました]"


def build(agent, customer="", sounds=(), **drawn):
    picture = draw({"A": agent, "B": customer}, sounds=sounds, **drawn)
    return dialogue.build(call(Role.AGENT, Role.CUSTOMER), picture.heard, picture.quality, "0" * 64)


def silences(agent, customer="", sounds=(), **drawn):
    """(kind, by, start, end) of holds and dead air."""
    return [
        (e.kind.value, e.by and e.by.value, round(e.span.start, 1), round(e.span.end, 1))
        for e in build(agent, customer, sounds, **drawn).events
        if e.kind in (EventKind.HOLD, EventKind.DEAD_AIR)
    ]


TABLE = {
    "dead air": ("[確認します]" + PAUSE + "[ございました]", "", (), [("dead_air", None, 0.7, 4.7)]),
    "2.9 seconds are not": ("[確認します]" + "." * 29 + "[ございました]", "", (), []),
    "the customer speaks meanwhile": (
        "[確認します]" + PAUSE + "[ございました]",
        "." * 20 + "[お願いします]",
        (),
        [],
    ),
    "nor is silence before the first or after the last word": (
        PAUSE + "[確認します]" + PAUSE,
        "",
        (),
        [],
    ),
    "a wait announced is a hold": (WAIT + PAUSE + BACK, "", (), [("hold", "agent", 1.1, 5.1)]),
    "the caller agrees to wait": (
        WAIT + PAUSE + BACK,
        "." * 11 + "[はい]",
        (),
        [("hold", "agent", 1.1, 5.1)],
    ),
    "the caller talks all the time: nobody waits": (
        "[届くまでお待ちください]" + PAUSE + BACK,
        "." * 14 + "[でも明日には出かけるので今日中に届かないと困るんですけど]",
        (),
        [],
    ),
    "a short wait is a pause": (WAIT + "." * 20 + BACK, "", (), []),
    "お待たせしました announces nothing": (
        BACK + PAUSE + "[確認します]",
        "",
        (),
        [("dead_air", None, 1.2, 5.2)],
    ),
    "the caller fetches a number": (
        "[お客様番号はわかりますか]" + PAUSE + "......" + "[ありがとうございます]",
        "." * 14 + "[ちょっと待ってください]" + "." * 32 + "[はい]",
        (),
        [("hold", "customer", 2.7, 5.9)],
    ),
    "music": (
        "[確認します]" + PAUSE + PAUSE + "[ございました]",
        "",
        (music(1.5, 8.2),),
        [("hold", "agent", 0.7, 8.7)],
    ),
    "rings within the call": (
        "[おつなぎします]" + PAUSE + PAUSE + "[ございました]",
        "",
        (music(1.5, 2.5, SoundKind.RINGBACK), music(4.5, 5.5, SoundKind.RINGBACK)),
        [("hold", "agent", 0.9, 8.9)],
    ),
    "rings before the first word": (
        PAUSE + PAUSE + "[確認します]",
        "",
        (music(1.0, 7.5, SoundKind.RINGBACK),),
        [],
    ),
    "a tone is no hold": (
        "[確認します]" + PAUSE + "[ございました]",
        "",
        (music(1.0, 4.0, SoundKind.TONE),),
        [("dead_air", None, 0.7, 4.7)],
    ),
}


@pytest.mark.parametrize(("agent", "customer", "sounds", "expected"), TABLE.values(), ids=TABLE)
def test_silence(agent, customer, sounds, expected):
    assert silences(agent, customer, sounds) == expected


@pytest.mark.parametrize(
    ("text", "hold"),
    [
        ("Could_you_hold_for_me", True),
        ("One_moment_please", True),
        ("Let_me_put_you_on_hold", True),
        ("Bear_with_me_a_second", True),
        ("Thank_you_for_holding", False),
        ("I_will_have_a_look_at_it", False),
    ],
)
def test_waits_in_english(text, hold):
    found = silences(f"[{text}]" + PAUSE + "[Thank_you_for_waiting]", language="en")
    assert [kind for kind, *_ in found] == ["hold" if hold else "dead_air"]


class TestMeasures:
    def test_latency_ends_with_the_next_turn_that_is_no_backchannel(self):
        agent = "." * 8 + "[ええ]" + "." * 20 + "[それはご心配でしたね]"
        customer = "[先週注文した商品がまだ届かないんですよ]"
        measures = build(agent, customer).measures
        assert measures.backchannels_by_agent == 1
        assert measures.response_latency_median == pytest.approx(1.1)

    def test_a_hold_is_no_latency(self):
        agent = "[では少々お待ちください]" + PAUSE + "...[お待たせしました]"
        customer = "." * 14 + "[はいお願いします]"
        measures = build(agent, customer).measures
        assert (measures.hold_count, measures.response_latency_median) == (1, None)

    def test_talk_and_rate(self):
        measures = build("[かくにんします~~]", "." * 20 + "[はい]").measures
        assert measures.agent_talk_seconds == pytest.approx(1.1)
        assert measures.customer_talk_seconds == pytest.approx(0.4)
        assert measures.agent_speech_units == 7
        assert measures.agent_talk_share == pytest.approx(11 / 15)

    def test_a_backchannel_does_not_break_a_monologue(self):
        agent = "[こちらで確認いたしますので]............[改めてお電話いたします]"
        customer = "...............[はい]"
        assert build(agent, customer).measures.longest_agent_monologue == pytest.approx(2.8)
        customer = "...............[困ります]"
        assert build(agent, customer).measures.longest_agent_monologue == pytest.approx(1.5)

    def test_pitch_and_level_of_the_role_that_speaks(self):
        from dataclasses import replace

        from qa.model import Prosody

        picture = draw({"A": "[" + "あ" * 28 + "]", "B": "." * 40 + "[はいはい]"})
        low_high = tuple(100.0 if n % 2 else 200.0 for n in range(30)) + (50.0,) * 20
        tracks = (Prosody(0, 0.1, (-20.0,) * 50, low_high), Prosody(1, 0.1, (-30.0,) * 50, (0.0,) * 50))
        heard = replace(picture.heard, prosody=tracks)
        measures = dialogue.build(call(Role.AGENT, Role.CUSTOMER), heard, picture.quality, "0" * 64).measures
        assert measures.agent_pitch_range_semitones == pytest.approx(12.0)
        assert measures.customer_pitch_range_semitones is None
        assert measures.agent_level_dbfs == pytest.approx(-20.0)
        assert measures.customer_level_dbfs == pytest.approx(-30.0)


class TestUnheard:
    def test_speech_without_words_is_kept_apart(self):
        found = build("[確認します]..[~~~~~]....[ます]", "")
        assert [(u.speaker, round(u.span.start, 1), u.channel) for u in found.unheard] == [("A", 0.9, 0)]

    def test_short_noises_are_not(self):
        assert build("[確認します]..[~]....[ます]", "").unheard == ()
