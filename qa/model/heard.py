"""What was heard: words, who spoke when, sounds that are no speech."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.model.kinds import Separation, SoundKind
from qa.model.time import Span


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word (for Japanese: whatever piece the recogniser timed)."""

    text: str
    span: Span
    probability: float
    channel: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"a probability lies within 0 and 1, not {self.probability}")


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """Somebody speaks. Spans of different speakers may overlap; that is the point of them."""

    speaker: str
    span: Span
    confidence: float = 1.0
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """Hold music, ring-back or a tone."""

    kind: SoundKind
    span: Span
    channel: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Prosody:
    """Level and pitch of one voice in steps of `step` seconds.

    `level` in dBFS; `pitch` in Hz, 0.0 where unvoiced. Equal lengths; frame i starts at i * step.
    """

    channel: int
    step: float
    level: tuple[float, ...]
    pitch: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.level) != len(self.pitch):
            raise ValueError("level and pitch have one value a frame each")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the speech engines heard: words and who spoke when, before anyone knows who is who."""

    language: str
    language_probability: float
    separation: Separation
    words: tuple[Word, ...]
    """In time order, of all channels."""
    speech: tuple[SpeakerSpan, ...]
    """Voice activity a speaker: by channel (stereo) or by diarization (mono). In time order."""
    sounds: tuple[Sound, ...] = ()
    prosody: tuple[Prosody, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    """How many made-up sentences were dropped, by reason."""
    overlap: tuple[Span, ...] = ()
    """Mono: where the segmentation model saw two voices at once. Stereo: empty (derive it)."""
    murmur: tuple[SpeakerSpan, ...] = ()
    """Stereo: sound in a party's channel that may be speech, although no word was recognised in it."""
