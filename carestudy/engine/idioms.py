"""Expressions that every engine computes alike; no other module handles differences between engines.

The engine returns integer counts and sums, each division is done on the small frame: sums of floating point numbers
differ from run to run, and engines do not divide alike.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from carestudy.engine.expressions import Table, Value, interval, literal, row_number, window

WIDE = "decimal(19, 0)"


def integer(expression: Value | bool) -> Value:  # noqa: FBT001 - a condition may be one for all rows
    """A condition or a number of a row as an integer, 0 where it is not known."""
    if isinstance(expression, bool | int):
        return literal(int(expression), "int64")
    if expression.type().is_boolean():
        return expression.ifelse(1, 0).fill_null(0).cast("int64")
    return expression.cast("int64").fill_null(0)


def true(condition: Value | bool) -> Value:  # noqa: FBT001
    """A condition that is false where it is not known."""
    return literal(condition) if isinstance(condition, bool) else condition.fill_null(literal(False))  # noqa: FBT003


def has_text(column: Value) -> Value:
    """Whether a text has a character that is no space; not known where there is no text.

    By a pattern: Ibis' ``strip`` takes the letters v and f off as well on Spark.
    """
    return column.re_search(r"\S")


def total(column: Value) -> Value:
    """The integer sum of a column, 0 over no rows."""
    return column.sum().fill_null(0)


def product_sum(left: Value, right: Value, *, wide: bool) -> Value:
    """The integer sum of products; ``wide`` where the products of amounts could overflow 64 bits."""
    if wide:
        return (left.cast(WIDE) * right.cast(WIDE)).sum().fill_null(0)
    return (left * right).sum().fill_null(0)


def next_in(table: Table, column: str, *, of: list[Any], order: list[str]) -> Value:
    """The value of a column in the next row of the same group, in this order."""
    return table[column].lead().over(window(group_by=of, order_by=order))


def different(table: Table, column: str, *, of: str, name: str) -> Table:
    """Count the distinct values of a column for each value of ``of``: one row for each.

    By two groupings: the state of a distinct count cannot be spilled to disk by an engine.
    """
    distinct = table.select(of, column).distinct()
    return distinct.group_by(of).aggregate(**{name: distinct[column].count().cast("int64")})


def medians(table: Table, column: str, *, of: str, name: str) -> Table:
    """The median of a column of integers for each value of ``of``: one row for each that has any.

    By row numbers: the state of a median cannot be spilled to disk by an engine.
    """
    known = table.filter(table[column].notnull()).select(of, column)
    placed = known.mutate(
        carestudy_place=row_number().over(window(group_by=of, order_by=column)),
        carestudy_last=known.count().over(window(group_by=of)) - 1,
    )
    position, last = placed.carestudy_place, placed.carestudy_last
    middle = placed.filter((position == last // 2) | (position == (last + 1) // 2))
    middle_sums = middle.group_by(of).aggregate(sum=middle[column].sum(), count=middle.count())
    return middle_sums.select(of, **{name: middle_sums["sum"].cast("float64") / middle_sums["count"].cast("float64")})


def days(count: int) -> Value:
    """A span of days."""
    return interval(days=count)


def within(column: Value, start: date, end: date) -> Value:
    """Whether a day or moment lies in the half-open span of days."""
    kind = "date" if column.type().is_date() else "timestamp"
    return true((column >= literal(str(start)).cast(kind)) & (column < literal(str(end)).cast(kind)))


def bounds_passed(day: Value, bounds: list[date]) -> Value:
    """How many of the sorted bounds lie on or before a day; all of them and one more where there is no day."""
    moments = [literal(str(bound)).cast(day.type()) for bound in bounds]
    steps = [(moment <= day).ifelse(1, 0) for moment in moments]
    passed = steps[0]
    for step in steps[1:]:
        passed = passed + step
    return day.isnull().ifelse(len(bounds) + 1, passed).cast("int64")


def small_table(rows: pd.DataFrame) -> Table:
    """A few rows of our own, to be joined in the engine; a column that holds nothing is one of text."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    known = [field_.with_type(pa.string()) if pa.types.is_null(field_.type) else field_ for field_ in table.schema]
    return ibis.memtable(table.cast(pa.schema(known)))
