"""Who holds the floor: overlaps, terminal overlaps and interruptions, as DESIGN.md defines them.

Voice activity decides when somebody starts and stops; words decide what it was. `s` starts while `t` speaks:

    t  ~~~~~~~~~~~~~~~~~~~~|        remaining = t.end - onset
    s             |~~~~~~~~~~~~~    onset     = first word of s that does not merely listen
                  <--both-->
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa.dialogue.phrases import protests
from qa.dialogue.scene import (
    TOLERANCE,
    Scene,
    breaks_off,
    murmurs,
    objects,
    onset_of,
    signals_of,
    stops,
    takes_floor,
)
from qa.dialogue.turns import is_listening
from qa.dialogue.voices import Stretch, Voice, text_of
from qa.language import Language
from qa.model import Event, EventDefinitions, EventKind, Role, Separation, Span, total_overlap

_HELD = 0.5
"""Seconds of silence in mid-clause after which somebody who speaks on never gave the floor away."""
_SOUND = 0.25
"""Mono: seconds from which a voice without words is a first sound, not a slip of the segmentation."""
_QUOTED = 6.0
"""Seconds of the interrupted party's words that an event quotes."""
_EDGE = 0.1
"""Stereo: seconds by which the edges of an overlap may be off, both together."""
_BARE = 0.15
"""Seconds of silence between two speakers of a mono call that may hide an overlap."""


def floor_events(
    voices: Sequence[Voice],
    definitions: EventDefinitions,
    language: Language,
    separation: Separation,
    seen_overlap: Sequence[Span] = (),
) -> tuple[Event, ...]:
    """Overlaps, terminal overlaps and interruptions between the voices, in time order."""

    def keeps(held: Stretch, more: Stretch) -> bool:
        """Nobody who stops in mid-clause gives the floor away, unless they say that it was taken."""
        text = held.text(language)
        return bool(text) and not language.ends_sentence(text) and not protests(more.text(language), language)

    def is_start(talk: Stretch, _: Stretch) -> bool:
        """One start, though there is a breath after a name (お客様、…) or a first sound (あ、…), which may
        not have been written down."""
        text = talk.text(language)
        slip = separation is not Separation.CHANNEL and not text and talk.span.duration < _SOUND
        return not slip and (not is_listening(talk, definitions, language) or language.is_filler(text))

    people = [voice for voice in voices if voice.role is not Role.IVR]
    stretches = {voice.speaker: voice.stretches() for voice in people}
    holdings = {speaker: _joined(own, definitions.turn_gap, keeps) for speaker, own in stretches.items()}
    starts = {speaker: _joined(own, _HELD, is_start) for speaker, own in stretches.items()}
    scene = Scene(starts, holdings, definitions, language, separation, tuple(seen_overlap))
    found = list(overlaps(voices, definitions))
    for first, second in itertools.permutations(stretches, 2):
        if not _same_side(stretches[first], stretches[second]):
            found += _merge(list(_taken(scene, first, second)), definitions)
    return tuple(sorted(found, key=lambda event: (event.span, event.kind)))


def overlaps(voices: Sequence[Voice], definitions: EventDefinitions) -> Iterator[Event]:
    """Two parties' speech at once; `by` is who came second."""
    for one, other in itertools.combinations(voices, 2):
        theirs = other.activity
        starts = [span.start for span in theirs]
        for mine in one.activity:
            place = max(0, bisect_left(starts, mine.start) - 1)
            for span in theirs[place : bisect_left(starts, mine.end)]:
                both = mine & span
                if both and both.duration >= definitions.overlap_min:
                    second, first = (one, other) if mine.start >= span.start else (other, one)
                    yield Event(EventKind.OVERLAP, both, by=second.role, against=first.role)


def _joined(
    stretches: Sequence[Stretch], longest: float, goes_on: Callable[[Stretch, Stretch], bool]
) -> tuple[Stretch, ...]:
    """Stretches joined over pauses of at most `longest` seconds, where one `goes_on` in the next."""
    joined: list[Stretch] = []
    for stretch in stretches:
        before = joined[-1] if joined else None
        soon = before is not None and stretch.span.start - before.span.end <= longest
        if before is not None and soon and goes_on(before, stretch):
            joined[-1] = replace(before, spurts=before.spurts + stretch.spurts)
        else:
            joined.append(stretch)
    return tuple(joined)


def _same_side(one: Sequence[Stretch], other: Sequence[Stretch]) -> bool:
    """Two agents of a transferred call do not interrupt each other."""
    return bool(one and other) and one[0].role is other[0].role is not Role.UNKNOWN


def _taken(scene: Scene, first: str, second: str) -> Iterator[Event]:
    """What `second` did to `first`'s floor."""
    for place, mine in enumerate(scene.stretches[second]):
        onset = onset_of(mine, scene)
        theirs = _speaking_at(scene, first, mine.span.start if onset is None else onset)
        if onset is None and theirs is not None and stops(scene, theirs, mine):
            onset = mine.span.start
        event = None
        if onset is None or theirs is None or onset >= theirs.span.end:
            event = _listens_in(scene, first, mine)
        elif not _resumes(scene, second, place, theirs):
            event = _judge(scene, theirs, mine, onset, _listened(scene, second, place))
        if event is None and onset is not None and theirs is not None and onset >= theirs.span.end:
            event = _hidden(scene, theirs, mine, onset)
        if event is not None:
            yield event


def _listened(scene: Scene, speaker: str, place: int) -> float | None:
    """The start of the stretch before, if it only listens and this one follows in the same breath."""
    mine, before = scene.stretches[speaker][place], scene.stretches[speaker][place - 1] if place else None
    if before is None or mine.span.start - before.span.end > _HELD:
        return None
    return before.span.start if is_listening(before, scene.definitions, scene.language) else None


def _speaking_at(scene: Scene, speaker: str, instant: float) -> Stretch | None:
    """The last stretch of a speaker that starts before `instant` and does more than listen."""
    theirs = scene.holdings[speaker]
    at = bisect_left(theirs, instant, key=lambda stretch: stretch.span.start) - 1
    if at < 0 or is_listening(theirs[at], scene.definitions, scene.language):
        return None
    return theirs[at]


def _listens_in(scene: Scene, first: str, mine: Stretch) -> Event | None:
    """A はい over the other's last syllables is turn-taking, whatever is said after it."""
    theirs = _speaking_at(scene, first, mine.span.start)
    if theirs is None or not mine.words:
        return None
    long_enough = mine.span.start - theirs.span.start >= scene.definitions.interruption_min_floor
    remaining = theirs.span.end - mine.span.start
    if long_enough and 0 < remaining <= scene.definitions.terminal_overlap_max:
        both = mine.span & theirs.span
        return Event(EventKind.TERMINAL_OVERLAP, both, by=mine.role, against=theirs.role)
    return None


def _resumes(scene: Scene, speaker: str, place: int, theirs: Stretch) -> bool:
    """True if the speaker only picks up a sentence that the other party cut into: not a start."""
    if place == 0:
        return False
    mine, before = scene.stretches[speaker][place], scene.stretches[speaker][place - 1]
    soon = mine.span.start - before.span.end <= scene.definitions.turn_gap
    if not soon or theirs.span.start <= before.span.start or not before.words:
        return False
    cut_into = before.span.end - theirs.span.start > scene.definitions.terminal_overlap_max
    return cut_into or not scene.language.ends_clause(before.text(scene.language))


def _judge(
    scene: Scene, theirs: Stretch, mine: Stretch, onset: float, before: float | None = None
) -> Event | None:
    """Ordinary turn-taking, an interruption, or neither.

    `before`: where listening that the same party said directly before (はい、…) began.
    """
    d = scene.definitions
    if onset - theirs.span.start < d.interruption_min_floor:
        return None
    remaining = theirs.span.end - onset
    both = Span(onset, min(mine.span.end, theirs.span.end))
    broken = breaks_off(theirs, scene)
    broken = broken and (
        scene.by_channel or remaining > d.terminal_overlap_max
    )  # mono: whose words are these?
    broken = broken or objects(theirs, scene)
    if remaining <= d.terminal_overlap_max and not broken:
        start = mine.span.start if theirs.span.end - mine.span.start <= d.terminal_overlap_max else onset
        late = Span(start, both.end)
        return Event(EventKind.TERMINAL_OVERLAP, late, by=mine.role, against=theirs.role)
    unfinished = remaining >= d.interruption_continues or broken
    breaks = broken and remaining <= d.interruption_breakoff
    # `both` may begin in a breath of theirs: some must really be two voices; nearly all where they go on
    # and each has a channel, and so exact edges.
    exact = scene.by_channel and theirs.span.end > mine.span.end
    in_breath = not any(onset in spurt.span for spurt in theirs.spurts)
    at_least = d.interruption_min_overlap - (0.0 if in_breath else _EDGE) if exact else d.overlap_min
    at_once = sum(both.overlap(spurt.span) for spurt in theirs.spurts)
    talks_over = both.duration >= d.interruption_min_overlap and at_once >= at_least
    if not unfinished or not (talks_over or breaks):
        return None
    if murmurs(scene, theirs, mine):
        return None
    if before is not None:
        both = Span(min(before, both.start), both.end)
    signals = signals_of(scene, theirs, mine, both, broken)
    return _interruption(scene, theirs, mine, both, signals) if signals else None


def _hidden(scene: Scene, theirs: Stretch, mine: Stretch, onset: float) -> Event | None:
    """Mono: a sentence broken off exactly where the other voice starts.

    Diarization rarely sees overlaps of a few tenths of a second. Words alone make this a question for a
    person; with the segmentation model's two voices beside it, or where the one who was cut short says so, it
    is an interruption.
    """
    d = scene.definitions
    if scene.by_channel or onset - theirs.span.end > _BARE or not mine.words:
        return None
    if theirs.span.duration < d.interruption_min_floor or not breaks_off(theirs, scene):
        return None
    around = Span(max(0.0, theirs.span.end - TOLERANCE), onset + TOLERANCE)
    seen = total_overlap(around, scene.seen_overlap) >= d.overlap_min or objects(theirs, scene)
    signals = ("segmentation", "words") if seen else ("words",)
    return _interruption(scene, theirs, mine, Span(theirs.span.end, onset), signals)


def _interruption(
    scene: Scene, theirs: Stretch, mine: Stretch, both: Span, signals: tuple[str, ...]
) -> Event:
    said = [word for word in theirs.words if word.span.end >= both.start - _QUOTED]
    return Event(
        EventKind.INTERRUPTION,
        both,
        by=mine.role,
        against=theirs.role,
        words=text_of(said, scene.language),
        successful=takes_floor(scene, theirs, mine),
        signals=signals,
    )


def _merge(events: Sequence[Event], definitions: EventDefinitions) -> list[Event]:
    """Several starts in a row into the same talk are one interruption: its last outcome counts."""
    merged: list[Event] = []
    for event in events:
        last = merged[-1] if merged else None
        joins = (
            last is not None
            and last.kind is event.kind is EventKind.INTERRUPTION
            and event.span.gap(last.span) <= definitions.turn_gap
        )
        if last is not None and joins:
            signals = max(last.signals, event.signals, key=len)
            merged[-1] = replace(event, span=last.span | event.span, words=last.words, signals=signals)
        else:
            merged.append(event)
    return merged
