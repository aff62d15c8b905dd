"""Overlaps, backchannels and interruptions on timelines drawn by hand (a tenth of a second a column)."""

import pytest

from qa import dialogue
from qa.dialogue.floor import floor_events
from qa.dialogue.phrases import protests
from qa.dialogue.voices import Voice, attach
from qa.dialogue.words import gather
from qa.language import get
from qa.model import Event, EventDefinitions, EventKind, Role, Separation, Span, Word
from tests.dialogue.draw import call, draw

ROLES = (Role.AGENT, Role.CUSTOMER)
DEFAULTS = EventDefinitions()
FLOOR = (EventKind.BACKCHANNEL, EventKind.TERMINAL_OVERLAP, EventKind.INTERRUPTION)


def events(agent: str, customer: str, definitions: EventDefinitions = DEFAULTS, **drawn) -> list[Event]:
    picture = draw({"A": agent, "B": customer}, **drawn)
    found = dialogue.build(call(*ROLES), picture.heard, picture.quality, "0" * 64, definitions)
    assert [role.role for role in found.roles] == list(ROLES)
    return list(found.events)


def floor(agent: str, customer: str, **drawn) -> list[str]:
    """`kind by` of each event but plain overlaps; successful interruptions are told from attempted."""
    return [named(event) for event in events(agent, customer, **drawn) if event.kind in FLOOR]


def named(event: Event) -> str:
    kind = event.kind.value
    if event.kind is EventKind.INTERRUPTION:
        kind = "interruption" if event.successful else "attempt"
        if not event.confirmed:
            kind = f"unconfirmed {kind}"
    return f"{kind} {event.by}"


TABLE = {
    "a backchannel while the customer goes on": (
        "..........[はい]..................",
        "[先週注文した商品がまだ届かないんですけども困っています]",
        ["backchannel agent"],
    ),
    "a backchannel in the customer's breath": (
        "............[ええ]................",
        "[先週注文した商品が].....[まだ届かないんです]",
        ["backchannel agent"],
    ),
    "a long backchannel is still one": (
        "..........[さようでございますか~~~].........",
        "[先週注文した商品がまだ届かないんですけどもこれでもう三回目です]",
        ["backchannel agent"],
    ),
    "several, in one breath": (
        "..........[はいはいええ]..................",
        "[先週注文した商品がまだ届かないんですけども困っています]",
        ["backchannel agent"],
    ),
    "the agent takes the floor": (
        "..............[先にお客様番号をお願いいたします]",
        "[先週注文した商品がまだ届かないんですけ]",
        ["interruption agent"],
    ),
    "the customer takes the floor": (
        "[それでは契約内容を確認いたしますのでま]",
        "............[急いでいるんですけど早くしてください]",
        ["interruption customer"],
    ),
    "the customer keeps the floor": (
        "..........[お客様番号を]..............",
        "[先週注文した商品がまだ届かないんですけども困っています]",
        ["attempt agent"],
    ),
    "a breath after a name is still one start": (
        "...................[お客様、]....[先に番号をお願いします]",
        "[先週注文した商品がまだ届かないんですけども困っ]",
        ["interruption agent"],
    ),
    "right after a breath in mid-clause: the customer had the floor all along": (
        "......................[それは締め切りの日を]......",
        "[窓口で書類も出しまして].......[控えもちゃんともらっているのに]",
        ["attempt agent"],
    ),
    "in a breath, and the two voices meet for less than half a second": (
        ".............[番号を].............",
        "[先週注文した商品がまだ届]..[かないんですけども困っています]",
        [],
    ),
    "listening that was misheard": (
        "..........[さよでごだえます].............",
        "[先週注文した商品がまだ届かないんですけども困っています]",
        [],
    ),
    "はい, a breath, and then talking: it began with はい": (
        "..........[はい]...[返金のことでしたら番号]......",
        "[先週注文した商品がまだ届かないんですけども困っていますから]",
        ["backchannel agent", "attempt agent"],
    ),
    "broken off at once, in mid-clause": (
        ".................[先に番号をお願いします]",
        "[先週そちらで注文した商品が~~~~]......",
        ["interruption agent"],
    ),
    "the last syllables, and the customer says that it was not over": (
        ".............[それでは確認いたします]",
        "[商品がまだ届かないんですよ~]...........[まだ話の途中なんですけど]",
        ["interruption agent"],
    ),
    "the customer objects and goes on: the floor was taken": (
        "..............[先に番号をお願いします]..............",
        "[先週注文した商品がまだ届かなくて]......[最後まで聞いてください困っています]",
        ["interruption agent"],
    ),
    "the customer goes on without objecting: the floor was kept": (
        "..............[先に番号をお願いします]..............",
        "[先週注文した商品がまだ届かなくて]......[それで昨日も電話して困っています]",
        ["attempt agent"],
    ),
    "a first sound that nobody wrote down, a breath, and then talking": (
        "............[~~]....[先に番号をお願いします]",
        "[先週注文した商品がまだ届かないので]...........",
        ["interruption agent"],
    ),
    "a first sound that was written down, a breath, and then talking": (
        "............[あ]...[先に番号をお願いします]",
        "[先週注文した商品がまだ届かないので]...........",
        ["backchannel agent", "interruption agent"],
    ),
    "the last syllables: turn-taking": (
        ".............[かしこまりましたそれでは確認いたします]",
        "[商品がまだ届かないんですよ~]....",
        ["terminal_overlap agent"],
    ),
    "the last syllables of 〜ですけど: turn-taking too": (
        "............[それでは確認いたします]",
        "[商品がまだ届かないんですけど]....",
        ["terminal_overlap agent"],
    ),
    "はい opens an answer over the last syllables": (
        "............[はいそれでですね確認いたします]",
        "[商品がまだ届かないんですけど]....",
        ["terminal_overlap agent"],
    ),
    "はい and then talking on is no backchannel": (
        "..........[はいそれでですね番号をお願いします]",
        "[先週注文した商品がまだ届かないんですけども困っています本当に]",
        ["attempt agent"],
    ),
    "the agent starts in a pause: no overlap, no interruption": (
        "..............[先に番号をお願いします]",
        "[先週注文した商品が]......................",
        [],
    ),
    "into a breath in mid-clause, and the customer goes on": (
        ".............[先に番号をお願いいたしますね]",
        "[先週注文した商品が]....[まだ届かない]..........",
        ["interruption agent"],
    ),
    "after a sentence: the customer adds something": (
        ".............[先に番号をお願いいたしますね]",
        "[まだ届かないんです]....[困ります]..............",
        [],
    ),
    "both start together": (
        "[お電話ありがとうございます]",
        "..[もしもしすみませんが]......",
        [],
    ),
    "a cough, a laugh: short and without words": (
        "..........[~~~].................",
        "[先週注文した商品がまだ届かないんですけども困っています]",
        [],
    ),
    "laughter": (
        "..........[あはは].................",
        "[先週注文した商品がまだ届かないんですけども困っています]",
        ["backchannel agent"],
    ),
    "speech nobody could make out": (
        "..........[~~~~~~~~~~~~~~~~~~~~~~~~~~~]",
        "[先週注文した商品がまだ届かないんですけど]...............",
        ["unconfirmed interruption agent"],
    ),
    "three starts into one talk are one": (
        "..........[ちょっとあの]....[ですからその]....[お待ちください]",
        "[先週注文した商品がまだ届かないんですけどもこれで三回目でもう本当に困っていまして]",
        ["interruption agent"],
    ),
    "talking over a backchannel interrupts nobody": (
        "....................[それでは確認いたします]",
        "[届きません]......[そうなんですね~~~~]......",
        [],
    ),
    "an answer is no backchannel": (
        "[ご本人様でいらっしゃいますか].......[ではお名前をお願いします]",
        "................[はい]...........",
        [],
    ),
    "the customer's はい to a statement is one": (
        "[こちらで確認いたしますので].......[ではお名前をお願いします]",
        "...............[はい]...........",
        ["backchannel customer"],
    ),
}


@pytest.mark.parametrize(("agent", "customer", "expected"), TABLE.values(), ids=TABLE)
def test_floor(agent, customer, expected):
    assert floor(agent, customer) == expected


@pytest.mark.parametrize("off", [-0.3, -0.15, 0.15, 0.3])
@pytest.mark.parametrize(
    "name",
    [
        "a backchannel while the customer goes on",
        "the agent takes the floor",
        "the customer takes the floor",
        "the customer keeps the floor",
        "the last syllables: turn-taking",
        "the agent starts in a pause: no overlap, no interruption",
    ],
)
def test_word_times_may_be_off(name, off):
    agent, customer, expected = TABLE[name]
    assert floor(agent, customer, off=off) == expected


def test_english():
    agent = "..........[I_see]....................."
    customer = "[I_ordered_a_present_for_my_daughter_two_weeks_ago_and_it]"
    assert floor(agent, customer, language="en") == ["backchannel agent"]
    agent = "..................[can_I_have_your_number_please_first_of_all_if_you_would]"
    assert floor(agent, customer[:40] + "]", language="en") == ["interruption agent"]


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        ("ja", "あの、こっちの話も聞いてくださいよ", True),
        ("ja", "工事がまだ終わってないんです", False),
        ("ja", "前の方に話を聞いていただきました", False),
        ("ja", "まだ説明していただいていません", False),
        ("en", "Excuse me, I was still talking.", True),
        ("en", "Can you let me finish, please?", True),
        ("en", "I was speaking to your colleague yesterday.", False),
        ("en", "Let me speak to your manager.", False),
        ("en", "They have not finished the roof.", False),
    ],
)
def test_who_objects_to_being_cut_short(language, said, expected):
    assert protests(said, get(language)) is expected


def test_what_is_said_after_listening_began_with_it():
    agent, customer, _ = TABLE["はい, a breath, and then talking: it began with はい"]
    found = next(e for e in events(agent, customer) if e.kind is EventKind.INTERRUPTION)
    assert round(found.span.start, 2) == 1.0


def test_an_interruption_says_when_and_what():
    agent, customer, _ = TABLE["the agent takes the floor"]
    found = next(e for e in events(agent, customer) if e.kind is EventKind.INTERRUPTION)
    assert (round(found.span.start, 2), round(found.span.end, 2)) == (1.4, 2.1)
    assert found.words == "先週注文した商品がまだ届かないんですけ"
    assert found.signals == ("activity", "words")
    assert found.against is Role.CUSTOMER


def test_overlap_needs_its_minimum():
    agent, customer = ".........[それでは確認いたします]", "[届かないんですよ]......."
    assert [e.span.duration for e in events(agent, customer) if e.kind is EventKind.OVERLAP] == []
    agent = agent[2:]  # and 0.2 s sooner
    assert [round(e.span.duration, 1) for e in events(agent, customer) if e.kind is EventKind.OVERLAP] == [
        0.3
    ]


def test_definitions_decide():
    agent, customer, _ = TABLE["the agent takes the floor"]
    strict = EventDefinitions(terminal_overlap_max=0.8, interruption_min_overlap=1.0)
    kinds = [e.kind for e in events(agent, customer, strict) if e.kind in FLOOR]
    assert kinds == [EventKind.TERMINAL_OVERLAP]


def test_unsure_last_words_break_nothing_off():
    agent, customer, _ = TABLE["broken off at once, in mid-clause"]
    assert floor(agent, customer, probability=0.2) == ["terminal_overlap agent"]


class TestMono:
    """Signals are the segmentation model's overlap and the words."""

    @pytest.mark.parametrize(
        ("mine", "said", "theirs", "expected"),
        [
            # "I see." under the other's words, written down the wrong way round
            ((2.0, 2.9), [("in", 2.1), ("the", 2.4), ("end", 2.6)], 6.0, []),
            # the other's last words are lost, or stand under this one's name
            (
                (2.0, 5.0),
                [("that", 2.2), ("is", 2.7), ("not", 3.1), ("so", 4.0)],
                2.8,
                [("interruption", True)],
            ),
            # a sentence of one's own under the other's words is no murmur, however short
            ((2.9, 3.8), [("is", 2.95), ("it", 3.2), ("paid", 3.4)], 6.0, [("attempt", True)]),
            # nearly as long as anybody listens, and not a word of its own
            ((2.0, 3.1), [], 6.0, [("attempt", False)]),
            # longer than anybody listens, and the other's words run on through it
            ((2.0, 3.25), [], 6.0, [("attempt", True)]),
            # as long, but in two breaths: listening twice
            ([(1.9, 2.9), (3.0, 3.6)], [("already", 2.1), ("we", 2.6)], 6.0, [("attempt", False)]),
        ],
        ids=[
            "murmur",
            "words under the wrong name",
            "a sentence of its own",
            "no words of its own",
            "no words, but long",
            "twice",
        ],
    )
    def test_words_in_an_overlap_may_be_anybodys(self, mine, said, theirs, expected):
        heard = [(word, 0.4 * n) for n, word in enumerate(["it", "was", "already", "late"])]
        if theirs > 4.0:
            heard += [("I", 2.1), ("see", 2.4), ("we", 4.0), ("had", 4.4), ("to", 5.0), ("walk", 5.5)]
        mine = mine if isinstance(mine, list) else [mine]
        voices = [
            Voice(
                name,
                role,
                attach([Span(*s) for s in spans], [Word(w, Span(at, at + 0.3), 0.9) for w, at in words]),
            )
            for name, role, spans, words in (
                ("A", Role.AGENT, mine, said),
                ("B", Role.CUSTOMER, [(0.0, theirs)], heard),
            )
        ]
        found = floor_events(voices, DEFAULTS, get("en"), Separation.DIARIZED)
        named = [
            ("interruption" if e.successful else "attempt", e.confirmed) for e in found if e.kind in FLOOR
        ]
        assert named == expected

    @pytest.mark.parametrize(("sound", "start"), [(0.4, 2.0), (0.15, 2.8)], ids=["a first sound", "a slip"])
    def test_a_first_sound_without_words_begins_it(self, sound, start):
        told = ["so", "it", "was", "late", "and", "we"]
        heard = [Word(w, Span(0.5 * n, 0.5 * n + 0.4), 0.9) for n, w in enumerate(told)]
        said = [Word(w, Span(2.8 + 0.5 * n, 3.2 + 0.5 * n), 0.9) for n, w in enumerate(["we", "can", "pay"])]
        voices = [
            Voice("A", Role.AGENT, attach([Span(2.0, 2.0 + sound), Span(2.8, 5.0)], said)),
            Voice("B", Role.CUSTOMER, attach([Span(0.0, 3.5)], heard)),
        ]
        found = floor_events(voices, DEFAULTS, get("en"), Separation.DIARIZED)
        assert [e.span.start for e in found if e.kind is EventKind.INTERRUPTION] == [start]

    @pytest.mark.parametrize(
        ("their_end", "their_words", "confirmed"),
        [
            # a sentence, finished in words; the voice seems to last half a second into the other's
            (2.6, ["so", "it", "was", "late."], False),
            (2.6, ["so", "it", "was", "because"], True),
            # nobody's voice fades for so long
            (2.9, ["so", "it", "was", "late."], True),
        ],
    )
    def test_who_had_finished_was_not_cut_off(self, their_end, their_words, confirmed):
        heard = [Word(w, Span(0.5 * n, 0.5 * n + 0.4), 0.9) for n, w in enumerate(their_words)]
        said = [Word(w, Span(2.1 + 0.5 * n, 2.5 + 0.5 * n), 0.9) for n, w in enumerate(["we", "can", "pay"])]
        voices = [
            Voice("A", Role.AGENT, attach([Span(2.05, 4.0)], said)),
            Voice("B", Role.CUSTOMER, attach([Span(0.0, their_end)], heard)),
        ]
        found = floor_events(voices, DEFAULTS, get("en"), Separation.DIARIZED)
        assert [e.confirmed for e in found if e.kind is EventKind.INTERRUPTION] == [confirmed]

    @pytest.mark.parametrize(
        ("agent", "customer", "found"),
        [
            # they stop in mid-sentence as the voice under them ends, and go on after a moment
            ("........[~~~~~~~~]", "[それで私は妹と来月のその日に会って]...[つもりです]", 1),
            # they stop a little after it
            (".....[~~~~~~~~]", "[それで私は妹と来月のその日に会って]...[つもりです]", 1),
            # they speak on: a long さようでございますか
            ("........[~~~~~~~~]", "[それで私は妹と来月のその日に会ってくるつもりです]", 0),
            # too short to be more than listening
            ("............[~~~~]", "[それで私は妹と来月のその日に会って]...[つもりです]", 0),
            # they had finished a sentence
            ("........[~~~~~~~~]", "[それで私は妹と来月もまた行きます]...[楽しみです]", 0),
            # they stop for longer: a pause of their own
            ("........[~~~~~~~~]", "[それで私は妹と来月のその日に会って].............[つもりです]", 0),
            # they stop long after it
            (".....[~~~~~~~~]", "[それで私は妹といっしょに来月のその日に会って]...[つもりです]", 0),
        ],
    )
    def test_who_makes_the_other_stop_cuts_in_though_no_word_of_it_was_heard(self, agent, customer, found):
        heard = draw({"A": agent, "B": customer}, separation=Separation.DIARIZED).heard
        spans = {name: [piece.span for piece in heard.speech if piece.speaker == name] for name in "AB"}
        voices = gather(spans, {"B": heard.words}, dict(zip("AB", ROLES, strict=True)))
        events = floor_events(voices, DEFAULTS, get("ja"), Separation.DIARIZED)
        cuts = [e for e in events if e.kind is EventKind.INTERRUPTION]
        assert [(e.by, e.successful, e.confirmed) for e in cuts] == [(Role.AGENT, False, True)] * found

    def test_overlapping_spans_are_the_first_signal(self):
        agent, customer, expected = TABLE["the agent takes the floor"]
        picture = draw({"A": agent, "B": customer}, separation=Separation.DIARIZED)
        found = dialogue.build(call(), picture.heard, picture.quality, "0" * 64)
        signals = [e.signals for e in found.events if e.kind is EventKind.INTERRUPTION]
        assert signals == [("segmentation", "words")]
        assert len(expected) == len(signals)

    @pytest.mark.parametrize(
        ("overlap", "signals"),
        [((), ("words",)), ((Span(1.8, 2.1),), ("segmentation", "words"))],
    )
    def test_cut_where_the_other_starts(self, overlap, signals):
        lines = {
            "A": "....................[先に番号をお願いします]",
            "B": "[先週そちらで注文した商品が~~~~~]",
        }
        picture = draw(lines, separation=Separation.DIARIZED, overlap=overlap)
        found = dialogue.build(call(), picture.heard, picture.quality, "0" * 64)
        assert [e.signals for e in found.events if e.kind is EventKind.INTERRUPTION] == [signals]
