"""Files of lists compute nothing, are whole or not there, are not for everybody, and are always the same."""

from __future__ import annotations

import csv
import os
import stat
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.exports.files import write
from carestudy.exports.text_cells import as_csv, as_workbook, computes, inert

HOSTILE = (
    "=1+1", "+84912345678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\ufeff=1", "'=1", '"=1',
    "＝1+1", "＋1", "－1", "＠SUM", "﹢1", "﹣1", "−1", "a;=1+1", "a,=1", "a\t=1", "a|=1", "a;;'=1",
    "=1", "=A1", "\u202e=1", "\x00=1", "_x003D_1",
)  # fmt: skip
SEPARATORS = (",", ";", "\t", "|")


def _cells(written: bytes, separator: str) -> list[str]:
    text = written.decode("utf-8-sig")
    return [cell for line in csv.reader(StringIO(text, newline=""), delimiter=separator) for cell in line]


def _begins_a_formula(cell: str) -> bool:
    bare = cell.lstrip(' \t\r\n\xa0"')
    return bool(bare) and computes(bare[0])


@pytest.mark.parametrize("separator", SEPARATORS)
def test_no_hostile_cell_of_a_csv_begins_with_a_formula(separator: str) -> None:
    written = as_csv(pd.DataFrame({"=customer_id": HOSTILE, "reason": "x"}))
    assert [cell for cell in _cells(written, separator) if _begins_a_formula(cell)] == []


@given(
    st.lists(
        st.text(alphabet=st.one_of(st.sampled_from("=+-@＝＋－＠−;,|\t\r\n '\"a"), st.characters(codec="utf-8"))),
        min_size=1,
    )
)
def test_no_cell_of_any_csv_begins_with_a_formula(cells: list[str]) -> None:
    written = as_csv(pd.DataFrame({"x": cells, "y": "z"}))
    for separator in SEPARATORS:
        assert [cell for cell in _cells(written, separator) if _begins_a_formula(cell)] == []
    assert len(list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))) == len(cells) + 1


@pytest.mark.parametrize(
    "text", ["KH000123", "0912345678", "Nguyễn Văn A", "A-1", "50 + 3", "nguyen@example.vn", "1,5"]
)
def test_what_computes_nothing_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_what_is_missing_is_an_empty_cell() -> None:
    written = as_csv(pd.DataFrame({"customer_id": ["A", "B"], "phone": [None, float("nan")]}, dtype=object))
    assert written.decode("utf-8-sig").splitlines()[1:] == ['"A",""', '"B",""']


def test_excel_sees_the_accents() -> None:
    assert as_csv(pd.DataFrame({"reason": ["Trung thành"]})).startswith(b"\xef\xbb\xbf")


def test_a_workbook_has_text_and_nothing_else() -> None:
    cells = [*HOSTILE, "0912345678", "+84912345678", "https://x.example", "1E5", "2026-10-31", "TRUE"]
    book = openpyxl.load_workbook(
        BytesIO(as_workbook({"List": pd.DataFrame({"=head": cells}), "Summary": pd.DataFrame()}))
    )
    assert book.sheetnames == ["List", "Summary"]
    column = list(book["List"]["A"])
    assert {cell.data_type for cell in column} == {"s"}
    assert all(cell.hyperlink is None for cell in column)
    assert [cell.value for cell in column[-6:]] == cells[-6:]
    assert column[0].value == "=head"


def test_a_cell_longer_than_a_sheet_holds_is_cut_and_not_lost() -> None:
    book = openpyxl.load_workbook(BytesIO(as_workbook({"List": pd.DataFrame({"x": ["a" * 40_000]})})))
    assert len(str(book["List"]["A2"].value)) == 32_767


def test_a_list_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carestudy.exports.text_cells.MOST_ROWS", 2)
    with pytest.raises(CareError, match=r"the list has 3: write a \.csv"):
        as_workbook({"List": pd.DataFrame({"x": list("abc")})})


def test_a_workbook_is_the_same_each_time() -> None:
    sheets = {"List": pd.DataFrame({"customer_id": ["A"], "reason": ["Lý do"]})}
    assert as_workbook(sheets) == as_workbook(sheets)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_file_is_never_for_everybody(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "new" / "list.csv"
    before = os.umask(mask)
    try:
        write({path: b"x"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o007 == 0


def test_a_failure_leaves_the_old_files_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_bytes(b"old")
    asked: list[int] = []

    def full(handle: int) -> None:
        asked.append(handle)
        if len(asked) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("carestudy.exports.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write({one: b"new", two: b"new"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"one.csv": b"old"}
