"""What expressions are computed from: the columns and the words that a definition reads, told without a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis.expr import operations as ops
from ibis.expr.types import Table, Value


@dataclass(frozen=True)
class Reading:
    """The columns that expressions read, as (table, column), and the words they compare columns with, as third."""

    columns: frozenset[tuple[str, str]]
    words: frozenset[tuple[str, str, str]]


def without_rows(table: Table, name: str) -> Table:
    """A table of the same columns and no rows under this name, over which definitions are read."""
    return ibis.table(table.schema(), name=name)


def reading(expressions: Sequence[Any]) -> Reading:
    """What expressions over tables ``without_rows`` read; columns that merely pass through a table are not read.

    >>> import pandas as pd
    >>> from carestudy.engine import small_table
    >>> shops = without_rows(small_table(pd.DataFrame({"city": ["Huế"], "size": [1]})), "shops")
    >>> sorted(reading([(shops.city == "Huế").sum()]).words)
    [('shops', 'city', 'Huế')]
    """
    nodes = list(_nodes(expressions))
    return Reading(
        frozenset((node.rel.name, node.name) for node in nodes if _is_column(node)),
        frozenset((node.left.rel.name, node.left.name, str(node.right.value)) for node in nodes if _is_word(node)),
    )


def columns_of(value: Value) -> list[str]:
    """The columns of its own table that a value is made of, not those that these were made of in a database."""
    return sorted({column.name for column in _own_columns(value)})


def replaced(value: Value, twin: Callable[[str], str]) -> Value:
    """A value with the twins of its columns in their places, where its table has a column of that name."""
    twins = {
        column: ops.Field(column.rel, twin(column.name))
        for column in _own_columns(value)
        if twin(column.name) in column.rel.schema
    }
    return value.op().replace(twins).to_expr() if twins else value


def _own_columns(value: Value) -> Any:
    return value.op().find(ops.Field, filter=ops.Value)


def _nodes(expressions: Sequence[Any]) -> Iterator[Any]:
    """Every node that the expressions are computed from."""
    seen: set[Any] = set()
    left = [expression.op() for expression in expressions if hasattr(expression, "op")]
    while left:
        node = left.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        left += _behind(node)


def _behind(node: Any) -> list[Any]:
    if not isinstance(node, ops.Field):
        return [child for child in node.__children__ if not isinstance(child, ops.Relation)]
    if _is_column(node):
        return []
    return [node.rel.values[node.name], *getattr(node.rel, "predicates", ())]


def _is_column(node: Any) -> bool:
    return isinstance(node, ops.Field) and isinstance(node.rel, ops.UnboundTable)


def _is_word(node: Any) -> bool:
    return isinstance(node, ops.Equals) and _is_column(node.left) and isinstance(node.right, ops.Literal)
