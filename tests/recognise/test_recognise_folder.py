"""Any folder is looked at: files of one table are put together, and what cannot be read is told."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from export_folders import Rows, day, mapping, phone, save, table, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy.contract import CareError
from carestudy.recognise import propose

CUSTOMERS = table({"Mã KH": lambda n: f"KH{n:04d}", "Ngày đăng ký": day, "Khu vực": "Bắc", "Điện thoại": phone})
SALES = table({"Mã HĐ": lambda n: f"HD{n}", "Mã KH": lambda n: f"KH{n:04d}", "Ngày bán": day, "Tổng tiền": lambda n: n})


def workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def sources(folder: Path) -> dict[str, Any]:
    """What care.toml would say of where each table is."""
    keys = ("source", "sheet", "encoding")
    written = tomllib.loads(propose(folder).toml())
    return {name: {k: one[k] for k in keys if k in one} for name, one in written.items() if isinstance(one, dict)}


def test_files_with_the_same_columns_are_one_table_by_a_pattern(tmp_path: Path) -> None:
    save(tmp_path, {"ban_2026-01.csv": SALES, "ban_2026-02.csv": SALES, "khach.csv": CUSTOMERS})
    assert sources(tmp_path) == {"customers": {"source": "khach.csv"}, "transactions": {"source": "ban_*.csv"}}
    assert propose(tmp_path).matches["transactions"].export.rows == 120


def test_files_that_no_pattern_tells_from_others_are_listed(tmp_path: Path) -> None:
    save(tmp_path, {"ban_1.csv": SALES, "ban_2.csv": SALES, "ban_khach.csv": CUSTOMERS})
    assert sources(tmp_path)["transactions"] == {"source": ["ban_1.csv", "ban_2.csv"]}


def test_columns_in_another_order_are_still_one_table(tmp_path: Path) -> None:
    turned = [[*row[2:], *row[:2]] for row in SALES]
    save(tmp_path, {"a.csv": SALES, "b.csv": turned})
    found = propose(tmp_path).matches["transactions"]
    assert found.export.files == ["a.csv", "b.csv"]
    assert found.columns["amount"].column.numbers.high == 59


def test_files_in_cp1258_are_read_and_say_so(tmp_path: Path) -> None:
    rows = [["Mã KH", "Khu vực"], *([f"KH{n}", "Miền Bắc"] for n in range(9))]
    # Python knows the code page, but not how programs put the tones behind the letters.
    content = text(rows).replace("ề", "ê\u0300").replace("ắ", "ă\u0301").replace("ự", "ư\u0323")
    save(tmp_path, {"khach hang.csv": content.encode("cp1258", "replace")})
    assert sources(tmp_path) == {"customers": {"source": "khach hang.csv", "encoding": "cp1258"}}


def test_sheets_of_a_workbook_are_tables_of_their_own(tmp_path: Path) -> None:
    workbook(tmp_path / "so lieu.xlsx", {"Khách hàng": CUSTOMERS, "Bán T1": SALES, "Bán T2": SALES, "Trống": []})
    assert sources(tmp_path) == {
        "customers": {"source": "so lieu.xlsx", "sheet": "Khách hàng"} | {"sheet": ["Khách hàng"]},
        "transactions": {"source": "so lieu.xlsx", "sheet": ["Bán T1", "Bán T2"]},
    }
    (tmp_path / "care.toml").write_text(propose(tmp_path).toml(), encoding="utf-8")
    assert {one.table: one.used for one in cs.load(tmp_path).counts} == {"customers": 60, "transactions": 60}


def test_the_only_sheet_of_a_workbook_needs_no_name(tmp_path: Path) -> None:
    workbook(tmp_path / "khach.xlsx", {"Sheet1": CUSTOMERS})
    assert sources(tmp_path) == {"customers": {"source": "khach.xlsx"}}


def test_compressed_files_and_parquet_are_read(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv.gz": gzip.compress(text(CUSTOMERS).encode())})
    columns = dict(zip(SALES[0], map(list, zip(*SALES[1:], strict=True)), strict=True))
    pq.write_table(pa.table(columns), tmp_path / "ban.parquet")
    assert sources(tmp_path) == {"customers": {"source": "khach.csv.gz"}, "transactions": {"source": "ban.parquet"}}


def test_a_header_of_two_rows_is_understood(tmp_path: Path) -> None:
    save(tmp_path, {"ban.csv": "Hóa đơn,Khách hàng,,\nMã,Mã,Ngày mua,Tổng tiền\n" + text(SALES[1:])})
    found = mapping(propose(tmp_path))["transactions"]
    assert set(found) == {"transaction_id", "occurred_at", "customer_id", "amount"}


def test_a_file_that_cannot_be_read_is_told_and_stops_no_other(tmp_path: Path) -> None:
    broken = {"a.csv": b"\x00\x01\x02", "b.parquet": b"PAR1", "c.xlsx": b"PK\x03\x04", "d.csv": b"", "notes.md": b"x"}
    save(tmp_path, {**broken, "khach.csv": CUSTOMERS})
    (tmp_path / "more").mkdir()
    proposal = propose(tmp_path)
    assert set(proposal.matches) == {"customers"}
    assert {name for name, _ in proposal.found.left} == {*broken, "more"}
    told = [line for line in proposal.lines() if line.startswith("left: ")]
    asked = [line.removeprefix("question: ") for line in proposal.lines() if "is not used" in line]
    assert (len(told), len(asked)) == (2, 4)
    assert all(f"# {line}" in proposal.toml() for line in told)
    assert all(f"# ? {line}" in proposal.toml() for line in asked)
    assert "d.csv is not used: is empty" in asked or "d.csv is not used: holds no rows" in asked


def test_a_table_of_something_else_is_left_with_the_reason(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv": CUSTOMERS, "thoi tiet.csv": [["Nhiệt độ", "Độ ẩm"], ["31", "80"], ["29", "70"]]})
    left = "thoi tiet.csv is not used: its columns tell of no table of the contract: 'Nhiệt độ', 'Độ ẩm'"
    assert left in propose(tmp_path).questions()


def test_hidden_files_and_an_earlier_care_toml_are_not_looked_at(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv": CUSTOMERS, ".hidden.csv": SALES, "care.toml": "no toml ["})
    proposal = propose(tmp_path)
    assert (set(proposal.matches), proposal.found.left) == ({"customers"}, ())


def test_a_folder_without_anything_to_read_is_an_error_that_says_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="holds nothing that can be read: it is empty"):
        propose(tmp_path)
    save(tmp_path, {"notes.md": "x"})
    with pytest.raises(CareError, match=r"notes\.md: of no kind"):
        propose(tmp_path)


def test_what_is_neither_folder_nor_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="no folder that exists"):
        propose(tmp_path / "nowhere")
    save(tmp_path, {"khach.csv": CUSTOMERS})
    assert set(propose(tmp_path / "khach.csv").matches) == {"customers"}


def test_a_header_without_rows_is_proposed_all_the_same(tmp_path: Path) -> None:
    save(tmp_path, {"khach.csv": CUSTOMERS[:1]})
    assert mapping(propose(tmp_path))["customers"]["customer_id"] == "Mã KH"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.parquet", "x.xlsx", "x.csv.gz", "x.xls", "x.txt"]))
def test_any_bytes_give_a_message_or_a_care_toml(tmp_path: Path, content: bytes, name: str) -> None:
    folder = tmp_path / "any"
    save(folder, {"khach.csv": CUSTOMERS[:5], name: content})
    tomllib.loads(propose(folder).toml())
    (folder / name).unlink()


CELLS = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n"'), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_table_gives_a_message_or_a_care_toml(tmp_path: Path, rows: list[list[str]]) -> None:
    save(tmp_path, {"x.csv": text(rows), "khach.csv": CUSTOMERS[:5]})
    tomllib.loads(propose(tmp_path).toml())
