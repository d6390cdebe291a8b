"""Reports from start to end: notebooks and parameters in, published pages and figures out."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore, Lock

import nbformat
from nbformat import NotebookNode

from carestudy.contract import CareError
from carestudy.load import settings
from carestudy.report import report_list
from carestudy.report.execute import Executed, Run, execute
from carestudy.report.forks import POSSIBLE, forks
from carestudy.report.kernel import Kernels, environment, room_for_threads
from carestudy.report.notebooks import no_such
from carestudy.report.order import Order, Outcome, ReportFailed, Source
from carestudy.report.outcome import outcome
from carestudy.report.parameters import accepted
from carestudy.report.publish import claimed, publish, sweep

Tell = Callable[[str], object]
DETAILS = ("churn", "segments", "value", "voice", "service")  # the reports that go deeper than the monthly one
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

__all__ = ["Order", "ReportFailed", "Runner", "publish_report", "publish_reports", "read"]


def publish_report(order: Order, tell: Tell = str) -> list[Path]:
    """Execute, check and publish a report; returns its files. On failure the last good report stays."""
    return publish_reports([order], tell)


def publish_reports(orders: Sequence[Order], tell: Tell = str) -> list[Path]:
    """Execute, check and publish several notebooks of one period; a failed one does not hold back the others."""
    orders = [replace(order, beside=_beside(order, orders)) for order in orders]
    sources = {order: read(order) for order in orders}
    first = orders[0]
    sweep(first.out)
    with claimed(first.folder, first.wait) as work:
        several = sum(len(order.languages) for order in orders) > 1
        with kernels(work, first, copies=several and in_files(first)) as run_kernels:
            outcomes = Runner(run_kernels, tell).all(sources)
        files = {name: content for result in outcomes.values() for name, content in result.files.items()}
        earlier = {name for order, result in outcomes.items() for name in order.earlier(failed=bool(result.trouble))}
        publish(work, files, obsolete=earlier - set(files))
    try:
        report_list.rebuild(first.out)
    finally:
        refuse_if_failed(outcomes)
    return [first.folder / name for name in files]


def _beside(order: Order, orders: Sequence[Order]) -> tuple[str, ...]:
    """The detail reports that a page may link to: those of the same run, and those that its folder has by now."""
    if order.beside or order.stem in DETAILS:
        return order.beside
    of_run = {other.stem for other in orders}
    pages = {stem: [order.folder / f"{stem}.{lang}.html" for lang in order.languages] for stem in DETAILS}
    return tuple(stem for stem in DETAILS if stem in of_run or all(page.is_file() for page in pages[stem]))


def refuse_if_failed(outcomes: Mapping[Order, Outcome]) -> None:
    """Raise an error that names every report that was not published, and where its failed pages are."""
    failed = {order: result for order, result in outcomes.items() if result.trouble}
    if failed:
        raise ReportFailed("; ".join(_failure_line(order, result) for order, result in failed.items()))


def _failure_line(order: Order, result: Outcome) -> str:
    where = ", ".join(str(order.folder / name) for name in result.files)
    return f"{order.title}: {result.trouble}. What there is of it: {where}"


def read(order: Order) -> Source:
    """Read the notebook of an order; raises ``CareError`` where it is none or does not accept the parameters."""
    if not re.fullmatch(r"\w[\w-]*", order.period):
        raise CareError(f"'{order.period}' is no period")
    try:
        content = order.notebook.read_bytes()
    except FileNotFoundError:
        raise no_such(order.notebook) from None
    try:
        notebook = nbformat.reads(content.decode(), as_version=4)
    except Exception:  # noqa: BLE001 - nbformat raises whatever it stumbles over
        raise CareError(f"{order.notebook} is no notebook (.ipynb)") from None
    for lang in order.languages:
        accepted(notebook, order.parameters(lang))
    return Source(notebook, hashlib.sha256(content).hexdigest()[:16])


def in_files(order: Order) -> bool:
    """Whether the data are files: copied processes would share the connection of a database, and read each other's
    results."""
    folder = Path(order.data)
    if "://" in order.data:
        return False
    try:
        return not settings.read(folder.parent if folder.is_file() else folder).database
    except (CareError, OSError):
        return False  # the notebook says what is wrong


@contextmanager
def kernels(work: Path, order: Order, *, copies: bool) -> Iterator[Kernels]:
    """The kernels of a run, which share their results; as ``copies``, also the data, which are loaded once."""
    room_for_threads()
    memory = work / "memory"
    memory.mkdir(mode=0o700)
    with ExitStack() as stack:
        forked = None
        if POSSIBLE and copies:
            home = work / "loaded"
            home.mkdir(mode=0o700)
            variables = environment(home, order.address, memory)
            forked = stack.enter_context(forks(variables, order.as_of, order.cell_timeout))
        yield Kernels(work, order.address, forked, memory)


class Runner:
    """Executes orders over the cores of the machine, and turns each into files."""

    def __init__(self, kernels: Kernels, tell: Tell) -> None:
        self.kernels, self.tell = kernels, tell
        self._free = BoundedSemaphore(CORES)
        self._count = Lock()
        self._done, self.single = 0, True

    def all(self, sources: Mapping[Order, Source]) -> dict[Order, Outcome]:
        """Execute all orders; the outcomes have the sequence of the orders."""
        several = len(sources)
        self.single = several == 1
        with ThreadPoolExecutor(max_workers=CORES if several > 1 else 1) as pool:
            try:
                started = [pool.submit(self._one, order, source, several) for order, source in sources.items()]
                # While the kernels work: the exporter of pages takes a while to import.
                import_module("carestudy.report.export")
                return dict(zip(sources, [future.result() for future in started], strict=True))
            except BaseException:
                # Interrupted, or out of disk: the other kernels must not keep the pool waiting.
                self.kernels.end()
                for waiting in started:
                    waiting.cancel()
                raise

    def _one(self, order: Order, source: Source, several: int) -> Outcome:
        try:
            # One after the other: the second language takes its results from those of the first.
            results = {lang: self._execute(order, source.notebook, lang) for lang in order.languages}
        except BaseException:
            self.kernels.end()
            raise
        order_outcome = outcome(order, source, results)
        if several > 1:
            with self._count:
                self._done += 1
                progress = f"{self._done}/{several} {order.title}"
            self.tell(progress + (f": {order_outcome.trouble}" if order_outcome.trouble else ""))
        return order_outcome

    def _execute(self, order: Order, notebook: NotebookNode, lang: str) -> Executed:
        kernel = self.kernels.kind(f"{order.stem}.{lang}")
        # A folder of its own: nothing that lies beside the notebook is imported by mistake.
        run = Run(order.parameters(lang), lang, kernel, kernel.home, order.cell_timeout)
        with self._free:
            return execute(notebook, run, self.tell if self.single else str)
