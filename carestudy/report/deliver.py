"""Delivers a published report on request: a PDF and a workbook beside it, and a copy in a shared folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from carestudy.contract import CareError
from carestudy.report.archived import published
from carestudy.report.publish import PUBLISHED, NotSent, claimed, os_reason, publish
from carestudy.report.report_workbook import workbooks

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
QUIET = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
TIMEOUT = 180
FIGURES = ".figures.json"
# The moment of printing: the same page is to be the same file, wherever and whenever it is printed.
MOMENT = re.compile(rb"(?<=/CreationDate \(D:)\d{14}|(?<=/ModDate \(D:)\d{14}")
NO_MOMENT = b"19800101000000"


def printed(pages: Iterable[Path]) -> list[Path]:
    """A PDF beside each page, on A4 with page numbers, by Chromium where there is one, else by WeasyPrint."""
    pdfs = []
    for folder, folder_pages in groupby(pages, key=lambda page: page.parent):
        # In a folder of the run: the next run sweeps what a dead one left there.
        with _handing_on("printed"), claimed(folder) as work:
            files = {page.with_suffix(".pdf").name: _print(page, work) for page in folder_pages}
            publish(work, files)
        pdfs += [folder / name for name in files]
    return pdfs


def tabled(files: Iterable[Path]) -> list[Path]:
    """A workbook in each language beside every file of figures."""
    written: list[Path] = []
    for folder, of_folder in groupby(files, key=lambda file: file.parent):
        figures = [file for file in of_folder if file.name.endswith(FIGURES)]
        with _handing_on("written as workbooks"), claimed(folder) as work:
            books = {
                name: content
                for file in figures
                for name, content in workbooks(file.name.removesuffix(FIGURES), published(file)).items()
            }
            publish(work, books)
        written += [folder / name for name in books]
    return written


def copied(files: Sequence[Path], root: Path, folder: Path) -> list[Path]:
    """Copy files into a shared folder under the same period; either all of them are replaced or none."""
    with _handing_on("copied"):
        folders = {file.parent.relative_to(root) for file in files}
        for subfolder in sorted(folders):
            contents = {file.name: file.read_bytes() for file in files if file.parent.relative_to(root) == subfolder}
            with claimed(folder / subfolder) as work:
                publish(work, contents)
    return [folder / file.relative_to(root) for file in files]


@contextmanager
def _handing_on(action: str) -> Iterator[None]:
    """Raise every failure as ``NotSent``: the report itself is published already."""
    try:
        yield
    except OSError as problem:
        raise NotSent(f"{PUBLISHED}, and was not {action}: {os_reason(problem)}") from None
    except CareError as problem:
        raise NotSent(f"{PUBLISHED}, and was not {action}: {problem}") from None


def _print(page: Path, work: Path) -> bytes:
    pdf = work / "page.pdf"
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        _by_weasyprint(page, pdf)
    else:
        _by_browser(browser, page, pdf)
    content = pdf.read_bytes() if pdf.is_file() else b""
    if not content.startswith(b"%PDF-"):
        raise CareError(f"{Path(browser or 'weasyprint').name} made no PDF of {page.name}")
    pdf.unlink()
    return MOMENT.sub(NO_MOMENT, content)


def _by_browser(browser: str, page: Path, pdf: Path) -> None:
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    home = pdf.with_name("profile")
    command = [browser, *QUIET, *root, f"--user-data-dir={home}", f"--print-to-pdf={pdf}", page.resolve().as_uri()]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CARESTUDY_")}
    environment = inherited | {"HOME": str(home), "TZ": "UTC"}
    try:
        subprocess.run(command, env=environment, capture_output=True, timeout=TIMEOUT, check=True)  # noqa: S603
    except subprocess.SubprocessError as problem:
        raise CareError(f"{Path(browser).name} failed at {page.name} ({type(problem).__name__})") from None


def _by_weasyprint(page: Path, pdf: Path) -> None:
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        needed = "Chromium, Chrome or Edge on the path, or WeasyPrint: pip install 'carestudy[pdf]'"
        raise CareError(f"--pdf needs {needed}") from None
    # WeasyPrint does not apply the styles of a page to the SVG drawings in it.
    html = page.read_text("utf-8").replace("<polyline ", '<polyline fill="none" stroke="#55626e" stroke-width="2" ')
    try:
        HTML(string=html).write_pdf(str(pdf))
    except Exception as problem:  # noqa: BLE001 - it lays out what it can, and raises whatever it stumbles over
        raise CareError(f"WeasyPrint failed at {page.name} ({type(problem).__name__})") from None
