"""Where Japanese sentences end and which of them ask, judged from Sudachi's parts of speech."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qa.language.japanese_words import COMPLETE_WORDS, QUESTION_WORDS, YIELDING_PARTICLES

_STOPS = frozenset("。.!?！？")
_FINAL_FORMS = ("終止形", "命令形", "意志推量形")
_PARTS = {
    "動詞": "verb",
    "形容詞": "adjective",
    "形状詞": "adjective",
    "副詞": "adverb",
    "助詞": "particle",
    "助動詞": "auxiliary",
    "感動詞": "interjection",
    "接頭辞": "prefix",
    "接尾辞": "suffix",
    "接続詞": "conjunction",
    "代名詞": "pronoun",
    "名詞": "noun",
}


class Morpheme(NamedTuple):
    """One of Sudachi's morphemes, unfolded reading, full part of speech."""

    surface: str
    reading: str
    base: str
    pos: tuple[str, ...]

    @property
    def form(self) -> str:
        """Conjugation, such as 終止形-一般."""
        return self.pos[5]


def part(morpheme: Morpheme) -> str:
    """Part of speech in the words of `protocol.Token.pos`."""
    pos = morpheme.pos
    if pos[1] == "固有名詞":
        return "person" if pos[2] == "人名" else "name"
    if pos[1] == "数詞":
        return "number"
    if pos[1] == "フィラー":
        return "filler"
    return _PARTS.get(pos[0], "other")


def ends_sentence(text: str, morphemes: Sequence[Morpheme]) -> bool:
    """True if the last word is one to stop on. A written 。 decides only between possible ends."""
    words = [m for m in morphemes if m.pos[0] not in ("補助記号", "空白")]
    if not words:
        return False
    last = words[-1]
    stopped = text.rstrip()[-1:] in _STOPS
    kind = last.pos[0]
    if kind == "助詞":
        return last.pos[1] == "終助詞" or (stopped and yields(morphemes))
    if kind in ("助動詞", "動詞", "形容詞"):
        return _ends_on_predicate(last, words)
    if kind == "感動詞":
        return last.pos[1] != "フィラー"
    if kind in ("名詞", "代名詞", "接尾辞", "形状詞"):
        return stopped or last.surface in COMPLETE_WORDS or _is_answer(words)
    return last.surface in COMPLETE_WORDS


def yields(morphemes: Sequence[Morpheme]) -> bool:
    """True if it stops on a clause-final particle after a predicate: 〜んですけど, 〜ですが, 〜なので."""
    words = [m for m in morphemes if m.pos[0] not in ("補助記号", "空白")]
    if len(words) < 2:
        return False
    last, before = words[-1], words[-2]
    if last.surface in YIELDING_PARTICLES and last.pos[1] == "接続助詞":
        return True
    # Sudachi cuts ので into の + で.
    return (last.surface == "で" and before.surface in ("の", "ん") and before.pos[1] == "準体助詞") or (
        last.surface in ("から", "が") and before.pos[0] == "助動詞"
    )


def breaks_off(text: str, morphemes: Sequence[Morpheme]) -> bool:
    """True if the last word clearly wants another one."""
    words = [m for m in morphemes if m.pos[0] not in ("補助記号", "空白")]
    if not words or text.rstrip()[-1:] in _STOPS:
        return False
    last = words[-1]
    if last.pos[0] == "助詞":
        return last.pos[1] in ("格助詞", "係助詞", "準体助詞") or last.surface in ("と", "という")
    if last.pos[0] in ("動詞", "形容詞", "助動詞"):
        return last.form.startswith(("未然形", "連用形", "仮定形", "語幹")) or last.surface == "な"
    return last.pos[0] in ("接頭辞", "連体詞", "接続詞") or last.pos[1] == "フィラー"


def asks(morphemes: Sequence[Morpheme]) -> bool:
    """True if some sentence ends in a questioning か, or in でしょう after a question word."""
    wondering = False
    for position, morpheme in enumerate(morphemes):
        following = morphemes[position + 1] if position + 1 < len(morphemes) else None
        if morpheme.surface.startswith(QUESTION_WORDS):
            wondering = True
        if morpheme.surface in ("か", "かな", "かしら") and _closes(morpheme, following):
            return True
        if wondering and morpheme.surface == "でしょう" and _stops(following):
            return True
    return False


def _closes(ka: Morpheme, following: Morpheme | None) -> bool:
    """か asks at the end of a sentence, not in 何か, 〜かどうか, 〜かと, 〜とか."""
    if ka.pos[1] != "終助詞":
        return False
    if following is None or _stops(following) or following.surface in ("ね", "な"):
        return True
    return following.pos[0] not in ("助詞", "助動詞", "副詞")


def _stops(following: Morpheme | None) -> bool:
    return following is None or following.pos[0] == "補助記号"


def _ends_on_predicate(last: Morpheme, words: Sequence[Morpheme]) -> bool:
    if last.form.startswith(_FINAL_FORMS):
        return True
    if last.form.startswith("連体形"):
        # At the end of a text the two forms look alike, except that な wants its noun.
        return last.surface != "な"
    return last.surface in ("ください", "下さい", "なさい", "ませ") or (
        last.surface == "くださ" and len(words) > 1
    )


def _is_answer(words: Sequence[Morpheme]) -> bool:
    """A bare noun ends an utterance if that is all there is (an answer), or as a name or a number."""
    last = words[-1]
    if any(m.pos[1] == "数詞" for m in words[-2:]) or (last.pos[1] == "固有名詞" and last.pos[2] == "人名"):
        return True
    nominal = ("名詞", "代名詞", "接尾辞", "接頭辞", "感動詞", "形状詞")
    return len(words) <= 4 and all(m.pos[0] in nominal for m in words)
