"""Files as people have them: text, workbooks or SQLite databases, told by name and by content."""

from __future__ import annotations

from pathlib import Path

from carestudy.contract import CareError
from carestudy.files import csv_file
from carestudy.files.row_table import Rows

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls")
DATABASES = (".sqlite", ".sqlite3", ".db")
KINDS = (*TEXTS, *(f"{kind}.gz" for kind in TEXTS), *WORKBOOKS, *DATABASES)


def read(path: Path, encoding: str | None = None) -> dict[str, Rows]:
    """The rows of a file: of a text under the name "", of a workbook under those of its sheets that hold a table,
    of an SQLite database under those of its tables.

    ``encoding`` is that of a text which is neither UTF-8 nor UTF-16 with a mark.
    """
    name = path.name.lower()
    if name.endswith(WORKBOOKS):
        from carestudy.files import workbook

        return workbook.read(path)
    if name.endswith(DATABASES):
        from carestudy.files import sqlite_file

        return sqlite_file.read(path)
    if not name.endswith(KINDS):
        raise CareError(f"{path.name} is of no kind that can be read: {', '.join(KINDS)}")
    return {"": csv_file.read(path, encoding)}
