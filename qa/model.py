"""The nouns of qa: every value that crosses a room's border.

All values are frozen and check themselves when made. Times are seconds as float from the start of
the recording, always as a `Span`. Only the standard library is imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    """Who somebody is in the call."""

    AGENT = "agent"
    CUSTOMER = "customer"
    IVR = "ivr"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What a criterion came to. `NEEDS_REVIEW` means "could not judge"; it is never a fail."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    NEEDS_REVIEW = "needs_review"


class EventKind(StrEnum):
    """The conversation events, as docs/events.md defines them."""

    OVERLAP = "overlap"
    BACKCHANNEL = "backchannel"
    TERMINAL_OVERLAP = "terminal_overlap"
    INTERRUPTION = "interruption"
    DEAD_AIR = "dead_air"
    HOLD = "hold"
    RAISED_VOICE = "raised_voice"


class Separation(StrEnum):
    """How the parties were told apart."""

    CHANNEL = "channel"
    """One party a channel: as good as it gets."""
    DIARIZED = "diarized"
    """By voice, from a mono recording: backchannels may be lost, short overlaps are unsure."""
    SINGLE = "single"
    """Only one voice was heard, or nobody could be told apart."""


class StereoKind(StrEnum):
    """What the channels of a recording really hold."""

    MONO = "mono"
    SEPARATE = "separate"
    LEAKING = "leaking"
    """Separate, but each party is audible in the other's channel."""
    DUPLICATED = "duplicated"
    """Both channels carry the same signal: treat as mono."""
    ONE_DEAD = "one_dead"
    """One channel carries nothing: treat the other as mono."""


class SoundKind(StrEnum):
    """Things heard on the line that are not speech."""

    MUSIC = "music"
    RINGBACK = "ringback"
    TONE = "tone"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, `start <= end`, in seconds. An empty span is falsy.

    >>> Span(1.0, 3.0) & Span(2.0, 5.0)
    Span(start=2.0, end=3.0)
    >>> Span(1.0, 3.0).gap(Span(4.5, 5.0))
    1.5
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    def __bool__(self) -> bool:
        return self.end > self.start

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The instant half way through."""
        return (self.start + self.end) / 2

    def __and__(self, other: Span) -> Span:
        """The part both share; an empty span at the later start if they share nothing."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))

    def __or__(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __contains__(self, instant: float) -> bool:
        return self.start <= instant < self.end

    def overlap(self, other: Span) -> float:
        """Seconds that both share."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Span) -> float:
        """Seconds between the two, 0 if they touch or overlap."""
        return max(0.0, max(self.start, other.start) - min(self.end, other.end))

    def covers(self, other: Span) -> bool:
        """True if `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, seconds: float) -> Span:
        """The same length, `seconds` later."""
        return Span(self.start + seconds, self.end + seconds)

    def pad(self, seconds: float, *, limit: Span | None = None) -> Span:
        """Wider by `seconds` on both sides, kept inside `limit`."""
        wide = Span(self.start - seconds, self.end + seconds)
        return wide & limit if limit is not None else wide


def merge_spans(spans: Iterable[Span], gap: float = 0.0) -> tuple[Span, ...]:
    """The union of `spans` in time order, joining those at most `gap` seconds apart.

    >>> merge_spans([Span(3, 4), Span(0, 1), Span(0.5, 2)], gap=0.5)
    (Span(start=0, end=2), Span(start=3, end=4))
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start - merged[-1].end <= gap:
            merged[-1] = merged[-1] | span
        else:
            merged.append(span)
    return tuple(merged)


def outside(spans: Iterable[Span], others: Iterable[Span], at_least: float = 0.0) -> tuple[Span, ...]:
    """The parts of `spans` that none of `others` covers, those longer than `at_least` seconds, in time order.

    >>> outside([Span(0, 5)], [Span(1, 2), Span(4, 9)])
    (Span(start=0, end=1), Span(start=2, end=4))
    """
    covered = merge_spans(others)
    left: list[Span] = []
    for span in merge_spans(spans):
        start = span.start
        for cover in covered:
            if cover.end <= start or cover.start >= span.end:
                continue
            if cover.start > start:
                left.append(Span(start, cover.start))
            start = cover.end
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(part for part in left if part.duration > at_least)


def total_overlap(span: Span, others: Iterable[Span]) -> float:
    """Seconds of `span` that lie under `others` (which must not overlap each other)."""
    return sum(span.overlap(other) for other in others)


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of audio, named by its bytes: the same bytes under two names are one recording."""

    id: str
    """SHA-256 of the file's bytes, in hex."""
    path: Path
    size: int
    """Bytes."""
    modified: float
    """The file's mtime, POSIX seconds."""

    def __post_init__(self) -> None:
        if len(self.id) != 64:
            raise ValueError("a recording's id is the SHA-256 of its bytes")


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call before anyone listens to it."""

    id: str
    agent_id: str | None = None
    agent_name: str | None = None
    queue: str | None = None
    direction: str | None = None
    """`inbound` or `outbound`."""
    started_at: datetime | None = None
    language: str | None = None
    """`ja` or `en`; None: detect it."""
    channel_roles: tuple[Role, ...] = ()
    """The role of each channel, if the recorder's documentation says so: a *claim* to check."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Anything else the metadata said."""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a call needs an id")


@dataclass(frozen=True, slots=True)
class Quality:
    """Facts about the sound itself. One value a channel where a tuple is given."""

    duration: float
    sample_rate: int
    """Of the file, before resampling, in Hz."""
    channels: int
    codec: str
    stereo: StereoKind
    band: str
    """`narrow` (telephone, below 4 kHz) or `wide`."""
    level_dbfs: tuple[float, ...]
    """Active speech level (louder half of the frames), dB relative to full scale."""
    snr_db: tuple[float, ...]
    clipped_share: tuple[float, ...]
    """Share of samples at full scale, 0 to 1."""
    silence_share: float
    """Share of time in which no channel is above its noise floor, 0 to 1."""
    leakage_db: float | None = None
    """Level of the other party in a channel, relative to their own; None for mono."""
    dead_channel: int | None = None
    truncated: bool = False
    """The file ended early, or part of it could not be decoded; what was heard is kept."""
    notes: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for people, in both languages."""

    ja: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in `language` (`ja`; anything else is English)."""
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the audio that a verdict rests on."""

    span: Span
    role: Role
    quote: str
    confidence: float
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion came to in one call.

    A `not_met` without evidence is refused: every point taken off names a place in the audio.
    """

    criterion: str
    section: str
    outcome: Outcome
    points: float
    possible: float
    reason: Message
    evidence: tuple[Evidence, ...] = ()
    critical: bool = False
    bonus: bool = False

    def __post_init__(self) -> None:
        if self.outcome is Outcome.NOT_MET and not self.evidence:
            raise ValueError(f"{self.criterion}: not_met needs evidence")
        if not 0 <= self.points <= self.possible:
            raise ValueError(f"{self.criterion}: {self.points} of {self.possible} points")
        if self.outcome is not Outcome.MET and self.points:
            raise ValueError(f"{self.criterion}: points without being met")

    @property
    def decided(self) -> bool:
        """True if it counts in the score's denominator."""
        return self.outcome in (Outcome.MET, Outcome.NOT_MET)


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a person should listen to this call, or know something about it."""

    id: str
    reason: Message
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The arithmetic of a scorecard; it refuses to be inconsistent.

    `points` of `possible` come from decided, non-bonus criteria; `undecided` is what needs review;
    `value` is 100 * weighted points / weighted possible, plus bonus, at most 100, at most `cap` if a
    critical criterion failed. None when nothing could be decided.
    """

    points: float
    possible: float
    undecided: float = 0.0
    bonus: float = 0.0
    weighted_share: float | None = None
    """Weighted mean of the sections' shares, 0 to 1; None: nothing decided."""
    critical_failed: tuple[str, ...] = ()
    cap: float | None = None
    """Highest value allowed after a critical failure."""

    def __post_init__(self) -> None:
        if not 0 <= self.points <= self.possible or self.undecided < 0 or self.bonus < 0:
            raise ValueError(f"impossible score: {self}")
        if (self.weighted_share is None) != (self.possible == 0):
            raise ValueError("a share exists exactly where something was decided")
        if self.weighted_share is not None and not 0 <= self.weighted_share <= 1:
            raise ValueError(f"a share lies within 0 and 1, not {self.weighted_share}")
        if bool(self.critical_failed) != (self.cap is not None):
            raise ValueError("a cap and a critical failure come together")

    @property
    def value(self) -> float | None:
        """0 to 100, one decimal; None if nothing could be decided."""
        if self.weighted_share is None:
            return None
        raw = min(100.0, 100 * self.weighted_share + self.bonus)
        return round(min(raw, self.cap) if self.cap is not None else raw, 1)

    @property
    def coverage(self) -> float | None:
        """Share of the applicable points that could be decided, 0 to 1."""
        applicable = self.possible + self.undecided
        return self.possible / applicable if applicable else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a scorecard was made from: the same receipt gives the same score."""

    recording_id: str
    rubric: str
    """`name@revision`."""
    models: Mapping[str, str]
    """`asr`, `vad`, `segmentation`, `embedding` → `pack@hash`."""
    settings: Mapping[str, str]
    code: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The verdict on one call under one rubric."""

    call_id: str
    findings: tuple[Finding, ...]
    score: Score
    flags: tuple[Flag, ...]
    receipt: Receipt

    @property
    def needs_review(self) -> tuple[str, ...]:
        """Ids of the criteria that a person must judge."""
        return tuple(f.criterion for f in self.findings if f.outcome is Outcome.NEEDS_REVIEW)


@dataclass(frozen=True, slots=True)
class Review:
    """A person's word on a finding. Appended, never replacing."""

    call_id: str
    criterion: str
    outcome: Outcome
    who: str
    why: str
    when: datetime
    span: Span | None = None
    """The moment it rests on, where the machine showed none."""
    machine: Outcome | None = None
    """What the machine had said; None: not known any more."""
    version: int = 1
    """1, 2, 3, … of this call and criterion; the highest counts."""

    @property
    def agrees(self) -> bool:
        """True if the person confirmed the machine's outcome."""
        return self.outcome is self.machine
