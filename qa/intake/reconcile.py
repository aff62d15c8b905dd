"""Metadata against recordings: what is on one side only, said once a night and fatal to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.intake.describe import read_name
from qa.intake.metadata import Metadata, Row
from qa.model import Message
from qa.settings import Settings

_SHOWN = 5
"""Names in a message; of the rest, the number."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What metadata and recordings do not agree on."""

    rows_without_recording: tuple[Row, ...] = ()
    recordings_without_row: tuple[Path, ...] = ()
    notes: tuple[Message, ...] = ()
    """The same for people, with duplicate call ids and values that could not be read."""


def reconcile(metadata: Metadata, recordings: Iterable[Path], settings: Settings) -> Reconciled:
    """Compare the metadata rows with the recordings found. Nothing to say if there is no metadata."""
    if not metadata.source:
        return Reconciled()
    used: set[int] = set()
    alone: list[Path] = []
    for path in recordings:
        rows = metadata.rows_of(path, read_name(path, settings.pattern).call_id)
        used.update(row.number for row in rows)
        if not rows:
            alone.append(path)
    unused = tuple(row for row in metadata.rows if row.number not in used)
    notes = [*metadata.problems, *(_duplicate(metadata.source, *d) for d in metadata.duplicates())]
    if unused:
        which = _listed([str(row.number) for row in unused])
        notes.append(
            Message(
                f"{metadata.source}: 録音が見つからない行があります（{len(unused)} 行: {which}）。",
                f"{metadata.source}: {len(unused)} row(s) without a recording: line {which}",
            )
        )
    if alone:
        which = _listed([path.name for path in alone])
        notes.append(
            Message(
                f"{metadata.source}: 行のない録音があります（{len(alone)} 件: {which}）。",
                f"{metadata.source}: no row for {len(alone)} recording(s): {which}",
            )
        )
    return Reconciled(unused, tuple(alone), tuple(notes))


def _duplicate(source: str, call_id: str, numbers: Sequence[int]) -> Message:
    lines = ", ".join(str(number) for number in numbers)
    return Message(
        f"{source}: 通話 {call_id} が複数の行（{lines}）にあります。採点しません。一行だけ残してください。",
        f"{source}: call {call_id} is on lines {lines}; neither is scored: leave one",
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, … (+{len(names) - _SHOWN})" if len(names) > _SHOWN else shown
