"""SQLite databases are read table by table, whatever kinds of values their columns mix."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from carestudy.contract import CareError
from carestudy.files import read


def database(path: Path, tables: dict[str, tuple[str, Sequence[Sequence[Any]]]]) -> Path:
    """An SQLite file with tables of these columns and rows."""
    with closing(sqlite3.connect(path)) as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * len(columns.split(",")))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608 - the test's own names
        connection.commit()
    return path


@pytest.mark.parametrize("name", ["shop.sqlite", "shop.sqlite3", "SHOP.DB"])
def test_tables_come_by_name_and_empty_ones_are_left_out(tmp_path: Path, name: str) -> None:
    found = read(database(tmp_path / name, {
        "đơn hàng": ("id, tiền", [(1, 10), (2, 20)]), "trống": ("id", []), "khách": ("mã", [("A",)]),
    }))  # fmt: skip
    assert {key: (rows.columns, rows.lines.tolist()) for key, rows in found.items()} == {
        "đơn hàng": (["id", "tiền"], [1, 2]),
        "khách": (["mã"], [1]),
    }


def test_a_column_of_numbers_is_one_and_words_among_them_make_text_of_all(tmp_path: Path) -> None:
    rows = [(2**60, 1, "12", 1.5, b"\x89\xff"), (None, 2.25, 7, "x", None), (1, 3, 0.5, 4.0, b"text")]
    cells = read(database(tmp_path / "a.db", {"t": ("a, b, c, d, e", rows)}))["t"].cells
    assert cells.schema.types == [pa.int64(), pa.float64(), pa.string(), pa.string(), pa.string()]
    assert cells.to_pydict() == {
        "0": [2**60, None, 1], "1": [1.0, 2.25, 3.0], "2": ["12", "7", "5e-1"], "3": ["1.5e0", "x", "4"],
        "4": [None, None, "text"],
    }  # fmt: skip


def test_views_and_the_tables_of_the_program_itself_are_left_out(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", {"t": ("id INTEGER PRIMARY KEY AUTOINCREMENT, a", [(1, 2)])})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW v AS SELECT * FROM t")
        connection.commit()
    assert list(read(path)) == ["t"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.db is empty"),
        (b"id,amount\n1,2\n", "a.db is no SQLite database"),
        (b"SQLite format 3\0" + b"\0" * 200, "cut short or damaged"),
    ],
)
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(CareError, match=message):
        read(tmp_path / "a.db")


def test_changes_that_are_not_in_the_file_yet_are_not_overlooked(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (id)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
        with pytest.raises(CareError, match=r"a\.db has changes that stand only in a\.db-wal: close the program"):
            read(path)
    assert read(path)["t"].cells.to_pydict() == {"0": [1]}


def test_reading_changes_nothing_in_the_folder(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", {"t": ("id", [(1,)])})
    before = path.read_bytes()
    read(path)
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (before, ["a.db"])
