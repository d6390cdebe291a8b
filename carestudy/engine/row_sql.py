"""The SQL of an expression over the columns of one row, for tools that compute with definitions of ours."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import sqlglot
from ibis.expr.types import Table, Value
from sqlglot import expressions as sql

ROW = "carestudy_row"


def table_without_rows(name: str, types: Mapping[str, str]) -> Table:
    """A table of no engine, known by the types of its columns."""
    return ibis.table(types, name=name)


def row_sql(table: Table, value: Value, dialect: str = "duckdb") -> str | None:
    """An expression over one row in SQL, its columns by their bare names; None where it needs more than the row.

    >>> shops = table_without_rows("shops", {"size": "int64"})
    >>> row_sql(shops, shops["size"] > 3)
    'size > 3'
    """
    query = sqlglot.parse_one(str(ibis.to_sql(table.select(**{ROW: value}), dialect=dialect)), dialect=dialect)
    beyond = (sql.Window, sql.Subquery, sql.Join, sql.With)
    if not isinstance(query, sql.Select) or any(query.find(kind) for kind in beyond):
        return None
    expression = query.selects[0].unalias()
    for column in expression.find_all(sql.Column):
        column.set("table", None)
        column.this.set("quoted", None)
    return expression.sql(dialect=dialect)
