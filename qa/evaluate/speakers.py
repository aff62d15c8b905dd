"""Are the speakers and their roles right: diarization error, overlap, role accuracy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import MissingExtra
from qa.evaluate.counts import Found, Ratio, SpeakerErrors
from qa.evaluate.reference import Reference, ReferenceSpeech
from qa.model import Conversation, Role, Span, merge_spans, total_overlap

COLLAR = 0.25
"""Seconds left out around each boundary, half before and half after, as pyannote.metrics counts."""
PARTIES = (Role.AGENT, Role.CUSTOMER)


@dataclass(frozen=True, slots=True)
class SpeakerFigures:
    """Of one call; None where the reference does not tell."""

    exact: SpeakerErrors | None = None
    """No collar, overlap counted."""
    collared: SpeakerErrors | None = None
    """Collar `COLLAR`, overlap counted."""
    overlap: Found | None = None
    """Seconds in which two parties speak at once."""
    roles_by_time: Ratio | None = None
    """Of the seconds in which one party speaks and somebody is heard: that party's role is heard."""
    roles_by_word: Ratio | None = None
    """Of the recognised words whose middle lies in the speech of one party alone: that party's role."""


def speaker_figures(reference: Reference, conversation: Conversation) -> SpeakerFigures:
    """All figures that this reference allows. Raises `MissingExtra` without pyannote.metrics."""
    speech = reference.speech
    if not speech:
        return SpeakerFigures()
    truth = [(piece.speaker, piece.span) for piece in speech]
    heard = [(piece.speaker, piece.span) for piece in conversation.speech]
    known = reference.knows_roles
    return SpeakerFigures(
        exact=diarization(truth, heard, conversation.duration, 0.0),
        collared=diarization(truth, heard, conversation.duration, COLLAR),
        overlap=overlap_found(truth, heard),
        roles_by_time=_by_time(speech, conversation) if known else None,
        roles_by_word=_by_word(speech, conversation) if known else None,
    )


def diarization(
    truth: Iterable[tuple[str, Span]], heard: Iterable[tuple[str, Span]], duration: float, collar: float
) -> SpeakerErrors:
    """The parts of the diarization error rate over the whole recording (`duration` seconds)."""
    try:
        from pyannote.core import Segment, Timeline
        from pyannote.metrics.diarization import DiarizationErrorRate
    except ImportError as error:
        raise MissingExtra("pyannote.metrics is not installed: pip install 'qa-calls[eval]'") from error
    metric = DiarizationErrorRate(collar=collar, skip_overlap=False)
    truth = list(truth)
    end = max([duration, *(span.end for _, span in truth)])
    whole = Timeline([Segment(0.0, end)])
    parts = metric(_annotation(truth), _annotation(heard), uem=whole, detailed=True)
    return SpeakerErrors(
        total=parts["total"],
        missed=parts["missed detection"],
        false_alarm=parts["false alarm"],
        confusion=parts["confusion"],
    )


def overlap_found(truth: Iterable[tuple[str, Span]], heard: Iterable[tuple[str, Span]]) -> Found:
    """Seconds of two at once: found, missed, made up."""
    real, seen = two_at_once(truth), two_at_once(heard)
    hits = sum(total_overlap(span, seen) for span in real)
    return Found(hits, max(0.0, _seconds(real) - hits), max(0.0, _seconds(seen) - hits))


def two_at_once(spoken: Iterable[tuple[str, Span]]) -> tuple[Span, ...]:
    """Where at least two speakers speak."""
    by: dict[str, list[Span]] = {}
    for speaker, span in spoken:
        by.setdefault(speaker, []).append(span)
    own = [merge_spans(spans) for spans in by.values()]
    shared = [
        a & b for place, mine in enumerate(own) for theirs in own[place + 1 :] for a in mine for b in theirs
    ]
    return merge_spans(span for span in shared if span)


def _by_time(speech: Sequence[ReferenceSpeech], conversation: Conversation) -> Ratio:
    roles = {role.speaker: role.role for role in conversation.roles}
    heard = {
        role: merge_spans(p.span for p in conversation.speech if roles.get(p.speaker, Role.UNKNOWN) is role)
        for role in Role
    }
    anybody = merge_spans(piece.span for piece in conversation.speech)
    alone = _alone(speech)
    right = sum(total_overlap(span, heard[role]) for role, spans in alone.items() for span in spans)
    whole = sum(total_overlap(span, anybody) for spans in alone.values() for span in spans)
    return Ratio(min(right, whole), whole)


def _by_word(speech: Sequence[ReferenceSpeech], conversation: Conversation) -> Ratio:
    alone = _alone(speech)
    right = whole = 0
    for turn in conversation.turns:
        for word in turn.words:
            real = [r for r, spans in alone.items() if any(word.span.middle in span for span in spans)]
            if real:
                whole += 1
                right += turn.role in real
    return Ratio(right, whole)


def _alone(speech: Sequence[ReferenceSpeech]) -> dict[Role, tuple[Span, ...]]:
    """Where each party speaks and nobody else does."""
    own = {role: merge_spans(p.span for p in speech if p.role is role) for role in PARTIES}
    found = {}
    for role, spans in own.items():
        others = merge_spans(p.span for p in speech if p.role is not role)
        found[role] = tuple(part for span in spans for part in without(span, others))
    return found


def without(span: Span, others: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of `span` outside `others` (in order, not overlapping).

    >>> without(Span(0, 10), [Span(2, 3), Span(9, 12)])
    (Span(start=0, end=2), Span(start=3, end=9))
    """
    left, at = [], span.start
    for other in others:
        shared = span & other
        if shared:
            left.append(Span(at, shared.start))
            at = shared.end
    left.append(Span(at, span.end))
    return tuple(part for part in left if part)


def _annotation(spoken: Iterable[tuple[str, Span]]) -> Any:
    """pyannote.core's form; one track a span, so that a speaker's spans may touch."""
    from pyannote.core import Annotation, Segment

    made = Annotation()
    for track, (speaker, span) in enumerate(spoken):
        if span:
            made[Segment(span.start, span.end), track] = speaker
    return made


def _seconds(spans: Iterable[Span]) -> float:
    return sum(span.duration for span in spans)
