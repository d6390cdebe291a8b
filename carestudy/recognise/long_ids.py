"""Ids whose last digits a spreadsheet has lost: it keeps fifteen, and shows the rest as 1.23457E+15 or as zeros."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Mapped, Match

SHORTENED = r"(?i)^\d([.,]\d+)?e\+?\d{2}$"
POINT_ZERO = r"^\d{16,}\.0+$"
LONG, ROUNDED = r"^\d{16,}$", r"^\d{15}0+$"
ENOUGH = 5  # long ids, all with zeros behind their fifteenth digit, of which chance makes no more
MEND = "export it again with this column as text; check excludes ids that are seen to be rounded"


def with_spoilt_asked(match: Match) -> Match:
    """A match that asks of every column of ids whose last digits are lost, and adds up no rows by such an id."""
    spoilt = {
        name: sign
        for name, mapped in match.columns.items()
        if name.endswith("_id") and (sign := spoilt_as(mapped.column))
    }
    if not spoilt:
        return match
    questioned = {name: _asked(match.columns[name], sign) for name, sign in spoilt.items()}
    return replace(
        match,
        columns={**match.columns, **questioned},
        sum_by=None if match.sum_by in spoilt else match.sum_by,
        once=match.once and TABLES[match.table].key not in spoilt,
    )


def spoilt_as(column: Column) -> str | None:
    """How the cells of a column show that their last digits are lost, if they do.

    >>> import pyarrow as pa
    >>> spoilt_as(Column.of("Order ID", [pa.array(["1.23457E+15", "A1"])]))
    'such as 1.23457E+15'
    """
    values = column.values
    for pattern in (SHORTENED, POINT_ZERO):
        shortened = values.filter(pc.match_substring_regex(values, pattern))
        if len(shortened) and (pattern == SHORTENED or float(shortened[0].as_py()) >= 2**53):
            return f"such as {shortened[0].as_py()}"
    long = values.filter(pc.match_substring_regex(values, LONG))
    zeros = np.asarray(pc.match_substring_regex(long, ROUNDED))
    if len(long) >= ENOUGH and zeros.all():
        return "with zeros behind their fifteenth digit throughout"
    return None


def _asked(mapped: Mapped, sign: str) -> Mapped:
    why = f"a spreadsheet has rounded its long ids, {sign}, and those of several rows may have become one: {MEND}"
    return replace(mapped, why=why, ask=True)
