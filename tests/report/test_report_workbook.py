"""A report as a workbook says what its figures say, in both languages, and verify finds a cell that was changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from places import Place
from python_calamine import CalamineWorkbook
from tiny import showing

from carestudy.__main__ import main
from carestudy.report.report_charts import pattern_of
from carestudy.report.report_workbook import different_cells, workbook


def figure(kpi: str, value: float | None, period: str = "2026-09", unit: str = "share", **by: str) -> dict[str, Any]:
    low, high = (None, None) if value is None else (round(value * 0.9, 6), round(value * 1.1, 6))
    counts = {"n": 40, "numerator": 10, "denominator": 40}
    return {"kpi": kpi, "value": value, "low": low, "high": high, "period": period, "unit": unit, "by": by, **counts}


def report(*figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "notebook": "care", "company": "=1+1", "parameters": {"period": "2026-09", "lang": ["vi", "en"]},
        "tables": [{"table": "customers", "source": "a.csv", "read": 3, "used": 3, "set_aside": 0, "hash": "ab"}],
        "figures": list(figures), "as_of": "2026-10-01T00:00:00+07:00", **more,
    }  # fmt: skip


MONTHS = ("2026-07", "2026-08", "2026-09")
SERIES = [figure("csat", value, month) for value, month in zip((0.7, 0.8, 0.9), MONTHS, strict=True)]
CHANNELS = [figure("nps", value, unit="points", channel=name) for value, name in ((40.0, "=1+1"), (None, "Zalo"))]


def sheets(content: bytes, path: Path) -> dict[str, list[list[Any]]]:
    path.write_bytes(content)
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("en", ["Findings", "Figures", "Over time", "By group", "Definitions", "Sources"]),
        ("vi", ["Điều cần hành động", "Các chỉ số", "Diễn biến", "Theo nhóm", "Định nghĩa", "Nguồn dữ liệu"]),
    ],
)
def test_every_figure_stands_in_it_as_a_number_with_its_interval(lang: str, names: list[str], tmp_path: Path) -> None:
    content = sheets(workbook(report(*SERIES, *CHANNELS), lang), tmp_path / "x.xlsx")
    assert list(content) == names
    assert [row[:6] for row in content[names[1]][1:]] == [["CSAT", content[names[1]][1][1], 0.9, 0.81, 0.99, 40]]
    assert [row[2] for row in content[names[2]][1:]] == [0.7, 0.8, 0.9]
    assert [row[1:3] for row in content[names[3]][1:3]] == [["=1+1", 40], ["Zalo", ""]]


def test_text_of_the_data_is_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook(report(*CHANNELS), "en"))
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_it_has_charts_that_excel_can_edit_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    content = workbook(report(*SERIES, *CHANNELS), "en")
    assert content == workbook(report(*SERIES, *CHANNELS), "en")
    (tmp_path / "x.xlsx").write_bytes(content)
    with ZipFile(tmp_path / "x.xlsx") as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 2
        assert all(b"customers_" not in parts.read(name) for name in charts)


def test_a_report_without_findings_or_figures_says_so(tmp_path: Path) -> None:
    content = sheets(workbook(report(), "en"), tmp_path / "x.xlsx")
    assert content["Findings"][1][0] == "Nothing unusual in this period."


@pytest.mark.parametrize(
    ("unit", "pattern"), [("share", "0.0%"), ("money", "#,##0"), ("count", "#,##0"), ("new", "0.0")]
)
def test_numbers_are_written_by_their_unit(unit: str, pattern: str) -> None:
    assert pattern_of(unit) == pattern


def test_a_changed_cell_is_named(tmp_path: Path) -> None:
    told = report(*SERIES, *CHANNELS)
    path = tmp_path / "care.en.xlsx"
    path.write_bytes(workbook(told, "en"))
    assert list(different_cells(path, told, "en")) == []
    book = openpyxl.load_workbook(path)
    book["Figures"]["C2"] = 0.95
    book.save(path)
    assert list(different_cells(path, told, "en")) == [
        "care.en.xlsx: cell C2 of 'Figures' does not hold what the report says"
    ]


@pytest.mark.slow
def test_the_command_writes_workbooks_that_verify_accepts_until_a_cell_is_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place.of_three_customers(tmp_path)
    place.notebook(showing(figures=[figure("nps", 42.0, unit="points")]))
    run = ["report", "care.ipynb", "--data", "data", "--period", "2026-09", "--lang", "both", "--out", "out", "--xlsx"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert main(run) == 0
        folder = tmp_path / "out" / "2026-09"
        assert {"care.vi.xlsx", "care.en.xlsx"} <= {file.name for file in folder.iterdir()}
        told = json.loads((folder / "care.figures.json").read_text("utf-8"))
        assert list(different_cells(folder / "care.vi.xlsx", told, "vi")) == []
        check = ["verify", str(folder / "care.en.xlsx"), "--data", "data", "--notebook", "care.ipynb"]
        assert main(check) == 0
        book = openpyxl.load_workbook(folder / "care.vi.xlsx")
        book.worksheets[1]["C2"] = 43
        book.save(folder / "care.vi.xlsx")
        capsys.readouterr()
        assert main(check) == 3
        assert "care.vi.xlsx: cell C2" in capsys.readouterr().out
        assert main(run[:-1]) == 0  # without workbooks, those of an earlier run go
        assert not list(folder.glob("*.xlsx"))
