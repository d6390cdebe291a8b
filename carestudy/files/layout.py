"""Where a table begins and ends among the rows of a file or sheet: titles above it, its header, totals below.

A row is a list of cells, text or, in workbooks, values. What could be a row of data is never taken for anything else:
in doubt the first row is the header, and the last one holds data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from carestudy.files import below_names
from carestudy.files.filled_cells import Row, blank, data_like, filled
from carestudy.files.row_table import BELOW_TOTAL, TOTAL

SAMPLE = 40  # the rows among which a header is looked for
LAST = 10  # the rows among which a total is looked for

# No customer is called "Tổng cộng", but one may be called "Tổng".
END = r"\s*[:(]?\s*[\d.,]*\s*\)?:?"
SURE = re.compile(rf"(?:t[ổo]ng c[ộo]ng|t[ổo]ng s[ốo]|grand total){END}", re.IGNORECASE)
PERHAPS = re.compile(rf"(?:t[ổo]ng|c[ộo]ng|total|sum){END}", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The names of the columns, and the numbers of the first and of the last row that hold them; titles stand above."""

    columns: list[str]
    first: int
    last: int


def header(rows: Sequence[Row]) -> Layout:
    """The header of a table, given its first rows, of which one at least fills a cell.

    It is the first row that fills more than half as many cells as the fullest, if it holds names alone; the rows above
    are titles if they are narrower, fill one cell of more than two, or if only data stand below one of the names. Else
    the first row is the header.
    A row of group names above, or of further names below, belongs to it; so do rows of wordings, descriptions or ids
    below it (see ``below_names``).
    """
    most = max(len(filled(row)) for row in rows)
    at = next(number for number, row in enumerate(rows) if 2 * len(filled(row)) > most)
    if not _titles(rows[:at], rows[at], rows[at + 1 :]):
        at = next(number for number, row in enumerate(rows) if filled(row))
    for first in range(max(at - 1, 0), min(at + 1, len(rows) - 1)):
        if _groups(rows[first], rows[first + 1], rows[first + 2 :]):
            return Layout(_joined(rows[first], rows[first + 1]), first, first + 1)
    columns, last = below_names.columns([_name(cell) for cell in rows[at]], rows[at + 1 :])
    return Layout(columns, at, at + last)


def again(row: Row, names: Sequence[Row]) -> bool:
    """Whether a row repeats the names of the columns; one name alone may be anybody's answer."""
    positions = filled(row)
    return len(positions) > 1 and all(
        any(_name(row[position]) == _name(name[position]) for name in names) for position in positions
    )


def totals(rows: Sequence[Row], width: int) -> dict[int, str]:
    """Which of the last rows of a table hold a total, or stand below one as a signature does, and the reason."""
    before = list(takewhile(lambda row: not _total(row, range(width)), rows))
    usual = [position for position in range(width) if all(not blank(row[position]) for row in before)]
    reasons: dict[int, str] = {}
    for number, row in enumerate(rows):
        if _total(row, usual):
            reasons[number] = TOTAL
        elif reasons and 2 * len(filled(row)) <= max(len(usual), 2):
            reasons[number] = BELOW_TOTAL
    return reasons


def _titles(above: Sequence[Row], names: Row, below: Sequence[Row]) -> bool:
    if any(data_like(cell) for cell in names):
        return False
    alone = len(filled(names)) > 2 and all(len(filled(row)) < 2 for row in above)
    return alone or all(len(row) < len(names) for row in above) or _over_data(names, below)


def _over_data(names: Row, below: Sequence[Row], *above: Row) -> bool:
    """Whether there is a column in which a name stands over nothing but data; the header itself may come again."""
    full = [row for row in below if 2 * len(filled(row)) > len(filled(names)) and row not in (names, *above)]
    for position in filled(names):
        cells = [row[position] for row in full if position < len(row) and not blank(row[position])]
        if cells and not data_like(names[position]) and all(data_like(cell) for cell in cells):
            return True
    return False


def _groups(upper: Row, lower: Row, below: Sequence[Row]) -> bool:
    """Whether two rows are a header in two storeys: names of groups over several columns, and those columns' names.

    A column that belongs to no group has its name in either row.
    """
    over, under = set(filled(upper)), set(filled(lower))
    if len(upper) != len(lower) or len(over) < 2 or any(data_like(cell) for cell in (*upper, *lower)):
        return False
    if any(_name(cell).endswith(":") for cell in upper):  # as in "Branch: | Hà Nội"
        return False
    wide = any({position, position + 1} <= under and position + 1 not in over for position in over)
    is_complete = over | under == set(range(max(over | under) + 1))
    # Where the lower row leaves out just the columns of data, it is none of theirs.
    apart = ["" if position in under else cell for position, cell in enumerate(upper)]
    return wide and is_complete and (_over_data(lower, below, upper) or _over_data(apart, below, upper, lower))


def _joined(upper: Row, lower: Row) -> list[str]:
    names, group = [], ""
    for above, under in zip(upper, lower, strict=True):
        group = _name(above) or group
        names.append(" / ".join(dict.fromkeys(name for name in (group, _name(under)) if name)))
        # A name of its own, over both rows, is no group of its neighbours.
        group = "" if _name(under) in ("", group) else group
    return names


def _name(cell: Any) -> str:
    return "" if blank(cell) else " ".join(str(cell).split())


def _total(row: Row, usual: Sequence[int]) -> bool:
    """Whether a row begins with the word for a total, and holds beside it numbers alone."""
    positions = filled(row)
    if (
        not positions
        or not isinstance(row[positions[0]], str)
        or not all(data_like(row[position]) for position in positions[1:])
    ):
        return False
    word = row[positions[0]].strip()
    return bool(SURE.fullmatch(word) or (PERHAPS.fullmatch(word) and not set(usual) <= set(positions)))
