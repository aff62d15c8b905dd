"""The words of stored turns, made when somebody looks at them.

Words are most of a conversation, and most of scoring one again asks no more than how many a turn has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, overload

from qa.model import Span, Turn, Word
from qa.store.later import Later

COLUMNS = ("word", "word_start", "word_end", "probability", "channel")
_SPAN_SLOTS = tuple(Span.__dict__[name].__set__ for name in ("start", "end"))
_WORD_SLOTS = tuple(Word.__dict__[name].__set__ for name in ("text", "span", "probability", "channel"))


class StoredWords(Later[Word]):
    """Words `first` to `last` (exclusive) of a stored conversation."""

    __slots__ = ("_columns", "_first", "_last")

    def __init__(self, columns: Callable[[], Sequence[Sequence[Any]]], first: int, last: int) -> None:
        """`columns` gives texts, starts, ends, probabilities and channels of all words, on demand."""
        self._length = last - first  # and no more: a conversation has a hundred of these
        self._made = None
        self._columns = columns
        self._first = first
        self._last = last

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        if self._made is None and index == 0 and len(self):  # of which channel a turn is
            return next(_make(iter([tuple(column[self._first] for column in self._columns())])))
        return self.all()[index]

    def _read(self) -> tuple[Word, ...]:
        part = (islice(column, self._first, self._last) for column in self._columns())
        return tuple(_make(zip(*part, strict=True)))


def word_columns(turns: Iterable[Turn]) -> dict[str, list[Any]]:
    """All words of these turns as columns of JSON values."""
    words = [word for turn in turns for word in turn.words]
    return {
        "word": [word.text for word in words],
        "word_start": [word.span.start for word in words],
        "word_end": [word.span.end for word in words],
        "probability": [word.probability for word in words],
        "channel": [word.channel for word in words],
    }


def stored_words(
    counts: Sequence[int], read: Callable[[], Mapping[str, Sequence[Any]]]
) -> Iterator[StoredWords]:
    """The words of each turn, so many in each; `read` gives what `word_columns` gave, asked for once."""
    total = sum(counts)

    @cache
    def columns() -> Sequence[Sequence[Any]]:
        found = read()
        words = [found[name] for name in COLUMNS]
        if {len(column) for column in words} != {total}:
            raise ValueError("columns of words are of different lengths")
        return words

    first = 0
    for count in counts:
        yield StoredWords(columns, first, first + count)
        first += count


def _make(rows: Iterator[tuple[Any, ...]]) -> Iterator[Word]:
    """Words made without `__init__`, in half the time: their checks passed before they were stored."""
    new = object.__new__
    set_start, set_end = _SPAN_SLOTS
    set_text, set_span, set_probability, set_channel = _WORD_SLOTS
    for text, start, end, probability, channel in rows:
        span = new(Span)
        set_start(span, start)
        set_end(span, end)
        word = new(Word)
        set_text(word, text)
        set_span(word, span)
        set_probability(word, probability)
        set_channel(word, channel)
        yield word
