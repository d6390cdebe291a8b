"""Rows with one cell too many, because a cell that holds the separator is not quoted: put together where it is sure.

People write "12, rue des Bouchers" with a space behind the comma, and programs write none between cells. Where in all
rows that are one cell too wide a cell at one and the same place begins with a space, and none does where rows are
whole, that cell belongs to the one before it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.files.filled_cells import data_like

SPACE = " "
SAMPLE = 1_000  # whole rows by which a column is known to hold data alone
Split = tuple[int, list[int], list[list[str]]]  # the column, which of the rows are put together, and their cells


def put_together(texts: Sequence[str], table: Any, separator: str) -> Split | None:
    """The rows that are one cell too wide, put together, and the column that was cut; none where that is not sure."""
    width = table.num_columns
    rows = [next(csv.reader([text], delimiter=separator), []) for text in texts]
    wide = [number for number, row in enumerate(rows) if len(row) == width + 1]
    if not wide or len(wide) > table.num_rows:
        return None
    positions = set.intersection(
        *({at for at, cell in enumerate(rows[number]) if _behind(cell)} for number in wide)
    ) - {0}
    if len(positions) != 1 or any(_begins_so(table.column(at)) for at in range(width)):
        return None
    at = positions.pop()
    joined = [[*row[: at - 1], row[at - 1] + separator + row[at], *row[at + 1 :]] for row in (rows[n] for n in wide)]
    fits = all(
        _fits(table.column(column), [row[column] for row in joined]) for column in range(width) if column != at - 1
    )
    return (at - 1, wide, joined) if fits else None


def _behind(cell: str) -> bool:
    return cell.startswith(SPACE) and bool(cell.strip())


def _begins_so(column: Any) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, r"^ +\S")).as_py())


def _fits(column: Any, cells: Sequence[str]) -> bool:
    """Whether cells may stand in a column: in one that holds nothing but data, only data or what stands there too."""
    known = {cell for cell in column.slice(0, SAMPLE).to_pylist() if cell}
    data = bool(known) and sum(map(data_like, known)) > 0.9 * len(known)
    return not data or all(data_like(cell) or not cell or cell in known for cell in cells)


def inserted(cells: Any, lines: Any, rows: Sequence[Sequence[str]], at: Any) -> tuple[Any, Any]:
    """A table and the lines of its rows with further rows, each where its line belongs."""
    further = pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=cells.column_names)
    all_lines = np.concatenate([lines, at])
    order = np.argsort(all_lines, kind="stable")
    return pa.concat_tables([cells, further]).take(pa.array(order)), all_lines[order]
