"""Metadata files as rows of text: CSV or JSONL, in the encodings that Japanese desks have."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.errors import IntakeError

JSON_ENDINGS = (".jsonl", ".ndjson", ".json")


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, texts by column) of each row. Raises `IntakeError` naming file and line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IntakeError(
            f"{path}: metadata cannot be read ({error.strerror or error}); check the setting `metadata`"
        ) from error
    text = _decode(path, data)
    return _json_rows(path, text) if path.suffix.lower() in JSON_ENDINGS else _csv_rows(path, text)


def as_text(value: object) -> str:
    """A JSON value as the text a CSV would hold."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _decode(path: Path, data: bytes) -> str:
    """UTF-8, with or without its mark; UTF-16 with its mark; else the code page of Japanese Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise IntakeError(f"{path}: neither UTF-8 nor Shift_JIS (CP932); save it as CSV UTF-8")


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        if not any(columns):
            raise IntakeError(f"{path}: no header line; the first line names the columns")
        repeated = sorted({name for name in columns if name and columns.count(name) > 1})
        if repeated:
            raise IntakeError(f"{path}: column {', '.join(repeated)} occurs twice")
        yield 1, dict.fromkeys(filter(None, columns), "")
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if len(values) > len(columns) and any(value.strip() for value in values[len(columns) :]):
                raise IntakeError(
                    f"{path}: line {reader.line_num} has {len(values)} values for {len(columns)} columns; "
                    "put quotes around a value that holds the separator"
                )
            row = {name: value for name, value in zip(columns, values, strict=False) if name}
            yield reader.line_num, row
    except csv.Error as error:
        raise IntakeError(f"{path}: line {reader.line_num}: {error}") from error


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise IntakeError(f"{path}: line {number} is not JSON ({error}); one object a line") from error
        if not isinstance(row, Mapping):
            raise IntakeError(f"{path}: line {number} is not an object; one object a line")
        rows.append((number, {str(key): as_text(value) for key, value in row.items()}))
    yield 0, dict.fromkeys((name for _, row in rows for name in row), "")
    yield from rows
