"""Level and pitch under a voice, and where a voice is raised against its own usual one."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.dialogue.voices import Stretch, Voice
from qa.language import Language
from qa.model import Event, EventDefinitions, EventKind, Prosody, Role, Span, merge_spans

_STRETCHES = 4
"""Somebody's usual voice is known from this many stretches of talk …"""
_SECONDS = 8.0
"""… and this many seconds."""
_VOICED = 4
"""Voiced frames a stretch needs for its pitch to say something."""

Frame = tuple[float, float]
"""(level in dBFS, pitch in Hz or 0.0 where unvoiced) of a tenth of a second."""


def frames(
    voice: Voice, spans: Sequence[Span], voices: Sequence[Voice], prosody: Sequence[Prosody]
) -> Iterator[Frame]:
    """The frames of `spans` in which only this voice speaks, on the channel that carries it."""
    tracks = {track.channel: track for track in prosody}
    track = tracks.get(voice.words[0].channel) if voice.words else None
    if track is None:
        return
    shared = _others(voice, voices) if len(tracks) == 1 else ()
    for span in spans:
        first, last = math.ceil(span.start / track.step), int(span.end / track.step)
        for at in range(first, min(last, len(track.level))):
            if not any(at * track.step in other for other in shared):
                yield track.level[at], track.pitch[at]


def loudness(found: Sequence[Frame]) -> float | None:
    """Mean power of the louder half of the frames, dBFS; None without any."""
    levels = sorted(level for level, _ in found)
    loud = levels[len(levels) // 2 :]
    return (
        10 * math.log10(max(sum(10 ** (level / 10) for level in loud) / len(loud), 1e-12)) if loud else None
    )


def raised_voices(
    voices: Sequence[Voice], definitions: EventDefinitions, prosody: Sequence[Prosody], language: Language
) -> tuple[Event, ...]:
    """Stretches both louder and higher than the same person's usual voice in this call.

    Anger raises level and pitch together (K. R. Scherer, Vocal communication of emotion, Speech
    Communication 40, 2003); either alone is a louder line or a question. The usual voice is the median over
    the person's stretches of talk; with little talk there is none, and nothing is said.
    """
    return tuple(
        sorted(
            (
                _event(one.stretch, language)
                for voice in voices
                if voice.role in (Role.AGENT, Role.CUSTOMER)
                for one in _raised(_sounding(voice, voices, definitions, prosody), definitions)
            ),
            key=lambda event: event.span,
        )
    )


@dataclass(frozen=True, slots=True)
class _Sounding:
    stretch: Stretch
    level: float
    pitch: float


def _sounding(
    voice: Voice, voices: Sequence[Voice], definitions: EventDefinitions, prosody: Sequence[Prosody]
) -> list[_Sounding]:
    found = []
    for stretch in voice.stretches():
        if stretch.span.duration < definitions.raised_voice_min or not stretch.words:
            continue
        own = list(frames(voice, [spurt.span for spurt in stretch.spurts], voices, prosody))
        level, pitch = loudness(own), [hertz for _, hertz in own if hertz > 0]
        if level is not None and len(pitch) >= _VOICED:
            found.append(_Sounding(stretch, level, statistics.median(pitch)))
    return found


def _raised(found: Sequence[_Sounding], definitions: EventDefinitions) -> Iterator[_Sounding]:
    if len(found) < _STRETCHES or sum(one.stretch.span.duration for one in found) < _SECONDS:
        return
    level = statistics.median(one.level for one in found) + definitions.raised_voice_db
    pitch = statistics.median(one.pitch for one in found) * 2 ** (definitions.raised_voice_semitones / 12)
    yield from (one for one in found if one.level >= level and one.pitch >= pitch)


def _event(stretch: Stretch, language: Language) -> Event:
    return Event(
        EventKind.RAISED_VOICE,
        stretch.span,
        by=stretch.role,
        words=stretch.text(language),
        signals=("level", "pitch"),
    )


def _others(voice: Voice, voices: Sequence[Voice]) -> tuple[Span, ...]:
    return merge_spans(span for other in voices if other is not voice for span in other.activity)
