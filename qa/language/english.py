"""English by rule: what telephone recognition gives is words with fair punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from qa.language import english_words as lists
from qa.language.lists import words
from qa.language.protocol import Token

_WORD = re.compile(r"[A-Za-zÀ-ɏ0-9]+(?:['’][A-Za-z]+)*")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_ATTACHED = re.compile(r"^(?:[.,!?;:%)\]…]|['’](?:s|t|re|ve|ll|d|m)\b)")
_CUT_OFF = re.compile(r"(?:\.\.\.|…|--|[-–—])\s*$")
_ENDING = re.compile(r"(?P<stem>[a-z]{3,}?)(?:ies|ied|ing|ed|es|s)$")
_PARTS = {
    "pronoun": frozenset(
        words("i you he she it we they me him her us them my your his its our their this that")
    ),
    "auxiliary": lists.AUXILIARIES,
    "particle": frozenset(words("a an the of to from with at by into onto for in on as not")),
    "conjunction": frozenset(words("and or but because if when while although though unless until whether")),
    "filler": frozenset(words("um umm uh uhh er erm eh hm hmm mm")),
    "interjection": frozenset(words("yes yeah yep no ok okay oh hello hi thanks please sorry goodbye bye")),
}

_LONG_ENOUGH = 5
_MISHEARD = 0.7
"""Share of the letters that a misheard phrase keeps, at least."""


class English:
    """`qa.language.protocol.Language` for `en`."""

    code = "en"

    def place(self, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
        """Single spaces between words; punctuation and 's joined to the word before."""
        spaced = any(word[:1].isspace() for word in words)
        text = ""
        offsets: list[tuple[int, int]] = []
        for word in words:
            piece = word.strip()
            # Recognisers that write the space say so; a piece without one belongs to the word before.
            attached = spaced and not word[:1].isspace() and text[-1:].isalpha()
            attached = attached or bool(_ATTACHED.match(piece))
            if text and piece and not attached:
                text += " "
            offsets.append((len(text), len(text) + len(piece)))
            text += piece
        return text, tuple(offsets)

    def join(self, words: Sequence[str]) -> str:
        """The words with single spaces."""
        return self.place(words)[0]

    def normalise(self, text: str) -> str:
        """NFKC, lower case, words with single spaces, apostrophes kept inside words."""
        return " ".join(_words(text))

    def reading(self, text: str) -> str:
        """Normalised words with spellings of one sound made alike (okay, ok)."""
        return " ".join(map(_reading, _WORD.findall(text)))

    def tokens(self, text: str) -> tuple[Token, ...]:
        """One token a word."""
        return _tokens(text)

    def is_backchannel(self, text: str) -> bool:
        """Uh-huh, right, I see, okay: in any repetition and combination."""
        return bool(_backchannels().fullmatch(self.normalise(text)))

    def sounds_like_backchannel(self, text: str) -> bool:
        """ "Eye see" may be a misheard "I see". Short ones are like too many words."""
        said = self.normalise(text)
        return len(said) >= _LONG_ENOUGH and any(
            Levenshtein.normalized_similarity(said, known) >= _MISHEARD for known in lists.BACKCHANNELS
        )

    def leading_backchannel(self, text: str) -> int:
        """5 for "Right, so what you do is"."""
        found = _tokens(text)
        said = _words(text)
        for count in range(min(len(found), len(said)), 0, -1):
            if _backchannels().fullmatch(" ".join(said[:count])):
                return found[count - 1].end
        return 0

    def is_filler(self, text: str) -> bool:
        """Um, uh, you know: in any repetition and combination."""
        return bool(_fillers().fullmatch(self.normalise(text)))

    def ends_sentence(self, text: str) -> bool:
        """Ends in punctuation, or at least not in a word that wants another."""
        said = _words(text)
        if not said or _CUT_OFF.search(text):
            return False
        if self.is_backchannel(text):
            return True
        last = text.rstrip().rstrip("\"')”’")[-1:]
        if said[-1] in lists.HARD_STOPS:
            return last == "?"
        if last in ".!?":
            return True
        # A recogniser that punctuates elsewhere would have here.
        return (
            last != "," and said[-1] not in lists.SOFT_STOPS and not re.search(r"[.!?,]", text.strip()[:-1])
        )

    def ends_clause(self, text: str) -> bool:
        """As `ends_sentence`, and a text without any punctuation that stops on a content word."""
        said = _words(text)
        if not said or _CUT_OFF.search(text):
            return False
        return self.ends_sentence(text) or said[-1] not in lists.HARD_STOPS | lists.SOFT_STOPS

    def breaks_off(self, text: str) -> bool:
        """Stops on an article, a conjunction and the like, or where the recogniser wrote a dash."""
        said = _words(text)
        if not said or self.is_backchannel(text) or text.rstrip().endswith("?"):
            return False
        return bool(_CUT_OFF.search(text)) or said[-1] in lists.HARD_STOPS

    def is_question(self, text: str) -> bool:
        """A question mark, or a sentence that opens with a question word or a turned-round verb."""
        return any("?" in part or _asks(part) for part in _SENTENCE.findall(text))

    def count_units(self, text: str) -> int:
        """Words."""
        return len(_words(text))


@lru_cache(maxsize=16384)
def _tokens(text: str) -> tuple[Token, ...]:
    tokens = []
    for found in _WORD.finditer(text):
        word = _plain(found.group())
        opens = text[: found.start()].rstrip()[-1:] in ("", ".", "!", "?")
        part = _part(word, found.group()[0].isupper() and not opens)
        tokens.append(Token(found.group(), _reading(found.group()), _lemma(word), part, *found.span()))
    return tuple(tokens)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


@lru_cache(maxsize=16384)
def _reading(word: str) -> str:
    """Spellings of one sound made alike."""
    plain = _plain(word)
    return lists.CONTRACTIONS.get(plain, plain)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return tuple(_WORD.findall(plain))


def _lemma(word: str) -> str:
    """A stem by rule, not a word: enough to see that "delivery" and "deliveries", "cancel" and "cancelled"
    are one."""
    stem = word.removesuffix("'s")
    found = _ENDING.fullmatch(stem)
    if found is not None and not stem.endswith(("ss", "us", "is")):
        stem = found.group("stem") + ("y" if stem.endswith(("ies", "ied")) else "")
    if len(stem) > 3:
        stem = stem.removesuffix("e")
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def _part(word: str, named: bool) -> str:
    if word[0].isdigit():
        return "number"
    for part, members in _PARTS.items():
        if word in members or word.split("'")[0] in members:
            return part
    return "name" if named else "noun"


def _asks(sentence: str) -> bool:
    """Question by word order; for text without question marks."""
    said = _words(sentence)
    for start, word in enumerate(said):
        if _opens_question(said[start:]):
            return True
        if word not in lists.LEADS:
            return False
    return False


def _opens_question(said: Sequence[str]) -> bool:
    if len(said) < 2:
        return False
    first, second = said[0], said[1]
    if first in lists.WH:
        if first == "which":
            return second not in lists.AUXILIARIES and any(word in lists.AUXILIARIES for word in said[2:6])
        if "'s" in first or second in lists.AUXILIARIES:
            return True
        # "How long have you", "what kind of": a question; "what I need", "when you call": not.
        return second not in lists.SUBJECTS and any(word in lists.AUXILIARIES for word in said[2:6])
    return first in lists.AUXILIARIES and second in lists.SUBJECTS


@cache
def _backchannels() -> re.Pattern[str]:
    return _any_of(lists.BACKCHANNELS)


@cache
def _fillers() -> re.Pattern[str]:
    return _any_of(lists.FILLERS)


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """One or more of the phrases, whole words; longest first."""
    choices = "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)))
    return re.compile(rf"(?:(?:{choices})(?:\s+|$|(?=-)))+")
