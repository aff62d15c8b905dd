"""Katakana arithmetic: folding readings so that spelling differences vanish and sounds stay."""

from __future__ import annotations

import re

_SMALL = str.maketrans("ァィゥェォャュョヮッヵヶ", "アイウエオヤユヨワツカケ")
_SAME_SOUND = str.maketrans("ヂヅヲヴヰヱ", "ジズオブイエ")
_VOWELS = {
    "a": "アカガサザタダナハバパマヤラワァャヮ",
    "i": "イキギシジチニヒビピミリィ",
    "u": "ウクグスズツヌフブプムユルヴゥュッ",
    "e": "エケゲセゼテデネヘベペメレェ",
    "o": "オコゴソゾトドノホボポモヨロォョ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _VOWELS.items() for kana in row if kana != "ッ"}
_KANA_OF = dict(zip("aiueo", "アイウエオ", strict=True))
_NOT_MORA = re.compile("[ァィゥェォャュョヮ]")
_NOT_KANA = re.compile("[^ァ-ヴー]")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def to_katakana(text: str) -> str:
    """Hiragana as katakana; everything else as it is.

    >>> to_katakana("はいOK")
    'ハイOK'
    """
    return text.translate(_HIRAGANA)


def fold(reading: str) -> str:
    """A katakana reading with long vowels written out as heard, small kana large, same sounds alike.

    トーキョー, トウキョウ → トオキヨオ; ケイエイ, ケーエー → ケエエエ; ヅ → ズ. Length is kept, so that edit
    distances stay fair; voicing is kept, because it tells words apart.

    >>> fold("トウキョウ") == fold("トーキョー") == "トオキヨオ"
    True
    """
    folded: list[str] = []
    vowel = ""
    for kana in reading.translate(_SAME_SOUND):
        if kana == "ー":
            kana = _KANA_OF.get(vowel, "")
        elif kana == "ウ" and vowel == "o":
            kana = "オ"
        elif kana == "イ" and vowel == "e":
            kana = "エ"
        vowel = _VOWEL_OF.get(kana, "")
        folded.append(kana)
    return "".join(folded).translate(_SMALL)


def squeeze(reading: str) -> str:
    """The bare sound: folded, without long vowels, ッ, or anything that is no kana.

    For words whose length is a matter of mood: はーい, ええー, そっか.

    >>> squeeze("ハーイ"), squeeze("エエー"), squeeze("ソッカ")
    ('ハイ', 'エ', 'ソカ')
    """
    kept: list[str] = []
    before = ""
    for kana in fold(_NOT_KANA.sub("", reading).replace("ッ", "")):
        vowel = _VOWEL_OF.get(kana, "")
        # ン repeats as a vowel does: んー, んん.
        if not ((kana in "アイウエオ" and vowel == before) or (kana == "ン" and before == "ン")):
            kept.append(kana)
        before = "ン" if kana == "ン" else vowel
    return "".join(kept)


def count_morae(reading: str) -> int:
    """Morae of an unfolded katakana reading: キョ is one, ッ, ー and ン are one each.

    >>> count_morae("キョウトッキューン")
    7
    """
    return len(_NOT_KANA.sub("", _NOT_MORA.sub("", reading)))
