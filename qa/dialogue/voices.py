"""Who spoke when, with the words under each piece of speech: what all of dialogue works on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.language import Language
from qa.model import Role, Span, Word, outside

PAUSE = 0.3
"""Seconds. A speaker's shorter silences are breath, not a stop: nobody can react to them in time
(human turn-taking gaps centre on 0.2 s: Levinson & Torreira 2015, doi:10.3389/fpsyg.2015.00731)."""
REACH = 0.5
"""Seconds a word may lie off the speech it belongs to. Recognisers' word times wander by up to 0.3 s."""

UNHEARD_MIN = 0.4
"""Seconds of speech without a word that are worth knowing of."""
UNHEARD_INSIDE = 1.2
"""The same between the words of one spurt: longer, since words have no exact ends."""
WORD_REACH = 0.3
"""A word accounts for this much speech on either side of it, seconds."""


@dataclass(frozen=True, slots=True)
class Spurt:
    """One piece of speech as voice activity (or diarization) found it, and the words under it."""

    span: Span
    words: tuple[Word, ...] = ()
    voiced: bool = True
    """False: no voice activity here, the span is that of the words themselves."""

    @property
    def wordless(self) -> tuple[Span, ...]:
        """Speech that no word accounts for: the whole spurt, or long stretches between its words."""
        if not self.words:
            return (self.span,) if self.span.duration >= UNHEARD_MIN else ()
        accounted = [word.span.pad(WORD_REACH) for word in self.words]
        return outside([self.span], accounted, UNHEARD_INSIDE) if self.voiced else ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Spurts of one speaker with nothing longer than a breath between them."""

    speaker: str
    role: Role
    spurts: tuple[Spurt, ...]

    @property
    def span(self) -> Span:
        """From the first spurt to the end of the last."""
        return Span(self.spurts[0].span.start, self.spurts[-1].span.end)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all spurts."""
        return tuple(word for spurt in self.spurts for word in spurt.words)

    @property
    def voiced(self) -> bool:
        """True if voice activity saw all of it."""
        return all(spurt.voiced for spurt in self.spurts)

    def text(self, language: Language) -> str:
        """The words as a person would write them."""
        return text_of(self.words, language)


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything one speaker said."""

    speaker: str
    role: Role
    spurts: tuple[Spurt, ...]

    @property
    def activity(self) -> tuple[Span, ...]:
        """Where they speak; the spans do not overlap."""
        return tuple(spurt.span for spurt in self.spurts)

    @property
    def words(self) -> tuple[Word, ...]:
        """All their words, in order."""
        return tuple(word for spurt in self.spurts for word in spurt.words)

    def stretches(self, pause: float = PAUSE) -> tuple[Stretch, ...]:
        """Their spurts joined over silences of at most `pause` seconds."""
        groups: list[list[Spurt]] = []
        for spurt in self.spurts:
            if groups and spurt.span.start - groups[-1][-1].span.end <= pause:
                groups[-1].append(spurt)
            else:
                groups.append([spurt])
        return tuple(Stretch(self.speaker, self.role, tuple(group)) for group in groups)


def text_of(words: Iterable[Word], language: Language) -> str:
    """The words as a person would write them."""
    return language.join([word.text for word in words])


def attach(spans: Sequence[Span], words: Sequence[Word]) -> tuple[Spurt, ...]:
    """Spurts of one speaker: each word under the span it overlaps most, or the nearest within `REACH`.

    `spans` do not overlap and are in order, `words` are in order. Words stay in order. A word with no
    speech near it makes a spurt of its own that says so (`voiced` False).
    """
    under: list[list[Word]] = [[] for _ in spans]
    stray: list[Word] = []
    earliest = 0
    for word in words:
        place = _best_span(spans, word.span, earliest)
        if place is None:
            stray.append(word)
        else:
            under[place].append(word)
            earliest = place
    spurts = [Spurt(span, tuple(held)) for span, held in zip(spans, under, strict=True)]
    return tuple(sorted([*spurts, *_strays(stray)], key=lambda spurt: spurt.span))


def _best_span(spans: Sequence[Span], word: Span, earliest: int) -> int | None:
    """The place of the span that `word` belongs to, `earliest` or later; None if no speech is near."""
    best, best_rank = None, (0.0, -REACH)
    for place in range(earliest, len(spans)):
        if spans[place].start > word.end + REACH:
            break
        rank = (spans[place].overlap(word), -spans[place].gap(word))
        if rank > best_rank or (best is None and rank == best_rank):
            best, best_rank = place, rank
    if best is None and any(span.gap(word) <= REACH for span in spans[: earliest + 1]):
        return earliest
    return best


def _strays(words: Sequence[Word]) -> list[Spurt]:
    """Words without speech, joined over breaths."""
    groups: list[tuple[Span, list[Word]]] = []
    for word in sorted(words, key=lambda word: word.span):
        if groups and word.span.start - groups[-1][0].end <= PAUSE:
            groups[-1] = (groups[-1][0] | word.span, [*groups[-1][1], word])
        else:
            groups.append((word.span, [word]))
    return [Spurt(span, tuple(group), voiced=False) for span, group in groups]
