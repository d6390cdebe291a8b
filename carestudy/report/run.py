"""A report from start to end: a notebook and parameters in, published pages and figures out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from carestudy.contract import CareError
from carestudy.report import page
from carestudy.report.check import problems
from carestudy.report.execute import CELL_TIMEOUT, Executed, Run, execute
from carestudy.report.figures import agreed, collected, text
from carestudy.report.kernel import DATA, Kernels
from carestudy.report.parameters import accepted
from carestudy.report.publish import claimed, publish, sweep

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Order:
    """Which report is wanted: of which notebook, from which data, for which period, in which languages, and where."""

    notebook: Path
    data: str
    period: str
    languages: tuple[str, ...]
    out: Path
    as_of: str | None = None
    set_aside: bytes = b""
    cell_timeout: int = CELL_TIMEOUT

    @property
    def folder(self) -> Path:
        """Where the report is published."""
        return self.out / self.period

    def name(self, *parts: str) -> str:
        """The name of one of the report's files."""
        return ".".join((self.notebook.stem, *parts))

    @property
    def address(self) -> str:
        """Where the data are, whatever folder one is in."""
        kind, given, file = self.data.partition("://")
        if given:
            # A database in a file: its kernel works in another folder.
            return f"{kind}://{Path(file).resolve()}" if Path(file).is_file() else self.data
        return str(Path(self.data).resolve())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no page may say: where things are on this machine."""
        return self.address, str(self.out.resolve())

    def parameters(self, lang: str) -> dict[str, Any]:
        """What the notebook is given; where the data are stands in the kernel's environment only."""
        given = {"data": f"${DATA}", "period": self.period, "lang": lang}
        return given | ({"as_of": self.as_of} if self.as_of else {})


class ReportFailed(CareError):
    """A report that was not published; the last good one is still in its place."""


class _Unfit(Exception):
    """Why results are not fit to be published, for each language that has a reason."""

    def __init__(self, troubles: Mapping[str, str]) -> None:
        self.troubles = dict(troubles)


def publish_report(order: Order, tell: Tell = str) -> list[Path]:
    """Execute, check and publish a report; returns its files. On failure the last good report stays."""
    if not re.fullmatch(r"\w[\w-]*", order.period):
        raise CareError(f"'{order.period}' is no period")
    source, about = _read(order)
    for lang in order.languages:
        accepted(source, order.parameters(lang))
    sweep(order.out)
    earlier = {order.name(lang, "failed", "html") for lang in order.languages} | {order.name("set_aside", "csv")}
    troubles: dict[str, str] = {}
    with claimed(order.folder) as work:
        results = _execute_all(source, order, work, tell)
        try:
            files = _report(order, results, about)
        except _Unfit as unfit:
            troubles = unfit.troubles
            files = {
                order.name(lang, "failed", "html"): _failed_page(order, lang, results[lang], trouble, about)
                for lang, trouble in troubles.items()
            }
        publish(work, files, obsolete=earlier - set(files))
    paths = [order.folder / name for name in files]
    if troubles:
        first = next(iter(troubles.values()))
        raise ReportFailed(f"{order.notebook.name}: {first}. What there is of it: {', '.join(map(str, paths))}")
    return paths


def _read(order: Order) -> tuple[NotebookNode, dict[str, Any]]:
    try:
        content = order.notebook.read_bytes()
    except FileNotFoundError:
        raise CareError(f"there is no notebook {order.notebook}") from None
    try:
        notebook = nbformat.reads(content.decode(), as_version=4)
    except Exception:  # noqa: BLE001 - nbformat raises whatever it stumbles over
        raise CareError(f"{order.notebook} is no notebook (.ipynb)") from None
    given = order.parameters("") | {"lang": list(order.languages)}
    return notebook, {
        "carestudy": version("carestudy"),
        "notebook": order.notebook.stem,
        "notebook_hash": hashlib.sha256(content).hexdigest()[:16],
        "parameters": {name: value for name, value in given.items() if name != "data"},
    }


def _execute_all(source: NotebookNode, order: Order, work: Path, tell: Tell) -> dict[str, Executed]:
    kernels = Kernels(work, order.address)
    with ThreadPoolExecutor(max_workers=2) as pool:
        try:
            started = {}
            for lang in order.languages:
                kernel = kernels.kind(lang)
                # A folder of its own: nothing that lies beside the notebook is imported by mistake.
                run = Run(order.parameters(lang), lang, kernel, kernel.home, order.cell_timeout)
                started[lang] = pool.submit(execute, source, run, tell)
            # While the kernels work: what turns their results into pages takes its time to load.
            import_module("carestudy.report.export")
            return {lang: result.result() for lang, result in started.items()}
        except BaseException:
            # Stopped, or out of disk: the other kernel must not keep the pool waiting.
            kernels.end()
            raise


def _report(order: Order, results: Mapping[str, Executed], about: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a whole report, each of them checked."""
    if failures := {lang: str(result.failure) for lang, result in results.items() if result.failure}:
        raise _Unfit(failures)
    try:
        figures = agreed({lang: collected(result.notebook) for lang, result in results.items()})
    except CareError as disagreement:
        raise _Unfit(dict.fromkeys(results, str(disagreement))) from None
    pages = {lang: page.render(result.notebook, lang, about) for lang, result in results.items()}
    found = {lang: problems(html, lang, secrets=order.secrets) for lang, html in pages.items()}
    if unfit := {lang: f"the {lang} page has {', '.join(reasons)}" for lang, reasons in found.items() if reasons}:
        raise _Unfit(unfit)
    files = {order.name(lang, "html"): html.encode() for lang, html in pages.items()}
    # Pages are replaced one by one: who reads several can tell by this list whether they belong together.
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[order.name("figures", "json")] = text({**about, **figures, "pages": listed}).encode()
    return files | ({order.name("set_aside", "csv"): order.set_aside} if order.set_aside else {})


def _failed_page(order: Order, lang: str, result: Executed, trouble: str, about: Mapping[str, Any]) -> bytes:
    """As much of the page as can be shown: it passes the same check as a good one."""
    notebooks = [page.only(trouble, lang), page.only("", lang)]
    if result.failure:
        notebooks.insert(0, page.up_to(result.notebook, result.failure))
    pages = (page.render(notebook, lang, about) for notebook in notebooks)
    return next(html for html in pages if not problems(html, lang, secrets=order.secrets)).encode()
