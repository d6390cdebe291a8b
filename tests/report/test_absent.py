"""Sections of a page for which the data have nothing are named in one line."""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from carestudy.report.absent import without_absent
from carestudy.show.words import Reader

GAP = '<div class="care"><div class="care-gap"><p><strong>NPS cannot be computed</strong></p></div></div>'
FIGURE = '<div class="care"><p>42</p></div>'


def section(name: str, *outputs: str) -> list[Any]:
    cells = [new_code_cell(outputs=[new_output("display_data", {"text/html": one})]) for one in outputs]
    return [new_markdown_cell(f"## {name}\nA sentence."), *cells]


def headings(cells: list[Any]) -> list[str]:
    return [cell.source.splitlines()[0] for cell in cells if cell.cell_type == "markdown"]


def test_a_section_of_nothing_but_gaps_is_named_at_the_end() -> None:
    cells = [*section("Service", FIGURE), *section("Money", GAP, GAP), *section("Voice", GAP), *section("Data", FIGURE)]
    found = without_absent(cells, Reader("en"))
    assert headings(found) == ["## Service", "## Data", "## Not in this report"]
    assert "Not computed, as data are missing: Money; Voice." in found[-1].source
    assert "Chưa tính được vì thiếu dữ liệu: Money; Voice." in without_absent(cells, Reader("vi"))[-1].source


def test_a_section_with_a_figure_a_failure_or_no_output_stays() -> None:
    failed = [new_markdown_cell("## Failed"), new_code_cell(outputs=[new_output("error", ename="E", evalue="")])]
    cells = [*section("Both", GAP, FIGURE), *failed, *section("Words"), *section("Gap", GAP)]
    assert headings(without_absent(cells, Reader("en")))[:3] == ["## Both", "## Failed", "## Words"]


def test_a_page_of_nothing_but_gaps_stays_as_it_is() -> None:
    cells = [*section("Money", GAP), *section("Voice", GAP)]
    assert without_absent(cells, Reader("en")) == cells


def test_a_page_without_gaps_stays_as_it_is() -> None:
    cells = [*section("Money", FIGURE), *section("Voice", FIGURE)]
    assert without_absent(cells, Reader("en")) == cells
