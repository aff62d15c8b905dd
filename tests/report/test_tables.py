"""Exports: nothing a caller said may run in a spreadsheet."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest

from qa.report import tables

COLUMNS = ("call", "text", "score")
NASTY: list[tuple[Any, ...]] = [
    ("=1+1", "@SUM(A1)", -3.5),
    ("+81-3-1234", "-x", None),
    ("\t=1", '改行\nあり, "quoted"', 7),
    ("はい", "＝cmd", 0),
]


def written(format: str) -> bytes:
    out = io.BytesIO()
    assert tables.write(COLUMNS, iter(NASTY), format, out) == len(NASTY)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\ta", "'\ta"),
        ("＝a", "'＝a"),
        ("a=1", "a=1"),
        ("", ""),
        (-1, -1),
        (None, None),
    ],
)
def test_safe(value: Any, cell: Any) -> None:
    assert tables.safe(value) == cell


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    data = written("csv")
    assert data.startswith(b"\xef\xbb\xbf"), "without the mark Excel garbles Japanese"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == list(COLUMNS)
    assert rows[1] == ["'=1+1", "'@SUM(A1)", "-3.5"]
    assert rows[3][1] == '改行\nあり, "quoted"'
    assert not [cell for row in rows[1:] for cell in row[:2] if cell.startswith(tables.FORMULA_STARTS)]


def test_jsonl_keeps_text_as_it_is() -> None:
    lines = [json.loads(line) for line in written("jsonl").decode().splitlines()]
    assert lines[0] == {"call": "=1+1", "text": "@SUM(A1)", "score": -3.5}


def test_xlsx_types_text_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx"))).active
    assert sheet is not None
    cells = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in cells[0]] == ["=1+1", "@SUM(A1)", -3.5]
    assert {cell.data_type for row in cells for cell in row[:2]} == {"s"}


def test_xlsx_leaves_out_what_would_break_the_file() -> None:
    out = io.BytesIO()
    tables.write(("a",), [("bell\x07",), ("長" * 40_000,)], "xlsx", out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert [len(str(cell.value)) for (cell,) in sheet.iter_rows(min_row=2)] == [4, 32_767]
