"""Sheets that a workbook hides, and headers that repeat, are asked for or reported, and stop nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from export_folders import day, mapping, save, table

import carestudy as cs
from carestudy.init import init
from carestudy.recognise import propose

SALES = {
    "Mã đơn": lambda n: f"D{n}", "Mã KH": lambda n: f"K{n % 9}", "Ngày bán": day, "Tổng tiền": lambda n: 100_000 + n,
}  # fmt: skip
TICKETS = {
    "Ticket ID": lambda n: f"T{n}", "Customer ID": lambda n: f"C{n % 7}", "Created at": lambda n: day(n, "%Y-%m-%d"),
}  # fmt: skip


def book(folder: Path, sheets: Mapping[str, tuple[str, Sequence[Sequence[Any]]]]) -> Path:
    """A folder with one workbook, whose sheets are each in a state."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, (state, rows) in sheets.items():
        sheet = made.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(list(row))
    made.save(folder / "bán hàng.xlsx")
    return folder


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("name", ["Cũ", "transactions", "Sheet2"])
def test_rows_of_a_hidden_sheet_are_left_out_and_asked_for(tmp_path: Path, state: str, name: str) -> None:
    folder = book(tmp_path, {"Bán": ("visible", table(SALES, 60)), name: (state, table(SALES, 30))})
    lines, code = init(folder, replace=False, company=None, currency=None, timezone=None)
    assert any(f"sheet '{name}' is hidden, and its 30 rows are left out" in line for line in lines)
    assert f"# ? bán hàng.xlsx: sheet '{name}' is hidden" in (folder / "care.toml").read_text("utf-8")
    (count,) = cs.load(folder).counts
    assert (code, count.read) == (3, 60)


def test_a_hidden_sheet_counts_where_care_toml_names_it(tmp_path: Path) -> None:
    folder = book(
        tmp_path, {"Bán": ("visible", table(SALES, 60)), "Cũ": ("hidden", table(SALES, 70)[:1] + table(SALES, 70)[61:])}
    )
    toml = propose(folder).toml().replace('source = "bán hàng.xlsx"', 'source = "bán hàng.xlsx"\nsheet = ["Bán", "Cũ"]')
    (folder / "care.toml").write_text(toml, "utf-8")
    assert cs.load(folder).counts[0].used == 70


def test_where_all_sheets_are_hidden_they_are_read_and_asked_for(tmp_path: Path) -> None:
    shown = ("visible", [["Hướng dẫn"]])
    proposal = propose(book(tmp_path, {"Bìa": shown, "Bán": ("hidden", table(SALES, 60))}))
    assert mapping(proposal)["transactions"]["amount"] == "Tổng tiền"
    assert proposal.questions()[-1] == "bán hàng.xlsx: sheet 'Bán' is hidden, and its 60 rows are read: do they count?"


@pytest.mark.parametrize(
    "headers", [("Labels", "Labels"), ("Email", "email"), ("Thẻ", "THẺ "), ("Ghi chú", "Ghi  chú")]
)
def test_a_header_that_repeats_is_reported_and_asked_for_nowhere(tmp_path: Path, headers: tuple[str, str]) -> None:
    rows = [[*row, "a", "b"] for row in table(TICKETS)]
    rows[0][-2:] = headers
    proposal = propose(save(tmp_path, {"tickets.csv": rows}))
    assert proposal.questions() == []
    assert any("is the name of several columns" in line for line in proposal.lines())
    (tmp_path / "care.toml").write_text(proposal.toml(), "utf-8")
    assert cs.load(tmp_path).counts[0].used == 60


@pytest.mark.parametrize(("header", "name"), [("Created at", "opened_at"), ("customer id", "customer_id")])
def test_a_mapped_column_whose_header_repeats_is_asked_for(tmp_path: Path, header: str, name: str) -> None:
    column = [row[2 if name == "opened_at" else 1] for row in table(TICKETS)]
    rows = [[*row, cell] for row, cell in zip(table(TICKETS), column, strict=True)]
    rows[0][-1] = header
    proposal = propose(save(tmp_path, {"tickets.csv": rows}))
    assert proposal.matches["contacts"].columns[name].sure == "guess"
    assert any("several columns are called so" in one for one in proposal.questions())
    assert name not in tomllib.loads(proposal.toml())["contacts"]["columns"]


def test_rows_that_cannot_be_read_are_asked_for_and_those_put_together_reported(tmp_path: Path) -> None:
    lines = ["Mã KH,Địa chỉ,Ngày đăng ký", *(f"K{n},Phố {n},2026-01-{n + 10}" for n in range(12))]
    whole = save(tmp_path / "a", {"khách.csv": "\n".join([*lines, "K98,12, ngõ 3,2026-02-01"]).encode()})
    assert propose(whole).questions() == []
    assert any("'Địa chỉ' was cut in two" in line and "in 1 rows" in line for line in propose(whole).lines())
    broken = save(tmp_path / "b", {"khách.csv": "\n".join([*lines, "K98,12,ngõ 3,2026-02-01", "K99"]).encode()})
    (asked,) = propose(broken).questions()
    assert asked.startswith("[customers] 2 rows of khách.csv (line 14 and on) have another number of cells")
