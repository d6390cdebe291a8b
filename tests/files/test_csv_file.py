"""CSV files: every row is counted without the parser, and what is no CSV is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from folders import counts, faults, folder, rows
from hypothesis import given
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.files import csv_file, line_starts
from carestudy.load import load

PLAIN = "response_id,question,score\nR1,nps,9\nR2,nps,3\n"


def refused(path: Path) -> str:
    with pytest.raises(CareError) as problem:
        load(path)
    assert "\n" not in str(problem.value)
    return str(problem.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_separators_line_ends_and_a_byte_order_mark_make_no_difference(
    tmp_path: Path, separator: str, end: str, start: str
) -> None:
    care = load(folder(tmp_path, responses=start + PLAIN.replace(",", separator).replace("\n", end)))
    assert rows(care, "responses", "response_id", "score") == [("R1", 9.0), ("R2", 3.0)]


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    assert counts(load(folder(tmp_path, responses=PLAIN.rstrip("\n"))), "responses") == (2, 2, 0)


def test_cells_in_quotation_marks_may_hold_anything(tmp_path: Path) -> None:
    text = 'response_id,comment\nR1,"Chậm, ""rất"" chậm\nvà đắt"\nR2,Nguyễn "Bi" An\n'
    care = load(folder(tmp_path, responses=text))
    assert rows(care, "responses", "comment") == ['Chậm, "rất" chậm\nvà đắt', 'Nguyễn "Bi" An']


def test_examples_are_lines_of_the_file_whatever_lies_between(tmp_path: Path) -> None:
    text = '\nresponse_id,question,score,comment\n\nR1,nps,9,"a\n\nb"\n\nR2,nps,11,x\nR3,nps,8,x\nR4,nps,12,x'
    care = load(folder(tmp_path, responses=text))
    assert [fault[2:4] for fault in faults(care)] == [(2, (8, 10))]


def test_short_and_long_rows_are_set_aside_and_counted(tmp_path: Path) -> None:
    care = load(folder(tmp_path, responses=PLAIN + "R3,nps\nR4,nps,9,5\nR5,nps,7\n"))
    assert counts(care, "responses") == (5, 3, 2)
    assert faults(care) == [("", "has another number of cells than the header", 2, (4, 5), True)]


def test_rows_that_are_all_shorter_than_the_header_are_an_error(tmp_path: Path) -> None:
    text = "response_id,question,score,\nR1,nps,9\nR2,nps,3\n"
    assert "none of 2 rows can be used; has another number of cells" in refused(folder(tmp_path, responses=text))


@pytest.mark.parametrize("text", [PLAIN + 'R3,"nps,7\nR4,nps,8\n', 'response_id,"question,score\nR1,nps,9\n'])
def test_a_quotation_mark_that_is_never_closed_is_an_error(tmp_path: Path, text: str) -> None:
    line = 4 if text.startswith(PLAIN) else 1
    assert f"never closed, perhaps in line {line}" in refused(folder(tmp_path, responses=text))


def test_quotation_marks_that_swallow_rows_are_an_error(tmp_path: Path) -> None:
    text = 'response_id,question,comment\nR1,nps,5" dài\nR2,nps,x\nR3,nps,7" dài\n'
    assert "quotation mark within a cell" in refused(folder(tmp_path, responses=text))


def test_an_end_of_line_of_another_kind_within_a_file_is_an_error(tmp_path: Path) -> None:
    assert "another end of line" in refused(folder(tmp_path, responses=PLAIN + "R3,nps,7\rR4,nps,8\n"))


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    care = load(folder(tmp_path, responses="response_id,score\n"))
    assert counts(care, "responses") == (0, 0, 0)
    assert rows(care, "responses", "score") == []


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "\r\n"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    assert refused(folder(tmp_path, responses=content)) == "responses.csv is empty"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04abc", "a workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"PAR1abc", "Parquet"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><title>Login</title>", "a web page"),
        (b"\n  <html><body>", "a web page"),
    ],
)
def test_what_is_no_csv_is_named(tmp_path: Path, content: bytes, kind: str) -> None:
    assert refused(folder(tmp_path, responses=content)).startswith(f"responses.csv is {kind}")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_named(tmp_path: Path, encoding: str) -> None:
    assert "responses.csv is written in UTF-16" in refused(folder(tmp_path, responses=PLAIN.encode(encoding)))


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252"])
def test_windows_encodings_are_named_with_the_line(tmp_path: Path, encoding: str) -> None:
    content = (PLAIN + "R3,thái độ,1\n".replace("độ", "d")).encode(encoding)
    assert "responses.csv, line 4, is not written in UTF-8" in refused(folder(tmp_path, responses=content))


def test_a_header_in_another_encoding_is_named(tmp_path: Path) -> None:
    content = "response_id,đi\u1ec3m\nR1,9\n".replace("\u1ec3", "ê\u0309").encode("cp1258")
    assert "line 1, is not written in UTF-8" in refused(folder(tmp_path, responses=content))


def test_bytes_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    assert "no text in line 3" in refused(folder(tmp_path, responses=PLAIN.replace("R2", "R\0")))


def test_a_row_too_large_for_any_use_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "response_id,comment\nR1," + "x" * 500_000 + "\nR2,y\n"
    assert counts(load(folder(tmp_path, responses=text)), "responses") == (2, 2, 0)
    monkeypatch.setattr(csv_file, "LARGEST_ROW", 100_000)
    assert "too large" in refused(tmp_path)


def test_lines_are_counted_across_blocks_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_starts, "BLOCK", 7)
    text = '\r\nresponse_id,comment\r\n\r\nR1,"a\r\nb"\r\n\r\n\r\nR2,cc\r\nR3,"d"\r\n'
    assert csv_file.read(folder(tmp_path, responses=text) / "responses.csv").lines.tolist() == [4, 8, 9]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(1, 40))
def test_rows_that_a_program_wrote_come_back_but_for_empty_ones(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[str, str]], end: str, block: int
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([("response_id", "comment"), *written])
    path = folder(tmp_path_factory.mktemp("data"), responses=text.getvalue()) / "responses.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_starts, "BLOCK", block)
        found = csv_file.read(path)
    filled = [any(cell.strip(" \t\r\n\v\f") for cell in row) for row in written]
    kept = [row for row, something in zip(written, filled, strict=True) if something]
    assert list(zip(*(column.to_pylist() for column in found.cells.columns), strict=True)) == kept
    assert len(found.lines) == len(kept)
    starts = np.cumsum([1, 1, *(sum(cell.count("\n") for cell in row) + 1 for row in written)])[1:-1]
    assert found.lines.tolist() == starts[filled].tolist() if "\r" not in "".join(map("".join, written)) else True
