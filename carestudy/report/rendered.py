"""Renders pages from executed notebooks: of a complete report, and of a failed one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from carestudy.report.execute import Failure
from carestudy.show.words import Reader


def render(notebook: NotebookNode, lang: str, about: Mapping[str, Any]) -> str:
    """Render the page of an executed notebook, with the facts of the run at its foot."""
    from carestudy.report.export import CareExporter

    shown = deepcopy(notebook)
    shown.metadata.pop("papermill", None)
    shown.metadata["carestudy"] = dict(about)
    for index, cell in enumerate(shown.cells):
        # papermill gives the cell it adds a random id.
        cell["id"] = f"cell-{index}"
    html, _ = CareExporter(lang=lang).from_notebook_node(shown)  # type: ignore[no-untyped-call]
    return str(html)


def up_to(notebook: NotebookNode, failure: Failure) -> NotebookNode:
    """Copy a notebook up to the cell that failed, with the failure as the output of that cell."""
    shown = deepcopy(notebook)
    shown.cells = shown.cells[: failure.cell + 1]
    shown.cells[-1].outputs = [_error(failure.kind, failure.message)]
    return shown


def only(message: str, lang: str) -> NotebookNode:
    """A notebook that holds only a message, in place of one that must not be published."""
    title = new_markdown_cell(f"# {Reader(lang).t('Report')}")
    return NotebookNode(new_notebook(cells=[title, new_code_cell(outputs=[_error("CareError", message)])]))


def _error(kind: str, message: str) -> NotebookNode:
    return NotebookNode(new_output("error", ename=kind, evalue=message, traceback=[]))
