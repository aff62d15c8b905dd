"""Timelines drawn by hand: a tenth of a second a column.

    agent     ....[はい].....
    customer  [届かないんです~~]

`[` starts a piece of speech and `]` is its last column. The words inside are spread evenly over it; `~` is
speech that adds time and no text, so `[~~~~]` is speech nobody could make out. Anything outside brackets is
silence. A full-width character is one column, and English words are written with `_` for spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qa.model import (
    Call,
    Heard,
    Quality,
    Role,
    Separation,
    Sound,
    SoundKind,
    Span,
    SpeakerSpan,
    StereoKind,
    Word,
)

STEP = 0.1
_PIECE = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Drawn:
    """What a drawing says."""

    heard: Heard
    quality: Quality


def draw(
    lines: Mapping[str, str],
    *,
    language: str = "ja",
    separation: Separation = Separation.CHANNEL,
    sounds: tuple[Sound, ...] = (),
    overlap: tuple[Span, ...] = (),
    probability: float = 0.9,
    off: float = 0.0,
) -> Drawn:
    """The drawing as what engines would hear. `off` moves all words that many seconds late."""
    speech: list[SpeakerSpan] = []
    words: list[Word] = []
    for channel, (speaker, line) in enumerate(lines.items()):
        own = channel if separation is Separation.CHANNEL else None
        for found in _PIECE.finditer(line):
            span = Span(found.start() * STEP, found.end() * STEP)
            speech.append(SpeakerSpan(speaker, span, channel=own))
            words += _words(found.group()[1:-1], span.shift(off), own or 0, language, probability)
    length = max(len(line) for line in lines.values()) * STEP + abs(off)
    heard = Heard(
        language,
        1.0,
        separation,
        tuple(sorted(words, key=lambda word: word.span)),
        tuple(sorted(speech, key=lambda piece: piece.span)),
        sounds=sounds,
        overlap=overlap,
    )
    return Drawn(heard, quality(length, 2 if separation is Separation.CHANNEL else 1))


def quality(duration: float, channels: int = 2) -> Quality:
    """Plain telephone sound."""
    each = (-20.0,) * channels
    return Quality(
        duration=duration,
        sample_rate=8000,
        channels=channels,
        codec="pcm_mulaw",
        stereo=StereoKind.SEPARATE if channels == 2 else StereoKind.MONO,
        band="narrow",
        level_dbfs=each,
        snr_db=(30.0,) * channels,
        clipped_share=(0.0,) * channels,
        silence_share=0.3,
    )


def music(start: float, end: float, kind: SoundKind = SoundKind.MUSIC) -> Sound:
    """A sound on the agent's channel."""
    return Sound(kind, Span(start, end), channel=0)


def call(*roles: Role, **known: str) -> Call:
    """A call whose recorder says what its channels are."""
    return Call("call", channel_roles=roles, **known)


def _words(inside: str, span: Span, channel: int, language: str, probability: float) -> list[Word]:
    text = inside.strip("~")
    lead = len(inside) - len(inside.lstrip("~"))
    pieces = [f" {p}" for p in text.split("_") if p] if language == "en" else list(text.replace("~", ""))
    if not pieces:
        return []
    start = span.start + (lead + (1 if lead else 0)) * STEP
    end = start + min(span.end - start, (len(text) + (0 if lead else 1)) * STEP)
    each = (end - start) / len(pieces)
    return [
        Word(piece, Span(start + n * each, start + (n + 1) * each), probability, channel)
        for n, piece in enumerate(pieces)
    ]
