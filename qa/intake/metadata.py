"""The metadata file: one row a call, looked up by the recording's name or by its call id."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from qa.errors import IntakeError
from qa.intake.fields import NAMES, PATH_FIELDS, Known, nearest_name, read_fields
from qa.intake.pattern import compile_pattern
from qa.intake.table import read_rows
from qa.model import Message
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the metadata."""

    number: int
    """Line in the file, the header being line 1."""
    known: Known
    file: str = ""
    """The recording's name or path, if the row says it."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The rows of a metadata file. Empty if none is set."""

    source: str = ""
    rows: tuple[Row, ...] = ()
    problems: tuple[Message, ...] = ()
    _by_call: Mapping[str, tuple[Row, ...]] = field(default_factory=dict, repr=False)
    _by_file: Mapping[str, tuple[Row, ...]] = field(default_factory=dict, repr=False)

    def rows_of(self, path: Path, call_id: str | None = None) -> tuple[Row, ...]:
        """Every row that speaks of this recording. More than one is a contradiction.

        By the row's path or file, with or without ending; else by call id, being `call_id` (as the file
        name's pattern says) or the file name without its ending.
        """
        named = [
            row
            for key in (path.name, path.stem)
            for row in self._by_file.get(_key(key), ())
            if _same_file(row.file, path)
        ]
        if not named:
            keys = [_key(text) for text in (call_id, path.stem) if text]
            named = next((list(self._by_call[key]) for key in keys if key in self._by_call), [])
        # A row found by name shares its call id with rows that may name other recordings.
        ids = {_key(row.known.call_id) for row in named if row.known.call_id}
        named += [row for id in ids for row in self._by_call.get(id, ())]
        return tuple(sorted({row.number: row for row in named}.values(), key=lambda row: row.number))

    def duplicates(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """(call id, line numbers) of the call ids that more than one row claims."""
        return tuple(
            (rows[0].known.call_id or "", tuple(row.number for row in rows))
            for rows in self._by_call.values()
            if len(rows) > 1
        )


def load_metadata(settings: Settings) -> Metadata:
    """The metadata file of the settings, read whole and checked; empty if none is set.

    `settings.columns` maps our names to the file's; a column called by our name needs no mapping, and
    what is left becomes an attribute. Raises `IntakeError` if the file cannot be read, if a mapped column
    is not in it, or if the file-name pattern is wrong.
    """
    if settings.pattern:
        compile_pattern(settings.pattern)
    _check_columns(settings.columns)
    if not settings.metadata:
        return Metadata()
    source = Path(settings.metadata)
    lines = list(read_rows(source))
    columns = lines[0][1] if lines else {}
    _check_present(source, settings.columns, columns)
    ours = {theirs: name for name, theirs in settings.columns.items()}
    rows: list[Row] = []
    for number, values in lines[1:]:
        named = {ours.get(column, column): value for column, value in values.items()}
        file = next((named[name].strip() for name in PATH_FIELDS if named.get(name, "").strip()), "")
        rows.append(Row(number, read_fields(named, f"{source}: {number}"), file))
    return _index(str(source), _without_repeats(rows))


def _check_columns(columns: Mapping[str, str]) -> None:
    for name in columns:
        meant = nearest_name(name)
        if meant:
            raise IntakeError(f"columns: no field {name}; did you mean {meant}? We know {', '.join(NAMES)}")


def _check_present(source: Path, mapped: Mapping[str, str], columns: Iterable[str]) -> None:
    there = list(columns)
    for name, theirs in mapped.items():
        if theirs not in there:
            close = difflib.get_close_matches(theirs, there, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; it has {', '.join(there)}"
            raise IntakeError(f"{source}: line 1 has no column {theirs!r} (columns.{name} in qa.toml){hint}")


def _without_repeats(rows: Iterable[Row]) -> list[Row]:
    """Rows that say word for word the same are one row: exports repeat themselves."""
    kept: list[Row] = []
    said: set[str] = set()
    for row in rows:
        text = repr((row.known, row.file)) if not row.known.problems else str(row.number)
        if text not in said:
            said.add(text)
            kept.append(row)
    return kept


def _index(source: str, rows: list[Row]) -> Metadata:
    by_call: dict[str, list[Row]] = {}
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        if row.known.call_id:
            by_call.setdefault(_key(row.known.call_id), []).append(row)
        if row.file:
            by_file.setdefault(_key(_last_name(row.file)), []).append(row)
    return Metadata(
        source,
        tuple(rows),
        tuple(problem for row in rows for problem in row.known.problems),
        {key: tuple(found) for key, found in by_call.items()},
        {key: tuple(found) for key, found in by_file.items()},
    )


def _key(text: str) -> str:
    """Names from a Mac spell が as two characters; here they are one."""
    return unicodedata.normalize("NFC", text)


def _last_name(file: str) -> str:
    """The file's own name, whether the row was written on Windows or elsewhere."""
    return PureWindowsPath(file).name


def _same_file(file: str, path: Path) -> bool:
    """True if the folders that the row names, if any, are the recording's (`a/1.wav` is not `b/1.wav`).

    A path of another machine (`D:\\rec\\1.wav`, `/mnt/rec/1.wav`) counts by its name alone.
    """
    theirs = PureWindowsPath(_key(file))
    if theirs.root or theirs.drive:
        return not Path(file).exists() or Path(file).resolve() == path.resolve()
    folders = [part for part in theirs.parts[:-1] if part != "."]
    return not folders or [_key(part) for part in path.parts[-len(folders) - 1 : -1]] == folders
