"""The tables in the sheets of a workbook, with their rows as numbered there."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from carestudy.contract import CareError
from carestudy.files import layout, long_numbers, old_workbook, workbook_archive
from carestudy.files.filled_cells import Row, blank, filled
from carestudy.files.row_table import HEADER_AGAIN, Rows
from carestudy.files.workbook_archive import Unread

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# The frame round a workbook with a password, and the first records of an old one.
LOCKED = re.compile("EncryptedPackage".encode("utf-16-le") + rb"|\x09\x08\x10\0.{16}\x2f\0", re.DOTALL)
Numbered = dict[int, Sequence[Any]]


def read(path: Path) -> dict[str, Rows]:
    """The tables of a workbook by the name of their sheet; sheets without rows are left out unless there are no others.

    Hidden rows are read as any other, and hidden sheets are marked as such. What cannot be opened is an error that says
    why.
    """
    data = path.read_bytes()
    _refuse_other_kinds(path.name, data)
    unread = workbook_archive.looked_through(path.name, data) if data.startswith(ZIP) else {}
    sheets = _sheets(path.name, data)
    unread = unread or dict(zip(sheets, old_workbook.looked_through(data), strict=False))
    tables = {}
    for name, sheet in sheets.items():
        cells = _in_full(data, name, sheet.rows, sheet.left) if data.startswith(ZIP) else sheet.rows
        rows = _table(cells, sheet.left, unread.get(name, {}))
        if rows:
            tables[name] = replace(rows, hidden=sheet.hidden)
    if not tables:
        raise CareError(f"{path.name} holds no table: no row of any sheet fills two cells")
    return {name: rows for name, rows in tables.items() if len(rows.lines) or len(rows.broken)} or tables


def _refuse_other_kinds(name: str, data: bytes) -> None:
    if not data:
        raise CareError(f"{name} is empty")
    if not data.startswith((ZIP, OLD)):
        web = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        kind = "a web page or XML" if web else "a text, or of another kind,"
        raise CareError(f'{name} is {kind} and no workbook: open it in a spreadsheet and save it as ".xlsx"')


@dataclass(frozen=True)
class _Sheet:
    """The rows of a sheet that fill a cell, by number, the number of their first column, and whether it is hidden."""

    rows: Numbered
    left: int
    hidden: bool


def _sheets(name: str, data: bytes) -> dict[str, _Sheet]:
    """Every sheet of a workbook, by name."""
    import python_calamine as calamine  # here, because most data are no workbooks

    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            sheets = [metadata for metadata in book.sheets_metadata if metadata.typ == calamine.SheetTypeEnum.WorkSheet]
            return {
                metadata.name: _Sheet(
                    *_rows(book.get_sheet_by_name(metadata.name)), metadata.visible != calamine.SheetVisibleEnum.Visible
                )
                for metadata in sheets
            }
    except BaseException as problem:
        # What goes wrong in the reader's depths is no Exception.
        if isinstance(problem, Exception) or type(problem).__name__ == "PanicException":
            raise _unopened(name, data) from None
        raise


def _unopened(name: str, data: bytes) -> CareError:
    if data.startswith(OLD) and LOCKED.search(data):
        return CareError(f"{name} is protected by a password: save it without one")
    return CareError(f"{name} is no workbook that can be opened: it is cut short or damaged")


def _rows(sheet: Any) -> tuple[Numbered, int]:
    top, left = sheet.start or (0, 0)
    rows = sheet.to_python()
    _fill(rows, sheet.merged_cell_ranges or [], top, left)
    return dict(enumerate(rows, start=top + 1)), left + 1


def _in_full(data: bytes, sheet: str, rows: Numbered, left: int) -> Numbered:
    """The rows with long whole numbers as the file writes them, where it has all of their digits."""
    columns = list(map(list, zip(*rows.values(), strict=True)))
    long = [index for index, column in enumerate(columns) if long_numbers.has_long(column)]
    if not long:
        return rows
    written = long_numbers.digits(data, sheet)
    for index in long:
        texts = [written.get((number, index + left)) for number in rows]
        columns[index] = long_numbers.in_full(columns[index], texts)
    return dict(zip(rows, zip(*columns, strict=True), strict=True))


def _fill(rows: list[list[Any]], merged: Any, top: int, left: int) -> None:
    """Repeat what is written once for several rows, as their name or day; a number would be counted anew in each."""
    for (first, column), (last, _) in merged:
        value = rows[first - top][column - left] if top <= first < last < top + len(rows) and column >= left else ""
        if isinstance(value, str | date):
            for row in rows[first - top + 1 : last - top + 1]:
                row[column - left] = value


def _table(rows: Numbered, left: int, unread: Unread) -> Rows | None:
    """The table of a sheet; none where no row fills two cells, as on a cover."""
    # The reader does not lay out rows below the last value, though there may be formulas in them.
    width = len(next(iter(rows.values()), ()))
    wrong = {number for number, _ in unread}
    rows = dict.fromkeys(wrong, [""] * width) | rows
    numbers = [number for number in sorted(rows) if number in wrong or not all(map(blank, rows[number]))]
    first = [rows[number] for number in numbers[: layout.SAMPLE]]
    if not any(len(filled(row)) > 1 for row in first):
        return None
    head = layout.header(first)
    body = numbers[head.last + 1 :]
    columns = [index for index, name in enumerate(head.columns) if name or _written(rows, body, index)]
    aside = _aside(rows, body, [rows[number] for number in numbers[head.first : head.last + 1]])
    for (number, column), reason in unread.items():
        if number > numbers[head.last] and (column - left in columns or not filled(rows[number])):
            aside.setdefault(number, reason)
    data_rows = [number for number in body if number not in aside]
    cells = [_column([rows[number][index] for number in data_rows]) for index in columns]
    broken = sorted(aside)
    return Rows(
        [head.columns[index] for index in columns],
        pa.table(cells, names=[str(number) for number in range(len(columns))]),
        np.array(data_rows, dtype=np.int64),
        np.array(broken, dtype=np.int64),
        tuple(aside[number] for number in broken),
        np.array(numbers[: head.first], dtype=np.int64),
        numbers[head.last],
    )


def _written(rows: Numbered, numbers: Sequence[int], index: int) -> bool:
    return any(not blank(rows[number][index]) for number in numbers)


def _aside(rows: Numbered, body: Sequence[int], names: Sequence[Row]) -> dict[int, str]:
    """The rows that repeat the header or hold totals, and the reasons."""
    aside = {number: HEADER_AGAIN for number in body if layout.again(rows[number], names)}
    last = [number for number in body if number not in aside][-layout.LAST :]
    totals_found = layout.totals([rows[number] for number in last], len(names[-1]))
    return aside | {last[index]: reason for index, reason in totals_found.items()}


def _column(values: Sequence[Any]) -> Any:
    """Cells as one kind: numbers, moments or flags where all that are filled are such, and text where they differ."""
    cells = [None if blank(value) else value for value in values]
    kinds = {type(value) for value in cells} - {type(None)}
    if kinds and kinds <= {int, float}:
        is_whole = all(value is None or _whole(value) for value in cells)
        return pa.array(cells, pa.int64() if is_whole else pa.float64())
    if kinds and kinds <= {date, datetime}:
        return pa.array([_moment(value) for value in cells], pa.timestamp("us"))
    if kinds == {bool}:
        return pa.array(cells, pa.bool_())
    return pa.array([None if value is None else _text(value) for value in cells], pa.string())


def _whole(value: float) -> bool:
    return abs(value) < long_numbers.EXACT and value == int(value)


def _moment(value: Any) -> datetime | None:
    return datetime.combine(value, time()) if type(value) is date else value


def _text(value: Any) -> str:
    """A cell as text that is read in one way only: a fraction has an exponent, so that no point is one of thousands."""
    match value:
        case str():
            return value
        case bool():
            return str(value).upper()
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            seconds = round(value.total_seconds())
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if _whole(value):
        return str(int(value))
    return np.format_float_scientific(value, trim="-", exp_digits=1).replace("e+", "e")
