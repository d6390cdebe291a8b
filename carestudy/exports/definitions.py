"""Definitions of figures that other tools can compute: sums of expressions over one row, in SQL.

A figure is exported where its numerator and denominator are sums over rows, each of which counts by what it says
itself. What looks at other rows, counts customers once, or depends on facts of the data is listed with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from carestudy import engine
from carestudy.care import Care, Settings
from carestudy.contract import TABLES, CareError
from carestudy.kpi import ALL
from carestudy.measure.kpi import Kpi

TYPES = {
    "text": "string", "date": "date", "time": "timestamp", "money": "int64", "number": "float64", "integer": "int64",
    "flag": "boolean",
}  # fmt: skip
NO_SUM = "it is no sum over rows"
CUSTOMERS = "it counts customers by all their rows"
OTHER_ROWS = "a row counts by what other rows say"
FACTS = "it depends on the day the data are known up to, or on the scale they use"


@dataclass(frozen=True)
class Measure:
    """A sum: the table, and what each of its rows adds, as an expression in SQL over the columns of the contract."""

    table: str
    expression: str


@dataclass(frozen=True)
class Definition:
    """A figure as a sum, or as a sum over another; ``name`` is its id with letters, digits and underscores alone."""

    name: str
    label: str
    description: str
    unit: str
    numerator: Measure
    denominator: Measure | None = None


def definitions() -> tuple[list[Definition], dict[str, str]]:
    """Every figure that can be exported, and why each of the others cannot, by id."""
    exported: list[Definition] = []
    refused: dict[str, str] = {}
    for figure in ALL.values():
        try:
            exported.append(definition_of(figure))
        except CareError as problem:
            refused[figure.id] = str(problem)
    return exported, refused


def definition_of(figure: Kpi) -> Definition:
    """The definition of a figure in SQL; raises ``CareError`` with the reason where it has none."""
    first, second = (_defined(figure, care) for care in _companies())
    if first != second:
        raise CareError(FACTS)
    return first


def _defined(figure: Kpi, care: Care) -> Definition:
    fractions = figure.fractions(care)
    if not fractions or figure.of_an_end:
        raise CareError(NO_SUM)
    if any(fraction.of_customers for fraction in fractions.values()):
        raise CareError(CUSTOMERS)
    if not figure.adds_up:
        raise CareError(OTHER_ROWS)
    above = _measure(care, {name: fraction.above for name, fraction in fractions.items()}, figure.scale(care))
    below = None if figure.is_sum else _measure(care, {name: f.below for name, f in fractions.items()}, 1.0)
    name = re.sub(r"\W+", "_", figure.id).strip("_")
    return Definition(name, figure.title, figure.definition, figure.unit, above, below)


def _measure(care: Care, sides: dict[str, engine.Value | int], scale: float) -> Measure:
    """The sum of one side, which one table must make up."""
    counted = {name: side for name, side in sides.items() if not (isinstance(side, int) and side == 0)}
    if len(counted) != 1:
        raise CareError(OTHER_ROWS)
    ((name, side),) = counted.items()
    text = engine.row_sql(care.table(name), engine.integer(side))
    if text is None:
        raise CareError(OTHER_ROWS)
    return Measure(name, text if scale == 1 else f"{scale!r} * ({text})")


def _companies() -> list[Care]:
    """Two companies without rows that have every table and column, and differ in what the data tell of themselves."""
    tables = {name: engine.table_without_rows(name, _types(name)) for name in TABLES}
    days = datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 2, 2, tzinfo=UTC)
    return [Care(tables, Settings(), day, ces_scale=scale) for day, scale in zip(days, (5, 7), strict=True)]


def _types(name: str) -> dict[str, str]:
    return {column: TYPES[kind] for column, kind in TABLES[name].columns.items()}
