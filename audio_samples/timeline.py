"""Voiced lines laid out in time: where every line truly sounds, and the two sides as samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from audio_samples.channel import RATE, Samples, to_telephone
from audio_samples.music import hold_music, ring_back
from audio_samples.script import Hold, Line, Ring, Script, Silence, Speaker
from qa.model import Role, Span, merge_spans

LEAD_IN = 0.4
LEAD_OUT = 0.7
"""Seconds of line noise before and after everything."""
SHORTEST_PAUSE = 0.25
"""A voice's own silence shorter than this is part of speaking."""
_FRAME = 0.01
_QUIETER = 36.0
"""dB below a clip's loudest frame: no longer sounding."""
_KEPT = 0.08
"""Seconds kept around the sounding part of a piece: weak first consonants and dying last vowels."""
_SPEECH_LEVEL = -21.0
"""dBFS of a line's sounding frames."""
_CUT_FADE = 0.03

Speak = Callable[[str, Speaker, str, float], tuple[Samples, int]]
"""(text, speaker, language, speed) → the clip and its rate."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line in the call. `active` are the stretches in which it sounds; `span` covers them."""

    line: Line
    speaker: str
    role: Role
    text: str
    clip: Samples
    clip_start: float
    span: Span
    active: tuple[Span, ...]
    part_ends: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PlacedSound:
    """Something that is not speech. `step` says what the script asked for."""

    step: Ring | Hold | Silence
    span: Span


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole call, laid out."""

    language: str
    lines: tuple[Placed, ...]
    """In the order of the script."""
    sounds: tuple[PlacedSound, ...]
    duration: float


def lay_out(script: Script, speak: Speak) -> Timeline:
    """Voice every line of `script` and place it as its gap says.

    A line begins `gap` after the latest end so far, or after part `after` of the other side's last line:

        customer  ~~~~~~part 1~~~~~~ ~~~~part 2~~~~
        agent                        はい (after: 1, gap: 0.0)
    """
    lines: list[Placed] = []
    sounds: list[PlacedSound] = []
    latest = LEAD_IN
    for step in script.steps:
        if isinstance(step, Line):
            placed = _place(step, script, lines, latest, speak)
            lines.append(placed)
            latest = max(latest, placed.span.end)
        else:
            before = 0.3 if isinstance(step, Hold) else 0.0
            span = Span(latest + before, latest + before + step.seconds)
            sounds.append(PlacedSound(step, span))
            latest = span.end
    return Timeline(script.language, tuple(lines), tuple(sounds), latest + LEAD_OUT)


def sides(timeline: Timeline, rng: np.random.Generator) -> tuple[Samples, Samples]:
    """The clean sound of the agent's side (with IVR and exchange) and of the customer's."""
    length = round(timeline.duration * RATE)
    agent, customer = np.zeros(length, np.float32), np.zeros(length, np.float32)
    for placed in timeline.lines:
        side = customer if placed.role is Role.CUSTOMER else agent
        _add(side, placed.clip, placed.clip_start)
    for sound in timeline.sounds:
        if isinstance(sound.step, Ring):
            _add(agent, ring_back(sound.step.country, sound.step.seconds, RATE), sound.span.start)
        elif isinstance(sound.step, Hold) and sound.step.music:
            _add(agent, hold_music(sound.step.seconds, RATE, rng), sound.span.start)
    return agent, customer


def sounding(clip: Samples) -> tuple[Span, ...]:
    """Where a clean clip sounds: frames within 36 dB of its loudest, short pauses bridged."""
    size = round(_FRAME * RATE)
    frames = clip[: len(clip) // size * size].reshape(-1, size)
    level = 10 * np.log10(np.mean(frames.astype(np.float64) ** 2, axis=1) + 1e-12)
    loud = np.flatnonzero(level > level.max() - _QUIETER)
    spans = (Span(i * _FRAME, (i + 1) * _FRAME) for i in loud.tolist())
    return merge_spans(spans, gap=SHORTEST_PAUSE)


def _place(line: Line, script: Script, before: Sequence[Placed], latest: float, speak: Speak) -> Placed:
    speaker = script.speakers[line.speaker]
    clip, part_ends = _voice(line, speaker, script.language, speak)
    heard = sounding(clip)
    start = _anchor(line, Role(speaker.role), before, latest) + line.gap - heard[0].start
    if start < 0:
        raise ValueError(f"{script.id}: a line would begin before the call: {line.parts[0].text}")
    active = tuple(span.shift(start) for span in heard)
    return Placed(
        line,
        line.speaker,
        Role(speaker.role),
        join((part.text for part in line.parts), script.language),
        clip,
        start,
        Span(active[0].start, active[-1].end),
        active,
        tuple(start + end for end in part_ends),
    )


def join(texts: Iterable[str], language: str) -> str:
    """Texts one after the other, with a space between them in languages that write one."""
    return (" " if language == "en" else "").join(texts)


def _anchor(line: Line, role: Role, before: Sequence[Placed], latest: float) -> float:
    if line.after is None:
        return latest
    mine = role is Role.CUSTOMER
    other = next(placed for placed in reversed(before) if (placed.role is Role.CUSTOMER) is not mine)
    return other.part_ends[line.after - 1]


def _voice(line: Line, speaker: Speaker, language: str, speak: Speak) -> tuple[Samples, list[float]]:
    """The line as samples, and the time in them at which each part stops sounding."""
    pieces: list[Samples] = []
    ends: list[float] = []
    length = 0
    for part in line.parts:
        raw, rate = speak(part.say, speaker, language, line.speed)
        piece, tail = _trim(to_telephone(raw, rate))
        length += len(piece)
        ends.append(length / RATE - tail)
        pause = np.zeros(round(max(0.0, part.pause - 2 * _KEPT) * RATE), np.float32)
        length += len(pause)
        pieces += [piece, pause]
    clip = np.concatenate(pieces)
    if line.cut:
        clip = _break_off(clip)
    return _level(clip, _SPEECH_LEVEL + speaker.level + line.level), ends


def _trim(clip: Samples) -> tuple[Samples, float]:
    """The clip from just before it sounds to just after, and how many seconds "just after" are."""
    spans = sounding(clip)
    end = min(len(clip), round((spans[-1].end + _KEPT) * RATE))
    return clip[round(max(0.0, spans[0].start - _KEPT) * RATE) : end], end / RATE - spans[-1].end


def _break_off(clip: Samples) -> Samples:
    """End abruptly: the voice's own falling end is taken off and the rest faded in 30 ms."""
    clip = clip[: round((sounding(clip)[-1].end - 0.03) * RATE)].copy()
    fade = round(_CUT_FADE * RATE)
    clip[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return clip


def _level(clip: Samples, decibel: float) -> Samples:
    heard = np.concatenate([clip[round(s.start * RATE) : round(s.end * RATE)] for s in sounding(clip)])
    gain = 10 ** (decibel / 20) / max(1e-9, float(np.sqrt(np.mean(heard**2))))
    loudest = float(np.abs(clip).max()) * gain
    return np.asarray(clip * gain * min(1.0, 0.9 / loudest), dtype=np.float32)


def _add(side: Samples, clip: Samples, start: float) -> None:
    first = round(start * RATE)
    room = side[first : first + len(clip)]
    room += clip[: len(room)]
