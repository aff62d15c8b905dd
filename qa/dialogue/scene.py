"""What two parties' stretches of talk look like where they meet: who listens, who breaks off, who goes on.

`theirs` held the floor when `mine` began; `both` is where they overlap.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from qa.dialogue.phrases import protests
from qa.dialogue.voices import Stretch, text_of
from qa.language import Language
from qa.model import EventDefinitions, Separation, Span, Word

TOLERANCE = 0.3
"""Seconds by which recognised word times may be off."""
_BOTH_STOP = 0.3
"""Seconds within which two parties stop together; then whoever speaks next has the floor."""
_SURE = 0.5
"""Mean probability of the last words above which what they say about a cut-off is believed."""
_MURMUR = 1.0
"""Mono: seconds up to which a voice under another, who goes on, is taken for listening (see `_murmurs`)."""
_OWN_WORDS = 3
"""Mono: words under another voice from which they are a sentence of one's own …"""
_SENTENCE = 0.8
"""… if it lasts so many seconds."""
_TALKS = 1.2
"""Seconds without a breath that no listening takes (さようでございますか: 0.9 to 1.15). In mono, whoever
speaks as long under another voice talks, though not a word of it was written down."""
_CUTS_IN = 0.75
"""Mono: seconds of a wordless voice under the other from which it may be why the other `stops`."""
_STOPS_BEFORE, _STOPS_AFTER = 0.35, 0.5
"""Mono: how long before and after the end of that voice the other stops because of it."""
_HALT = (0.2, 1.0)
"""Mono: seconds of silence before they go on: less is a breath, more is a pause of their own."""
_LOST = 1.0
"""Mono: seconds of somebody's last words that may be written under the other's name, or not at all."""
_ANSWERED = 8.0
"""Seconds after being cut short within which somebody objects to it, if they do."""
_LATE_END = 0.2
"""Mono: seconds by which the segmentation model may see somebody stop too late."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rules look at, prepared once a call."""

    stretches: dict[str, tuple[Stretch, ...]]
    holdings: dict[str, tuple[Stretch, ...]]
    """Stretches joined over pauses in mid-clause: as long as somebody keeps the floor."""
    definitions: EventDefinitions
    language: Language
    separation: Separation
    seen_overlap: tuple[Span, ...] = ()
    """Mono: two voices at once, by the segmentation model."""

    @property
    def by_channel(self) -> bool:
        """True if each party has a recording, and so words, of its own."""
        return self.separation is Separation.CHANNEL

    @property
    def sight(self) -> str:
        """The name of the signal that is not words."""
        return "activity" if self.by_channel else "segmentation"


def onset_of(mine: Stretch, scene: Scene) -> float | None:
    """When it starts to be more than listening; None if it never does, or too short to tell without words.

    Voice activity gives the start of a stretch. Inside it (はい、それでですね) only words can tell.
    """
    words = mine.words
    if not words:
        longest = scene.definitions.backchannel_max if scene.by_channel else _MURMUR
        return mine.span.start if mine.span.duration > longest else None
    heard = _listening_words(words, scene.language)
    if heard == len(words) or scene.language.is_backchannel(text_of(words, scene.language)):
        return None
    if heard == 0 or scene.language.is_filler(text_of(words[:heard], scene.language)):
        return mine.span.start
    return min(max(words[heard].span.start, words[heard - 1].span.end, mine.span.start), mine.span.end)


def _listening_words(words: Sequence[Word], language: Language) -> int:
    """How many words at the start are listening noise; いや, でも, ちょっと are none."""
    text, places = language.place([word.text for word in words])
    length = language.leading_backchannel(text)
    return sum(end <= length for _, end in places) if length else 0


def murmurs(scene: Scene, theirs: Stretch, mine: Stretch) -> bool:
    """A short voice under another, who goes on, and no words that can be believed.

    Quiet listening is what recognisers mishear most. In a mono call one recogniser hears both and writes the
    words of one of them: whose words stand here says nothing.
    """
    if theirs.span.end - mine.span.end < scene.definitions.interruption_continues:
        return False
    if not scene.by_channel:
        least = _SENTENCE if _own_sentence(scene, theirs, mine) else _MURMUR
        return _longest(mine) < least and not stops(scene, theirs, mine)
    if mine.span.duration > _TALKS:
        return False
    probability = sum(word.probability for word in mine.words) / max(1, len(mine.words))
    return probability < _SURE or scene.language.sounds_like_backchannel(mine.text(scene.language))


def _longest(stretch: Stretch) -> float:
    """Seconds of its longest spurt: two backchannels in a row are not one sentence."""
    return max(spurt.span.duration for spurt in stretch.spurts)


def _own_sentence(scene: Scene, theirs: Stretch, mine: Stretch) -> bool:
    """True if the words under `mine` are no crumbs of the other's: they begin with the voice, after
    a sentence of the other's, and no word of the other's lies between them."""
    if len(mine.words) < _OWN_WORDS or mine.words[0].span.start > mine.span.start + TOLERANCE:
        return False
    first, last = mine.words[0].span.start, mine.words[-1].span.start
    before = [word for word in theirs.words if word.span.start < first]
    among = any(first <= word.span.start <= last for word in theirs.words)
    return not among and scene.language.ends_sentence(text_of(before, scene.language))


def _talks_under(scene: Scene, theirs: Stretch, mine: Stretch, both: Span) -> bool:
    """Mono: a long voice without words of its own, and the other's words run on through it and beyond."""
    there = any(word.span.overlap(both) > 0 for word in theirs.words)
    beyond = theirs.words[-1].span.end > both.end + TOLERANCE
    soon = Span(both.end, both.end + scene.definitions.turn_gap)
    resumes = any(
        spurt.words and spurt.span.start in soon
        for stretch in scene.stretches[theirs.speaker]
        for spurt in stretch.spurts
    )
    return _longest(mine) >= _TALKS and there and (beyond or resumes)


def stops(scene: Scene, theirs: Stretch, mine: Stretch) -> bool:
    """Mono: the other stops in mid-sentence as a voice under them ends, and goes on after a moment.

        theirs  ~~~~~~~~~~~~~~~|    |~~~~~~~~
        mine           |~~~~~~~|

    Who is listened to speaks on; nobody's words can be told here, but where theirs stop can.
    """
    if scene.by_channel or mine.words or _longest(mine) < _CUTS_IN:
        return False
    said: list[Word] = []
    for before, after in itertools.pairwise(theirs.spurts):
        said += before.words
        late = before.span.end - mine.span.end
        halt = after.span.start - before.span.end
        if -_STOPS_BEFORE <= late <= _STOPS_AFTER and _HALT[0] <= halt <= _HALT[1]:
            goes_on = bool(before.words and after.words)
            return goes_on and not scene.language.ends_sentence(text_of(said, scene.language))
    return False


def signals_of(scene: Scene, theirs: Stretch, mine: Stretch, both: Span, broken: bool) -> tuple[str, ...]:
    """Which of the two independent signals saw it."""
    found = []
    if theirs.voiced and mine.voiced:
        found.append(scene.sight)
    if theirs.words and _words_agree(scene, theirs, mine, both, broken):
        found.append("words")
    return tuple(found)


def _words_agree(scene: Scene, theirs: Stretch, mine: Stretch, both: Span, broken: bool) -> bool:
    """True if the words, whose times may be off, say that both spoke.

    The other's must reach into the overlap, and mine must be there by its end. In a mono call one of the two
    is written down there, under either name: mine must go on after it and the other's stop not long before,
    or the other way round.
    """
    if not scene.by_channel and theirs.span.end > mine.span.end and not _own_sentence(scene, theirs, mine):
        return _talks_under(scene, theirs, mine, both) or stops(scene, theirs, mine)
    if not mine.words:
        return False
    reach = both.start + min(both.duration, scene.definitions.interruption_continues)
    if scene.by_channel:
        theirs_there = broken or any(word.span.end >= reach - TOLERANCE for word in theirs.words)
        return theirs_there and any(word.span.start <= both.end + TOLERANCE for word in mine.words)
    if not any(word.span.overlap(both) for word in (*theirs.words, *mine.words)):
        return False
    takes = mine.words[-1].span.end > both.end + TOLERANCE and not _had_finished(theirs, both, scene)
    keeps = len(mine.words) > 1 and theirs.words[-1].span.end > both.end + TOLERANCE
    return keeps or (takes and theirs.words[-1].span.end >= both.start - _LOST)


def _had_finished(theirs: Stretch, both: Span, scene: Scene) -> bool:
    """Mono: their words end a sentence before the other voice starts, and hardly any overlap is left."""
    if both.duration >= scene.definitions.interruption_min_overlap + _LATE_END:
        return False
    ended = all(word.span.start < both.start for word in theirs.words)
    return ended and scene.language.ends_sentence(theirs.text(scene.language))


def breaks_off(stretch: Stretch, scene: Scene) -> bool:
    """True if the words, if they can be believed, stop where nobody stops."""
    last = stretch.words[-2:]
    if not last or sum(word.probability for word in last) / len(last) < _SURE:
        return False
    return scene.language.breaks_off(stretch.text(scene.language))


def objects(stretch: Stretch, scene: Scene) -> bool:
    """True if the same speaker says next, and soon, that they were cut short.

    In a mono call the end of a voice may be heard as the other's: there a whole sentence was no cut.
    """
    if not scene.by_channel and scene.language.ends_sentence(stretch.text(scene.language)):
        return False
    own = scene.holdings[stretch.speaker]
    place = bisect_left(own, stretch.span.end, key=lambda held: held.span.start)
    if place == len(own) or own[place].span.start - stretch.span.end > _ANSWERED:
        return False
    return protests(own[place].text(scene.language), scene.language)


def takes_floor(scene: Scene, theirs: Stretch, mine: Stretch) -> bool:
    """Who speaks on alone; if both stop together, who speaks next."""
    apart = mine.span.end - theirs.span.end
    if abs(apart) >= _BOTH_STOP:
        return apart > 0
    stopped = max(mine.span.end, theirs.span.end)
    my_next, their_next = (_next_start(scene, s.speaker, stopped) for s in (mine, theirs))
    return apart > 0 if my_next == their_next else my_next < their_next


def _next_start(scene: Scene, speaker: str, after: float) -> float:
    starts = [s.span.start for s in scene.stretches[speaker]]
    place = bisect_left(starts, after)
    return starts[place] if place < len(starts) else float("inf")
