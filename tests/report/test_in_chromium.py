"""The stored report as a page in a real browser: on a phone, on a screen and on paper."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import Tab, tab
from pypdf import PdfReader

from carestudy.report.export import CareExporter

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "care_report.ipynb"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    html, _ = CareExporter(lang="vi").from_notebook_node(nbformat.read(NOTEBOOK, 4))
    path = tmp_path_factory.mktemp("page") / "care_report.vi.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(chromium, tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({one.stem for one in NOTEBOOK.parent.glob("*.ipynb")} - {"explore"}))
def test_every_report_fits_a_phone_asks_for_nothing_and_can_be_used_by_everybody(
    browser: Tab, tmp_path: Path, name: str
) -> None:
    html, _ = CareExporter(lang="vi").from_notebook_node(nbformat.read(NOTEBOOK.with_stem(name), 4))
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    browser.open(tmp_path / "page.html", 360)
    assert browser.value("document.documentElement.scrollWidth") <= 360
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []
    assert browser.complaints == []
    assert browser.barriers() == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 390, 1000])
def test_the_page_fits_asks_for_nothing_and_complains_of_nothing(browser: Tab, page: Path, width: int) -> None:
    browser.open(page, width)
    assert browser.value("document.documentElement.scrollWidth") <= width
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []
    assert browser.complaints == []


@pytest.mark.slow
def test_every_picture_is_drawn_and_every_link_of_the_contents_leads_somewhere(browser: Tab, page: Path) -> None:
    browser.open(page, 1000)
    assert browser.value("[...document.images].length") > 10
    assert browser.value("[...document.images].every(image => image.naturalWidth > 0 && image.alt.length > 20)")
    links = "[...document.querySelectorAll('a[href^=\"#\"]')]"
    assert browser.value(f"{links}.length") >= 5
    assert browser.value(f"{links}.every(link => document.getElementById(decodeURIComponent(link.hash.slice(1))))")


@pytest.mark.slow
def test_printed_on_a4_the_pages_have_text_and_numbers(browser: Tab, page: Path) -> None:
    browser.open(page, 1000)
    printed = browser.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
    sheets = PdfReader(io.BytesIO(base64.b64decode(printed))).pages
    assert 3 <= len(sheets) <= 16
    width, height = (float(side) for side in sheets[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    assert all(len(sheet.extract_text()) > 50 for sheet in sheets[:-1])
    assert "Báo cáo chăm sóc khách hàng" in sheets[0].extract_text()
