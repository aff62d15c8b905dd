"""A call as it was spoken: turns, roles, events, measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.model.call import Call, Quality
from qa.model.heard import Prosody, Sound, SpeakerSpan, Word
from qa.model.kinds import EventKind, Role, Separation
from qa.model.time import Span


@dataclass(frozen=True, slots=True)
class SpeakerRole:
    """Who a speaker is, how sure that is, and why."""

    speaker: str
    role: Role
    confidence: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One party's stretch of talk, not broken by a pause of theirs longer than the turn gap."""

    speaker: str
    role: Role
    span: Span
    words: Sequence[Word]
    """A tuple, or (from the store) what equals one."""
    text: str
    """The words as a person would write them in this language."""

    @property
    def probability(self) -> float:
        """Mean word probability, weighted by nothing; 0 if there are no words."""
        if not self.words:
            return 0.0
        return sum(word.probability for word in self.words) / len(self.words)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened between the parties."""

    kind: EventKind
    span: Span
    by: Role | None = None
    against: Role | None = None
    words: str = ""
    """For an interruption: what the interrupted party was saying."""
    successful: bool | None = None
    """For an interruption: did the interrupter take the floor?"""
    signals: tuple[str, ...] = ()
    """The independent signals that saw it (`activity`, `words`, `segmentation`)."""

    @property
    def confirmed(self) -> bool:
        """Two independent signals agree; one alone means "ask a person"."""
        return len(self.signals) >= 2


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers of a call. Counts and seconds are kept; ratios are derived last, by the properties."""

    duration: float = 0.0
    turns: int = 0
    agent_talk_seconds: float = 0.0
    customer_talk_seconds: float = 0.0
    overlap_seconds: float = 0.0
    interruptions_by_agent: int = 0
    interruptions_by_customer: int = 0
    interruption_seconds_by_agent: float = 0.0
    interruption_seconds_by_customer: float = 0.0
    unconfirmed_interruptions_by_agent: int = 0
    attempted_interruptions_by_agent: int = 0
    backchannels_by_agent: int = 0
    backchannels_by_customer: int = 0
    dead_air_count: int = 0
    dead_air_seconds: float = 0.0
    dead_air_longest: float = 0.0
    hold_count: int = 0
    hold_seconds: float = 0.0
    response_latency_median: float | None = None
    response_latency_p90: float | None = None
    longest_agent_monologue: float = 0.0
    agent_unheard_seconds: float = 0.0
    """Speech, by voice activity, with no recognised word under it."""
    customer_unheard_seconds: float = 0.0
    agent_speech_units: int = 0
    """Morae (Japanese) or words (English) the agent said."""
    customer_speech_units: int = 0
    agent_pitch_range_semitones: float | None = None
    customer_pitch_range_semitones: float | None = None
    agent_level_dbfs: float | None = None
    customer_level_dbfs: float | None = None

    @property
    def agent_talk_share(self) -> float | None:
        """Agent talk over both parties' talk."""
        both = self.agent_talk_seconds + self.customer_talk_seconds
        return self.agent_talk_seconds / both if both else None

    @property
    def backchannels_per_minute(self) -> float | None:
        """Agent backchannels a minute of customer speech."""
        minutes = self.customer_talk_seconds / 60
        return self.backchannels_by_agent / minutes if minutes else None

    @property
    def agent_speech_rate(self) -> float | None:
        """Morae a minute (Japanese) or words a minute (English)."""
        minutes = self.agent_talk_seconds / 60
        return self.agent_speech_units / minutes if minutes else None

    @property
    def customer_speech_rate(self) -> float | None:
        """Morae a minute (Japanese) or words a minute (English)."""
        minutes = self.customer_talk_seconds / 60
        return self.customer_speech_units / minutes if minutes else None


@dataclass(frozen=True, slots=True)
class EventDefinitions:
    """The thresholds of the event definitions, in seconds unless said. A rubric may change each of them."""

    overlap_min: float = 0.20
    backchannel_max: float = 1.5
    terminal_overlap_max: float = 0.5
    interruption_min_floor: float = 0.5
    """B must have spoken this long before A starts."""
    interruption_min_overlap: float = 0.5
    interruption_breakoff: float = 1.5
    """B breaks off within this of A's start."""
    interruption_continues: float = 0.5
    """B speaks on this long into the overlap: B had not finished."""
    dead_air_min: float = 3.0
    turn_gap: float = 1.0
    """A pause of the same speaker longer than this starts a new turn."""
    raised_voice_min: float = 1.0
    raised_voice_db: float = 6.0
    """Decibels above the person's own usual level in this call, and …"""
    raised_voice_semitones: float = 1.5
    """… this much above their usual pitch."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A call as it was spoken: everything the rubric looks at. Stored, so rescoring needs no audio.

    Voice activity and events are tuples, or (from the store) what equals one.
    """

    call: Call
    recording_id: str
    language: str
    separation: Separation
    quality: Quality
    turns: tuple[Turn, ...]
    roles: tuple[SpeakerRole, ...]
    speech: Sequence[SpeakerSpan]
    sounds: tuple[Sound, ...]
    events: Sequence[Event]
    measures: Measures
    definitions: EventDefinitions = EventDefinitions()
    prosody: tuple[Prosody, ...] = ()
    overlap: tuple[Span, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    unheard: Sequence[SpeakerSpan] = ()
    """Speech (by voice activity) with no recognised words under it: absence there proves nothing."""
    language_probability: float = 1.0

    @property
    def duration(self) -> float:
        """Seconds of audio."""
        return self.quality.duration

    def role_confidence(self, role: Role) -> float:
        """The lowest confidence of the speakers that hold `role`; 0 if nobody does."""
        return min((r.confidence for r in self.roles if r.role is role), default=0.0)
