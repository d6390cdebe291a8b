"""Sections of a page for which the data have nothing: named in one line at its end, not shown as grey boxes."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from carestudy.show.words import Reader

HEADING, GAP = "## ", '<div class="care-gap">'


def without_absent(cells: list[NotebookNode], reader: Reader) -> list[NotebookNode]:
    """The cells of a page without the sections of which every output says what is missing, and a line that names them.

    A page of nothing but such sections stays as it is: it is all that there is to read.
    """
    sections = _sections(cells)
    absent = [section for section in sections if _is_absent(section)]
    if not absent or not any(_outputs(section) for section in sections if section not in absent):
        return cells
    names = "; ".join(section[0].source.splitlines()[0].removeprefix(HEADING).strip() for section in absent)
    line = reader.t("For want of data: {sections}. What is missing is listed by carestudy check.", sections=names)
    kept = [cell for section in sections if section not in absent for cell in section]
    return [*kept, new_markdown_cell(f"{HEADING}{reader.t('Not in this report')}\n{line}")]


def _sections(cells: list[NotebookNode]) -> list[list[NotebookNode]]:
    """The cells by section; what stands before the first heading is one as well."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith(HEADING):
            sections.append([])
        sections[-1].append(cell)
    return sections


def _is_absent(section: list[NotebookNode]) -> bool:
    outputs = _outputs(section)
    headed = bool(section) and section[0].cell_type == "markdown" and section[0].source.startswith(HEADING)
    return headed and bool(outputs) and all(map(_is_gap, outputs))


def _outputs(section: list[NotebookNode]) -> list[Any]:
    return [output for cell in section if cell.cell_type == "code" for output in cell.outputs]


def _is_gap(output: Any) -> bool:
    """Whether an output is nothing but the box that says what is missing."""
    html = output.get("data", {}).get("text/html", "")
    return bool(html.removeprefix('<div class="care">').startswith(GAP))
