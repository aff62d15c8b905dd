"""What qa asks of a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

NAMES = frozenset({"name", "person"})
"""The parts of speech of names."""


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text. Punctuation and spaces have no token."""

    surface: str
    reading: str
    """Folded sound of this piece: concatenated over the tokens it is the text's reading (English: with
    single spaces between)."""
    lemma: str
    """Dictionary form (English: stem by rule), for comparing content words."""
    pos: str
    """`noun`, `name`, `person` (a name that the dictionary knows for one of people), `number`, `pronoun`,
    `verb`, `adjective`, `adverb`, `particle`, `auxiliary`, `interjection`, `filler`, `prefix`, `suffix`,
    `conjunction` or `other`."""
    start: int
    """Offset of the first character in the text as given."""
    end: int
    """Offset after the last character."""


class Language(Protocol):
    """Rules of one language. Every method is pure and safe to call from several threads."""

    @property
    def code(self) -> str:
        """ISO 639-1: `ja` or `en`."""
        ...

    def place(self, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
        """The words written as a person would, and the (start, end) character offsets of each in it."""
        ...

    def join(self, words: Sequence[str]) -> str:
        """The words written as a person would: `place` without the offsets."""
        ...

    def normalise(self, text: str) -> str:
        """The text without what recognition gets wrong freely: width, case, punctuation, spaces (ja)."""
        ...

    def reading(self, text: str) -> str:
        """What the text sounds like: folded katakana (ja), normalised words (en)."""
        ...

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The text's tokens in order, offsets into `text`."""
        ...

    def is_backchannel(self, text: str) -> bool:
        """True if everything in it is listening noise (あいづち); False for an empty text."""
        ...

    def sounds_like_backchannel(self, text: str) -> bool:
        """True if it sounds nearly like listening noise, as a recogniser may have misheard it."""
        ...

    def leading_backchannel(self, text: str) -> int:
        """How many characters at the start are listening noise, whatever follows; 0 if none."""
        ...

    def is_filler(self, text: str) -> bool:
        """True if everything in it is hesitation; False for an empty text."""
        ...

    def ends_sentence(self, text: str) -> bool:
        """True if the text stops where a sentence can stop; False for an empty text."""
        ...

    def ends_clause(self, text: str) -> bool:
        """True if it stops where speakers hand over: a sentence end, or 〜ですけど, 〜なので and the like."""
        ...

    def breaks_off(self, text: str) -> bool:
        """True if nobody would stop there of their own will: 〜を, 〜の, その; "the", "and". Between this and
        `ends_clause` lies what nobody can tell from the words alone."""
        ...

    def is_question(self, text: str) -> bool:
        """True if any sentence in it asks something."""
        ...

    def count_units(self, text: str) -> int:
        """Length for speech rate: morae (ja) or words (en)."""
        ...
