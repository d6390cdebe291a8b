"""Running a query: its SQL where somebody listens, its result in pandas or Arrow, its failure in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pandas as pd
from ibis.common.exceptions import OperationNotDefinedError, UnsupportedOperationError
from ibis.expr import datatypes as dt
from ibis.expr import operations as ops

from carestudy.contract import CareError, Unable
from carestudy.engine.expressions import Expression, Table, Value, literal, null
from carestudy.engine.problems import DRIVERS, trouble

_OVERHEARD: ContextVar[list[str] | None] = ContextVar("overheard", default=None)
CELLS = 20_000  # of our own that are written into a query


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The queries that are fetched from here on, in the SQL of their engine, as they come."""
    queries: list[str] = []
    token = _OVERHEARD.set(queries)
    try:
        yield queries
    finally:
        _OVERHEARD.reset(token)


@contextmanager
def unheard() -> Iterator[None]:
    """Queries that are among nobody's, such as those of a premise."""
    token = _OVERHEARD.set(None)
    try:
        yield
    finally:
        _OVERHEARD.reset(token)


def answer(expression: Expression) -> Any:
    """Run a query and return its result in Arrow, a table or one value; raises ``Unable`` for unsupported operations.

    The engine's own message is not repeated: it may quote the data.
    """
    query = _written_out(expression)
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


def frame(table: Table, *order: str) -> pd.DataFrame:
    """Every row of a table as a frame of pandas, in the order of columns; it may have a row a customer."""
    rows: pd.DataFrame = answer(table.order_by(*order)).to_pandas()
    return rows


def integer_sums(table: Table, keys: Sequence[str], sums: Mapping[str, Value]) -> pd.DataFrame:
    """The counts and sums of a table for each group, in the order of the groups: one query, exact integers.

    This is where the figures of every kind leave the engine. ``sums`` are aggregates of whole numbers over the rows of
    the table; without ``keys`` there is one row.

    >>> from carestudy.engine import small_table, total
    >>> orders = small_table(pd.DataFrame({"city": ["Vinh", "Huế", "Vinh"], "amount": [10, 20, 5]}))
    >>> integer_sums(orders, ["city"], {"orders": orders.count(), "amount": total(orders.amount)})
       city  orders  amount
    0   Huế       1      20
    1  Vinh       2      15
    """
    groups = table.group_by(list(keys)).aggregate(**sums) if keys else table.aggregate(**sums)
    return fetch(groups.order_by(list(keys)) if keys else groups, tuple(sums))


def fetch(expression: Expression, integers: tuple[str, ...] = ()) -> pd.DataFrame:
    """The rows of a small result; text stays text with None where missing, the integers exact."""
    arrow = answer(expression)
    columns: Mapping[str, list[Any]] = {name: arrow.column(name).to_pylist() for name in arrow.column_names}
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    for name in integers:
        frame[name] = frame[name].map(int)
    return frame


def _written_out(expression: Expression) -> Expression:
    """Write small in-memory tables into the query: PostgreSQL would create temporary tables, which a reader may not."""
    small = {table: rows for table in expression.op().find(ops.InMemoryTable) if (rows := _rows(table))}
    if not small or expression.get_backend().name != "postgres":
        return expression
    return expression.op().replace(small).to_expr()


def _refuse_to_lay_down(expression: Expression, backend: Any) -> None:
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
        return ops.DummyTable({c: null(kind) for c, kind in kinds.items()}).to_expr().limit(0).op()
    lists = {c: literal(content[c].to_pylist(), dt.Array(kind)) for c, kind in kinds.items()}
    return ops.DummyTable({c: ops.Unnest(cells) for c, cells in lists.items()})
