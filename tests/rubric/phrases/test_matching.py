"""Phrases against what recognition makes of them: input → found or not, as tables."""

import dataclasses
from collections.abc import Sequence

import pytest

from qa import language as languages
from qa.model import Role
from qa.rubric import load, schema
from qa.rubric.authoring.notation import conversation
from qa.rubric.checks.look import Lexicon, Look, Match
from qa.rubric.phrases.annotate import annotate
from qa.rubric.phrases.compiled import Phrases, compile_patterns, speak
from qa.rubric.scores.score import look_at


def look_for(
    form: str, lines: Sequence[str], code: str, *, misses: Sequence[str] = (), perhaps: Sequence[str] = ()
) -> tuple[list[Match], list[Match]]:
    """The sure matches, and all."""
    rules = languages.get(code)
    patterns = [compile_patterns(forms, code) for forms in ([form], misses, perhaps)]
    phrases = Phrases("x", code, (form,), *patterns, True, True)
    lexicon = Lexicon(
        code,
        {"x": phrases},
        negation_before=compile_patterns(["not"], "en", exact=True) if code == "en" else (),
        negation_after=compile_patterns(["とは思い"], "ja", exact=True) if code == "ja" else (),
        quotation_after=compile_patterns(["とのこと"], "ja", exact=True) if code == "ja" else (),
        not_names=frozenset(speak(w, rules) for w in ("センター", "デスク", "support", "the")),
    )
    look = Look(annotate(conversation(lines, code)), lexicon, schema.Thresholds(), {})
    found = look.matches("x", Role.AGENT)
    return look.sure(found), found


def find(form: str, lines: Sequence[str], code: str, *, misses: Sequence[str] = ()) -> list[Match]:
    return look_for(form, lines, code, misses=misses)[0]


@pytest.mark.parametrize(
    ("text", "sure", "all_found"),
    [
        ("それはご心配でしたね", ["ご心配でした"], ["ご心配でした"]),  # a form beats what may be meant
        ("心細いですよね", [], ["心細い"]),
        ("ご心配なく", [], []),  # a near-miss of both
        ("ご心配でしたね、心細いですよね", ["ご心配でした"], ["ご心配でした", "心細い"]),
        ("心細いとは思いますが", [], []),  # negated
        ("かしこまりました", [], []),
    ],
)
def test_what_may_be_meant_is_never_sure(text: str, sure: list[str], all_found: list[str]) -> None:
    found = look_for(
        "ご心配でした", [f"A: {text}"], "ja", misses=["ご心配なく"], perhaps=["(ご)?心配", "心細い"]
    )
    assert [m.quote for m in found[0]] == sure
    assert [m.quote for m in found[1]] == all_found


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("お詫び申し上げます", "お詫び申し揚げます", True),
        ("お詫び申し上げます", "おわび申しあげます", True),
        ("さくら保険", "桜保健", True),
        ("申し訳ございません", "もうしわけございません", True),
        ("申し訳ございません", "申し訳ごさいません", True),
        ("申し訳ない〜", "申し訳ありませんでした", True),
        ("申し訳ない〜", "申し訳なかったです", True),
        ("お詫びする〜", "お詫びいたします", True),
        ("急ぐ〜", "急いでおります", True),
        ("確認いたします", "かしこまりました", False),
        ("申し訳ございません", "申し訳ございませんとは思いますが", False),
        ("違う", "使う", False),
        ("お待たせ…申し訳", "お待たせして大変申し訳ございません", True),
        ("お待たせ…申し訳", "申し訳ございませんお待たせしました", False),
        ("お待ちいただけ…か", "お待ちいただけますか", True),
        ("お待ちいただけ…か", "お待ちいただけますから", False),
        ("(ご確認|お調べ)(を)?(し|いたし)…(お待ち|しばらく)", "お調べいたしますのでしばらくこのまま", True),
        ("〈company〉の〈name〉でございます", "みどり電気の高橋でございます", True),
        ("の〈name〉でございます", "みどり電気のセンターでございます", False),
        ("^ですから", "ですから、できません", True),
        ("^ですから", "はい、ですから、できません", True),
        ("^ですから", "無料ですから、どうぞ", False),
    ],
)
def test_japanese(form: str, text: str, found: bool) -> None:
    assert bool(find(form, [f"A: {text}"], "ja")) is found


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("i am sorry", "I'm sorry", True),
        ("i am sorry", "I'm, um, sorry", True),
        ("i am sorry", "I'm not sorry", False),
        ("sorry", "I'm not sorry", False),
        ("apologize~", "we apologized for that", True),
        ("apologize~", "my apology", False),
        ("that must be frustrating", "that must be frustratin", True),
        ("can not connect", "it can't connect", True),
        ("my name is <name>", "my name is Oluwaseun", True),
        ("my name is <name>", "my name is the", False),
        ("late", "the latest news", False),
    ],
)
def test_english(form: str, text: str, found: bool) -> None:
    assert bool(find(form, [f"A: {text}"], "en")) is found


def test_a_phrase_runs_across_turns_of_one_speaker_and_a_backchannel() -> None:
    whole = ["0-1 A: お詫び", "1.1-1.3 C: はい", "1.4-3 A: 申し上げます"]
    broken = ["0-1 A: お詫び", "1.1-3 C: 昨日も電話したんですけど", "3.1-5 A: 申し上げます"]
    late = ["0-1 A: お詫び", "9-10 A: 申し上げます"]
    assert [len(find("お詫び申し上げます", lines, "ja")) for lines in (whole, broken, late)] == [1, 0, 0]


def test_the_agent_repeating_the_callers_words_does_not_say_them() -> None:
    said = ["C: 責任はありません", "A: 責任はありませんとのことですね"]
    assert not find("責任はありません", said, "ja")
    assert find("責任はありません", said[1:], "ja"), "nobody said it before: it is the agent's own"


def test_a_near_miss_explains_a_hit_away_but_not_one_that_holds_it() -> None:
    assert not find("すみません", ["A: すみませんもう一度お願いします"], "ja", misses=["すみませんもう一度"])
    assert find("本当に大変でした", ["A: 本当に大変でした"], "ja", misses=["大変"])


def test_confidence_falls_with_word_probability_and_distance() -> None:
    form, text = "お詫び申し上げます", "お詫び申し上げます"
    (sure,) = find(form, [f"A: {text} (0.9)"], "ja")
    (unsure,) = find(form, [f"A: {text} (0.5)"], "ja")
    (mangled,) = find(form, ["A: お詫びもうしわけます (0.9)"], "ja") or (None,)
    assert sure.confidence > unsure.confidence
    assert mangled is None or mangled.confidence < sure.confidence


def test_times_are_those_of_the_words() -> None:
    (match,) = find("sorry", ["10-20 A: well well well sorry"], "en")
    assert match.span.start > 16 and match.span.end == pytest.approx(20)


@pytest.mark.parametrize(
    ("code", "name", "line", "expected"),
    [
        ("en", "Daniel Reed", "Northwind, Daniel.", ["Daniel"]),
        ("en", "Daniel Reed", "Northwind, good morning.", []),
        ("en", "Al", "Northwind, all is well.", []),
        ("ja", "片山", "はい、いずみ、カタヤマ。", ["カタヤマ"]),
        ("ja", "片山", "はい、片山様でいらっしゃいますね。", []),
    ],
)
def test_the_name_on_record_needs_no_form(code: str, name: str, line: str, expected: list[str]) -> None:
    talk = conversation([f"A: {line}", f"C: {line}"], code)
    talk = dataclasses.replace(talk, call=dataclasses.replace(talk.call, agent_name=name))
    finder = look_at(annotate(talk), load(f"support-{code}")).finder
    assert [m.quote for m in finder.of_list("own-name", Role.AGENT)] == expected
    assert finder.of_list("own-name", Role.CUSTOMER) == ()
