"""The fraction engine: integer sums of every fraction of a table, in one query.

Down to the engine go rows (group, period, customer, whole numbers above and below the line), told by ``stream``, and a
``Shape``, which says what is needed of them. Back come the ``SUMS``, integers for each group and period: ``summed``.
Every kind whose author states a ``Fraction`` of rows takes this way; kinds that count customers of the base, ranks or
durations have rows of their own (``stock``, ``kinds.quantile``, ``lasting``), and end in ``engine.integer_sums`` too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.customer_clusters import cluster
from carestudy.measure.limits import Family
from carestudy.measure.rows import BUCKET, CLUSTER, OURS, in_periods, latest_spell, with_dimensions
from carestudy.periods import Period

Each = Callable[[Any, Any], tuple[Any, Any]]
SUMS = ("numerator", "denominator", "n", "units", "squares", "aa", "ab", "bb")


@dataclass(frozen=True)
class Fraction:
    """What one row counts above and below the line: conditions, or whole numbers.

    ``once``: a customer counts once below the line, however many rows they have. ``each``: what a customer counts,
    computed from the sums of their rows. ``interval`` is the family of intervals where it is not that of the KPI's
    unit.
    """

    above: Any
    below: Any
    once: bool = False
    interval: Family | None = None
    per_customer: Each | None = None

    @property
    def of_customers(self) -> bool:
        """Whether customers are counted, and not their rows."""
        return self.once or self.per_customer is not None


@dataclass(frozen=True)
class Shape:
    """Which sums a fraction needs: of customers or of their rows, of squared rows, in 64 bits or more.

    ``flags``: a row counts once below the line or not at all, so that what is summed there is the number of rows.
    """

    once: bool
    flags: bool
    distinct: bool
    squares: bool
    wide: bool
    per_customer: Each | None = None

    @staticmethod
    def of(fractions_of: Collection[Fraction], *, squares: bool = False, distinct: bool = False) -> Shape:
        """The shape of a figure's fractions: ``squares`` of rows are needed, customers count ``distinct`` as well."""
        counted = [side for fraction in fractions_of for side in (fraction.above, fraction.below)]
        amounts = not all(_is_flag(side) for side in counted)
        once = any(fraction.once for fraction in fractions_of)
        flags = all(_is_flag(fraction.below) for fraction in fractions_of)
        per_customer = next((fraction.per_customer for fraction in fractions_of if fraction.per_customer), None)
        return Shape(once, flags, once and distinct, squares, amounts and not squares, per_customer)


def _is_flag(counted: engine.Value) -> bool:
    return counted in (0, 1) if isinstance(counted, int) else bool(counted.type().is_boolean())


def sums(
    care: Care,
    figures: Sequence[Mapping[str, Fraction]],
    shapes: Sequence[Shape],
    by: Sequence[str],
    periods: Sequence[Period],
) -> list[pd.DataFrame]:
    """The sums of several figures that read the same tables: of each figure a row for each group and period."""
    names = list(dict.fromkeys(name for fractions_by_table in figures for name in fractions_by_table))
    streams = [
        stream(care, name, [fractions_by_table[name] for fractions_by_table in figures], by, periods) for name in names
    ]
    rows = streams[0] if len(streams) == 1 else engine.union(*streams)
    return summed(rows, by, shapes)


def stream(
    care: Care, name: str, fractions: Sequence[Fraction], by: Sequence[str], periods: Sequence[Period]
) -> engine.Table:
    """Rows as (group, period, customer, numerators, denominators)."""
    table = marked(care, name, fractions, by, periods)
    letters = [f"{OURS}{letter}_{index}" for index in range(len(fractions)) for letter in "ab"]
    return table.select(*[table[d].cast("string").name(d) for d in by], BUCKET, CLUSTER, *letters)


def marked(
    care: Care, name: str, fractions: Sequence[Fraction], by: Sequence[str], periods: Sequence[Period]
) -> engine.Table:
    """The rows of a table with all their columns, and beside them period, customer, numerators and denominators."""
    columns: dict[str, Any] = {}
    for index, fraction in enumerate(fractions):
        columns[f"{OURS}a_{index}"] = engine.integer(fraction.above)
        columns[f"{OURS}b_{index}"] = engine.integer(fraction.below)
    table = care.table(name)
    table = table.mutate(**columns, **{CLUSTER: cluster(table, name)})
    if name == "customers":
        table = latest_spell(care, table)
    table = with_dimensions(care.with_table(name, table), name, by)
    return in_periods(table, name, periods)


def summed(stream: engine.Table, by: Sequence[str], shapes: Sequence[Shape]) -> list[pd.DataFrame]:
    """The sums of each figure over customers of what each adds: a row for each group and period."""
    keys = [*by, BUCKET]
    customers = by_customer(stream, by, shapes)
    small = engine.integer_sums(customers, keys, aggregates(customers, shapes))
    return [small[keys].assign(**{name: small[f"{name}_{index}"] for name in SUMS}) for index in range(len(shapes))]


def aggregates(customers: engine.Table, shapes: Sequence[Shape]) -> dict[str, engine.Value]:
    """The sums that figures need of what each customer adds, as expressions, each with the number of its figure."""
    return {
        f"{name}_{index}": value
        for index, shape in enumerate(shapes)
        for name, value in _sums_of(customers, index, shape).items()
    }


def by_customer(stream: engine.Table, by: Sequence[str], shapes: Sequence[Shape]) -> engine.Table:
    """What each customer adds to each figure: a row for each group, period and customer."""
    keys = [*by, BUCKET]
    if not any(shape.distinct for shape in shapes):
        # Rows that no fraction counts add nothing: it is no matter whose they are, and fewer customers are grouped.
        counts = [stream[f"{OURS}{letter}_{index}"] != 0 for index in range(len(shapes)) for letter in "ab"]
        stream = stream.mutate(**{CLUSTER: reduce(or_, counts).ifelse(stream[CLUSTER], engine.null("string"))})
    inner: dict[str, Any] = {}
    for index, shape in enumerate(shapes):
        a, b = stream[f"{OURS}a_{index}"], stream[f"{OURS}b_{index}"]
        inner[f"a_{index}"] = a.max() if shape.distinct else engine.total(a)
        inner[f"b_{index}"] = b.max() if shape.once else engine.total(b)
        if not (shape.once or shape.per_customer or shape.flags):
            inner[f"n_{index}"] = engine.total((b != 0).ifelse(1, 0))
        if shape.squares:
            inner[f"s_{index}"] = engine.total(a * a)
    return stream.group_by([*keys, CLUSTER]).aggregate(**inner)


def sides(customers: engine.Table, index: int, shape: Shape) -> tuple[engine.Value, engine.Value]:
    """What each customer counts above and below the line of a figure, given what their rows add to it."""
    a, b = (customers[f"{letter}_{index}"].cast("int64") for letter in "ab")
    if not shape.per_customer:
        return a, b
    above, below = shape.per_customer(a, b)
    return engine.integer(above), engine.integer(below)


def _sums_of(customers: engine.Table, index: int, shape: Shape) -> dict[str, Any]:
    a, b = sides(customers, index, shape)
    counted = engine.total((b != 0).ifelse(1, 0))
    n = (
        counted
        if shape.once or shape.per_customer
        else engine.total(b if shape.flags else customers[f"n_{index}"].cast("int64"))
    )
    return {
        "numerator": engine.total(a),
        "denominator": engine.total(b),
        "n": n,
        "units": counted,
        "squares": engine.total(customers[f"s_{index}"]) if shape.squares else engine.total(a * 0),
        "aa": engine.product_sum(a, a, wide=shape.wide),
        "ab": engine.product_sum(a, b, wide=shape.wide),
        "bb": engine.product_sum(b, b, wide=shape.wide),
    }
