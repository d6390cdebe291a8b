"""The tables of an SQLite database that is one file, as an app or a shop keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from carestudy.contract import CareError
from carestudy.files.row_table import Rows

MAGIC = b"SQLite format 3\0"
UNFINISHED = ("-wal", "-journal")  # files beside a database that hold what is not yet in it, or no longer
INTERNAL = "sqlite_"
EXACT = 2**53  # whole numbers above this are not all fractions of a computer's own


def read(path: Path) -> dict[str, Rows]:
    """The tables of an SQLite file by name, without those that are empty unless there are no others.

    SQLite keeps any kind of value in any column. A column of numbers alone is one of numbers; one that also holds words
    is text, and each of its numbers is written in full. Views are left out: their rows stand in the tables.
    """
    _refuse_unreadable(path)
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.text_factory = bytes.decode
            tables = {name: _rows(database, name) for name in _tables(database)}
    except sqlite3.Error:
        raise CareError(f"{path.name} is no SQLite database that can be opened: it is cut short or damaged") from None
    except UnicodeDecodeError:
        raise CareError(f"{path.name} holds text that is not UTF-8: export its tables as CSV") from None
    if not tables:
        raise CareError(f"{path.name} holds no table")
    return {name: rows for name, rows in tables.items() if len(rows.lines)} or tables


def _refuse_unreadable(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if not head:
        raise CareError(f"{path.name} is empty")
    if head != MAGIC:
        raise CareError(f"{path.name} is no SQLite database: export its tables as CSV")
    for ending in UNFINISHED:
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise CareError(
                f"{path.name} has changes that stand only in {beside.name}: close the program that uses it, or write a "
                "copy with its backup command"
            )


def _tables(database: sqlite3.Connection) -> list[str]:
    """The tables that hold rows themselves; the virtual ones of extensions are computed from others."""
    entries = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    return [
        name
        for name, sql in entries
        if not name.startswith(INTERNAL) and not (sql or "").lstrip().upper().startswith("CREATE VIRTUAL")
    ]


def _rows(database: sqlite3.Connection, table: str) -> Rows:
    quoted = table.replace('"', '""')
    cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a table of the file itself, quoted
    names = [column[0] for column in cursor.description]
    columns = list(zip(*cursor, strict=True)) or [()] * len(names)
    cells = pa.table([_column(values) for values in columns], names=[str(number) for number in range(len(names))])
    return Rows(names, cells, np.arange(1, cells.num_rows + 1, dtype=np.int64), head=0)


def _column(values: Sequence[Any]) -> Any:
    """Values as numbers where all that are there are numbers, else as text."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {int}:
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float} and all(value is None or abs(value) < EXACT for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    """A value as text that is read in one way only: a fraction has an exponent, so that no point is one of thousands.

    >>> _text("12.000"), _text(12.5), _text(12.0), _text(b"\\x89PNG")
    ('12.000', '1.25e1', '12', None)
    """
    if isinstance(value, float) and not value.is_integer():
        return np.format_float_scientific(value, trim="-", exp_digits=1).replace("e+", "e")
    if isinstance(value, bytes):  # a picture, or a text that was stored as bytes
        return value.decode() if value.isascii() else None
    return value if value is None or isinstance(value, str) else str(int(value))
