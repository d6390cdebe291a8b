"""Which columns of moments hold days without hours: nothing can be told from these to the hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy import engine
from carestudy.contract import Contract

CELLS, MIDNIGHTS = "cells_", "midnights_"
ENOUGH = 3  # moments of which all are at midnight; fewer may be so by chance
SEVERAL, SHARE = 30, 0.2  # of so many cells, this share at midnight is no chance: part of the rows have no hour
CLOCK = r"\d *[:hg] *\d|\d *(giờ|AM|PM|am|pm|SA|CH)\b"


def counts(marked: Any, contract: Contract) -> dict[str, Any]:
    """Expressions that count the cells of each column of moments, and those of them at midnight."""
    expressions = {}
    for column in moments(contract, marked.columns):
        expressions[CELLS + column] = marked[column].count()
        expressions[MIDNIGHTS + column] = marked.count(where=marked[column] == marked[column].truncate("D"))
    return expressions


def counted(row: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """What an engine answered to ``counts``: cells and midnights by column."""
    columns = [name.removeprefix(CELLS) for name in row if name.startswith(CELLS)]
    return {column: (row[CELLS + column], row[MIDNIGHTS + column]) for column in columns}


def days_only(source: Any, midnights: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """The columns whose cells are days, of a table as it was read (``source``) and its cells as they were counted."""
    return frozenset(c for c, (cells, at) in midnights.items() if at and _days_only(source[c], cells, at))


def moments(contract: Contract, columns: Any) -> list[str]:
    """The columns of a contract that hold moments, as far as a table has them."""
    return [column for column, kind in contract.columns.items() if kind == "time" and column in columns]


def _days_only(column: engine.Value, cells: int, midnights: int) -> bool:
    if midnights < cells:
        return cells >= SEVERAL and midnights >= SHARE * cells
    if column.type().is_timestamp():
        return cells >= ENOUGH and _differ(column)
    return cells >= ENOUGH or bool(column.type().is_date()) or not _has_clock(column)


def _differ(column: Any) -> bool:
    """Whether there are different moments; one typed moment in every cell, such as the end of a study, is no day."""
    return bool((column.min() != column.max()).to_pyarrow().as_py())


def _has_clock(column: engine.Value) -> bool:
    """Whether any of a few cells says an hour; a typed moment does."""
    if not column.type().is_string():
        return True
    return bool(column.re_search(CLOCK).fill_null(False).any().to_pyarrow().as_py())  # noqa: FBT003
