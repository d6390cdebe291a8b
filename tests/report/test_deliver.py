"""A published report is printed and copied whole, or one line says that it was not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pypdf import PdfReader

import carestudy as cs
from carestudy import kpi
from carestudy.report.deliver import NotSent, copied, printed
from carestudy.report.export import CareExporter

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
    # Where one font lacks a letter, the reader of the sheet sees spaces between the letters of a word.
    text = "".join(sheets[0].extract_text().split())
    assert "ĐộiBắc" in text
    assert f"1/{len(sheets)}" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Báo cáo.vi.html", "Báo cáo.vi.pdf"]


@pytest.mark.slow
def test_without_a_browser_weasyprint_prints_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    care = cs.load("data/demo")
    show = cs.Show(care, period="2026-10", lang="vi")
    shown = [show.cover("voice"), show.board(), show.bars(kpi.nps, by="channel", period="2026")]
    cells = [new_code_cell(outputs=[new_output("display_data", one._repr_mimebundle_())]) for one in shown]
    page = tmp_path / "voice.vi.html"
    page.write_text(CareExporter(lang="vi").from_notebook_node(NotebookNode(new_notebook(cells=cells)))[0], "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    (pdf,) = printed([page])
    sheets = PdfReader(pdf).pages
    text = "".join(sheet.extract_text() for sheet in sheets)
    assert [round(float(side)) for side in sheets[0].mediabox[2:]] == [595, 842]
    assert all(
        words in text for words in ("Tiếng nói khách hàng", "Tháng 10/2026", "NPS theo kênh", f"1 / {len(sheets)}")
    )
    assert any(sheet.images for sheet in sheets)
    (again,) = printed([page])
    assert again.read_bytes() == pdf.read_bytes()


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
    copies = copied(files, tmp_path / "out", tmp_path / "shared")
    assert copies == [tmp_path / "shared" / "2026-09" / file.name for file in files]
    assert [copy.read_text() for copy in copies] == [file.name for file in files]


def test_a_folder_that_cannot_be_written_leaves_the_report_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "care.vi.html").touch()
    (tmp_path / "shared").write_text("a file")
    with pytest.raises(NotSent, match="the report is published, and was not copied: ") as told:
        copied([tmp_path / "out" / "care.vi.html"], tmp_path / "out", tmp_path / "shared")
    assert told.value.code == 5
