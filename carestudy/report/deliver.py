"""What is done with a published report where it is asked for: a PDF beside it, a copy in a shared folder, mail."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from carestudy.contract import CareError
from carestudy.report.publish import claimed, publish

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
QUIET = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
TIMEOUT = 180


class NotSent(CareError):
    """The report is published; it could not be handed on."""

    code = 5


def printed(pages: Iterable[Path]) -> list[Path]:
    """A PDF beside each page, on A4 with page numbers, by Chromium where there is one, else by WeasyPrint."""
    made = []
    for page in pages:
        with TemporaryDirectory(prefix="carestudy-") as folder:
            fresh = Path(folder) / "page.pdf"
            _print(page, fresh)
            content = fresh.read_bytes()
        if not content.startswith(b"%PDF-"):
            raise NotSent(f"{page.name} could not be printed")
        made.append(_put(page.with_suffix(".pdf"), content))
    return made


def shared(files: Sequence[Path], root: Path, folder: Path) -> list[Path]:
    """The files in a shared folder under the same period, all replaced together or none."""
    try:
        places = {file.parent.relative_to(root) for file in files}
        for place in sorted(places):
            mine = {file.name: file.read_bytes() for file in files if file.parent.relative_to(root) == place}
            with claimed(folder / place) as work:
                publish(work, mine)
    except OSError as problem:
        raise NotSent(f"the report was not copied: {problem.strerror or type(problem).__name__}") from None
    return [folder / file.relative_to(root) for file in files]


def _print(page: Path, pdf: Path) -> None:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        _by_weasyprint(page, pdf)
        return
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    home = pdf.with_name("profile")
    command = [browser, *QUIET, *root, f"--user-data-dir={home}", f"--print-to-pdf={pdf}", page.resolve().as_uri()]
    environment = {**os.environ, "HOME": str(home)}
    try:
        subprocess.run(command, env=environment, capture_output=True, timeout=TIMEOUT, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as problem:
        raise NotSent(
            f"{page.name} could not be printed: {Path(browser).name} failed ({type(problem).__name__})"
        ) from None
    if not pdf.is_file():
        raise NotSent(f"{page.name} could not be printed: {Path(browser).name} wrote nothing")


def _by_weasyprint(page: Path, pdf: Path) -> None:
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        raise NotSent("--pdf needs Chromium or Chrome, or pip install 'carestudy[pdf]'") from None
    HTML(filename=str(page)).write_pdf(str(pdf))


def _put(path: Path, content: bytes) -> Path:
    with claimed(path.parent) as work:
        publish(work, {path.name: content})
    return path
