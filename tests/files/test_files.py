"""Files of every kind by one door, whatever they are called and whatever they hold: nothing ends in a traceback."""

from __future__ import annotations

import gzip
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.files import KINDS, TEXTS, WORKBOOKS, read

TEXT = "Mã KH,Họ tên,Số tiền\nKH001,Lan,12\nKH002,Nam,7\n"


def workbook(path: Path) -> Path:
    made = openpyxl.Workbook()
    for line in TEXT.splitlines():
        made.active.append(line.split(","))
    made.save(path)
    return path


@pytest.mark.parametrize("name", ["x.csv", "x.TSV", "khách hàng.txt", "x.csv.gz", "a.b.txt.GZ"])
@pytest.mark.parametrize("packed", [True, False])
def test_texts_are_read_under_no_name(tmp_path: Path, name: str, packed: bool) -> None:  # noqa: FBT001
    (tmp_path / name).write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    found = read(tmp_path / name)
    assert list(found) == [""]
    assert (found[""].columns, found[""].lines.tolist()) == (["Mã KH", "Họ tên", "Số tiền"], [2, 3])


def test_a_text_is_read_in_the_stated_encoding(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("tên,số\nĐỗ,1\n".replace("ố", "ô\u0301").replace("ỗ", "ô\u0303").encode("cp1258"))
    assert read(tmp_path / "x.csv", "cp1258")[""].cells["0"].to_pylist() == ["Đỗ"]


@pytest.mark.parametrize("name", ["x.xlsx", "x.XLSM", "x.xls"])
def test_workbooks_are_read_by_the_names_of_their_sheets(tmp_path: Path, name: str) -> None:
    found = read(workbook(tmp_path / "x.xlsx").rename(tmp_path / name))
    assert {sheet: rows.lines.tolist() for sheet, rows in found.items()} == {"Sheet": [2, 3]}


@pytest.mark.parametrize("name", ["x.parquet", "x", "x.xlsx.gz", "x.pdf", "x.xlsb", "x.gz"])
def test_other_kinds_are_an_error_that_lists_what_can_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(CareError, match=r"is of no kind that can be read: \.csv, \.tsv, .*\.csv\.gz, .*\.xlsx"):
        read(workbook(tmp_path / "y.xlsx").rename(tmp_path / name))


@pytest.mark.parametrize("name", TEXTS)
def test_a_workbook_called_a_text_is_refused_by_what_it_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(CareError, match="is a workbook or a zip archive and no CSV"):
        read(workbook(tmp_path / "y.xlsx").rename(tmp_path / f"x{name}"))


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_text_called_a_workbook_is_refused_by_what_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / f"x{name}").write_text(TEXT)
    with pytest.raises(CareError, match="is a text, or of another kind, and no workbook"):
        read(tmp_path / f"x{name}")


def ends_well(path: Path, content: bytes, encoding: str | None = None) -> None:
    """Reading gives rows, each of them once, or one line that names the file."""
    path.write_bytes(content)
    try:
        found = read(path, encoding)
    except CareError as problem:
        assert str(problem).startswith(path.name), problem  # noqa: PT017  either end is well
        assert "\n" not in str(problem)  # noqa: PT017
        return
    for rows in found.values():
        lines = [*rows.lines.tolist(), *rows.broken.tolist(), *rows.above.tolist()]
        assert len(set(lines)) == len(lines)
        assert len(rows.reasons) == len(rows.broken)
        assert rows.cells.num_rows == len(rows.lines)
        assert rows.cells.column_names == [str(number) for number in range(len(rows.columns))]


STARTS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"sep=;\n",
]
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(
    st.sampled_from(STARTS),
    st.binary(max_size=300),
    st.sampled_from(KINDS),
    st.sampled_from([None, "cp1258", "cp1252"]),
)
def test_no_bytes_end_in_a_traceback(
    tmp_path: Path, start: bytes, content: bytes, kind: str, encoding: str | None
) -> None:
    ends_well(tmp_path / f"x{kind}", start + content, encoding)


pieces = st.sampled_from(
    ["Mã", "Tên", "Tổng cộng", "Tổng", "1", "2,5", "KH001", "", " ", ",", ";", '"', "\n", "\r\n", "\t", ""]
)


@many
@given(st.lists(pieces, max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
def test_no_text_ends_in_a_traceback(tmp_path: Path, written: list[str], encoding: str) -> None:
    ends_well(tmp_path / "x.csv", "".join(written).encode(encoding))


@many
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=4))
def test_no_damage_to_a_workbook_ends_in_a_traceback(tmp_path: Path, place: int, damage: bytes) -> None:
    whole = workbook(tmp_path / "y.xlsx").read_bytes()
    ends_well(tmp_path / "x.xlsx", whole[:place] + damage + whole[place + len(damage) :])


def test_a_mark_within_a_name_that_hides_the_end_of_the_header_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('Mã"\nMã\tMã"', encoding="utf-8")
    with pytest.raises(CareError, match="2 rows were found in 1: a quotation mark within a cell"):
        read(path)
