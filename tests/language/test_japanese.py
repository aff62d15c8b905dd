"""Japanese text rules, as tables."""

import pytest

from qa import language
from qa.language.kana import count_morae, fold, squeeze

JA = language.get("ja")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東京", "トーキョー"),
        ("さくら保険", "桜保健"),
        ("お詫び申し上げます", "お詫び申し揚げます"),
        ("解約", "かいやく"),
        ("左様でございますか", "さようでございますか"),
        ("保障", "保証"),
        ("ｻﾎﾟｰﾄ", "サポート"),
        ("佐藤でございます。", "佐藤で ございます"),
        ("経営", "ケーエー"),
    ],
)
def test_same_sound_same_reading(one, other):
    assert JA.reading(one) == JA.reading(other)


@pytest.mark.parametrize(
    ("one", "other"), [("佐藤", "加藤"), ("柿", "鍵"), ("解約", "契約"), ("おばさん", "おばあさん")]
)
def test_different_sound_different_reading(one, other):
    assert JA.reading(one) != JA.reading(other)


@pytest.mark.parametrize(
    ("reading", "folded", "squeezed"),
    [
        ("トウキョウ", "トオキヨオ", "トキヨ"),
        ("ケーキ", "ケエキ", "ケキ"),
        ("ハーイ", "ハアイ", "ハイ"),
        ("ソッカ", "ソツカ", "ソカ"),
        ("ンー", "ン", "ン"),
        ("ヅ", "ズ", "ズ"),
        ("", "", ""),
    ],
)
def test_folding(reading, folded, squeezed):
    assert (fold(reading), squeeze(reading)) == (folded, squeezed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("はい", True),
        ("はいはい", True),
        ("はいはいはい、ええ", True),
        ("はーい", True),
        ("はいええ", True),
        ("うんうん", True),
        ("うーん", True),
        ("ふーん", True),
        ("へぇー", True),
        ("あっはい", True),
        ("えっ", True),
        ("そっか", True),
        ("そうですね", True),
        ("そうですか。", True),
        ("そうなんですよね", True),
        ("なるほど、そうなんですね", True),
        ("さようでございますか", True),
        ("左様でございますか", True),
        ("左様でございましたか", True),
        ("承知しました", True),
        ("かしこまりました", True),
        ("おっしゃる通りでございます", True),
        ("確かに", True),
        ("灰", True),  # はい as recognisers like to write it
        ("あはは", True),
        ("", False),
        ("。", False),
        ("母", False),
        ("はい、それでですね", False),
        ("はい、お願いします", False),
        ("いや違います", False),
        ("違います", False),
        ("ちょっと待ってください", False),
        ("すみません", False),
        ("申し訳ございません", False),
        ("それは", False),
        ("ですから", False),
        ("愛知です", False),
        ("ご心配でしたね", False),
    ],
)
def test_backchannel(text, expected):
    assert JA.is_backchannel(text) is expected


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("はい、それでですね", "はい"),
        ("そうなんですよそれで", "そうなんですよ"),
        ("ええ、先週注文した", "ええ"),
        ("はいはいわかりました", "はいはいわかりました"),
        ("お客様、先に番号を", ""),
        ("えびすです", ""),
        ("をお願いします", ""),
        ("配送の件で", ""),
        ("それで", ""),
        ("", ""),
    ],
)
def test_leading_backchannel(text, head):
    assert text[: JA.leading_backchannel(text)] == head


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("えっと", True),
        ("えーっとですね", True),
        ("あのー、その", True),
        ("あのですね", True),
        ("まあ", True),
        ("はい", False),
        ("あの商品", False),
        ("佐藤", False),
        ("", False),
    ],
)
def test_filler(text, expected):
    assert JA.is_filler(text) is expected


@pytest.mark.parametrize(
    ("text", "sentence", "clause"),
    [
        ("届きました", True, True),
        ("確認いたします", True, True),
        ("ご確認ください", True, True),
        ("お待ちくださいませ", True, True),
        ("いつ届きますか", True, True),
        ("届かないんですよ", True, True),
        ("困りますね", True, True),
        ("大丈夫", True, True),
        ("解約したい", True, True),
        ("先週買った", True, True),
        ("わかんない", True, True),
        ("よろしいでしょうか", True, True),
        ("山田太郎", True, True),
        ("電話番号は090-1234-5678", True, True),
        ("はい", True, True),
        ("届かないんですけど", False, True),
        ("届いていないので", False, True),
        ("お願いしたいんですが", False, True),
        ("急いでいるんですから", False, True),
        ("来てほしいんだけど。", True, True),
        ("まだ届いてなくて", False, False),
        ("困ってまして", False, False),
        ("先週注文した商品が", False, False),
        ("先週注文した商品を", False, False),
        ("先週注文した商品", False, False),
        ("その商品は", False, False),
        ("東京に", False, False),
        ("解約したいと", False, False),
        ("変更の", False, False),
        ("送っていただけるということで", False, False),
        ("大事な", False, False),
        ("使えな", False, False),
        ("もし届いたら", False, False),
        ("それで", False, False),
        ("えっと", False, False),
        ("", False, False),
    ],
)
def test_ends(text, sentence, clause):
    assert (JA.ends_sentence(text), JA.ends_clause(text)) == (sentence, clause)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先週注文した商品を", True),
        ("その商品は", True),
        ("変更の", True),
        ("使えな", True),
        ("あの", True),
        ("先週注文した商品", False),
        ("届かなくて", False),
        ("届かないんですけど", False),
        ("急いでいるので", False),
        ("届きました", False),
        ("はい", False),
        ("", False),
    ],
)
def test_breaks_off(text, expected):
    assert JA.breaks_off(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("お名前をいただけますか", True),
        ("お急ぎでいらっしゃいますか", True),
        ("ご不在の期間はございますか", True),
        ("何かありますか", True),
        ("どうなってるんですかね", True),
        ("お困りでしょうか", True),
        ("いつ頃でしょう", True),
        ("お名前を教えていただけますか恐れ入ります", True),
        ("お名前は？", True),
        ("そうですか", False),
        ("さようでございますか", False),
        ("届くかどうか確認します", False),
        ("確認したいかと思います", False),
        ("品質とか", False),
        ("いつ届くのか知りたい", False),
        ("お電話番号をお願いします", False),
        ("届きました", False),
        ("", False),
    ],
)
def test_question(text, expected):
    assert JA.is_question(text) is expected


@pytest.mark.parametrize(
    ("text", "morae"),
    [
        ("東京", 4),
        ("きょう", 2),
        ("ちょっと", 3),
        ("はい。", 2),
        ("コーヒー", 4),
        ("ありがとうございます", 10),
        ("", 0),
    ],
)
def test_morae(text, morae):
    assert JA.count_units(text) == morae


def test_morae_of_readings():
    assert count_morae("シュッチョウ") == 4


def test_tokens_point_into_the_text():
    text = " ＡＢＣの佐藤です。"
    tokens = JA.tokens(text)
    assert all(text[t.start : t.end] == t.surface for t in tokens)
    assert [t.pos for t in tokens][-2:] == ["person", "auxiliary"]
    assert "".join(t.reading for t in tokens) == JA.reading(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "はい、承知いたしました。",
        "商品が届かないのですが、",
        "お調べします ",
        "ありがとうございます",
        "㌔㍍",
        "ﷺ",
    ],
)
def test_a_text_of_any_length(sentence):
    """What one party says in three hours; Sudachi refuses more than 48 kB, and 64 once it is normalised."""
    times = 60_000 // len(sentence)
    tokens = JA.tokens(sentence * times)
    assert "".join(t.reading for t in tokens) == JA.reading(sentence * times)
    assert all((sentence * times)[t.start : t.end] == t.surface for t in tokens)
    if sentence[-1] in "。、 ":
        assert JA.reading(sentence * times) == JA.reading(sentence) * times


def test_lemmas_join_inflections():
    assert JA.tokens("届かない")[0].lemma == JA.tokens("届きました")[0].lemma == "届く"


def test_place_gives_each_word_its_characters():
    words = ["お", "電話", " OK", " Google", "です。"]
    text, offsets = JA.place(words)
    assert text == JA.join(words) == "お電話OK Googleです。"
    assert [text[a:b] for a, b in offsets] == ["お", "電話", "OK", "Google", "です。"]


def test_readings_in_many_threads():
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"商品番号{number}が届きません" for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(JA.reading, texts)) == [JA.reading(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("さよでごだえます。", True),
        ("さよでございますか", True),
        ("なるほろですね", True),
        ("ぱい", False),
        ("少々お待ちください", False),
        ("返金ということで", False),
        ("", False),
    ],
)
def test_sounds_like_backchannel(text, expected):
    assert JA.sounds_like_backchannel(text) is expected
