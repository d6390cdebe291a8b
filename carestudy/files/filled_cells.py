"""Cells of the rows of a file or sheet: which of them hold nothing, and which hold data and name no column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Row = Sequence[Any]

CURRENCY = r"(?:đ|₫|vnd|vnđ|đồng|usd|\$|%|am|pm|sa|ch|t|z)"
# A number, an amount, a day or a time; an id such as KH001; an address: what stands in data and names no column.
DATUM = re.compile(
    rf"(?=.*\d)(?:[^\w$%]|\d|_|{CURRENCY}(?![^\W\d_]))+|[a-zđ]{{1,5}}[-_./]?\d{{3,}}|\S+@\S+", re.IGNORECASE
)


def blank(cell: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b \t\r\n\v\f\xa0\u202f\u3000"))


def filled(row: Row) -> list[int]:
    """The places of the cells of a row that hold something."""
    return [index for index, cell in enumerate(row) if not blank(cell)]


def data_like(cell: Any) -> bool:
    """Whether a cell holds what names no column.

    >>> [data_like(cell) for cell in (7, "1.200.000 đ", "31/10/2026", "KH001", "a@b.vn", "Điểm (0-10)", "Q1", "")]
    [True, True, True, True, True, False, False, False]
    """
    if blank(cell):
        return False
    return not isinstance(cell, str) or bool(DATUM.fullmatch(cell.strip()))
