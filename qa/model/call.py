"""A recording, the call on it, and how well it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qa.model.kinds import Role, StereoKind


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
