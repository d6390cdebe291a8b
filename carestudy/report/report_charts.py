"""The charts of a workbook: native ones, which Excel can edit, of a block of figures in a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carestudy.measure import units
from carestudy.show import labels
from carestudy.show.words import Reader

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Figure = Mapping[str, Any]
BASE = "customers_"  # before the columns of the customer base
GREY, BLUE, PALE = "#8a94a0", "#1f5f8b", "#e3e7ea"


@dataclass(frozen=True)
class Block:
    """A table of figures in a sheet: the line of its headings, and its figures."""

    sheet: Worksheet
    top: int
    rows: Sequence[Figure]


def pattern_of(unit: str) -> str:
    """How Excel writes a number of a unit.

    >>> pattern_of("share"), pattern_of("money"), pattern_of("points"), pattern_of("score")
    ('0.0%', '#,##0', '0.0', '0.00')
    """
    known = units.of(unit)
    if known.percent:
        return "0.0%"
    return "#,##0" if known.money or known.count else "0." + "0" * known.decimals


def name_of(reader: Reader, figure: Figure) -> str:
    """What a reader calls a figure; those of the customer base are named by their column."""
    card = labels.card(str(figure["kpi"]))
    of_base = card.name.removeprefix(BASE)
    if card.definition or of_base == card.name:
        return labels.label(reader, card)
    return f"{reader.t('Customers')}: {labels.lowered(labels.column(reader, of_base))}"


def line_chart(reader: Reader, book: Any, block: Block) -> Any:
    """A line of the values, between the thinner lines of their bounds."""
    t = reader.t
    chart = book.add_chart({"type": "line"})
    for place, name, colour, width in (
        (2, t("Value"), BLUE, 2.25),
        (3, t("Low"), GREY, 0.75),
        (4, t("High"), GREY, 0.75),
    ):
        chart.add_series(_series(block, place) | {"name": name, "line": {"color": colour, "width": width}})
    return _titled(reader, chart, block.rows[0], chart.set_y_axis)


def bar_chart(reader: Reader, book: Any, block: Block) -> Any:
    """A bar for each group with its interval."""
    chart = book.add_chart({"type": "bar"})
    bounds = [[_distance(row, side) for row in block.rows] for side in ("high", "low")]
    error = {"type": "custom", "plus_values": bounds[0], "minus_values": bounds[1]}
    chart.add_series(_series(block, 2) | {"x_error_bars": error, "fill": {"color": BLUE}})
    chart.set_y_axis({"reverse": True})
    least = min((row["value"] for row in block.rows if row["value"] is not None), default=0)
    return _titled(reader, chart, block.rows[0], chart.set_x_axis, {"min": 0} if least >= 0 else {})


def _distance(row: Figure, side: str) -> float:
    """How far a bound lies from the value; 0 where there is none."""
    return 0.0 if row["value"] is None or row.get(side) is None else abs(row[side] - row["value"])


def _series(block: Block, place: int) -> dict[str, Any]:
    name, first, last = block.sheet.get_name(), block.top + 1, block.top + len(block.rows)
    return {"categories": [name, first, 1, last, 1], "values": [name, first, place, last, place]}


def _titled(
    reader: Reader,
    chart: Any,
    figure: Figure,
    value_axis: Callable[[Mapping[str, Any]], None],
    more: Mapping[str, Any] | None = None,
) -> Any:
    chart.set_title({"name": name_of(reader, figure), "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    lines = {"visible": True, "line": {"color": PALE}}
    value_axis({"num_format": pattern_of(figure.get("unit", "")), "major_gridlines": lines, **(more or {})})
    chart.set_size({"width": 560, "height": 300})
    return chart
