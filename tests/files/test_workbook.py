"""Workbooks as spreadsheets and programs write them; what no spreadsheet writes is refused before it is opened."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.protection import WorkbookProtection

from carestudy.contract import CareError
from carestudy.files import workbook_archive
from carestudy.files.row_table import BELOW_TOTAL, ERROR_CELL, HEADER_AGAIN, NOT_COMPUTED, TOTAL, Rows
from carestudy.files.workbook import read

NAMES = ["Mã KH", "Họ tên", "Ngày mua", "Số tiền"]
LAN = ["001", "Lan", datetime(2026, 10, 1), 1_200_000]  # noqa: DTZ001  cells have no zone
NAM = ["002", "Nam", datetime(2026, 10, 2, 18, 5, 9), 900_000]  # noqa: DTZ001
SHEET = "xl/worksheets/sheet1.xml"


OLD_BOOK = """
c-rk)O-NKx6#njeZ^jwZanw=MXc&a7R8Vu%M#qBEFvX%MA}Do4#T;X>g)Pc5mqE~~pN(LPHd>p0s33Pig^>%P5M~lu)G8=wp-$(V_r|nlz=5(K-
Z$R!?)mPy=l*)neeczDZglK!Nen-r9y*rdZa7zPijq5_ctPdyIA;@27p1t3e+q6FEu_<dN7*kjcnx{IW6*HNm?8<hqjVgn(K-
<B3ale`OCQ=5_o0rY!cAg4D3)I3iR=`aFLF{WAB$`d=Ca5-
vW==^m=3m<@3eODQLR+UJYc`~rOq2+YEXb@yo=9YQKqc}yCS{qr|g11Qs6hTFb>+7ja}ic2<thxg-jq6s_O5r8X`pDqfI-GFYy5IIdM8Y4cPqp@(RR%UCn
2t;9V(rcM3j}7CjliA%%Tb3O+jp?@7Vuq~N_t_^X-$3?qJ04y#dWYu3Rf4m9_~I(rt-
&HGjo@h$U#<|Zdp6JGiQ7{mvJLG@d^qeBMNA@pL(AEtR#UNuh*MKI^@rHG8`>Kc;!+ryIIAqKPLVN$*IcbW#Z+=O|odsiLn*>c=vkqptuIG-zro|o2R;r6
H3Egfya6T%EjC^rNC79JPkxWF~2vPVh`m}3LVrACFwi{f>Y<V!^Q$cCO}Z3R|l?}*r3lF~A2r&cf%+`1yajq;-(4?OUX&Ih+sexfmU);BR5978GXkr37A-
v}yIrMiBN@i3TpDl0h5i7fspP`EU&)%Un{tI5HlEDLBp7^cRvqn0(znk!S&Nz<1#gEYhPtde+E60jVWJ@-
6c*5e7WioE*JF{9B5sMYTyuMW*ctbsz3>`_bNk+~v17A;L-qpX;&aY$p2hY1xo-Zz}nxLl`scwT;{fPHJ^yTt0Pp2W8<^T5|Uw$^2=MaqfIlryYx^EJ<`l
mWluKfPYd!#(a7Mc?npgbf=uY}l}2<L`r#%MB!~8`hQ1DS_SmuCqvK$^K08-{K$!=r>637<=dyWRTu8hSJ(Ug>a~ZFSW)xiSLDsBh-
2Xedv&W^rgLj>9Vg@j%Upky}#~XDBbp#(&^`KZvPv>m^M@
"""


def book(path: Path, *sheets: Iterable[Iterable[Any]], mend: Callable[[Any], object] | None = None) -> Path:
    """A workbook with these rows in its sheets; ``mend`` does to the first what rows cannot say."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Tờ {number}")
        for row in rows:
            sheet.append(list(row))
    if mend:
        mend(made.worksheets[0])
    made.save(path / "bán hàng.xlsx")
    return path / "bán hàng.xlsx"


def edited(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one part of its archive changed or added."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def table(path: Path) -> Rows:
    (only,) = read(path).values()
    return only


def cells(rows: Rows) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in rows.cells.columns), strict=True))


def column(path: Path, *values: Any) -> Any:
    """The Arrow column that a sheet with these values in its second column gives."""
    return table(book(path, [["Mã", "X"], *([number, value] for number, value in enumerate(values))])).cells["1"]


def refused(path: Path) -> str:
    with pytest.raises(CareError) as problem:
        read(path)
    assert "\n" not in str(problem.value)
    assert str(problem.value).startswith(path.name)
    return str(problem.value)


def test_a_sheet_is_read_with_the_numbers_of_its_rows(tmp_path: Path) -> None:
    rows = table(book(tmp_path, [NAMES, LAN, NAM]))
    assert (rows.columns, cells(rows), rows.lines.tolist()) == (NAMES, [tuple(LAN), tuple(NAM)], [2, 3])
    assert rows.cells.schema.types == [pa.string(), pa.string(), pa.timestamp("us"), pa.int64()]
    assert (len(rows.broken), rows.reasons, len(rows.above)) == (0, (), 0)


def test_a_table_may_stand_anywhere_in_a_sheet(tmp_path: Path) -> None:
    rows = table(book(tmp_path, [[], [], *([None, None, *row] for row in (NAMES, [], LAN, [" "], NAM))]))
    assert (rows.columns, cells(rows), rows.lines.tolist()) == (NAMES, [tuple(LAN), tuple(NAM)], [5, 7])


def test_all_sheets_with_rows_are_read_and_hidden_ones_marked(tmp_path: Path) -> None:
    cover = [["CÔNG TY MẪU"], [], ["Báo cáo tháng 10"]]
    path = book(tmp_path, cover, [NAMES, LAN], [], [NAMES], [NAMES, NAM])
    made = openpyxl.load_workbook(path)
    made["Tờ 5"].sheet_state = "hidden"
    made.create_chartsheet("Hình", 0)
    made.save(path)
    assert {name: cells(rows) for name, rows in read(path).items()} == {"Tờ 2": [tuple(LAN)], "Tờ 5": [tuple(NAM)]}
    assert {name: rows.hidden for name, rows in read(path).items()} == {"Tờ 2": False, "Tờ 5": True}


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    rows = table(book(tmp_path, [NAMES]))
    assert (rows.columns, len(rows.lines), rows.cells.num_rows) == (NAMES, 0, 0)


@pytest.mark.parametrize("sheets", [[[]], [[["Báo cáo"], ["tháng 10"]]]])
def test_a_workbook_without_a_table_is_an_error(tmp_path: Path, sheets: list[Any]) -> None:
    assert "holds no table: no row of any sheet fills two cells" in refused(book(tmp_path, *sheets))


def test_hidden_and_filtered_rows_and_columns_are_data(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:D3"
        sheet.auto_filter.add_filter_column(1, ["Nam"])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["D"].hidden = True

    assert cells(table(book(tmp_path, [NAMES, LAN, NAM], mend=hide))) == [tuple(LAN), tuple(NAM)]


def test_merged_titles_above_the_header_are_skipped(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("A2:D3")

    titles = [["CÔNG TY MẪU"], ["Báo cáo bán hàng"], [], ["Từ ngày", datetime(2026, 10, 1)]]  # noqa: DTZ001
    rows = table(book(tmp_path, [*titles, NAMES, LAN, NAM], mend=merge))
    assert (rows.columns, cells(rows)) == (NAMES, [tuple(LAN), tuple(NAM)])
    assert (rows.above.tolist(), rows.lines.tolist()) == ([1, 2, 3, 4], [6, 7])


def test_a_merged_header_in_two_storeys_is_joined(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        for area in ("A2:A3", "B2:C2", "D2:E2"):
            sheet.merge_cells(area)

    head = [["Báo cáo"], ["STT", "Khách hàng", None, "Mua", None], [None, "Mã", "Tên", "Ngày", "Tiền"]]
    rows = table(book(tmp_path, [*head, [1, *LAN], [2, *NAM], *head[1:]], mend=merge))
    assert rows.columns == ["STT", "Khách hàng / Mã", "Khách hàng / Tên", "Mua / Ngày", "Mua / Tiền"]
    assert (cells(rows), rows.above.tolist()) == ([(1, *LAN), (2, *NAM)], [1])


def test_a_name_merged_over_its_rows_stands_in_each_of_them_but_an_amount_is_not_counted_again(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        for area in ("A2:A3", "C2:C3", "D2:D3"):
            sheet.merge_cells(area)

    rows = table(book(tmp_path, [NAMES, LAN, [None, "Nam"]], mend=merge))
    assert cells(rows) == [tuple(LAN), ("001", "Nam", LAN[2], None)]


def test_repeated_headers_totals_and_signatures_are_set_aside(tmp_path: Path) -> None:
    end = [NAMES, ["Tổng cộng", None, None, 2_100_000], [], [None, "Người lập", None, "Kế toán"], [None, "Lan"]]
    rows = table(book(tmp_path, [NAMES, LAN, NAM, *end]))
    assert (rows.lines.tolist(), rows.broken.tolist()) == ([2, 3], [4, 5, 7, 8])
    assert rows.reasons == (HEADER_AGAIN, TOTAL, BELOW_TOTAL, BELOW_TOTAL)
    assert rows.cells.schema.types[3] == pa.int64()


def test_thousands_of_formatted_rows_are_no_rows(tmp_path: Path) -> None:
    def format_all(sheet: Any) -> None:
        for number in (*range(3, 3000), 20_000):
            sheet.cell(number, 3).number_format = "dd/mm/yyyy"
        sheet.cell(4000, 1, "002")

    assert table(book(tmp_path, [NAMES, LAN], mend=format_all)).lines.tolist() == [2, 4000]


def test_columns_without_name_are_kept_where_they_hold_something(tmp_path: Path) -> None:
    rows = table(book(tmp_path, [[*NAMES, None, None], [*LAN, None, "x"]]))
    assert (rows.columns, cells(rows)) == ([*NAMES, ""], [(*LAN, "x")])


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ((1, None, 2.0, "  "), pa.int64(), [1, None, 2, None]),
        ((1, 2.5), pa.float64(), [1.0, 2.5]),
        ((2**53, 1), pa.float64(), [2.0**53, 1.0]),
        ((True, None, False), pa.bool_(), [True, None, False]),
        ((date(2026, 10, 1), None), pa.timestamp("us"), [datetime(2026, 10, 1), None]),  # noqa: DTZ001
        (("0912345678", 912345678), pa.string(), ["0912345678", "912345678"]),
        ((12, "?"), pa.string(), ["12", "?"]),
        ((1200.5, 1.234, 0.1, -2.5, 1e-7, "?"), pa.string(), ["1.2005e3", "1.234e0", "1e-1", "-2.5e0", "1e-7", "?"]),
        ((2.0**53, 1e22, -0.0, "?"), pa.string(), ["9.007199254740992e15", "1e22", "0", "?"]),
        ((True, 1), pa.string(), ["TRUE", "1"]),
        ((date(2026, 10, 1), 5, NAM[2]), pa.string(), ["2026-10-01", "5", "2026-10-02 18:05:09"]),
        ((time(8, 30), timedelta(hours=30)), pa.string(), ["08:30:00", "30:00:00"]),
        ((None, None), pa.string(), [None, None]),
        (("=1+1"[1:], "  x "), pa.string(), ["1+1", "  x "]),
    ],
)
def test_a_column_is_one_kind_or_text_that_is_read_in_one_way_only(
    tmp_path: Path, values: tuple[Any, ...], kind: Any, expected: list[Any]
) -> None:
    found = column(tmp_path, *values)
    assert (found.type, found.to_pylist()) == (kind, expected)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1234.5678, 5e-324, 1e300, 123456789.123])
def test_a_fraction_keeps_all_its_digits_as_text(tmp_path: Path, value: float) -> None:
    written = column(tmp_path, value, "?").to_pylist()[0]
    assert float(written) == value
    assert re.fullmatch(r"\d(\.\d+)?e-?\d+", written)


def test_days_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    path = book(tmp_path, [])
    made = openpyxl.load_workbook(path)
    made.epoch = CALENDAR_MAC_1904
    made.active.append(NAMES)
    made.active.append(LAN)
    made.save(path)
    assert b"45929" not in zipfile.ZipFile(path).read(SHEET)
    assert cells(table(path)) == [tuple(LAN)]


def test_rows_with_errors_are_set_aside(tmp_path: Path) -> None:
    rows = table(book(tmp_path, [NAMES, LAN, [*NAM[:3], "#REF!"], [None, None, None, "#N/A"], NAM]))
    assert (rows.lines.tolist(), rows.broken.tolist(), rows.reasons) == ([2, 5], [3, 4], (ERROR_CELL, ERROR_CELL))
    assert rows.cells.schema.types[3] == pa.int64()


def test_errors_beside_the_table_spoil_no_row(tmp_path: Path) -> None:
    rows = table(book(tmp_path, [["#REF!"], NAMES, [*LAN, None, "#REF!"], NAM]))
    assert (rows.lines.tolist(), rows.above.tolist()) == ([3, 4], [1])


def test_formulas_without_results_are_set_aside(tmp_path: Path) -> None:
    path = book(tmp_path, [NAMES, LAN, [*NAM[:3], "=D2*2"], NAM])
    rows = table(path)
    assert (rows.lines.tolist(), rows.broken.tolist(), rows.reasons) == ([2, 4], [3], (NOT_COMPUTED,))
    # As spreadsheets save them: the result beside the formula, be it a number or an empty text.
    for result, value in ((b"<v>5</v>", 5), (b"<v>0</v>", 0)):
        new = edited(path, SHEET, lambda xml, r=result: re.sub(rb"(?<=</f>)<v.*?(?=</c>)", r, xml, flags=re.DOTALL))
        assert cells(table(new))[1] == (*NAM[:3], value)
    empty = edited(
        path, SHEET, lambda xml: re.sub(rb'<c r="D3"[^>]*>', b'<c r="D3" t="str">', xml).replace(b">0<", b"><")
    )
    assert cells(table(empty))[1] == (*NAM[:3], None)


def test_rows_of_nothing_but_formulas_are_counted(tmp_path: Path) -> None:
    for below in ([], [NAM]):
        rows = table(book(tmp_path, [NAMES, LAN, ["=A2", "=B2"], *below, [], [None] * 6 + ["=1"]]))
        assert rows.broken.tolist() == [3, 5 + len(below)]
        assert (rows.lines.tolist(), set(rows.reasons)) == ([2, 4][: 1 + len(below)], {NOT_COMPUTED})


def test_cells_without_an_address_are_counted(tmp_path: Path) -> None:
    def bare(xml: bytes) -> bytes:
        return re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", xml)

    rows = table(edited(book(tmp_path, [NAMES, LAN, [*NAM[:3], "#REF!"]]), SHEET, bare))
    assert (cells(rows), rows.broken.tolist(), rows.reasons) == ([tuple(LAN)], [3], (ERROR_CELL,))


def test_elements_may_have_prefixes(tmp_path: Path) -> None:
    def prefixed(xml: bytes) -> bytes:
        return re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", xml).replace(b" xmlns=", b" xmlns:x=")

    rows = table(edited(book(tmp_path, [NAMES, LAN, [*NAM[:3], "#REF!"]]), SHEET, prefixed))
    assert (cells(rows), rows.reasons) == ([tuple(LAN)], (ERROR_CELL,))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "is empty"),
        (b"<html><table><tr><td>1</table>", "is a web page or XML and no workbook"),
        (b'<?xml version="1.0"?><Workbook/>', "is a web page or XML and no workbook"),
        ("Mã\tTên\n1\tLan\n".encode(), "is a text, or of another kind, and no workbook"),
        (b"PK\x03\x04abc", "it is cut short or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is cut short or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096, "it is cut short or damaged"),
    ],
)
@pytest.mark.parametrize("name", ["x.xlsx", "x.xls"])
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert kind in refused(tmp_path / name)


def test_a_workbook_cut_short_anywhere_is_an_error(tmp_path: Path) -> None:
    path = book(tmp_path, [NAMES, LAN])
    whole = path.read_bytes()
    for length in range(1, len(whole), 211):
        path.write_bytes(whole[:length])
        refused(path)


def test_a_damaged_part_is_an_error(tmp_path: Path) -> None:
    assert "damaged" in refused(edited(book(tmp_path, [NAMES, LAN]), SHEET, lambda xml: xml[: len(xml) // 2]))
    path = book(tmp_path, [NAMES, LAN])
    whole = bytearray(path.read_bytes())
    place = whole.find(SHEET.encode()) + len(SHEET) + 50
    whole[place : place + 9] = b"\xff" * 9
    path.write_bytes(whole)
    assert "damaged" in refused(path)


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as made:
        made.writestr("data.csv", "a,b\n1,2\n")
    assert "no workbook that can be opened" in refused(tmp_path / "x.xlsx")


def test_protection_against_changes_does_not_hinder_reading(tmp_path: Path) -> None:
    path = book(tmp_path, [NAMES, LAN])
    made = openpyxl.load_workbook(path)
    made.active.protection.set_password("x")
    made.security = WorkbookProtection(workbookPassword="x", lockStructure=True)
    made.save(path)
    assert cells(table(path)) == [tuple(LAN)]


def encrypted() -> bytes:
    """The frame that spreadsheets put around a workbook with a password: a file system of three sectors."""

    def entry(name: str, kind: int, child: int = -1, right: int = -1) -> bytes:
        written = name.encode("utf-16-le")
        head = struct.pack("<64sHBBiii", written, len(written) + 2, kind, 1, -1, right, child)
        return head.ljust(116, b"\0") + struct.pack("<iQ", -2, 0)

    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<iiiiiiiiii", 0, 1, 1, 0, 4096, -2, 0, -2, 0, 0) + struct.pack("<i", -1) * 108
    fat = struct.pack("<128i", -3, -2, *[-1] * 126)
    parts = [
        entry("Root Entry", 5, child=1),
        entry("EncryptionInfo", 2, right=2),
        entry("EncryptedPackage", 2),
        bytes(128),
    ]
    return head + fat + b"".join(parts)


@pytest.mark.parametrize("name", ["x.xlsx", "x.xls"])
def test_a_password_is_an_error_that_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(encrypted())
    assert "is protected by a password: save it without one" in refused(tmp_path / name)


def old_book(path: Path, change: Callable[[bytes], bytes] = bytes) -> Path:
    """A workbook as Excel 97 wrote it, packed above."""
    (path / "cũ.xls").write_bytes(change(zlib.decompress(base64.b85decode("".join(OLD_BOOK.split())))))
    return path / "cũ.xls"


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    rows = read(old_book(tmp_path))["Khách"]
    assert rows.columns == ["Mã KH", "Họ tên", "Ngày", "Tiền", "Đã rời"]
    first = ("001", "Lan", datetime(2026, 10, 1), 1_200_000.0, True)  # noqa: DTZ001
    assert cells(rows) == [first, ("002", "Đỗ Ước", datetime(2026, 10, 2, 8, 30), 900_000.5, False)]  # noqa: DTZ001


def test_errors_in_an_old_workbook_are_set_aside(tmp_path: Path) -> None:
    rows = read(old_book(tmp_path))["Khách"]
    assert (rows.lines.tolist(), rows.broken.tolist(), rows.reasons) == ([2, 3], [4], (ERROR_CELL,))


@pytest.mark.parametrize(("kind", "value", "found"), [(2, 42, True), (3, 0, False), (1, 1, False)])
def test_results_of_formulas_in_an_old_workbook_may_be_errors(
    tmp_path: Path,
    kind: int,
    value: int,
    found: bool,  # noqa: FBT001
) -> None:
    def computed(whole: bytes) -> bytes:
        place = whole.index(b"\x05\x02\x08\0\x03\0\x03\0")  # the cell with the error, and the formula after it
        after = whole.index(b"\x06\0", place + 12)
        no_error = whole[: place + 10] + b"\x01\0" + whole[place + 12 : after]
        result = bytes([kind, 0, value, 0, 0, 0]) + b"\xff\xff"
        return no_error + whole[after : after + 10] + result + whole[after + 18 :]

    rows = read(old_book(tmp_path, computed))["Khách"]
    assert rows.broken.tolist() == ([4] if found else [])


def test_an_old_workbook_is_told_by_its_content(tmp_path: Path) -> None:
    assert len(read(old_book(tmp_path).rename(tmp_path / "mới.xlsx"))["Khách"].columns) == 5


@pytest.mark.parametrize("state", [0, 1, 2])
def test_a_hidden_sheet_of_an_old_workbook_is_marked(tmp_path: Path, state: int) -> None:
    def hide(whole: bytes) -> bytes:
        place = whole.index("Khách".encode("latin-1"))  # the state stands four bytes before the name
        return whole[: place - 4] + bytes([state]) + whole[place - 3 :]

    assert read(old_book(tmp_path, hide))["Khách"].hidden == (state > 0)


def test_an_old_workbook_with_a_password_is_an_error_that_says_so(tmp_path: Path) -> None:
    begins = b"\x09\x08\x10\0"

    def lock(whole: bytes) -> bytes:
        place = whole.index(begins) + 20
        return whole[:place] + b"\x2f\0" + whole[place + 2 :]

    assert "is protected by a password" in refused(old_book(tmp_path, lock))


def test_a_damaged_old_workbook_ends_in_nothing_worse_than_a_message(tmp_path: Path) -> None:
    for length in (512, 1024, 4096):
        assert "damaged" in refused(old_book(tmp_path, lambda whole, end=length: whole[:end]))


def test_a_workbook_that_unpacks_beyond_all_measure_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(book(tmp_path, [NAMES, LAN]), "xl/media/x.png", lambda _: bytes(1 << 20))
    assert len(read(path)) == 1
    monkeypatch.setattr(workbook_archive, "LARGE", 1 << 19)
    monkeypatch.setattr(workbook_archive, "TIMES", 1)
    assert "unpacks to 1 MB, which no workbook of its size does" in refused(path)


@pytest.mark.parametrize(("summed", "message"), [(11, "damaged"), (12, "holds more than it declares")])
def test_a_part_that_is_longer_than_it_declares_is_refused(tmp_path: Path, summed: int, message: str) -> None:
    long = b"<sst>" + b" " * 9_000 + b"</sst>"
    path = edited(book(tmp_path, [NAMES, LAN]), "xl/sharedStrings.xml", lambda _: long)
    whole = path.read_bytes()
    for true, false in ((len(long), 11), (zlib.crc32(long), zlib.crc32(long[:summed]))):
        assert whole.count(struct.pack("<I", true)) == 2
        whole = whole.replace(struct.pack("<I", true), struct.pack("<I", false))
    path.write_bytes(whole)
    assert message in refused(path)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_that_declares_types_of_its_own_is_refused(tmp_path: Path, part: str, encoding: str) -> None:
    def declare(xml: bytes) -> bytes:
        body = re.sub(r"<\?xml.*?\?>", "", xml.decode() or "<sst/>")
        return f"<!DOCTYPE x>{body}".encode(encoding)

    assert "declares types and entities of its own" in refused(edited(book(tmp_path, [NAMES, LAN]), part, declare))


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path, [NAMES, LAN])
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(SHEET.upper(), "<x/>")
    assert "holds two parts of one name" in refused(path)


def test_a_cell_far_away_is_an_error_that_names_the_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stray(sheet: Any) -> None:
        sheet["Z90"] = 1

    assert len(read(book(tmp_path, [NAMES, LAN], mend=stray))) == 1
    monkeypatch.setattr(workbook_archive, "MOST_CELLS", 1_000)
    assert "sheet 'Tờ 1' has a cell far away from all others" in refused(book(tmp_path, [NAMES, LAN], mend=stray))


def test_columns_are_numbered_as_spreadsheets_do() -> None:
    places = {"A1": (1, 1), "Z9": (9, 26), "AA10": (10, 27), "XFD1048576": (1048576, 16384)}
    assert {written: workbook_archive._place(written) for written in places} == places
