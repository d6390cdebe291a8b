"""Leaves out the sections of a page that have no data, and names them in one line at its end."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from carestudy.show.words import Reader

HEADING, GAP = "## ", '<div class="care-gap">'


def without_absent(cells: list[NotebookNode], reader: Reader) -> list[NotebookNode]:
    """Return the cells of a page without the sections in which every output is a gap, plus a line that names those.

    A page that has only such sections stays as it is: there is nothing else to read.
    """
    sections = _sections(cells)
    absent = [section for section in sections if _is_absent(section)]
    if not absent or not any(_outputs(section) for section in sections if section not in absent):
        return cells
    names = "; ".join(section[0].source.splitlines()[0].removeprefix(HEADING).strip() for section in absent)
    line = reader.t(
        "Not computed, as data are missing: {sections}. carestudy check lists what is missing.", sections=names
    )
    cells_left = [cell for section in sections if section not in absent for cell in section]
    return [*cells_left, new_markdown_cell(f"{HEADING}{reader.t('Not in this report')}\n{line}")]


def _sections(cells: list[NotebookNode]) -> list[list[NotebookNode]]:
    """Group the cells by section; the cells before the first heading form a section too."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith(HEADING):
            sections.append([])
        sections[-1].append(cell)
    return sections


def _is_absent(section: list[NotebookNode]) -> bool:
    outputs = _outputs(section)
    headed = bool(section) and section[0].cell_type == "markdown" and section[0].source.startswith(HEADING)
    return headed and bool(outputs) and all(map(is_gap, outputs))


def _outputs(section: list[NotebookNode]) -> list[NotebookNode]:
    return [output for cell in section if cell.cell_type == "code" for output in cell.outputs]


def is_gap(output: NotebookNode) -> bool:
    """Whether an output consists only of the box that states what data are missing."""
    html = output.get("data", {}).get("text/html", "")
    return bool(html.removeprefix('<div class="care">').startswith(GAP))
