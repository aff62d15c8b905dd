"""From a recording to `Heard`: who spoke when, and the words.

In stages, so that chunks of many calls can share a batch: `plan` (voice activity, language, chunks),
then `hear_words`, then `assemble` (phantoms dropped, gaps heard again, speakers told apart).
`listen` is all three for one call. Stereo: the channel is the speaker. Otherwise the mix is heard and
diarized.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa.model import (
    Call,
    Heard,
    Quality,
    Separation,
    Sound,
    Span,
    SpeakerSpan,
    StereoKind,
    Word,
    merge_spans,
    outside,
    total_overlap,
)
from qa.settings import Settings
from qa.speech import edges, gaps, leakage, phantoms
from qa.speech.chunks import ChunkOptions, cut, plan_layouts, quietest_in
from qa.speech.engines import Engines
from qa.speech.protocols import AudioSource, Chunk, Layout
from qa.speech.quiet import SHORTEST, quiet_sound
from qa.speech.sounded import COVERED
from qa.speech.vad import VadOptions

SPEAKERS = ("A", "B")
"""Of channel 0 and channel 1."""
MAX_ROSTER = 12
"""A longer roster is no hint any more; the call's own agent still is."""
OF_A_CHANNEL = ChunkOptions(longest=24.0, least=8.0)
"""A window of 25 s, where every token has less to look at than in 30: a tenth less work, and one party is
heard as well as in longer chunks. Two parties in a mix may not be."""
OF_A_MIX = ChunkOptions(longest=28.0)
CHUNKS_AT_ONCE = 64
"""Queued together by a call: a quarter of an hour of one channel."""
FindSounds = Callable[[int, tuple[Span, ...]], Sequence[Sound]]
"""The music, ring-back and tones of a channel, given its speech."""
SURE = 0.95
"""Of the language: no more samples are asked."""
_UNSURE_SPEECH = 0.5
"""Confidence of speech that only its words show."""
_BRIDGE = 0.3
"""Pauses up to this, seconds, count as support for the words over them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A call ready to be transcribed."""

    source: AudioSource
    language: str
    language_probability: float
    hints: tuple[str, ...]
    speech: Mapping[int | None, tuple[Span, ...]]
    """Voice activity by channel; None is the mix, then it is the only one."""
    layouts: tuple[Layout, ...]
    """What each chunk holds."""

    @property
    def by_channel(self) -> bool:
        """True if the channel is the speaker."""
        return None not in self.speech

    def chunks(self) -> Iterator[Chunk]:
        """The chunks in order."""
        return (cut(self.source, layout) for layout in self.layouts)


def listen(source: AudioSource, call: Call, quality: Quality, engines: Engines, settings: Settings) -> Heard:
    """Hear one call. No speech is no error: there are then no words.

    Raises `SpeechError` or `ModelError` from the engines, `MissingExtra` for a mono call without the
    mono part.
    """
    planned = plan(source, call, quality, engines, settings)
    return assemble(planned, hear_words(planned, engines), engines)


def plan(source: AudioSource, call: Call, quality: Quality, engines: Engines, settings: Settings) -> Plan:
    """Find the speech and lay it out in chunks; choose language and hints."""
    speech = find_speech(source, quality, engines)
    layouts = [
        layout
        for channel, spans in speech.items()
        for layout in plan_layouts(
            spans, source.duration, channel, quietest_in(source, channel), _options(channel, settings)
        )
    ]
    language, probability = _language(source, layouts, call, engines, settings)
    return Plan(source, language, probability, hints(call, settings), speech, tuple(layouts))


def _options(channel: int | None, settings: Settings) -> ChunkOptions:
    usual = OF_A_MIX if channel is None else OF_A_CHANNEL
    return replace(usual, longest=settings.chunk_seconds) if settings.chunk_seconds else usual


def hear_words(planned: Plan, engines: Engines) -> list[tuple[Word, ...]]:
    """The words of each of a plan's chunks, in order."""
    heard: list[tuple[Word, ...]] = []
    chunks = planned.chunks()
    while group := list(itertools.islice(chunks, CHUNKS_AT_ONCE)):
        heard += engines.transcriber.transcribe(group, planned.language, planned.hints)
    return heard


def find_speech(
    source: AudioSource, quality: Quality, engines: Engines
) -> Mapping[int | None, tuple[Span, ...]]:
    """Voice activity of each channel worth hearing, without what leaked in from the other one."""
    if quality.stereo not in (StereoKind.SEPARATE, StereoKind.LEAKING):
        return {None: engines.vad.speech(source, None)}
    levels = [leakage.levels(source, channel) for channel in (0, 1)]
    return {
        channel: leakage.without_leakage(
            engines.vad.speech(source, channel),
            levels[channel],
            levels[1 - channel],
            leakage.margin(quality, levels[channel], levels[1 - channel]),
            VadOptions(),
        )
        for channel in (0, 1)
    }


def sharpen(
    source: AudioSource, speech: Mapping[int | None, tuple[Span, ...]]
) -> Mapping[int, tuple[Span, ...]]:
    """The speech of both channels with its edges where the sound begins and ends.

    For who spoke when; chunks are cut from voice activity as it is, so that the words stay the same.
    """
    coarse = [leakage.levels(source, channel) for channel in (0, 1)]
    fine = [leakage.levels(source, channel, edges.PARTS) for channel in (0, 1)]
    return {
        channel: edges.sharpened(
            speech[channel],
            fine[channel],
            fine[1 - channel],
            leakage.margin(source.quality, coarse[channel], coarse[1 - channel]),
            source.duration,
        )
        for channel in (0, 1)
    }


def find_quiet(
    source: AudioSource, speech: Mapping[int | None, tuple[Span, ...]]
) -> Mapping[int, tuple[Span, ...]]:
    """Sound of each channel that may be speech although voice activity says no; none for a mix."""
    if None in speech:
        return {}
    levels = [leakage.levels(source, channel) for channel in (0, 1)]
    return {channel: quiet_sound(speech[channel], levels[channel], levels[1 - channel]) for channel in (0, 1)}


def hints(call: Call, settings: Settings) -> tuple[str, ...]:
    """Names that may be said in the call: its agent, the company, products, a short roster."""
    own = (call.agent_name, settings.roster.get(call.agent_id or ""))
    roster = tuple(settings.roster.values()) if len(settings.roster) <= MAX_ROSTER else ()
    named = (*own, *settings.company, *settings.products, *roster)
    return tuple(dict.fromkeys(name for name in named if name))


def _language(
    source: AudioSource, layouts: Sequence[Layout], call: Call, engines: Engines, settings: Settings
) -> tuple[str, float]:
    """As the metadata or the settings say; else by the sound of the longest chunks of each channel."""
    if call.language:
        return call.language, 1.0
    if settings.language != "auto":
        return settings.language, 1.0
    if not layouts:
        return settings.languages[0], 0.0
    samples: list[NDArray[np.float32]] = []
    found = (settings.languages[0], 0.0)
    for group in _rounds(layouts):
        samples += [cut(source, layout).samples for layout in group]
        found = engines.transcriber.detect_language(samples, settings.languages)
        if found[1] >= SURE:
            break
    return found


def _rounds(layouts: Sequence[Layout]) -> Iterator[list[Layout]]:
    """First the longest chunk of each channel, then, if that leaves doubt, the next longest; twice."""
    by_length = sorted(layouts, key=lambda layout: -layout.duration)
    channels = {layout.channel for layout in layouts}
    queues = [[one for one in by_length if one.channel == channel] for channel in sorted(channels, key=str)]
    for turn in range(3):
        if group := [queue[turn] for queue in queues if turn < len(queue)]:
            yield group


def assemble(
    planned: Plan,
    heard: Sequence[tuple[Word, ...]],
    engines: Engines,
    sounds: FindSounds = lambda channel, speech: (),
) -> Heard:
    """Put the words of a plan's chunks (one tuple a chunk, in order) together with who spoke when.

    `sounds`: finds the music and tones of a channel beside its speech. They are not listened to.
    """
    screened = {channel: _screen(planned, heard, channel, spans) for channel, spans in planned.speech.items()}
    missed = [
        gaps.Wanted(channel, gaps.uncovered(spans, screened[channel].words))
        for channel, spans in planned.speech.items()
    ]
    faint = [gaps.Wanted(*found) for found in find_quiet(planned.source, planned.speech).items()]
    voices = [gaps.Wanted(c, _no_sounds(spans, c, planned, sounds)) for c, spans in faint]
    again = gaps.hear(planned.source, [*missed, *voices], planned.language, engines.transcriber)
    quiet = _tell_quiet(faint, again[len(missed) :])
    separation, speech, overlap = _speakers(planned, engines)
    words = itertools.chain(*(one.words for one in screened.values()), *again)
    return Heard(
        language=planned.language,
        language_probability=planned.language_probability,
        separation=separation,
        words=tuple(sorted(words, key=lambda word: (word.span, word.channel))),
        speech=tuple(sorted((*speech, *quiet.speech), key=lambda part: (part.span, part.speaker))),
        dropped=dict(sum((Counter(one.dropped) for one in screened.values()), Counter())),
        overlap=overlap,
        murmur=quiet.murmur,
    )


def _screen(
    planned: Plan, heard: Sequence[tuple[Word, ...]], channel: int | None, spans: tuple[Span, ...]
) -> phantoms.Screened:
    """The words of one channel, held to its speech, without what was made up."""
    found = (
        word
        for layout, part in zip(planned.layouts, heard, strict=True)
        if layout.channel == channel
        for word in part
    )
    snapped = phantoms.snap(sorted(found, key=lambda word: word.span), merge_spans(spans, gap=_BRIDGE))
    return phantoms.screen(snapped, spans, planned.language, planned.hints)


def _no_sounds(
    spans: tuple[Span, ...], channel: int | None, planned: Plan, sounds: FindSounds
) -> tuple[Span, ...]:
    """Of `spans`, without words so far, what music or a tone does not account for."""
    if channel is None or not spans:
        return spans
    known = merge_spans(sound.span for sound in sounds(channel, planned.speech[channel]))
    wanted: list[Span] = []
    for span in spans:
        covered = total_overlap(span, known) >= COVERED * span.duration
        wanted += outside([span], known, SHORTEST) if covered else [span]
    return tuple(wanted)


@dataclass(frozen=True, slots=True)
class _Quiet:
    """What came of the sound that voice activity did not take for speech."""

    speech: tuple[SpeakerSpan, ...] = ()
    """Where words came of it."""
    murmur: tuple[SpeakerSpan, ...] = ()
    """Where none did."""


def _tell_quiet(faint: Sequence[gaps.Wanted], heard: Sequence[tuple[Word, ...]]) -> _Quiet:
    speech: list[SpeakerSpan] = []
    murmur: list[SpeakerSpan] = []
    for (channel, spans), words in zip(faint, heard, strict=True):
        assert channel is not None
        said = merge_spans((word.span.pad(_BRIDGE) for word in words), gap=_BRIDGE)
        for span in spans:
            spoken = [part for one in said if (part := one & span)]
            speech += [SpeakerSpan(SPEAKERS[channel], part, _UNSURE_SPEECH, channel) for part in spoken]
            murmur += [SpeakerSpan(SPEAKERS[channel], p, 0.0, channel) for p in outside([span], spoken)]
    return _Quiet(tuple(speech), tuple(murmur))


def _speakers(
    planned: Plan, engines: Engines
) -> tuple[Separation, tuple[SpeakerSpan, ...], tuple[Span, ...]]:
    if planned.by_channel:
        spoken = [
            SpeakerSpan(SPEAKERS[channel], span, 1.0, channel)
            for channel, spans in sharpen(planned.source, planned.speech).items()
            for span in spans
        ]
        return Separation.CHANNEL, tuple(sorted(spoken, key=lambda part: (part.span, part.speaker))), ()
    speech = planned.speech[None]
    if not speech:
        return Separation.SINGLE, (), ()
    found = engines.diarizer.diarize(planned.source, speech)
    several = len({part.speaker for part in found.spans}) > 1
    return (Separation.DIARIZED if several else Separation.SINGLE), found.spans, found.overlap
