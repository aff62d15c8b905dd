"""The closed sets of words: roles, outcomes, kinds of events and sounds."""

from __future__ import annotations

from enum import StrEnum


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
