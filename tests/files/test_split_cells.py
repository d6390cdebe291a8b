"""A row with one cell too many is put together only where one place alone can be the cut one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from carestudy.files.csv_file import read
from carestudy.files.row_table import OTHER_WIDTH, Rows

HEADER = "Mã KH,Địa chỉ,Tỉnh,Số điểm\n"
WHOLE = "KH001,Phố Huế,Hà Nội,12\nKH002,Lê Lợi,Huế,30\nKH003,,Huế,7\n"


def found(path: Path, text: str) -> Rows:
    (path / "khách.csv").write_text(text, "utf-8")
    return read(path / "khách.csv")


def cells(rows: Rows) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in rows.cells.columns), strict=True))


@pytest.mark.parametrize("separator", [",", ";"])
def test_an_address_with_a_separator_in_it_is_put_together_where_it_stood(tmp_path: Path, separator: str) -> None:
    text = "KH004,12, ngõ 3,Huế,5\n" + WHOLE + "KH005,24, phố Vọng,Hà Nội,9\n"
    rows = found(tmp_path, (HEADER + text).replace(",", separator))
    assert cells(rows)[0] == ("KH004", f"12{separator} ngõ 3", "Huế", "5")
    assert cells(rows)[-1] == ("KH005", f"24{separator} phố Vọng", "Hà Nội", "9")
    assert (rows.lines.tolist(), rows.broken.tolist()) == ([2, 3, 4, 5, 6], [])
    assert rows.split == ("Địa chỉ", (2, 6))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("KH004,12,ngõ 3,Huế,5\n", "no space tells the place"),
        ("KH004,12, ngõ 3, Huế,5\n", "two places can be the cut one"),
        ("KH004,12, ngõ 3,Huế,5\nKH005,Vọng,Hà Nội, gần ga,9\n", "two rows are cut at two places"),
        ("KH004,12, ngõ 3,Huế,năm\n", "points are numbers, and these are none"),
        ("KH004,12, ngõ 3, nhà 5,Huế,5\n", "two cells too many"),
        ("KH004,Huế,5\n", "a cell too few"),
    ],
)
def test_what_could_be_put_together_in_two_ways_is_not(tmp_path: Path, broken: str, why: str) -> None:
    rows = found(tmp_path, HEADER + WHOLE + broken)
    assert (len(rows.lines), set(rows.reasons), rows.split) == (3, {OTHER_WIDTH}, ("", ())), why


def test_where_cells_begin_with_spaces_anyway_a_space_tells_nothing(tmp_path: Path) -> None:
    rows = found(tmp_path, HEADER + "KH001, Phố Huế,Hà Nội,12\n" + WHOLE + "KH004,12, ngõ 3,Huế,5\n")
    assert rows.reasons == (OTHER_WIDTH,)


def test_a_file_of_more_broken_rows_than_whole_ones_is_left_as_it_is(tmp_path: Path) -> None:
    rows = found(tmp_path, HEADER + WHOLE + "KH004,12, ngõ 3,Huế,5\n" * 4)
    assert len(rows.broken) == 4
