"""Hold music, ring-back and tones: what is heard on a line and is not speech.

Voice activity detectors fire on music now and then, so `speech` is only a hint here: inside it the
evidence for music has to be stronger. Speech called music would hide a turn; music not found is only a
silence that nobody explains. The thresholds lean that way.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
from numpy.typing import NDArray

from qa.audio.partials import HOP, REACH, Partials, measure_partials
from qa.audio.prosody import Source
from qa.model import Sound, SoundKind, Span, merge_spans, total_overlap

_MUSIC_WINDOW = 3.0
"""Seconds over which the steady share is averaged."""
_MUSIC = 0.12
"""Mean steady share from which a window is music where no speech was found (speech: under 0.1)."""
_MUSIC_IN_SPEECH = 0.17
_MUSIC_LEAST = 4.0
"""Seconds: shorter music cannot be told from a sung-out word."""
_MUSIC_GAP = 2.0
_EDGE = 0.5
"""Seconds over which the edges of music are looked for."""
_NOTES = 3
"""Different notes that make a tune; a hum or a busy tone has one."""
_GATE = 25.0
"""dB under the channel's active level: quieter is background."""
_QUIETEST = -55.0

_PURE = 0.85
"""Share of the power around one or two steady partials that makes a tone."""
_TONE_LEAST = 0.6
"""Seconds, and Hz: nobody hums this long this steadily this high."""
_TONE_LOWEST = 340.0
_TONE_GAP = 0.7
"""Seconds: a busy tone is reported as one."""
_RING = (380.0, 500.0)
"""Hz. ITU-T E.180: ring-back of 400 to 450 Hz; Japan 400, Europe 425, UK 400 + 450, America 440 + 480."""
_RING_ON = (0.3, 2.5)
"""Seconds: Japan and Europe 1, America 2, UK 0.4 twice."""
_RING_PERIOD = (2.3, 6.6)
"""Seconds from ring to ring: UK 3, Japan 3, Europe 4 to 5, America 6."""
_RING_JITTER = 0.3
_RING_PAUSE = 15.0
"""dB that the pause lies under the ring: in a tune it does not."""
_RING_ALONE = 0.8
"""Seconds: one ring this long is taken for ring-back, with less confidence."""


class Sounds:
    """The music, ring-back and tones of an open track. May be asked again: its partials are measured once."""

    def __init__(self, track: Source) -> None:
        self._track = track
        self._partials: dict[int, Partials] = {}

    def find(self, channel: int, speech: tuple[Span, ...]) -> tuple[Sound, ...]:
        """Those of one channel, in time order.

        `speech` is what voice activity detection found there; it need not be right. A ring-back span runs
        from the first ring to the end of the last, pauses included. Keypad and other tones shorter than
        0.6 s are not reported.
        """
        if channel not in self._partials:
            self._partials[channel] = measure_partials(self._track, channel)
        return _find(self._partials[channel], self._track, channel, speech)


def _find(partials: Partials, track: Source, channel: int, speech: tuple[Span, ...]) -> tuple[Sound, ...]:
    if not len(partials.level):
        return ()
    gate = max(_QUIETEST, track.quality.level_dbfs[channel] - _GATE)
    loud = partials.level > gate
    beeps = _beeps(partials, loud)
    regular, alone = _ring_back(beeps, partials)
    ringing = loud & ~_cover(regular, len(loud))
    music = _music(partials, ringing, merge_spans(speech))
    tunes = tuple(span for span, _ in music)
    rings = [(span, 0.95) for span in regular]
    rings += [(span, 0.6) for span in alone if not total_overlap(span, tunes)]
    known = merge_spans([*tunes, *(span for span, _ in rings)])
    single = (beep for beep in merge_spans(beeps) if _is_tone(beep, partials, known))
    tones = merge_spans(single, gap=_TONE_GAP)
    found = [Sound(SoundKind.RINGBACK, span, channel, sure) for span, sure in rings]
    found += [Sound(SoundKind.MUSIC, span, channel, sure) for span, sure in music]
    found += [Sound(SoundKind.TONE, span, channel, 0.9) for span in tones]
    whole = Span(0.0, track.duration)
    clamped = (dataclasses.replace(sound, span=sound.span & whole) for sound in found)
    return tuple(sorted((sound for sound in clamped if sound.span), key=lambda sound: sound.span))


def _beeps(partials: Partials, loud: NDArray[np.bool_]) -> list[Span]:
    """Stretches of one or two pure partials that keep their pitch."""
    tone = loud & (partials.purity >= _PURE) & (partials.steady >= 0.5)
    # The lower of two: which of them is the stronger may change from frame to frame.
    pitch = np.where(partials.second > 0, np.minimum(partials.first, partials.second), partials.first)
    step = np.abs(np.diff(pitch, prepend=pitch[:1]))
    spans: list[Span] = []
    for run in _runs(tone):
        cuts = [run.start, *(i for i in range(run.start + 1, run.stop) if step[i] > 25.0), run.stop]
        spans += [_as_span(a, b) for a, b in itertools.pairwise(cuts)]
    return spans


def _ring_back(beeps: list[Span], partials: Partials) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Ring-back of two rings or more, and lone rings."""
    fitting = [beep for beep in beeps if _in_ring_band(beep, partials)]
    rings = [ring for ring in merge_spans(fitting, gap=0.35) if _RING_ON[0] <= ring.duration <= _RING_ON[1]]
    groups: list[list[Span]] = []
    for ring in rings:
        if groups and _follows(groups[-1], ring, partials):
            groups[-1].append(ring)
        else:
            groups.append([ring])
    regular = merge_spans(group[0] | group[-1] for group in groups if len(group) > 1)
    alone = (group[0] for group in groups if len(group) == 1)
    return regular, tuple(ring for ring in alone if ring.duration >= _RING_ALONE)


def _follows(group: list[Span], ring: Span, partials: Partials) -> bool:
    """True if `ring` is the next of the group: same length, same period, quiet in between."""
    last = group[-1]
    period = ring.start - last.start
    if not _RING_PERIOD[0] <= period <= _RING_PERIOD[1]:
        return False
    if len(group) > 1 and abs(period - (last.start - group[-2].start)) > _RING_JITTER:
        return False
    if len(group) > 1 and abs(ring.duration - last.duration) > _RING_JITTER:
        return False
    tone = np.median(partials.level[_frames(Span(last.start, last.end - 0.2))])
    pause = partials.level[_frames(Span(last.end + 0.1, ring.start - 0.2))]
    return bool(len(pause) and np.median(pause) <= tone - _RING_PAUSE)


def _in_ring_band(beep: Span, partials: Partials) -> bool:
    frames = _frames(Span(beep.start, max(beep.start, beep.end - REACH)))
    first, second = np.median(partials.first[frames]), np.median(partials.second[frames])
    return bool(_RING[0] <= first <= _RING[1] and (second == 0 or _RING[0] <= second <= _RING[1]))


def _is_tone(beep: Span, partials: Partials, known: tuple[Span, ...]) -> bool:
    """Long and high enough not to be a hummed word, and not part of music or ring-back."""
    if beep.duration < _TONE_LEAST or total_overlap(beep, known) > 0:
        return False
    return bool(np.median(partials.first[_frames(Span(beep.start, beep.end - REACH))]) >= _TONE_LOWEST)


def _music(partials: Partials, loud: NDArray[np.bool_], speech: tuple[Span, ...]) -> list[tuple[Span, float]]:
    steady = np.where(loud, partials.steady, 0.0)
    width = round(_MUSIC_WINDOW / HOP)
    if len(steady) < width:
        return []
    ones = np.ones(width)
    heard = np.convolve(loud, ones, "valid")
    mean = np.convolve(steady, ones, "valid") / np.maximum(heard, 1)
    in_speech = np.convolve(_cover(speech, len(steady)), ones, "valid") / width
    needed = _MUSIC + (_MUSIC_IN_SPEECH - _MUSIC) * in_speech
    passes = (mean >= needed) & (heard >= 0.3 * width)
    inside = np.convolve(passes, ones, "full")[: len(steady)] > 0.5
    short = np.ones(round(_EDGE / HOP))
    near = np.convolve(steady, short, "same") / len(short) >= _MUSIC / 2
    spans = merge_spans((_as_span(run.start, run.stop) for run in _runs(inside & near)), gap=_MUSIC_GAP)
    found: list[tuple[Span, float]] = []
    for span in spans:
        frames = _frames(span)
        if span.duration >= _MUSIC_LEAST and _notes(partials.first[frames], steady[frames]) >= _NOTES:
            share = steady[frames].sum() / max(1, np.count_nonzero(loud[frames]))
            found.append((span, round(min(1.0, 0.5 + float(share)), 2)))
    return found


def _notes(hertz: NDArray[np.float64], steady: NDArray[np.float64]) -> int:
    """Different notes that the strongest partial stands on for at least a thirtieth of the time.

    Neighbouring semitones count once: a tone between two of them would be rounded to either.
    """
    sounding = hertz[steady > 0.3]
    if not len(sounding):
        return 0
    semitones = np.round(12 * np.log2(sounding / 440.0)).astype(np.int64)
    counts = np.bincount(semitones - semitones.min() + 1, minlength=3)
    notes = 0
    while counts.max() >= max(2.0, len(sounding) / 30):
        best = int(counts.argmax())
        counts[max(0, best - 1) : best + 2] = 0
        notes += 1
    return notes


def _cover(spans: tuple[Span, ...], frames: int) -> NDArray[np.bool_]:
    covered = np.zeros(frames, np.bool_)
    for span in spans:
        covered[_frames(span)] = True
    return covered


def _frames(span: Span) -> slice:
    """The frames that begin within `span`, at least one."""
    first = max(0, round(span.start / HOP))
    return slice(first, max(first + 1, round(span.end / HOP)))


def _runs(flags: NDArray[np.bool_]) -> list[slice]:
    """Where `flags` stays true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _as_span(first: int, stop: int) -> Span:
    """Frames as time: the last frame's verdict looks ahead."""
    return Span(round(first * HOP, 3), round((stop - 1) * HOP + REACH, 3))
