"""A published report is printed and copied whole, or one line says that it was not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from carestudy.report.deliver import NotSent, printed, shared

STYLE = "@page{size:A4;@bottom-right{content:counter(page) ' / ' counter(pages)}}"
PAGE = f"<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>x</title><style>{STYLE}</style></head><body>"


@pytest.mark.slow
def test_a_page_is_printed_on_numbered_a4_sheets(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "Báo cáo.vi.html"
    page.write_text(PAGE + "<p>Đội Bắc</p>" * 120, "utf-8")
    (pdf,) = printed([page])
    assert pdf == tmp_path / "Báo cáo.vi.pdf"
    sheets = PdfReader(pdf).pages
    assert [round(float(side)) for side in sheets[0].mediabox[2:]] == [595, 842]
    assert "Đội Bắc" in sheets[0].extract_text()
    assert f"1 / {len(sheets)}" in sheets[0].extract_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Báo cáo.vi.html", "Báo cáo.vi.pdf"]


def test_without_a_printer_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(NotSent, match="--pdf needs Chromium"):
        printed([tmp_path / "x.html"])


def test_a_report_is_copied_under_its_period(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "2026-09"
    folder.mkdir(parents=True)
    files = [folder / "care.vi.html", folder / "care.figures.json"]
    for file in files:
        file.write_text(file.name)
    copies = shared(files, tmp_path / "out", tmp_path / "shared")
    assert copies == [tmp_path / "shared" / "2026-09" / file.name for file in files]
    assert [copy.read_text() for copy in copies] == [file.name for file in files]


def test_a_folder_that_cannot_be_written_leaves_the_report_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "care.vi.html").touch()
    (tmp_path / "shared").write_text("a file")
    with pytest.raises(NotSent, match="the report is published, and was not copied: ") as told:
        shared([tmp_path / "out" / "care.vi.html"], tmp_path / "out", tmp_path / "shared")
    assert told.value.code == 5
