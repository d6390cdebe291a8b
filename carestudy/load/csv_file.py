"""A CSV file as text, row by row, with the lines of the file that the rows stand on.

The lines are counted without the parser, so that no row is swallowed in silence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv

from carestudy.contract import CareError

SEPARATORS = (",", ";", "\t", "|")
BLOCK, LARGEST_ROW = 1 << 22, 1 << 24
QUOTE, NUL, CR, LF = b'"\0\r\n'
# What is saved under a .csv name, told by its first bytes.
OTHER_KINDS = {
    b"\x1f\x8b": "compressed (gzip)",
    b"PK\x03\x04": "a workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
}
WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True)
class Rows:
    """The columns of a file as text, the line on which each row starts, and the lines of rows of another width."""

    columns: list[str]
    cells: Any
    lines: Any
    broken: Any


def read(path: Path) -> Rows:
    """The rows of a CSV file in UTF-8; what cannot be read as one is an error that says why."""
    with path.open("rb") as file:
        _refuse_other_kinds(path, file.read(4096))
    lines = _starts(path)
    if not len(lines):
        raise CareError(f"{path.name} is empty")
    columns, separator = _header(path)
    if not columns:
        raise CareError(f"{path.name} is empty")
    cells, broken = _parsed(path, columns, separator)
    if not cells.num_rows or [str(column[0]) for column in cells.columns] != columns:
        raise CareError(f"{path.name}: the names of the columns in line {lines[0]:,} cannot be read")
    if cells.num_rows + len(broken) != len(lines):
        raise CareError(
            f"{path.name}: {cells.num_rows + len(broken):,} rows were found in {len(lines):,}: a quotation mark within "
            "a cell, or another end of line, joins or cuts some; quote every cell and double the marks within"
        )
    whole = np.ones(len(lines), dtype=bool)
    whole[np.array(broken, dtype=np.int64) - 1] = False
    whole[0] = False  # the header
    return Rows(columns, cells.slice(1), lines[whole], lines[np.array(broken, dtype=np.int64) - 1])


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    kinds = [kind for start, kind in OTHER_KINDS.items() if head.startswith(start)]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        kinds.append("a web page, such as that of a login,")
    if kinds:
        raise CareError(f"{path.name} is {kinds[0]} and no CSV: export it again, or unpack it")
    wide = [name for start, name in WIDE.items() if head.startswith(start)]
    if wide or head[1:2] == b"\0" or head[:1] == b"\0":
        raise CareError(f'{path.name} is written in {"".join(wide) or "UTF-16"}: save it as "CSV UTF-8"')


@dataclass
class _Scan:
    """How far a file is counted: lines and quotation marks behind, and where its rows start."""

    lines: int = 0
    quotes: int = 0
    row: int = 1  # the line on which the row at hand starts
    filled: bool = False  # whether the row at hand holds anything yet
    starts: list[Any] = field(default_factory=list)


def _starts(path: Path) -> Any:
    """The line on which each row starts, the header's first; blank lines are no rows."""
    scan = _Scan()
    with path.open("rb") as file:
        end = LF if any(bytes([LF]) in block for block in _blocks(file)) else CR
        file.seek(0)
        for block in _blocks(file):
            _count(path, scan, np.frombuffer(block, np.uint8), end)
    if scan.quotes % 2:
        raise CareError(f"{path.name}: a quotation mark is opened and never closed, perhaps in line {scan.row:,}")
    if scan.filled:
        scan.starts.append(np.array([scan.row]))
    return np.concatenate(scan.starts) if scan.starts else np.array([], dtype=np.int64)


def _count(path: Path, scan: _Scan, block: Any, end: int) -> None:
    """Count one block of a file on."""
    ends, quotes = np.flatnonzero(block == end), np.flatnonzero(block == QUOTE)
    if not block.all():
        line = scan.lines + np.searchsorted(ends, np.flatnonzero(block == NUL)[0]) + 1
        raise CareError(f"{path.name} holds bytes that are no text in line {line:,}")
    closing = (scan.quotes + np.searchsorted(quotes, ends)) % 2 == 0
    stops = ends[closing]
    text = np.flatnonzero((block != LF) & (block != CR))
    # A row is blank if no letter stands between its end and the end before.
    behind = np.searchsorted(text, np.concatenate([[0], stops]))
    filled = np.diff(behind) > 0
    after = scan.lines + np.flatnonzero(closing) + 2
    begins = np.concatenate([[scan.row], after])
    if len(stops):
        filled[0] |= scan.filled
        scan.starts.append(begins[:-1][filled])
        scan.filled = False
    scan.filled |= len(text) > behind[-1]
    scan.row = int(begins[-1])
    scan.lines, scan.quotes = scan.lines + len(ends), scan.quotes + len(quotes)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _header(path: Path) -> tuple[list[str], str]:
    """The names of the columns, and what separates them: what gives the most of them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            choices = []
            for separator in SEPARATORS:
                file.seek(0)
                rows = csv.reader(file, delimiter=separator)
                choices.append(next((row for row in rows if row), []))
    except (UnicodeDecodeError, csv.Error):
        raise _not_utf8(path) from None
    best = max(choices, key=len)
    return best, SEPARATORS[choices.index(best)]


def _parsed(path: Path, columns: list[str], separator: str) -> tuple[Any, list[int]]:
    """Every row that is as wide as the header, which is the first; and the numbers of the rows that are not."""
    broken: list[int] = []

    def other_width(row: Any) -> str:
        broken.append(row.number)
        return "skip"

    names = [str(number) for number in range(len(columns))]
    try:
        with path.open("rb") as file:
            cells = pa.csv.read_csv(
                file,
                # Only one thread knows the numbers of rows.
                pa.csv.ReadOptions(use_threads=False, block_size=LARGEST_ROW, column_names=names),
                pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=other_width),
                pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
            )
    except pa.ArrowInvalid:
        raise _not_utf8(path) from None
    return cells, broken


def _not_utf8(path: Path) -> CareError:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        return CareError(
            f"{path.name}, line {line:,}, is not written in UTF-8 but perhaps in Windows-1258 or 1252: "
            'save it as "CSV UTF-8"'
        )
    return CareError(f"{path.name} cannot be read as CSV: a cell or a row of it is too large")
