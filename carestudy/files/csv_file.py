"""A text file of rows, such as CSV, with the lines of the file that the rows stand on."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from carestudy.contract import CareError
from carestudy.files import layout
from carestudy.files.encoding import Text, opened
from carestudy.files.filled_cells import filled
from carestudy.files.line_starts import starts
from carestudy.files.row_table import HEADER_AGAIN, OTHER_WIDTH, Rows
from carestudy.files.split_cells import inserted, put_together

SEPARATORS = (",", ";", "\t", "|")
# Spreadsheets write and obey a first line that names the separator.
NAMED = re.compile(r'\s*"?sep=([,;\t|])"?(?:[\r\n]|$)', re.IGNORECASE)
LARGEST_ROW, HEAD = 1 << 24, 1 << 20
# What is saved under a .csv name, told by its first bytes.
OTHER_KINDS = {
    b"PK\x03\x04": "a workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
}


@dataclass(frozen=True)
class _Head:
    """What stands before the data: the separator, the names of the columns, and the rows that hold titles and names."""

    separator: str
    columns: list[str]
    names: list[list[str]]  # the rows of the header as they are written; the last is as wide as the data
    above: range  # the numbers of the rows with titles
    row: int  # the number of the header's last row, and the byte at which it begins
    offset: int = 0


def read(path: Path, encoding: str | None = None) -> Rows:
    """The rows of a text file; what cannot be read as one is an error that says why.

    ``encoding`` is heeded where the bytes are neither UTF-8 nor UTF-16 with a mark; a compressed file is unpacked.
    """
    text = opened(path, encoding)
    _refuse_other_kinds(text)
    lines, end = starts(text)
    if not len(lines):
        raise CareError(f"{path.name} is empty")
    head = _head(text, lines, end)
    cells, broken, texts = _parsed(text, head)
    rows = lines[head.row :]
    if not cells.num_rows or [str(column[0]) for column in cells.columns] != head.names[-1]:
        raise CareError(f"{path.name}: the names of the columns in line {rows[0]:,} cannot be read")
    if cells.num_rows + len(broken) != len(rows):
        raise _otherwise_counted(path.name, cells.num_rows + len(broken), len(rows))
    broken_lines = rows[np.array(broken, dtype=np.int64) - 1]
    whole_lines = rows[~np.isin(rows, broken_lines)][1:]
    cells, split = cells.slice(1), ("", ())
    if mended_rows := put_together(texts, cells, head.separator):
        column, mended, joined = mended_rows
        split = (head.columns[column], tuple(broken_lines[mended].tolist()))
        cells, whole_lines = inserted(cells, whole_lines, joined, broken_lines[mended])
        broken_lines = np.delete(broken_lines, mended)
    aside = dict.fromkeys(broken_lines.tolist(), OTHER_WIDTH)
    table = _sorted(head, cells, whole_lines, aside)
    return replace(table, above=lines[head.above.start : head.above.stop], head=int(rows[0]), split=split)


def _otherwise_counted(name: str, n_rows: int, counted: int) -> CareError:
    return CareError(
        f"{name}: {n_rows:,} rows were found in {counted:,}: a quotation mark within a cell, or another end of line, "
        "joins or cuts some; quote every cell and double the marks within"
    )


def _refuse_other_kinds(text: Text) -> None:
    with text.open() as file:
        head = file.read(4096)
    kinds = [kind for start, kind in OTHER_KINDS.items() if head.startswith(start)]
    if head.lstrip(b" \t\r\n").startswith(b"<"):
        kinds.append("a web page, such as that of a login,")
    if kinds:
        raise CareError(f"{text.name} is {kinds[0]} and no CSV: export it again, or unpack it")


def _head(text: Text, lines: Any, end: int) -> _Head:
    """What stands before the data, by the separator that gives most rows the header's width, and the greatest width."""
    with text.open() as file:
        data = file.read(HEAD)
    try:
        start = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        raise text.refused() from None
    separator_line = NAMED.match(start)
    skipped = 1 if separator_line else 0
    candidates = []
    for separator in separator_line[1] if separator_line else SEPARATORS:
        rows = _first_rows(start, separator, cut=len(data) == HEAD)[skipped:]
        if any(map(filled, rows)):
            header_rows = layout.header(rows)
            width = len(rows[header_rows.last])
            rank = (width > 1, sum(len(row) == width for row in rows), width)
            names = rows[header_rows.first : header_rows.last + 1]
            above = range(skipped, skipped + header_rows.first)
            candidates.append((rank, _Head(separator, header_rows.columns, names, above, skipped + header_rows.last)))
    if not candidates:
        raise text.refused() if start.strip() and not (separator_line or rows) else CareError(f"{text.name} is empty")
    best = max(candidates, key=lambda candidate: candidate[0])[1]
    if best.row >= len(lines):
        raise _otherwise_counted(text.name, best.row + 1, len(lines))
    return replace(best, offset=_offset(data, int(lines[best.row]), end))


def _first_rows(start: str, separator: str, *, cut: bool) -> list[list[str]]:
    """The first rows of a text, as far as they can be read; the last may be cut."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator):
            rows += [row] if row else []
            if len(rows) == layout.SAMPLE:
                return rows
    except csv.Error:  # a cell beyond all measure
        return rows
    return rows[:-1] if cut and len(rows) > 1 else rows


def _offset(data: bytes, line: int, end: int) -> int:
    """The byte at which a line begins."""
    if line == 1:
        return 0
    return int(np.flatnonzero(np.frombuffer(data, np.uint8) == end)[line - 2]) + 1


def _parsed(text: Text, head: _Head) -> tuple[Any, list[int], list[str]]:
    """Every row that is as wide as the header, which is the first; and the numbers and texts of those that are not."""
    broken: list[int] = []
    texts: list[str] = []

    def other_width(row: Any) -> str:
        broken.append(row.number)
        texts.append(row.text)
        return "skip"

    names = [str(number) for number in range(len(head.columns))]
    try:
        with text.open(head.offset) as file:
            cells = pa.csv.read_csv(
                file,
                # Only one thread knows the numbers of rows.
                pa.csv.ReadOptions(use_threads=False, block_size=LARGEST_ROW, column_names=names),
                pa.csv.ParseOptions(delimiter=head.separator, newlines_in_values=True, invalid_row_handler=other_width),
                pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
            )
    except pa.ArrowInvalid:
        raise text.refused() from None
    return cells, broken, texts


def _sorted(head: _Head, cells: Any, lines: Any, aside: dict[int, str]) -> Rows:
    """The rows with data; those that repeat the header or hold a total are set aside, and empty ones are no rows."""
    data = np.ones(len(lines), dtype=bool)
    data[_same(cells, [""] * cells.num_columns)] = False
    # One name alone may be anybody's answer.
    names = [row for row in head.names if len(filled(row)) > 1]
    reasons = {number: HEADER_AGAIN for row in names for number in _same(cells, row)}
    last = np.flatnonzero(data)[-layout.LAST :]
    end = cells.slice(last[0] if len(last) else 0).take(last - last[:1])
    tail = list(zip(*(column.to_pylist() for column in end.columns), strict=True))
    reasons |= {int(last[index]): reason for index, reason in layout.totals(tail, len(head.columns)).items()}
    data[list(reasons)] = False
    aside |= {int(lines[number]): reason for number, reason in reasons.items()}
    broken = np.array(sorted(aside), dtype=np.int64)
    data_cells = cells if data.all() else cells.filter(pa.array(data))
    return Rows(head.columns, data_cells, lines[data], broken, tuple(aside[line] for line in broken.tolist()))


def _same(cells: Any, wanted: Sequence[str]) -> list[int]:
    """The numbers of the rows that hold just these cells, column by column in ever fewer rows; spaces are nothing."""
    rows = None
    for column, cell in zip(cells.columns, wanted, strict=True):
        if rows is not None and not len(rows):
            break  # what is taken from a long column is slow, even if it is nothing
        cells_here = column if rows is None else column.take(rows)
        is_equal = pc.equal(cells_here, cell)
        hits = pc.indices_nonzero(is_equal if cell else pc.or_(is_equal, pc.ascii_is_space(cells_here)))
        rows = hits if rows is None else rows.take(hits)
    return [] if rows is None else rows.to_pylist()
