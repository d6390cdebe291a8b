"""Workbooks, Parquet and databases as people have them, and as no program writes them."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from exports import counts, faults, put, refused, taken, used
from openpyxl.styles import PatternFill

from carestudy import load
from carestudy.contract import CareError
from carestudy.files import workbook_archive

HEAD = ("customer_id", "joined_on", "region")
LAN, MINH = ("A1", "2026-01-05", "Huế"), ("A2", "2026-02-10", "Hà Nội")


def _book(*rows: Sequence[Any], change: Callable[[Any], object] = str, **more: list[Sequence[Any]]) -> bytes:
    """A workbook with these rows in its first sheet, changed in some way, and more sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for name, others in more.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    change(book.worksheets[0])
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


def _spoilt(book: bytes, **parts: bytes) -> bytes:
    """A workbook with some of its parts in another form."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            end = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.get(end, old.read(name)))
    return whole.getvalue()


def test_a_workbook_is_read_with_its_days_and_numbers_as_they_are(tmp_path: Path) -> None:
    rows = [(912345670, date(2026, 1, 5), 1990), ("0012", datetime(2026, 2, 10), 1991.0)]  # noqa: DTZ001 - as in a sheet
    book = _book(("customer_id", "joined_on", "birth_year"), *rows)
    care = taken(tmp_path / "data", {"customers.xlsx": book})
    found = [
        (one, str(day), year) for one, day, year in used(care, "customers", "customer_id", "joined_on", "birth_year")
    ]
    assert found == [("0012", "2026-02-10", 1991), ("912345670", "2026-01-05", 1990)]


def test_titles_in_merged_cells_are_no_rows(tmp_path: Path) -> None:
    book = _book(
        ("DANH SÁCH KHÁCH HÀNG",), ("Tháng 10/2026",), HEAD, LAN, MINH, change=lambda sheet: sheet.merge_cells("A1:C1")
    )
    care = taken(tmp_path / "data", {"customers.xlsx": book})
    assert counts(care) == (2, 2, 0)
    assert [lines for *_, lines in faults(care, aside=False)] == [(1, 2)]


def test_a_header_of_merged_groups_is_one_header(tmp_path: Path) -> None:
    rows = [
        ("Khách", None, "Thời gian", None),
        ("Mã", "Tên", "Ngày tạo", "Ngày ngừng"),
        ("A1", "Lan", "2026-01-05", None),
        ("A2", "Minh", "2026-02-10", "2026-03-01"),
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:D1")

    toml = '[customers]\ncolumns = { customer_id = "Khách / Mã", left_on = "Thời gian / Ngày ngừng" }\n'
    care = taken(tmp_path / "data", {"customers.xlsx": _book(*rows, change=merge), "care": toml})
    assert [str(day) for day in used(care, "customers", "left_on")] == ["2026-03-01", "None"]


def test_of_several_sheets_one_must_be_named(tmp_path: Path) -> None:
    book = _book(("Hướng dẫn", ""), ("Xem trang KH", "x"), KH=[HEAD, LAN, MINH])
    said = refused(tmp_path / "asked", {"customers.xlsx": book})
    assert "customers.xlsx has sheets" in said
    assert '"KH"' in said
    care = taken(tmp_path / "told", {"customers.xlsx": book, "care": '[customers]\nsheet = "KH"\n'})
    assert counts(care) == (2, 2, 0)
    said = refused(tmp_path / "slip", {"customers.xlsx": book, "care": '[customers]\nsheet = "KHH"\n'})
    assert "did you mean 'KH'?" in said


def test_sheets_that_hold_nothing_are_no_question(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"customers.xlsx": _book(KH=[HEAD, LAN], Sheet3=[])})
    assert counts(care) == (1, 1, 0)


def test_a_workbook_without_any_row_is_empty(tmp_path: Path) -> None:
    assert "customers.xlsx holds no table" in refused(tmp_path / "data", {"customers.xlsx": _book()})


def test_sheets_of_one_table_are_joined_and_of_their_overlap_the_latest_stays(tmp_path: Path) -> None:
    toml = '[customers]\nsheet = ["T1", "T2"]\n'
    book = _book(T1=[HEAD, LAN, MINH], T2=[HEAD, MINH, ("A3", "x", "")])
    care = taken(tmp_path / "data", {"customers.xlsx": book, "care": toml})
    assert counts(care) == (4, 2, 2)
    assert {place for *_, lines in faults(care) for place in lines} == {
        "customers.xlsx, sheet T1: 3", "customers.xlsx, sheet T2: 3",
    }  # fmt: skip


def test_hidden_and_filtered_rows_are_data(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:C3"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    assert counts(taken(tmp_path / "data", {"customers.xlsx": _book(HEAD, LAN, MINH, change=hide)})) == (2, 2, 0)


def test_formulas_without_a_result_and_cells_with_an_error_are_set_aside(tmp_path: Path) -> None:
    rows = [
        ("transaction_id", "occurred_at", "amount"),
        ("T1", "2026-01-05", 5),
        ("T2", "2026-01-05", "=B2*2"),
        ("T3", "2026-01-05", "#REF!"),
        ("T4", "2026-01-05", "#N/A"),
    ]
    care = taken(tmp_path / "data", {"transactions.xlsx": _book(*rows)})
    assert used(care, "transactions", "amount")[0] == 5
    told = {reason: lines for _, reason, lines in faults(care)}
    assert next(lines for reason, lines in told.items() if "formula" in reason) == (3,)
    assert 4 in next(lines for reason, lines in told.items() if "#REF!" in reason)
    assert counts(care, "transactions")[0] == 4


def test_phones_that_became_numbers_are_ids_all_the_same(tmp_path: Path) -> None:
    rows = [("customer_id", "joined_on"), (84912345670, "2026-01-05"), (912345671, "2026-01-05")]
    care = taken(tmp_path / "data", {"customers.xlsx": _book(*rows)})
    assert used(care, "customers", "customer_id") == ["84912345670", "912345671"]


def test_thousands_of_empty_formatted_rows_are_none(tmp_path: Path) -> None:
    def paint(sheet: Any) -> None:
        for row in range(4, 4000):
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")

    assert counts(taken(tmp_path / "data", {"customers.xlsx": _book(HEAD, LAN, MINH, change=paint)})) == (2, 2, 0)


@pytest.mark.parametrize("name", ["customers.xlsx", "customers.xls"])
def test_what_is_locked_cut_or_no_workbook_is_refused_by_name(tmp_path: Path, name: str) -> None:
    book = _book(HEAD, LAN)
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    for number, content in enumerate(
        (locked, book[: len(book) // 2], b"", b"not a workbook", b"<html>Login</html>", b"PK\x05\x06" + bytes(18))
    ):
        assert name in refused(tmp_path / str(number), {name: content})


def test_a_workbook_that_is_too_large_or_declares_types_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, lower in {"LARGE": 20_000, "TIMES": 1, "MOST_CELLS": 100}.items():
        monkeypatch.setattr(workbook_archive, limit, lower)
    book = _book(HEAD, LAN)
    sheet = (
        b'%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>'
    )
    beyond = {
        "types and entities": _spoilt(book, sheet1=sheet % (b"<!DOCTYPE x>", b"x")),
        "no workbook of its size": _spoilt(book, sheet1=sheet % (b"", b" " * 20_000)),
        "far away": _book(HEAD, LAN, change=lambda sheet: sheet.cell(60, 20, "x")),
    }
    assert counts(taken(tmp_path / "within", {"customers.xlsx": book})) == (1, 1, 0)
    for number, (reason, content) in enumerate(beyond.items()):
        said = refused(tmp_path / str(number), {"customers.xlsx": content})
        assert "customers.xlsx" in said
        assert reason in said


def _parquet(folder: Path, **columns: Any) -> Path:
    pa.parquet.write_table(pa.table(columns), put(folder, {}) / "transactions.parquet")
    return folder


@pytest.mark.parametrize(
    "amounts",
    [
        pa.array([5, 7], pa.int16()), pa.array([5.0, 7.0]), pa.array([Decimal("5.00"), Decimal("7.00")]),
        pa.array(["5", "7"]), pa.array(["5", "7"]).dictionary_encode(), pa.array([5, 7], pa.uint64()),
    ],
)  # fmt: skip
def test_parquet_amounts_are_read_in_every_type(tmp_path: Path, amounts: Any) -> None:
    moments = pa.array([datetime(2026, 1, 31, 18, 30, tzinfo=UTC), None], pa.timestamp("us", "UTC"))
    folder = _parquet(tmp_path / "data", transaction_id=["T1", "T2"], occurred_at=moments, amount=amounts)
    care = taken(folder, {})
    assert [(str(time), amount) for time, amount in used(care, "transactions", "occurred_at", "amount")] == [
        ("2026-02-01 01:30:00", 5)
    ]
    assert faults(care) == [("occurred_at", "is empty", (2,))]


def test_parquet_with_nested_columns_or_no_rows_is_read(tmp_path: Path) -> None:
    nested = _parquet(
        tmp_path / "nested", transaction_id=["T1"], occurred_at=[date(2026, 1, 5)], tags=[["a", "b"]], more=[{"x": 1}]
    )
    assert counts(taken(nested, {}), "transactions") == (1, 1, 0)
    none = _parquet(
        tmp_path / "none", transaction_id=pa.array([], pa.string()), occurred_at=pa.array([], pa.timestamp("s"))
    )
    assert counts(taken(none, {}), "transactions") == (0, 0, 0)


def test_parquet_that_is_cut_or_empty_is_refused_by_name(tmp_path: Path) -> None:
    whole = (
        _parquet(tmp_path / "whole", transaction_id=["T1"], occurred_at=["2026-01-05"]) / "transactions.parquet"
    ).read_bytes()
    for number, content in enumerate((b"", whole[:-8], whole[: len(whole) // 2], b"PAR1PAR1", whole[4:])):
        assert "transactions.parquet" in refused(tmp_path / str(number), {"transactions.parquet": content})


def test_a_database_with_text_among_its_numbers_is_read_by_the_same_rules(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "care.db") as base:
        base.execute("CREATE TABLE transactions (transaction_id TEXT, occurred_at TEXT, amount INTEGER)")
        base.executemany(
            "INSERT INTO transactions VALUES (?, ?, ?)",
            [("T1", "2026-01-05", 5), ("T2", "2026-01-05", "mười"), ("T3", "2026-02-30", 7)],
        )
    base.close()
    # Whether its driver is there or not: the same rules, or one line.
    try:
        care = load(f"sqlite://{tmp_path / 'care.db'}")
    except CareError as problem:
        said = str(problem)
    else:
        said = "read"
        assert counts(care, "transactions") == (3, 1, 2)
    assert str(tmp_path) not in said
