"""Who is who, from what is claimed and what is said."""

import pytest

from qa import dialogue
from qa.model import Call, Role, Separation
from tests.dialogue.draw import call, draw

GAP = "." * 15


def talk(*lines, language="ja", separation=Separation.CHANNEL, known=None, roster=None, company=()):
    """A conversation of `speaker: text` lines, one after the other."""
    drawn: dict[str, str] = {speaker: "" for speaker, _ in sorted(lines, key=lambda line: line[0])}
    at = 0
    for speaker, text in lines:
        drawn[speaker] = drawn[speaker].ljust(at, ".") + f"[{text}]"
        at = len(drawn[speaker]) + 5
    picture = draw(drawn, language=language, separation=separation)
    return dialogue.build(
        known or call(), picture.heard, picture.quality, "0" * 64, roster=roster or {}, company=company
    )


def roles(conversation):
    return {role.speaker: role.role for role in conversation.roles}


AGENT_JA = "お電話ありがとうございますさくら保険サポートデスクの佐藤でございます"
CUSTOMER_JA = "先週注文した商品がまだ届かないんですけど"
MORE_JA = "かしこまりましたそれではお調べいたしますので少々お待ちください"

TABLE = {
    "the greeting tells": (
        "ja",
        [("A", AGENT_JA), ("B", CUSTOMER_JA)],
        {"A": Role.AGENT, "B": Role.CUSTOMER},
    ),
    "whichever channel it is on": (
        "ja",
        [("B", AGENT_JA), ("A", CUSTOMER_JA)],
        {"A": Role.CUSTOMER, "B": Role.AGENT},
    ),
    "whoever speaks first": (
        "ja",
        [("A", "もしもし解約したいんですけど"), ("B", MORE_JA)],
        {"A": Role.CUSTOMER, "B": Role.AGENT},
    ),
    "wrong kanji do not matter": (
        "ja",
        [("A", "御電話有難うございます窓口の左藤が受け賜ります"), ("B", "商品がとどかなくて困って")],
        {"A": Role.AGENT, "B": Role.CUSTOMER},
    ),
    "nothing said that tells": (
        "ja",
        [("A", "今日はいい天気"), ("B", "明日は雨")],
        {"A": Role.UNKNOWN, "B": Role.UNKNOWN},
    ),
    "speaking first is not enough": (
        "en",
        [("A", "Hello_there"), ("B", "Hi_hello")],
        {"A": Role.UNKNOWN, "B": Role.UNKNOWN},
    ),
    "an agent takes it on, a caller complains": (
        "en",
        [
            ("A", "You're_not_listening_I'd_like_to_complain"),
            ("B", "That_must_have_been_awful_leave_it_with_me"),
        ],
        {"A": Role.CUSTOMER, "B": Role.AGENT},
    ),
    "心配を受けとめる": (
        "ja",
        [("A", "納得できないんですよ"), ("B", "それはご心配でしたね私の方で進めます")],
        {"A": Role.CUSTOMER, "B": Role.AGENT},
    ),
    "two agents, one of them taken for the caller": (
        "ja",
        [
            ("A", AGENT_JA),
            ("A", CUSTOMER_JA),
            ("A", MORE_JA),
            ("B", "お電話代わりました配送担当の服部でございますお待たせいたしました確認いたします"),
            ("A", "はいお願いします"),
        ],
        {"A": Role.UNKNOWN, "B": Role.UNKNOWN},
    ),
    "english": (
        "en",
        [
            ("B", "Thank_you_for_calling_Acme_this_is_Sato_speaking_how_can_I_help"),
            ("A", "Hi_I'm_calling_about_my_order_it_hasn't_arrived"),
        ],
        {"A": Role.CUSTOMER, "B": Role.AGENT},
    ),
    "english, no greeting": (
        "en",
        [
            ("A", "I_want_a_refund_for_my_broken_phone"),
            ("B", "Let_me_check_your_account_can_I_have_your_number"),
        ],
        {"A": Role.CUSTOMER, "B": Role.AGENT},
    ),
    "a second agent": (
        "ja",
        [
            ("A", AGENT_JA),
            ("B", CUSTOMER_JA),
            ("A", "担当の者に代わりますので少々お待ちください"),
            ("C", "お待たせいたしました配送担当の鈴木でございますお調べいたします"),
        ],
        {"A": Role.AGENT, "B": Role.CUSTOMER, "C": Role.AGENT},
    ),
    "somebody else in the room": (
        "ja",
        [("A", AGENT_JA), ("B", CUSTOMER_JA), ("A", MORE_JA), ("C", "ごはんできたよもう食べようよ")],
        {"A": Role.AGENT, "B": Role.CUSTOMER, "C": Role.UNKNOWN},
    ),
}


@pytest.mark.parametrize(("language", "lines", "expected"), TABLE.values(), ids=TABLE)
def test_roles_from_what_is_said(language, lines, expected):
    separation = Separation.DIARIZED if len(expected) > 2 else Separation.CHANNEL
    assert roles(talk(*lines, language=language, separation=separation)) == expected


def test_reasons_are_readable():
    found = talk(("A", AGENT_JA), ("B", CUSTOMER_JA))
    agent, customer = found.roles
    assert "thanks-for-calling +3.0" in agent.why
    assert any(reason.startswith("tells-trouble -") for reason in customer.why)
    assert agent.confidence > 0.95


def test_a_claim_is_believed_when_nothing_tells():
    found = talk(("A", "今日はいい天気"), ("B", "明日は雨"), known=call(Role.CUSTOMER, Role.AGENT))
    assert roles(found) == {"A": Role.CUSTOMER, "B": Role.AGENT}
    assert found.role_confidence(Role.AGENT) > 0.95


def test_a_claim_that_the_words_contradict_is_doubted():
    claim = call(Role.CUSTOMER, Role.AGENT)
    found = talk(
        ("A", "サポートの佐藤でございます少々お待ちください"), ("B", "いつ届くのですか"), known=claim
    )
    assert found.roles[0].why[0] == "channels may be swapped"
    assert found.role_confidence(Role.CUSTOMER) < 0.7


def test_a_claim_that_the_words_refute_is_overruled():
    claim = call(Role.CUSTOMER, Role.AGENT)
    found = talk(("A", AGENT_JA), ("B", CUSTOMER_JA), ("A", MORE_JA), ("B", "困っています"), known=claim)
    assert roles(found) == {"A": Role.AGENT, "B": Role.CUSTOMER}
    assert found.roles[0].why[0] == "channels may be swapped"
    assert 0.7 < found.role_confidence(Role.AGENT) <= 0.9


@pytest.mark.parametrize(
    ("known", "roster"),
    [
        (Call("c", agent_name="鈴木"), {}),
        (Call("c", agent_id="a7"), {"a7": "鈴木", "a8": "高橋"}),
        (Call("c"), {"a7": "鈴木", "a8": "高橋"}),
    ],
)
def test_the_roster_helps(known, roster):
    lines = [("A", "鈴木です"), ("B", "どうもこんにちは")]
    assert talk(*lines, known=known, roster=roster).roles[0].confidence > 0.8
    assert talk(*lines).roles[0].role is Role.UNKNOWN


def test_outbound_the_customer_answers_first():
    lines = [("A", "もしもしどなたですか"), ("B", "佐藤と申します")]
    inbound, outbound = (
        talk(*lines, known=Call("c", direction=direction)).roles[0] for direction in ("inbound", "outbound")
    )
    assert any(reason == "speaks first +0.4" for reason in inbound.why)
    assert any(reason == "speaks first -0.4" for reason in outbound.why)


class TestMachines:
    GREETING = "お電話ありがとうございますこの通話は品質向上のため録音しております"

    def test_on_the_agents_own_channel(self):
        found = talk(("A", self.GREETING + "]" + GAP + "[" + AGENT_JA), ("B", CUSTOMER_JA))
        assert roles(found) == {"A": Role.AGENT, "A.ivr": Role.IVR, "B": Role.CUSTOMER}
        assert [(t.speaker, t.role) for t in found.turns][:2] == [("A.ivr", Role.IVR), ("A", Role.AGENT)]
        assert {piece.speaker for piece in found.speech} == {"A", "A.ivr", "B"}

    def test_a_voice_of_its_own(self):
        found = talk(
            ("A", "ご契約の方は番号を押してください"),
            ("B", AGENT_JA),
            ("C", CUSTOMER_JA),
            separation=Separation.DIARIZED,
        )
        assert roles(found) == {"A": Role.IVR, "B": Role.AGENT, "C": Role.CUSTOMER}

    def test_menu_in_english(self):
        greeting = "Thank_you_for_calling_Acme_press_one_for_billing"
        agent = "This_is_Sato_speaking_how_can_I_help"
        found = talk(
            ("A", greeting + "]" + GAP + "[" + agent),
            ("B", "I'm_calling_about_my_order"),
            language="en",
        )
        assert roles(found) == {"A": Role.AGENT, "A.ivr": Role.IVR, "B": Role.CUSTOMER}

    def test_an_agent_who_says_that_the_call_is_recorded(self):
        found = talk(("A", AGENT_JA + "この通話は録音しております"), ("B", CUSTOMER_JA))
        assert roles(found) == {"A": Role.AGENT, "B": Role.CUSTOMER}

    def test_a_hold_message_later_is_not_a_greeting(self):
        found = talk(("A", AGENT_JA), ("B", CUSTOMER_JA), ("A", "担当者におつなぎいたします"))
        assert Role.IVR not in roles(found).values()
