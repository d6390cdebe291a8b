"""Where tables begin and end: titles, headers of one row or two, totals; and rows of data are never eaten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.files import layout
from carestudy.files.csv_file import read
from carestudy.files.row_table import BELOW_TOTAL, HEADER_AGAIN, OTHER_WIDTH, TOTAL, Rows

NAMES, DATA = "Mã KH,Họ tên,Ngày mua,Số tiền\n", "KH001,Lan,2026-10-01,1200000\nKH002,Nam,2026-10-02,900000\n"
TITLES = ["CÔNG TY MẪU", "Báo cáo bán hàng", "Từ ngày 01/10/2026 đến ngày 31/10/2026"]


def found(path: Path, text: str) -> Rows:
    (path / "bán hàng.csv").write_bytes(text.encode())
    return read(path / "bán hàng.csv")


def cells(rows: Rows) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in rows.cells.columns), strict=True))


def plain(path: Path) -> Rows:
    return found(path, NAMES + DATA)


@pytest.mark.parametrize("padding", ["", ",,,", ",,"])
@pytest.mark.parametrize("between", ["", "\n", "\r\n\n"])
def test_titles_above_the_header_are_skipped_and_named(tmp_path: Path, padding: str, between: str) -> None:
    rows = found(tmp_path, "".join(f"{title}{padding}\n" for title in TITLES) + between + NAMES + DATA)
    assert (rows.columns, cells(rows)) == (plain(tmp_path).columns, cells(plain(tmp_path)))
    start = 4 + between.count("\n")
    assert (rows.above.tolist(), rows.lines.tolist()) == ([1, 2, 3], [start + 1, start + 2])
    assert not len(rows.broken)


def test_titles_stand_above_an_empty_table_too(tmp_path: Path) -> None:
    rows = found(tmp_path, "Báo cáo,,,\n" + NAMES)
    assert (rows.columns[0], rows.above.tolist(), len(rows.lines)) == ("Mã KH", [1], 0)


@pytest.mark.parametrize("title", ["Từ ngày,01/10/2026,,", "Đơn vị:,Công ty Mẫu,,"])
def test_a_title_may_fill_two_cells_of_four(tmp_path: Path, title: str) -> None:
    rows = found(tmp_path, f"{title}\n" + NAMES + DATA)
    assert (rows.columns, rows.above.tolist()) == (plain(tmp_path).columns, [1])


@pytest.mark.parametrize("title", ["Báo cáo, tháng 10, năm 2026, bản nháp", "a|b", "x;y", 'Công ty "Mẫu"'])
def test_what_is_in_a_title_does_not_decide_the_separator(tmp_path: Path, title: str) -> None:
    rows = found(tmp_path, title + "\n" + (NAMES + DATA).replace(",", ";"))
    assert (rows.columns, rows.above.tolist()) == (plain(tmp_path).columns, [1])


def test_decimal_commas_do_not_decide_the_separator(tmp_path: Path) -> None:
    rows = found(tmp_path, "Họ, tên;Điểm;Giá\nLan, A;1,5;2,5\nNam, B;3,5;4,5\n")
    assert rows.columns == ["Họ, tên", "Điểm", "Giá"]


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_a_line_that_names_the_separator_is_no_row(tmp_path: Path, first: str) -> None:
    rows = found(tmp_path, first + "a;b,c,d\n1;2,3,4\n5;6,7,8\n")
    assert (rows.columns, rows.lines.tolist(), cells(rows)) == (
        ["a", "b,c,d"],
        [3, 4],
        [("1", "2,3,4"), ("5", "6,7,8")],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Mã,,\nKH001,Lan,Hà Nội\nKH002,Nam,Huế\n",  # a header without most names
        ",ý kiến\n0,tốt\n1,xấu\n",
        "Tên,\nLan,tốt\nNam,xấu\n",
        "a,b\nx,y,z\np,q,r\n",
        "2024,2025,2026\n1,2,3\n4,5,6\n",
        "Tên,,\nLan,1,2\n",
        "id,name\n1,Lan\n",
        "comment\ntốt\nxấu\n",
        "1,,\n1,2,3\n4,5,6\n",
    ],
)
def test_in_doubt_the_first_row_is_the_header(tmp_path: Path, text: str) -> None:
    rows = found(tmp_path, text)
    assert rows.columns == text.splitlines()[0].split(",")
    assert len(rows.lines) + len(rows.broken) == len(text.splitlines()) - 1
    assert not len(rows.above)


words = st.sampled_from(["", "Lan", "tốt", "Tổng", "12", "KH001", "2026-10-01", "Ghi chú"])


@given(st.lists(st.lists(words, min_size=3, max_size=3), min_size=1, max_size=8))
def test_whatever_the_rows_hold_none_under_a_full_header_is_taken_for_a_title(table: list[list[str]]) -> None:
    place = layout.header([["Mã", "Tên", "Ghi chú"], *table])
    assert (place.first, place.last) == (0, 0)


@pytest.mark.parametrize(
    ("upper", "lower", "columns"),
    [
        ("Khách hàng,,Mua,", "Mã,Tên,Ngày,Tiền", ["Khách hàng / Mã", "Khách hàng / Tên", "Mua / Ngày", "Mua / Tiền"]),
        ("Mã,Tên,Mua,", ",,Ngày,Tiền", ["Mã", "Tên", "Mua / Ngày", "Mua / Tiền"]),
        ("Mã,Mua,,Ghi chú", ",Ngày,Tiền,", ["Mã", "Mua / Ngày", "Mua / Tiền", "Ghi chú"]),
    ],
)
@pytest.mark.parametrize("titles", ["", "Báo cáo,,,\n"])
def test_a_header_in_two_storeys_is_joined(
    tmp_path: Path, upper: str, lower: str, columns: list[str], titles: str
) -> None:
    data = "KH001,2026-10-01,2026-10-01,12\n"
    rows = found(tmp_path, f"{titles}{upper}\n{lower}\n{data}{upper}\n{lower}\n{data}")
    assert rows.columns == columns
    assert len(cells(rows)) == 2
    assert rows.reasons == (HEADER_AGAIN, HEADER_AGAIN)
    assert rows.above.tolist() == ([1] if titles else [])


@pytest.mark.parametrize("second", ["Lan,tốt,Huế,xấu", "KH001,Lan,Huế,tốt", "Mã,Tên,12,Tiền"])
def test_a_row_of_data_is_no_second_storey(tmp_path: Path, second: str) -> None:
    rows = found(tmp_path, f"Tên,,Mua,\n{second}\nNam,tốt,Huế,xấu\n")
    assert (rows.columns, len(rows.lines)) == (["Tên", "", "Mua", ""], 2)


def test_names_of_columns_have_single_spaces(tmp_path: Path) -> None:
    assert found(tmp_path, '"Mã\nkhách  hàng", Tên \n1,Lan\n').columns == ["Mã khách hàng", "Tên"]


def test_a_header_that_comes_again_is_set_aside(tmp_path: Path) -> None:
    rows = found(tmp_path, NAMES + DATA + "\n" + NAMES + DATA + NAMES)
    assert (rows.lines.tolist(), rows.broken.tolist()) == ([2, 3, 6, 7], [5, 8])
    assert rows.reasons == (HEADER_AGAIN, HEADER_AGAIN)


def test_one_name_alone_may_be_an_answer(tmp_path: Path) -> None:
    assert cells(found(tmp_path, "comment\ncomment\ntốt\n")) == [("comment",), ("tốt",)]


@pytest.mark.parametrize(
    "word", ["Tổng cộng", "tong cong", "TỔNG", "Cộng:", "Total", "Grand total", "Sum", "Tổng cộng (2)", "Tổng số: 2"]
)
@pytest.mark.parametrize("row", ["{},,,2100000", ",{},,2.100.000 đ", ",,{},2100000"])
def test_a_total_at_the_end_is_set_aside(tmp_path: Path, word: str, row: str) -> None:
    rows = found(tmp_path, NAMES + DATA + row.format(word) + "\n")
    assert (cells(rows), rows.broken.tolist(), rows.reasons) == (cells(plain(tmp_path)), [4], (TOTAL,))


@pytest.mark.parametrize(
    "row",
    [
        "KH003,Tổng,2026-10-03,5",
        "Tổng,Lan,2026-10-03,5",
        "Tổng Công ty Điện,0901234567,2026-10-03,5",
        "Tổng,0901234567,2026-10-03,5",
        "Sumi,,,5",
        ",Totally,,5",
    ],
)
def test_a_customer_called_like_a_total_is_kept(tmp_path: Path, row: str) -> None:
    rows = found(tmp_path, NAMES + DATA + row + "\n")
    assert (len(rows.lines), len(rows.broken)) == (3, 0)


def test_a_total_within_the_table_is_for_the_contract_to_judge(tmp_path: Path) -> None:
    assert len(found(tmp_path, NAMES + "Tổng cộng,,,5\n" + DATA * layout.LAST).lines) == 2 * layout.LAST + 1


def test_what_stands_below_a_total_is_set_aside(tmp_path: Path) -> None:
    rows = found(tmp_path, NAMES + DATA + "Tổng,,,5\n\n,,,Hà Nội\nNgười lập biểu,,Kế toán,\nLan\n")
    assert (rows.lines.tolist(), rows.broken.tolist()) == ([2, 3], [4, 6, 7, 8])
    assert rows.reasons == (TOTAL, BELOW_TOTAL, BELOW_TOTAL, OTHER_WIDTH)


@pytest.mark.parametrize("empty", [",,,", ' ,"",\t,', '"","","",""'])
def test_rows_in_which_nothing_is_written_are_none(tmp_path: Path, empty: str) -> None:
    rows = found(tmp_path, NAMES + DATA + f"{empty}\n" * 1000 + "KH003,,,\n")
    assert (rows.lines.tolist(), len(rows.broken)) == ([2, 3, 1004], 0)
    assert cells(rows)[-1] == ("KH003", "", "", "")


SHOP = "Order ID,Order Status,Created Time,Order Amount\n"
SOLD = "57{n}0001,Completed,2026-10-0{n} 08:00:00,120{n}00\n"
TOLD = "Platform unique order ID.,Current order status.,Order created time.,It equals the total minus vouchers.\n"


def test_a_row_that_describes_the_columns_is_part_of_the_header(tmp_path: Path) -> None:
    rows = found(tmp_path, SHOP + TOLD + "".join(SOLD.format(n=n) for n in range(1, 6)))
    assert rows.columns == SHOP.strip().split(",")
    assert (len(rows.lines), rows.lines[0], rows.head) == (5, 3, 2)


def test_codes_take_the_words_that_stand_below_them(tmp_path: Path) -> None:
    below = "Mã khách hàng,Ngày trả lời,Bạn có hài lòng không?,Góp ý\n"
    rows = found(
        tmp_path, "V1,V2,Q1,Q2_TEXT\n" + below + "".join(f"KH00{n},2026-10-0{n},{n},ok\n" for n in range(1, 6))
    )
    assert (rows.columns, len(rows.lines)) == (below.strip().split(","), 5)


def test_a_row_of_import_ids_is_part_of_the_header_without_data_too(tmp_path: Path) -> None:
    ids = '"{""ImportId"":""a""}","{""ImportId"":""b""}"\n'
    assert found(tmp_path, f"Q1,Q2\nHow are you?,Why?\n{ids}").columns == ["How are you?", "Why?"]
    assert found(tmp_path, f"Score,Why\n{ids}5,ok\n").columns == ["Score", "Why"]


@pytest.mark.parametrize(
    "second",
    [
        "5710001,Completed,Order created time.,Total of all\n",  # an id is data
        "Platform unique order ID.,,,\n",  # a remark
        "x,y,z,w\n",  # no prose
        "không rõ,Completed,,120000\n",
    ],
)
def test_a_row_with_data_in_it_describes_nothing(tmp_path: Path, second: str) -> None:
    rows = found(tmp_path, SHOP + second + "".join(SOLD.format(n=n) for n in range(1, 6)))
    assert (len(rows.lines), rows.head) == (6, 1)


def test_a_description_needs_rows_of_data_below_it(tmp_path: Path) -> None:
    assert found(tmp_path, SHOP + TOLD + SOLD.format(n=1)).head == 1
