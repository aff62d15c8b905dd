"""What is known of one call, from every source, the most trusted first.

Metadata row, then sidecar, then file-name pattern; what nobody says comes from the settings. Each field
is taken on its own, so a sidecar may fill what the metadata leaves open.
"""

from __future__ import annotations

from pathlib import Path

from qa.errors import IntakeError
from qa.intake.fields import Known, read_fields
from qa.intake.metadata import Metadata
from qa.intake.pattern import compile_pattern
from qa.intake.sidecar import read_sidecar
from qa.model import Call, Role
from qa.settings import Settings


def describe(path: Path, settings: Settings, metadata: Metadata) -> Call:
    """The call that the recording at `path` holds. Its id: what a source says, else the file's name.

    Raises `IntakeError` if two metadata rows claim the call (neither can be trusted), or if its sidecar
    is broken.
    """
    named = read_name(path, settings.pattern)
    rows = metadata.rows_of(path, named.call_id)
    if len(rows) > 1:
        lines = ", ".join(str(row.number) for row in rows)
        raise IntakeError(
            f"{path}: lines {lines} of {metadata.source} claim the same call; leave one and run again"
        )
    from_row = rows[0].known if rows else Known()
    known = from_row.over(read_sidecar(path, settings.columns)).over(named)
    return Call(
        id=known.call_id or path.stem,
        agent_id=known.agent_id,
        agent_name=known.agent_name or settings.roster.get(known.agent_id or ""),
        queue=known.queue,
        direction=known.direction,
        started_at=known.started_at,
        language=known.language if settings.language == "auto" else settings.language,
        channel_roles=known.channel_roles or tuple(Role(role) for role in settings.channel_roles),
        attributes=known.attributes,
    )


def read_name(path: Path, pattern: str) -> Known:
    """What the file's name says, if there is a pattern and it fits."""
    values = compile_pattern(pattern).match(path) if pattern else None
    return read_fields(values, str(path)) if values else Known()
