"""Japanese through SudachiPy: readings make a mis-heard kanji match again.

Telephone recognition comes without punctuation and with wrong kanji, so lists are compared by sound and
sentence ends are judged by grammar.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from qa.language import japanese_grammar as grammar
from qa.language.japanese_words import BACKCHANNELS, FILLERS, LAUGHTER
from qa.language.kana import count_morae, fold, squeeze, to_katakana
from qa.language.protocol import Token

_local = threading.local()
_LONG_ENOUGH = 4
_MISHEARD = 0.65
"""Share of the sounds that a misheard phrase keeps, at least."""
_NO_START = frozenset({"助詞", "接頭辞", "接尾辞"})
"""を sounds like おお, but is the middle of a sentence."""
_SKIPPED = frozenset({"補助記号", "空白"})
_ASCII_EDGE = re.compile(r"[A-Za-z0-9]")
_NOT_TEXT = re.compile(r"[\s\W_]+")
_LAUGH = re.compile(LAUGHTER)
_KANA_ONLY = re.compile(r"[ぁ-ゖァ-ヴー]+")
_SPOKEN_WA = {"は": "ワ", "へ": "エ"}
_LONGEST = 1900
"""Characters that Sudachi is given at once: it refuses 64 kB of normalised text, which a party says in
an hour; one character can become 33 bytes."""
_PLACES_TO_CUT = ("。．！？!?", "、，", " \u3000")
"""Best first."""


class Japanese:
    """`qa.language.protocol.Language` for `ja`."""

    code = "ja"

    def place(self, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
        """No spaces, except between two Latin words or numbers that the recogniser kept apart."""
        text = ""
        offsets: list[tuple[int, int]] = []
        for word in words:
            piece = word.strip()
            apart = word[:1].isspace() and piece and text and _ASCII_EDGE.match(piece[0])
            if apart and _ASCII_EDGE.match(text[-1]):
                text += " "
            offsets.append((len(text), len(text) + len(piece)))
            text += piece
        return text, tuple(offsets)

    def join(self, words: Sequence[str]) -> str:
        """The words without spaces between them."""
        return self.place(words)[0]

    def normalise(self, text: str) -> str:
        """NFKC, lower case, no punctuation, no spaces."""
        return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", text).lower())

    def reading(self, text: str) -> str:
        """Folded katakana: 東京, とうきょう and トーキョー all read トオキヨオ."""
        return "".join(map(_heard, _morphemes(text)))

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Sudachi's longest units (mode C)."""
        return _analyse(text)[0]

    def is_backchannel(self, text: str) -> bool:
        """はい, ええ, そうですか, 承知しました, laughter: in any repetition and combination."""
        return _listens(_analyse(text)[1]) or bool(_LAUGH.fullmatch(self.normalise(text)))

    def sounds_like_backchannel(self, text: str) -> bool:
        """さよでごだえます is a misheard さようでございます. Short ones are like too many words."""
        sound = _sound(text)
        return len(sound) >= _LONG_ENOUGH and any(
            Levenshtein.normalized_similarity(sound, known) >= _MISHEARD for known in _single_backchannels()
        )

    def leading_backchannel(self, text: str) -> int:
        """2 for はい、それでですね. Word by word, so that お of お客様 is not taken for おお."""
        morphemes = _analyse(text)[1]
        heads = (morphemes[:count] for count in range(len(morphemes), 0, -1))
        longest = next((head for head in heads if head[-1].reading and _listens(head)), ())
        return sum(len(morpheme.surface) for morpheme in longest)

    def is_filler(self, text: str) -> bool:
        """えっと, あのー, その, まあ: in any repetition and combination."""
        sound = _sound(text)
        return bool(sound) and bool(_fillers().fullmatch(sound))

    def ends_sentence(self, text: str) -> bool:
        """〜です, 〜ました, 〜か, 〜よ end one; 〜て, 〜けど, 〜を, a clause before its noun do not."""
        if self.is_backchannel(text):
            return True
        return grammar.ends_sentence(text, _analyse(text)[1])

    def ends_clause(self, text: str) -> bool:
        """A sentence end, or a particle on which speakers hand over: 〜ですけど, 〜なので, 〜ですが."""
        return self.ends_sentence(text) or grammar.yields(_analyse(text)[1])

    def breaks_off(self, text: str) -> bool:
        """Stops on a case particle, a stem, その or お: not on 〜て or a noun, which may be ends."""
        return not self.ends_clause(text) and grammar.breaks_off(text, _analyse(text)[1])

    def is_question(self, text: str) -> bool:
        """〜か, 〜かね, 〜でしょうか, or a question mark; そうですか alone is listening, not asking."""
        if "?" in text or "？" in text:
            return True
        return grammar.asks(_analyse(text)[1]) and not self.is_backchannel(text)

    def count_units(self, text: str) -> int:
        """Morae."""
        return sum(count_morae(to_katakana(morpheme.reading)) for morpheme in _analyse(text)[1])


def _tokenizer() -> Any:
    """One tokenizer a thread (Sudachi's are not to be shared); the dictionary is loaded once."""
    if not hasattr(_local, "tokenizer"):
        from sudachipy import SplitMode

        _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _local.tokenizer


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary()


def _morphemes(text: str) -> Iterator[Any]:
    """Sudachi's, each until the next is asked for: they are one list that is filled anew."""
    tokenizer = _tokenizer()
    if not hasattr(_local, "morphemes"):
        _local.morphemes = tokenizer.tokenize("")
    for part in _parts(text):
        yield from tokenizer.tokenize(part, out=_local.morphemes)


def _parts(text: str) -> Iterator[str]:
    """The text in parts that Sudachi takes, cut after a sentence where there is one."""
    while len(text) > _LONGEST:
        head = text[:_LONGEST]
        ends = (max(head.rfind(mark) for mark in marks) + 1 for marks in _PLACES_TO_CUT)
        end = next(filter(None, ends), _LONGEST)
        yield text[:end]
        text = text[end:]
    yield text


def _heard(found: Any) -> str:
    """The folded reading of one of Sudachi's morphemes; nothing for punctuation."""
    return _heard_as(found.surface(), found.reading_form(), found.part_of_speech_id())


@lru_cache(maxsize=16384)
def _heard_as(surface: str, reading: str, part: int) -> str:
    pos = _dictionary().pos_of(part)
    return "" if pos[0] in _SKIPPED else fold(_spoken(surface, reading, pos))


@lru_cache(maxsize=16384)
def _analyse(text: str) -> tuple[tuple[Token, ...], tuple[grammar.Morpheme, ...]]:
    """Tokens (without punctuation) and morphemes (with it) of a text."""
    tokens: list[Token] = []
    morphemes: list[grammar.Morpheme] = []
    start = 0
    for found in _morphemes(text):
        pos = found.part_of_speech()
        surface = found.surface()
        skipped = pos[0] in _SKIPPED
        reading = "" if skipped else _spoken(surface, found.reading_form(), pos)
        morpheme = grammar.Morpheme(surface, reading, found.dictionary_form(), pos)
        morphemes.append(morpheme)
        if not skipped:
            part = grammar.part(morpheme)
            lemma = found.normalized_form()
            tokens.append(Token(surface, fold(reading), lemma, part, start, start + len(surface)))
        start += len(surface)
    return tuple(tokens), tuple(morphemes)


def _spoken(surface: str, reading: str, pos: tuple[str, ...]) -> str:
    """The reading as it is said: particles は and へ, and kana that the dictionary does not know."""
    if pos[0] in ("助詞", "接続詞") and surface[-1:] in _SPOKEN_WA:
        return reading[:-1] + _SPOKEN_WA[surface[-1]]
    if _KANA_ONLY.fullmatch(surface) and pos[0] == "感動詞":
        return to_katakana(surface)
    return to_katakana(reading)


@lru_cache(maxsize=4096)
def _sound(text: str) -> str:
    return squeeze("".join(morpheme.reading for morpheme in _analyse(text)[1]))


def _listens(morphemes: Sequence[grammar.Morpheme]) -> bool:
    """True if they sound like listening noises; but 配送 is not はい, そう, nor 母 はあ, はあ."""
    sounds = [squeeze(morpheme.reading) for morpheme in morphemes]
    if not morphemes or morphemes[0].pos[0] in _NO_START or not _backchannels().fullmatch("".join(sounds)):
        return False
    nouns = (sound for sound, morpheme in zip(sounds, morphemes, strict=True) if morpheme.pos[0] == "名詞")
    return all(sound in _single_backchannels() or not _backchannels().fullmatch(sound) for sound in nouns)


@cache
def _single_backchannels() -> frozenset[str]:
    return frozenset(map(_sound, BACKCHANNELS))


@cache
def _backchannels() -> re.Pattern[str]:
    return _any_of(BACKCHANNELS)


@cache
def _fillers() -> re.Pattern[str]:
    return _any_of(FILLERS)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """One or more of the words, by sound; longest first."""
    sounds = sorted({_sound(word) for word in words}, key=lambda sound: (-len(sound), sound))
    return re.compile(f"(?:{'|'.join(map(re.escape, sounds))})+")
