"""The command writes a file, and tells how many and where; a fault is one line."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from carestudy.__main__ import main

SOLD = "\n".join(f"C{k},2026-{month:02}-05,{1000 + k}" for k in range(1, 9) for month in (3, 6, 9))
PEOPLE = "\n".join(f"C{k},2024-01-05,yes,09{k:08},{'=1+1' if k == 1 else f'Tên {k}'}" for k in range(1, 9))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "customers.csv").write_text(f"customer_id,joined_on,consent,phone,name\n{PEOPLE}\n", "utf-8")
    (folder / "transactions.csv").write_text(f"customer_id,occurred_at,amount\n{SOLD}\n", "utf-8")
    return folder


def _run(data: Path, kind: str, out: Path, *more: str) -> int:
    return main(["audience", kind, "--data", str(data), "--out", str(out), "--as-of", "2026-10-31", *more])


def _read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


def test_the_file_has_ids_and_reasons_and_the_screen_only_counts(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "gifts.csv"
    assert _run(data, "gifts", out, "--top", "0.5", "--lang", "en") == 0
    rows = _read(out)
    assert rows[0] == ["customer_id", "reason"]
    assert sorted(row[0] for row in rows[1:]) == ["C5", "C6", "C7", "C8"]
    assert rows[1] == ["C8", "Months as a customer: 33; in the last twelve, days with a purchase: 3, amount: ₫3,024"]
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "customers considered: 8",
        "on the list: 4",
        "left out: bought for too little: 4",
        "not checked, the data do not tell: an open complaint",
        str(out),
    ]


def test_reasons_are_in_the_readers_language(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    assert _run(data, "segment", out, "--groups", "champions,loyal,cooling,silent,hibernating,at_risk") == 0
    assert all("có mua trong 3 ngày" in reason for _, reason in _read(out)[1:])


def test_phones_and_names_only_when_asked_for_and_they_compute_nothing(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    assert _run(data, "survey", out, "--response-rate", "1", "--contact-columns", "phone,name") == 0
    rows = {row[0]: row[2:] for row in _read(out)}
    assert rows["customer_id"] == ["phone", "name"]
    assert rows["C1"] == ["0900000001", "'=1+1"]
    assert rows["C2"] == ["0900000002", "Tên 2"]


def test_a_workbook_has_the_list_and_its_summary(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.xlsx"
    assert _run(data, "survey", out, "--response-rate", "1", "--contact-columns", "phone", "--lang", "en") == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["List", "Summary"]
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sorted(line[2] for line in book["List"].iter_rows(min_row=2, values_only=True))[0] == "0900000001"
    assert ("customers considered", "8") in list(book["Summary"].iter_rows(values_only=True))


def test_the_control_group_stands_in_a_file_of_its_own_without_a_way_to_reach_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    more = ("--response-rate", "1", "--control", "0.25", "--contact-columns", "phone")
    assert _run(data, "survey", out, *more) == 0
    listed, held = _read(out), _read(tmp_path / "list.control.csv")
    assert held[0] == ["customer_id", "reason"]
    assert (len(listed), len(held)) == (7, 3)
    assert {row[0] for row in listed[1:]}.isdisjoint(row[0] for row in held[1:])


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_same_data_seed_and_options_give_the_same_bytes(data: Path, tmp_path: Path, ending: str) -> None:
    outs = [tmp_path / f"{name}{ending}" for name in ("one", "two")]
    for out in outs:
        assert _run(data, "survey", out, "--response-rate", "1", "--margin", "30", "--seed", "quý 4") == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


@pytest.mark.parametrize(
    ("kind", "name", "more", "said"),
    [
        ("vip", "a.csv", (), "no audience 'vip': choose from segment, at_risk, gifts, interviews, unowned, survey"),
        ("gifts", "a.txt", (), "written as .csv or .xlsx"),
        ("gifts", "a.csv", ("--margin", "5"), "gifts has no option 'margin'"),
        ("gifts", "a.csv", ("--contact-columns", "fax"), "needs column 'fax'"),
        ("gifts", "a.csv", ("--contact-columns", "customer_id"), "stands in every list already"),
        ("survey", "a.csv", (), "give the response rate"),
    ],
)
def test_a_fault_is_one_line_and_no_file(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    name: str,
    more: tuple[str, ...],
    said: str,
) -> None:
    assert _run(data, kind, tmp_path / name, *more) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["data"]
