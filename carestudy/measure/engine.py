"""Expressions and queries that every engine computes alike; no other module handles differences between engines.

The engine returns integer counts and sums, each division is done on the small frame: sums of floating point numbers
differ from run to run, and engines do not divide alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, TypeVar

import ibis
import pandas as pd
import pyarrow as pa
from ibis.common.exceptions import OperationNotDefinedError, UnsupportedOperationError
from ibis.expr import datatypes as dt
from ibis.expr import operations as ops
from ibis.expr import types as ir

from carestudy.care import Care
from carestudy.contract import CareError, Unable
from carestudy.memory import recalled

Fact = TypeVar("Fact")
WIDE = "decimal(19, 0)"
_OVERHEARD: ContextVar[list[str] | None] = ContextVar("overheard", default=None)
OUT_OF_MEMORY = "OutOfMemoryException"  # of DuckDB
CELLS = 20_000  # of our own that are written into a query
DRIVERS = ("psycopg", "duckdb", "_duckdb", "pyspark", "py4j", "MySQLdb", "sqlite3", "grpc", "pyarrow")
# What the first letters of an SQLSTATE mean, the longest first.
STATES = {
    "42501": "its user may not read this",
    "42P01": "a table is no longer there",
    "42703": "a column is no longer there",
    "28": "user or password is wrong",
    "3D": "there is no such database",
    "08": "the connection was lost",
    "57": "the connection was ended or the query cancelled",
    "53": "it has no memory, disk or connection left",
    "22": "a value does not fit where it has to go",
}


def integer(expression: ir.Value | bool) -> ir.Value:  # noqa: FBT001 - a condition may be one for all rows
    """A condition or a number of a row as an integer, 0 where it is not known."""
    if isinstance(expression, bool | int):
        return ibis.literal(int(expression), "int64")
    if expression.type().is_boolean():
        return expression.ifelse(1, 0).fill_null(0).cast("int64")
    return expression.cast("int64").fill_null(0)


def true(condition: ir.Value | bool) -> ir.Value:  # noqa: FBT001
    """A condition that is false where it is not known."""
    return ibis.literal(condition) if isinstance(condition, bool) else condition.fill_null(ibis.literal(False))  # noqa: FBT003


def has_text(column: ir.Value) -> ir.Value:
    """Whether a text has a character that is no space; not known where there is no text.

    By a pattern: Ibis' ``strip`` takes the letters v and f off as well on Spark.
    """
    return column.re_search(r"\S")


def total(column: ir.Value) -> ir.Value:
    """The integer sum of a column, 0 over no rows."""
    return column.sum().fill_null(0)


def product_sum(left: ir.Value, right: ir.Value, *, wide: bool) -> ir.Value:
    """The integer sum of products; ``wide`` where the products of amounts could overflow 64 bits."""
    if wide:
        return (left.cast(WIDE) * right.cast(WIDE)).sum().fill_null(0)
    return (left * right).sum().fill_null(0)


def next_in(table: ibis.Table, column: str, *, of: list[Any], order: list[str]) -> ir.Value:
    """The value of a column in the next row of the same group, in this order."""
    return table[column].lead().over(ibis.window(group_by=of, order_by=order))


def different(table: ibis.Table, column: str, *, of: str, name: str) -> ibis.Table:
    """Count the distinct values of a column for each value of ``of``: one row for each.

    By two groupings: the state of a distinct count cannot be spilled to disk by an engine.
    """
    distinct = table.select(of, column).distinct()
    return distinct.group_by(of).aggregate(**{name: distinct[column].count().cast("int64")})


def medians(table: ibis.Table, column: str, *, of: str, name: str) -> ibis.Table:
    """The median of a column of integers for each value of ``of``: one row for each that has any.

    By row numbers: the state of a median cannot be spilled to disk by an engine.
    """
    known = table.filter(table[column].notnull()).select(of, column)
    placed = known.mutate(
        carestudy_place=ibis.row_number().over(ibis.window(group_by=of, order_by=column)),
        carestudy_last=known.count().over(ibis.window(group_by=of)) - 1,
    )
    position, last = placed.carestudy_place, placed.carestudy_last
    middle = placed.filter((position == last // 2) | (position == (last + 1) // 2))
    middle_sums = middle.group_by(of).aggregate(sum=middle[column].sum(), count=middle.count())
    return middle_sums.select(of, **{name: middle_sums["sum"].cast("float64") / middle_sums["count"].cast("float64")})


def days(count: int) -> ir.Value:
    """A span of days."""
    return ibis.interval(days=count)


def within(column: ir.Value, start: date, end: date) -> ir.Value:
    """Whether a day or moment lies in the half-open span of days."""
    kind = "date" if column.type().is_date() else "timestamp"
    return true((column >= ibis.literal(str(start)).cast(kind)) & (column < ibis.literal(str(end)).cast(kind)))


def bounds_passed(day: ir.Value, bounds: list[date]) -> ir.Value:
    """How many of the sorted bounds lie on or before a day; all of them and one more where there is no day."""
    moments = [ibis.literal(str(bound)).cast(day.type()) for bound in bounds]
    steps = [(moment <= day).ifelse(1, 0) for moment in moments]
    passed = steps[0]
    for step in steps[1:]:
        passed = passed + step
    return day.isnull().ifelse(len(bounds) + 1, passed).cast("int64")


def small_table(rows: pd.DataFrame) -> ibis.Table:
    """A few rows of our own, to be joined in the engine; a column that holds nothing is one of text."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    known = [field_.with_type(pa.string()) if pa.types.is_null(field_.type) else field_ for field_ in table.schema]
    return ibis.memtable(table.cast(pa.schema(known)))


def written_out(expression: ir.Expr) -> ir.Expr:
    """Write small in-memory tables into the query: PostgreSQL would create temporary tables, which a reader may not."""
    small = {table: rows for table in expression.op().find(ops.InMemoryTable) if (rows := _rows(table))}
    if not small or expression.get_backend().name != "postgres":
        return expression
    return expression.op().replace(small).to_expr()


def _refuse_to_lay_down(expression: ir.Expr, backend: Any) -> None:
    """Raise ``CareError`` for a query that needs a temporary table on PostgreSQL if its user may not create one."""
    if backend.name != "postgres" or not (large := expression.op().find(ops.InMemoryTable)):
        return
    with backend.con.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_database(), 'TEMP')")
        if cursor.fetchone()[0]:
            return
    rows = max(table.data.to_pyarrow(table.schema).num_rows for table in large)
    raise CareError(
        f"this needs a temporary table of {rows:,} rows, which the database's user may not make: grant it TEMP on the "
        "database, or say in_memory = true in care.toml"
    )


def _rows(table: Any) -> Any:
    """The rows of an in-memory table as literal lists, if they are few."""
    kinds = dict(table.schema)
    content = table.data.to_pyarrow(table.schema)
    if content.num_rows * len(kinds) > CELLS:
        return None
    if not content.num_rows:
        return ops.DummyTable({c: ibis.null(kind) for c, kind in kinds.items()}).to_expr().limit(0).op()
    lists = {c: ibis.literal(content[c].to_pylist(), dt.Array(kind)) for c, kind in kinds.items()}
    return ops.DummyTable({c: ops.Unnest(cells) for c, cells in lists.items()})


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The queries that are fetched from here on, in the SQL of their engine, as they come."""
    queries: list[str] = []
    token = _OVERHEARD.set(queries)
    try:
        yield queries
    finally:
        _OVERHEARD.reset(token)


def fact(care: Care, key: Any, look_up: Callable[[], Fact]) -> Fact:
    """Look up a fact for the premises of figures, once for the same data; its query is not among a figure's queries."""
    if key not in care.facts:
        token = _OVERHEARD.set(None)
        try:
            care.facts[key] = recalled(care.cache, ("fact", key), look_up)
        finally:
            _OVERHEARD.reset(token)
    known: Fact = care.facts[key]
    return known


def answer(expression: ir.Expr) -> Any:
    """Run a query and return its result in Arrow, a table or one value; raises ``Unable`` for unsupported operations.

    The engine's own message is not repeated: it may quote the data.
    """
    query = written_out(expression)
    backend = query.get_backend()
    try:
        if (queries := _OVERHEARD.get()) is not None:
            queries.append(str(backend.compile(query, pretty=True)))
        _refuse_to_lay_down(query, backend)
        return query.to_pyarrow()
    except (OperationNotDefinedError, UnsupportedOperationError) as problem:
        match = re.search(r"'(\w+)'", str(problem)) or re.search(r"\.(\w+)'>", str(problem))
        raise Unable(backend.name, match[1] if match else "such operation") from None
    except Exception as problem:
        if type(problem).__module__.partition(".")[0] not in DRIVERS:
            raise
        raise CareError(f"the engine ({backend.name}) gave no answer: {trouble(problem)}") from None


def trouble(problem: Exception) -> str:
    """What kind of problem an engine has, in words of our own."""
    state = getattr(problem, "sqlstate", None) or _state(problem)
    reason = next((words for start, words in STATES.items() if state and state.startswith(start)), None)
    if type(problem).__name__ == OUT_OF_MEMORY:
        reason = "too little memory is allowed: raise memory_limit in care.toml, or leave it out"
    if (
        reason is None
        and type(problem).__module__.startswith("psycopg")
        and type(problem).__name__ == "OperationalError"
    ):
        reason = STATES["08"]
    return reason or (f"{type(problem).__name__} {state}" if state else type(problem).__name__)


def _state(problem: Exception) -> str | None:
    """The SQLSTATE that Spark gives."""
    ask = getattr(problem, "getSqlState", None)
    return str(ask()) if ask is not None and ask() else None


def frame(table: ibis.Table, *order: str) -> pd.DataFrame:
    """Every row of a table as a frame of pandas, in the order of columns; it may have a row a customer."""
    rows: pd.DataFrame = answer(table.order_by(*order)).to_pandas()
    return rows


def fetch(expression: ir.Expr, integers: tuple[str, ...] = ()) -> pd.DataFrame:
    """The rows of a small result; text stays text with None where missing, the integers exact."""
    arrow = answer(expression)
    columns: Mapping[str, list[Any]] = {name: arrow.column(name).to_pylist() for name in arrow.column_names}
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    for name in integers:
        frame[name] = frame[name].map(int)
    return frame
