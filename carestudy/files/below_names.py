"""Rows below the names of columns that are no data: wordings of questions, descriptions of columns, ids of imports.

Survey tools write codes first and what they mean below; shops explain each column in a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from carestudy.files.filled_cells import Row, blank, data_like, filled

IMPORT = re.compile(r'\{\s*"ImportId"')
# Names that say nothing: Q1, QID12_TEXT, V8, Q1_NPS_GROUP, Câu 3.
CODE = re.compile(r"(?:q|qid|v|var|item|câu|cau|c)[ _.]?\d+(?:[_.#]\w+)*", re.IGNORECASE)
PROSE = 2  # words
LEAST = 3  # rows of data, without which nothing tells a description from them


def columns(names: list[str], below: Sequence[Row]) -> tuple[list[str], int]:
    """The names of the columns, and how many of the rows below them belong to the header."""
    ids = next((number for number, row in enumerate(below[:2]) if _ids(row)), None)
    if ids is not None:
        return (_worded(names, below[0]) if ids else names), ids + 1
    if not below or not _describes(names, below[0], below[1:]):
        return names, 0
    return (_worded(names, below[0]) if any(map(CODE.fullmatch, names)) else names), 1


def _ids(row: Row) -> bool:
    """Whether a row holds nothing but the ids under which a tool imports its columns."""
    positions = filled(row)
    return bool(positions) and all(
        isinstance(row[position], str) and IMPORT.match(row[position]) for position in positions
    )


def _worded(names: Sequence[str], row: Row) -> list[str]:
    """Each column under the words that stand below its name, where some do."""
    words = [" ".join(str(cell).split()) if not blank(cell) else "" for cell in row] + [""] * len(names)
    return [word or name for word, name in zip(words, names, strict=False)]


def _describes(names: Sequence[str], row: Row, below: Sequence[Row]) -> bool:
    """Whether a row has prose over columns of data, and data over none: what holds data there is a row of them."""
    if len(row) != len(names) or len(below) < LEAST:
        return False
    over = [row[position] for position in range(len(names)) if _of_data(position, below)]
    texts = [cell for cell in over if not blank(cell)]
    prose = [cell for cell in texts if isinstance(cell, str) and len(cell.split()) >= PROSE]
    return not any(map(data_like, texts)) and len(texts) > 1 and 2 * len(prose) >= len(texts)


def _of_data(position: int, rows: Sequence[Row]) -> bool:
    """Whether a column holds data in all rows that fill it, and in most of them."""
    cells = [row[position] for row in rows if position < len(row) and not blank(row[position])]
    return 2 * len(cells) > len(rows) and all(map(data_like, cells))
