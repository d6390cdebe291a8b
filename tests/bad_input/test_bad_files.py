"""Files that are not the table their name promises: read in the one way they can be, or refused by name."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from exports import GOOD, Content, counts, faults, put, refused, taken, used

from carestudy.check import check
from carestudy.files import encoding

ROWS = [("A1", "2026-01-05"), ("A2", "2026-02-10")]


def _customers(folder: Path, content: Content, **given: str) -> list[tuple[str, str]]:
    care = taken(folder, {"customers": content}, **given)
    return [(one, str(day)) for one, day in used(care, "customers", "customer_id", "joined_on")]


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\r\n\n", "  \n"])
def test_an_empty_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    assert "customers.csv is empty" in refused(tmp_path / "data", {"customers": content})


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"customers": "customer_id,joined_on\n", "staff": "agent\nLan\n"})
    assert counts(care) == (0, 0, 0)
    lines, code = check(str(tmp_path / "data"))
    assert code == 3
    assert any("Customers (customers.csv) has no rows" in line for line in lines)


def test_a_missing_folder_file_or_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert "holds no table" in refused(tmp_path / "none", {})
    assert "'data'" in "\n".join(check(str(tmp_path / "data"))[0])
    said = refused(tmp_path / "data", {"care": '[customers]\nsource = "khach.csv"\n', "khách.csv": GOOD})
    assert "care.toml [customers] source" in said
    assert "did you mean 'khách.csv'?" in said


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<!DOCTYPE html>\n<html><body>Đăng nhập</body></html>", "a web page"),
        ("\ufeff\n  <HTML><form>", "a web page"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PAR1" + bytes(20), "Parquet"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "workbook"),
        (b"PK\x03\x04" + bytes(600), "workbook or a zip archive"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
    ],
)
def test_what_is_no_csv_is_called_what_it_is(tmp_path: Path, content: Content, kind: str) -> None:
    said = refused(tmp_path / "data", {"customers": content})
    assert said.startswith("customers.csv")
    assert kind in said


def test_a_compressed_file_is_unpacked_under_either_name(tmp_path: Path) -> None:
    packed = gzip.compress(GOOD.encode())
    assert _customers(tmp_path / "gz", packed) == ROWS
    care = taken(tmp_path / "named", {"customers.csv.gz": packed})
    assert counts(care) == (2, 2, 0)


def test_a_compressed_file_that_is_cut_damaged_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(GOOD.encode())
    assert "customers.csv" in refused(tmp_path / "cut", {"customers": packed[:-12]})
    assert "customers.csv" in refused(tmp_path / "bad", {"customers": packed[:12] + b"xxxx" + packed[16:]})
    assert "customers.csv" in refused(tmp_path / "void", {"customers": gzip.compress(b"")})
    monkeypatch.setattr(encoding, "LARGE", 1_000)
    monkeypatch.setattr(encoding, "TIMES", 1)
    large = gzip.compress(GOOD.encode() + bytes(2_000))
    assert "unpacks to more than" in refused(tmp_path / "large", {"customers.csv.gz": large})


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_make_no_difference(tmp_path: Path, separator: str, end: str) -> None:
    assert _customers(tmp_path / "data", GOOD.replace(",", separator).replace("\n", end)) == ROWS


def test_the_line_in_which_excel_states_its_separator_is_no_row(tmp_path: Path) -> None:
    assert _customers(tmp_path / "data", f"sep=;\n{GOOD.replace(',', ';')}") == ROWS


def test_titles_above_the_header_are_told_and_no_rows(tmp_path: Path) -> None:
    titled = f"DANH SÁCH KHÁCH HÀNG\nNgày xuất: 31/10/2026\n\n{GOOD}"
    care = taken(tmp_path / "data", {"customers": titled})
    assert counts(care) == (2, 2, 0)
    ((column, reason, lines),) = faults(care, aside=False)
    assert (column, lines) == ("", (1, 2))
    assert "title" in reason


def test_a_header_in_two_rows_is_one_header(tmp_path: Path) -> None:
    text = "Khách,,Thời gian,\nMã,Tên,Ngày tạo,Ngày ngừng\nA1,Lan,2026-01-05,\nA2,Minh,2026-02-10,2026-03-01\n"
    care = '[customers]\ncolumns = { customer_id = "Khách / Mã", joined_on = "Thời gian / Ngày tạo" }\n'
    found = taken(tmp_path / "data", {"customers": text, "care": care})
    assert used(found, "customers", "customer_id") == ["A1", "A2"]
    assert counts(found) == (2, 2, 0)


def test_a_repeated_header_and_a_total_are_set_aside(tmp_path: Path) -> None:
    text = (
        "transaction_id,occurred_at,amount\nT1,2026-01-05,5\ntransaction_id,occurred_at,amount\nT2,2026-01-06,7\n"
        "Tổng cộng,,12\n"
    )
    care = taken(tmp_path / "data", {"transactions": text})
    assert counts(care, "transactions") == (4, 2, 2)
    assert used(care, "transactions", "amount") == [5, 7]
    assert sorted(lines for *_, lines in faults(care)) == [(3,), (5,)]


@pytest.mark.parametrize("word", ["TỔNG CỘNG", "Tổng cộng:", "Grand total", "Total"])
def test_a_total_has_many_names(tmp_path: Path, word: str) -> None:
    text = f"transaction_id,customer_id,occurred_at,amount\nT1,A1,2026-01-05,5\nT2,A1,2026-01-06,7\n{word},,,12\n"
    care = taken(tmp_path / "data", {"transactions": text})
    assert used(care, "transactions", "amount") == [5, 7]
    assert counts(care, "transactions") == (3, 2, 1)


def test_blank_lines_are_no_rows_and_keep_the_count_of_lines(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"customers": "\ncustomer_id,joined_on\n\nA1,2026-01-05\n\n\nA2,2026-02-30\n\n"})
    assert counts(care) == (2, 1, 1)
    assert [lines for *_, lines in faults(care)] == [(7,)]


def test_rows_of_another_width_are_set_aside_by_line(tmp_path: Path) -> None:
    text = f"{GOOD}A3\nA4,2026-01-01,more,0912345678\nA5,2026-01-01\nA6"
    care = taken(tmp_path / "data", {"customers": text})
    assert counts(care) == (6, 3, 3)
    assert faults(care) == [("", "has another number of cells than the header", (4, 5, 7))]


@pytest.mark.parametrize("place", ["A3,'\"Hà Nội", '"A3,2026-01-01', 'A3,2026-01-01,"'])
def test_a_quotation_mark_that_is_never_closed_swallows_no_row(tmp_path: Path, place: str) -> None:
    said = refused(tmp_path / "data", {"customers": f"{GOOD}{place}\nA4,2026-01-01\n"})
    assert "customers.csv: a quotation mark is opened and never closed" in said


def test_bytes_that_are_no_text_are_told_by_line(tmp_path: Path) -> None:
    said = refused(tmp_path / "data", {"customers": f"{GOOD}A3\0,2026-01-01\n"})
    assert said == "customers.csv holds bytes that are no text in line 4"


def test_a_huge_cell_is_a_cell(tmp_path: Path) -> None:
    text = f"response_id,answered_at,comment\nR1,2026-01-05,{'dài ' * 500_000}\nR2,2026-01-06,\n"
    assert counts(taken(tmp_path / "data", {"responses": text}), "responses") == (2, 2, 0)


@pytest.mark.parametrize(
    "name",
    [
        "khách hàng (1).csv",
        "a'b.csv",
        "[2026] *.csv",
        "?.csv",
        "%s {0}.csv",
        "; SELECT 1 --.csv",
        "..csv",
        "-o.csv",
    ],
)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    files: dict[str, Content] = {name: GOOD, "care": f'[customers]\nsource = "{name}"\n', "2.csv": "other\n1\n"}
    care = taken(tmp_path / "data", files)
    assert counts(care) == (2, 2, 0)
    assert care.counts[0].source == name


def test_several_files_of_one_table_are_joined_and_what_stands_twice_is_found(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "gd_1.csv": "transaction_id,occurred_at,amount\nT1,2026-01-05,5\nT2,2026-01-06,7\n",
        "gd_2.csv": "transaction_id,occurred_at,amount\nT2,2026-01-06,7\nT3,2026-01-07,x\n",
        "care": '[transactions]\nsource = "gd_*.csv"\n',
    }
    care = taken(tmp_path / "data", files)
    assert counts(care, "transactions") == (4, 2, 2)
    assert used(care, "transactions", "transaction_id") == ["T1", "T2"]
    told = "\n".join(check(str(tmp_path / "data"))[0])
    assert "gd_2.csv: 3" in told


def test_two_files_that_could_both_be_a_table_are_a_question(tmp_path: Path) -> None:
    said = refused(tmp_path / "data", {"customers.csv": GOOD, "customers.tsv": GOOD.replace(",", "\t")})
    assert "customers.csv" in said
    assert "customers.tsv" in said
    assert "care.toml" in said


def test_a_folder_under_the_name_of_a_file_is_none(tmp_path: Path) -> None:
    data = put(tmp_path / "data", {"staff": "agent\nLan\n"})
    (data / "customers.csv").mkdir()
    care = taken(data, {})
    assert [one.table for one in care.counts] == ["staff"]


def test_a_zip_archive_of_tables_is_refused_and_not_opened(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("customers.csv", GOOD)
    assert "customers.csv" in refused(tmp_path / "data", {"customers": whole.getvalue()})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_every_bad_file_is_told_at_once(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "customers": "", "transactions": "<html>", "contacts": b"PK\x03\x04xx", "responses": '"open\n',
        "staff": "agent\nLan\n",
    }  # fmt: skip
    lines, code = check(str(put(tmp_path / "data", files)))
    assert code == 1
    told = [line for line in lines if line.startswith("  - ")]
    assert len(told) == 4
    assert all(
        any(f"{name}.csv" in line for line in told) for name in ("customers", "transactions", "contacts", "responses")
    )
