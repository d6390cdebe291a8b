"""Executes a notebook with papermill, and accepts a run only if every cell is completed and numbered."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.execute import remove_error_markers

from carestudy.contract import CareError
from carestudy.report.kernel import IsolatedKernel
from carestudy.report.time_limit import LIMIT, allowed

START = "start"
TOO_LITTLE_MEMORY = "this machine, or the limit that the run is under, has too little memory for it"
TRACEBACK = "Traceback (most recent call last)"
# As Python, numpy, Arrow and DuckDB call it.
OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError", "ArrowMemoryError", "OutOfMemoryException")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)

# papermill logs the contents of cells, which may be personal; the run reports its own progress.
logging.getLogger("papermill").addHandler(logging.NullHandler())
# asyncio logs what a kernel that was ended leaves waiting, after the one line that says why.
logging.getLogger("asyncio").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Failure:
    """Why and where a notebook stopped, without its data; ``message`` is empty unless it is written for users."""

    cell: int
    heading: str
    kind: str
    message: str = ""

    def __str__(self) -> str:
        return f"'{self.heading}': {self.message}" if self.message else f"'{self.heading}' failed with {self.kind}"


@dataclass(frozen=True)
class Executed:
    """A notebook after its run, and its failure, if it failed."""

    notebook: NotebookNode
    failure: Failure | None = None


@dataclass(frozen=True)
class Run:
    """How to execute a notebook: its parameters, language, kernel and folder, and the time limit of a cell."""

    parameters: Mapping[str, Any]
    lang: str
    kernel: type[IsolatedKernel]
    folder: Path
    cell_timeout: int = round(LIMIT)


def execute(source: NotebookNode, run: Run, tell: Callable[[str], object]) -> Executed:
    """Execute a copy of a notebook from its first cell to its last; a failure is returned, not raised."""
    watch = _Watch(run.lang, tell, run.cell_timeout)
    error: Exception | None = None
    try:
        # The loop of this thread, which jupyter_client would leave open.
        with closing(ensure_event_loop()):
            _execute(deepcopy(source), run, watch)
    except (PapermillExecutionError, RuntimeError, TimeoutError) as caught:
        error = caught
    if watch.notebook is None:
        nothing = NotebookNode(new_notebook(cells=[new_code_cell()]))
        slow = str(error) if isinstance(error, TimeoutError) else ""
        return Executed(nothing, Failure(0, START, "a kernel that did not start", slow))
    notebook = remove_error_markers(watch.notebook)
    return Executed(notebook, _failure(notebook, watch, error))


def _execute(notebook: NotebookNode, run: Run, watch: _Watch) -> None:
    papermill.execute_notebook(
        notebook,
        None,
        dict(run.parameters),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        execution_timeout=run.cell_timeout,
        kernel_manager_class=run.kernel,
        resources={"metadata": {"path": str(run.folder)}},
        record_timing=False,
        shutdown_kernel="immediate",
        on_notebook_start=watch.start,
        on_cell_execute=watch.cell,
    )


class _Watch:
    """Follows a run from cell to cell."""

    def __init__(self, lang: str, tell: Callable[[str], object], limit: float) -> None:
        self.lang, self.tell, self.limit = lang, tell, limit
        self.notebook: NotebookNode | None = None
        self.index = 0

    def start(self, notebook: NotebookNode) -> None:
        self.notebook = notebook

    def cell(self, cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG002 - nbclient passes both
        assert self.notebook is not None  # noqa: S101 - nbclient starts a notebook before its cells
        self.index = cell_index
        code = [index for index, each_cell in enumerate(self.notebook.cells) if _runs(each_cell)]
        progress = f"{code.index(cell_index) + 1}/{len(code)}"
        self.tell(f"[{self.lang}] {progress} {heading(self.notebook, cell_index, self.lang)}")


def heading(notebook: NotebookNode, index: int, lang: str) -> str:
    """The heading that a cell stands under, in the language of the report."""
    other_tags = {"lang-vi", "lang-en"} - {f"lang-{lang}"}
    for cell in reversed(notebook.cells[: index + 1]):
        if cell.cell_type == "markdown" and not other_tags & set(cell.metadata.get("tags", ())):
            headings = HEADING.findall(cell.source)
            if headings:
                return "".join(letter for letter in headings[-1] if letter.isprintable())
    return START


def _failure(notebook: NotebookNode, watch: _Watch, error: Exception | None) -> Failure | None:
    unfinished = [index for index, cell in enumerate(notebook.cells) if _unfinished(cell)]
    if error is None and not unfinished and not notebook.metadata.papermill.exception:
        return None
    with_error = [index for index in unfinished if _errors(notebook.cells[index])]
    # A killed kernel and a timeout leave a cell that looks complete: the failed cell is the one started last.
    index = (with_error or [watch.index])[0] if with_error or error else unfinished[0]
    kind, message = _described(_errors(notebook.cells[index]), error, watch.limit)
    return Failure(index, heading(notebook, index, watch.lang), kind, message)


def _described(errors: list[NotebookNode], error: Exception | None, limit: float) -> tuple[str, str]:
    """The kind of a failure, and its message if the message is written for users."""
    match error:
        case CellTimeoutError():
            return "a timeout", f"a cell took longer than {allowed(limit)}"
        case DeadKernelError():
            return "a kernel that died, as it does where memory is too little", ""
    if not errors:
        return "a cell that did not finish", ""
    kind = _one_line(errors[0].get("ename", "an exception in a thread"))
    if kind in OUT_OF_MEMORY:
        return kind, TOO_LITTLE_MEMORY
    return kind, _one_line(errors[0].evalue) if kind in _for_users(CareError) else ""


def _unfinished(cell: NotebookNode) -> bool:
    if not _runs(cell):
        return False
    completed = cell.metadata.papermill.status == "completed" and cell.execution_count is not None
    return not completed or bool(_errors(cell))


def _errors(cell: NotebookNode) -> list[NotebookNode]:
    outputs = cell.get("outputs", ())
    return [output for output in outputs if output.output_type == "error" or TRACEBACK in _stderr(output)]


def _stderr(output: NotebookNode) -> str:
    return str(output.text) if output.get("name") == "stderr" else ""


def _runs(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and cell.source.strip())


def _for_users(kind: type[CareError]) -> set[str]:
    return {kind.__name__}.union(*(_for_users(narrower) for narrower in kind.__subclasses__()))


def _one_line(message: str) -> str:
    return "".join(letter for letter in " ".join(message.split()) if letter.isprintable())
