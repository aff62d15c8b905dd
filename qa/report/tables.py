"""Tables as csv, jsonl or xlsx, safe to open in a spreadsheet.

A cell that a spreadsheet would run as a formula is made text, since transcripts and metadata hold
what strangers said. Rule: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, BinaryIO

from qa.errors import MissingExtra

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets with Japanese input take the full-width forms for a formula too."""
NOT_IN_XLSX = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
XLSX_CELL = 32_767
"""Characters that a spreadsheet cell holds; Excel calls the file damaged above it."""

Row = Sequence[Any]


def write(columns: Sequence[str], rows: Iterable[Row], format: str, out: BinaryIO) -> int:
    """Write `rows` in `format` (a key of `FORMATS`) to `out`; returns how many rows there were."""
    return FORMATS[format](columns, rows, out)


def safe(value: Any) -> Any:
    """`value` as a csv cell: text that would be a formula gets an apostrophe before it.

    >>> safe("=1+1"), safe(-3.5), safe("はい")
    ("'=1+1", -3.5, 'はい')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _csv(columns: Sequence[str], rows: Iterable[Row], out: BinaryIO) -> int:
    """UTF-8 with a byte order mark: without it Excel garbles Japanese."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([safe(value) for value in row])
        count += 1
    text.flush()
    text.detach()
    return count


def _jsonl(columns: Sequence[str], rows: Iterable[Row], out: BinaryIO) -> int:
    """One object a line. Text stays as it is: nothing runs it."""
    count = 0
    for row in rows:
        line = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        out.write(line.encode() + b"\n")
        count += 1
    return count


def _xlsx(columns: Sequence[str], rows: Iterable[Row], out: BinaryIO) -> int:
    """One sheet; every text is typed as text, so that none is a formula."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise MissingExtra("xlsx files need openpyxl: pip install 'qa-calls[xlsx]'") from None
    book = Workbook(write_only=True)
    sheet = book.create_sheet("qa")

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value=NOT_IN_XLSX.sub("", value)[:XLSX_CELL])
        made.data_type = "s"
        return made

    sheet.append([cell(name) for name in columns])
    count = 0
    for row in rows:
        sheet.append([cell(value) for value in row])
        count += 1
    book.save(out)
    return count


FORMATS: Mapping[str, Callable[[Sequence[str], Iterable[Row], BinaryIO], int]] = MappingProxyType(
    {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx}
)
"""Format → writer."""
