"""What must not leave the process is struck out: numbers, e-mail addresses, names. Pure text rules.

Telephone, card, account and postal numbers are told by nothing but their digits, so every run of four or
more goes, however it is written: 0120-444-113, 〇一二〇, ゼロイチニー, "oh one two oh". A turn that is little
but digits is a piece of a longer number read out in parts, and loses them all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from qa import language as languages
from qa.language import NAMES
from qa.model import Call

LEAST = 4
"""Digits in a row that are struck out."""
NUMBER, EMAIL, NAME = "[NUMBER]", "[EMAIL]", "[NAME]"

_KANA = (
    "ゼロ|ぜろ|れい|レイ|イチ|いち|ニー|にー|ニ|サン|さん|ヨン|よん|シ|ゴー|ごー|ゴ|ロク|ろく|ナナ|なな|シチ|しち"
    "|ハチ|はち|キュウ|きゅう|キュー|クー|マル|まる"
)
_ENGLISH = (
    "zero|oh|o|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|double|triple"
)
_DIGIT = rf"(?:[0-9〇零一二三四五六七八九壱弐参]|{_KANA}|\b(?:{_ENGLISH})\b)"
_APART = r"(?:[\s\-‐‑–—−ーｰ~.,、。・/()]|の|ハイフン|はいふん|dash|hyphen|and)*"
_ONE = re.compile(_DIGIT, re.IGNORECASE)
_RUN = re.compile(rf"\+?{_DIGIT}(?:{_APART}{_DIGIT}){{{LEAST - 1},}}", re.IGNORECASE)
_PIECE = re.compile(rf"\+?{_DIGIT}(?:{_APART}{_DIGIT})+", re.IGNORECASE)
_AT, _DOT = r"\s*(?:@|アットマーク|あっとまーく|\bat\b)\s*", r"\s*(?:\.|ドット|どっと|\bdot\b)\s*"
_ADDRESS = re.compile(
    rf"(?:[a-z0-9._%+-]+|[ァ-ヺー]+?){_AT}(?:[a-z0-9-]+|[ァ-ヺー]+?)(?:{_DOT}(?:[a-z0-9-]+|[ァ-ヺー]+?(?={_DOT})|[ァ-ヺー]+))+",
    re.IGNORECASE | re.ASCII,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b", re.IGNORECASE)
_TITLED = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr)\b\.?\s+[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?")
_OWN = re.compile(r"(?i:\b(?:my name is|name's|i am called)\s+)([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?)")
_FEW = 5
"""Letters beside the digits of a turn that is a piece of a number: はい、…です."""
_PERSONAL = re.compile(
    r"name|customer|caller|client|member|phone|tel|mail|address|氏名|名前|顧客|電話|住所", re.IGNORECASE
)


def names_of(call: Call) -> tuple[str, ...]:
    """Names, numbers and addresses that the metadata of a call holds."""
    said = [value for key, value in call.attributes.items() if _PERSONAL.search(key)]
    return tuple(name for name in (call.agent_name, *said) if name)


def redact(text: str, language: str, names: Iterable[str] = ()) -> str:
    """The text, half-width, with addresses, names and numbers struck out."""
    text = unicodedata.normalize("NFKC", text)
    text = _ADDRESS.sub(EMAIL, text)
    text = _POSTCODE.sub(NUMBER, text)
    text = _without_names(text, language, names)
    digits = len(_ONE.findall(text))
    rest = len(re.sub(r"[\W_]", "", _ONE.sub("", text)))
    return (_PIECE if digits >= 2 and rest <= _FEW else _RUN).sub(NUMBER, text)


def _without_names(text: str, language: str, names: Iterable[str]) -> str:
    known = {part for name in names for part in _parts(unicodedata.normalize("NFKC", name))}
    for name in sorted(known, key=len, reverse=True):
        edge = r"\b" if name.isascii() else ""
        text = re.sub(rf"{edge}{re.escape(name)}{edge}", NAME, text, flags=re.IGNORECASE)
    if language == "ja":
        return _by_sound(text, known)
    text = _TITLED.sub(lambda found: f"{found[1]} {NAME}", text)
    return _OWN.sub(lambda found: found[0].replace(found[1], NAME), text)


def _parts(name: str) -> set[str]:
    """A name whole and in its parts; a single letter is no name."""
    return {part for part in (name.strip(), *re.split(r"[\s　・,]+", name)) if len(part) >= 2}


def _by_sound(text: str, known: set[str]) -> str:
    """Japanese: names that recognition spelt otherwise, and whoever is called 様 or さん."""
    rules = languages.get("ja")
    sounds = {sound for name in known if len(sound := rules.reading(name)) >= 3}
    tokens = rules.tokens(text)
    cuts: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        called = index + 1 < len(tokens) and tokens[index + 1].surface in ("様", "さま", "さん", "氏")
        if token.reading in sounds or (called and token.pos in NAMES):
            cuts.append((token.start, token.end))
    for start, end in reversed(cuts):
        text = text[:start] + NAME + text[end:]
    return text
