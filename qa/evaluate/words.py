"""Are the words right: WER, CER, reading-CER and their speaker-attributed forms; alignment by jiwer.

Both sides are normalised alike (docs/references.md): English as lower-case words without punctuation, scored
by word; Japanese without punctuation and spaces, full and half width alike, scored by character, and once
more as readings (folded katakana), where 保健 for 保険 is no error.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa import language as languages
from qa.evaluate.counts import ErrorCounts
from qa.evaluate.reference import Reference, ReferenceTurn
from qa.evaluate.spread import timed
from qa.model import Conversation, Turn, Word

MOST_SPEAKERS = 6
"""More speakers than this are not matched by trying every order (the longest talking are kept apart)."""

Normaliser = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class WordFigures:
    """Errors of one call; None where they cannot be counted."""

    wer: ErrorCounts | None = None
    """English, all words in the order of time."""
    cer: ErrorCounts | None = None
    """Japanese, by character."""
    reading_cer: ErrorCounts | None = None
    """Japanese, by sound."""
    cp_wer: ErrorCounts | None = None
    """English, each speaker's words for themselves, under the best match of speakers."""
    cp_cer: ErrorCounts | None = None
    """Japanese, the same, by sound."""


def word_figures(reference: Reference, conversation: Conversation) -> WordFigures:
    """All figures that this reference allows. A call without reference words has none."""
    if not reference.turns:
        return WordFigures()
    code = reference.language or conversation.language
    language = languages.get(code)
    truth = _in_time(reference, code)
    heard = language.join([word.text for word in _words(conversation.turns)])
    if code != "ja":
        return WordFigures(
            wer=errors_by_word(language.normalise(truth), language.normalise(heard)),
            cp_wer=_attributed(reference, conversation, language.normalise, errors_by_word),
        )
    return WordFigures(
        cer=errors_by_character(language.normalise(truth), language.normalise(heard)),
        reading_cer=errors_by_character(language.reading(truth), language.reading(heard)),
        cp_cer=_attributed(reference, conversation, language.reading, errors_by_character),
    )


def errors_by_word(reference: str, result: str) -> ErrorCounts:
    """Of two normalised texts, words between spaces."""
    import jiwer

    found = jiwer.process_words(reference, result)
    return ErrorCounts(found.substitutions, found.deletions, found.insertions, len(reference.split()))


def errors_by_character(reference: str, result: str) -> ErrorCounts:
    """Of two normalised texts, character by character."""
    import jiwer

    found = jiwer.process_characters(reference, result)
    return ErrorCounts(found.substitutions, found.deletions, found.insertions, len(reference))


def concatenated(
    reference: Sequence[str], result: Sequence[str], errors: Callable[[str, str], ErrorCounts]
) -> ErrorCounts:
    """Concatenated minimum-permutation errors (cpWER: Watanabe et al. 2020, CHiME-6, arXiv 2004.09249).

    One text a speaker on either side; the match of speakers with the fewest errors counts, a speaker
    without a partner is missed or made up as a whole.
    """
    size = max(len(reference), len(result))
    left = [*reference, *[""] * (size - len(reference))]
    right = [*result, *[""] * (size - len(result))]
    table = [[errors(truth, heard) for heard in right] for truth in left]
    matches = (
        sum((table[row][column] for row, column in enumerate(order)), ErrorCounts())
        for order in itertools.permutations(range(size))
    )
    return min(matches, key=lambda total: total.errors)


def _attributed(
    reference: Reference,
    conversation: Conversation,
    normalised: Normaliser,
    errors: Callable[[str, str], ErrorCounts],
) -> ErrorCounts | None:
    turns = reference.turns or ()
    if any(not turn.speaker for turn in turns):
        return None
    join = languages.get(reference.language or conversation.language).join
    truth = _by_speaker((turn.speaker, turn.text) for turn in turns)
    heard = _by_speaker(
        (turn.speaker, join([word.text for word in turn.words])) for turn in conversation.turns
    )
    return concatenated([*map(normalised, truth)], [*map(normalised, heard)], errors)


def _by_speaker(said: Iterable[tuple[str, str]]) -> list[str]:
    """One text a speaker; beyond `MOST_SPEAKERS`, those who say least share the last text."""
    texts: dict[str, list[str]] = defaultdict(list)
    for speaker, text in said:
        texts[speaker].append(text)
    joined = sorted((" ".join(parts) for parts in texts.values()), key=len, reverse=True)
    if len(joined) > MOST_SPEAKERS:
        joined = [*joined[: MOST_SPEAKERS - 1], " ".join(joined[MOST_SPEAKERS - 1 :])]
    return joined


def _in_time(reference: Reference, code: str) -> str:
    """The reference's words in the order of time: a backchannel stands where it fell."""
    turns: Sequence[ReferenceTurn] = reference.turns or ()
    pieces = [piece for turn in turns for piece in timed(turn, reference, code)]
    return languages.get(code).join([text for text, _ in sorted(pieces, key=lambda piece: piece[1].middle)])


def _words(turns: Iterable[Turn]) -> Sequence[Word]:
    return sorted((word for turn in turns for word in turn.words), key=lambda word: word.span.middle)
