"""Cells in which a spreadsheet wrote an error in place of a value: emptied, and counted by their column."""

from __future__ import annotations

from typing import Any

from carestudy import engine
from carestudy.load.digits import only_if
from carestudy.load.entry import Reading
from carestudy.load.plain_names import OURS

ERROR = f"{OURS}error_"  # before the name of a column: whether an error stands in place of its value
ERRORS = (
    "#N/A", "#N/A N/A", "#NA", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#ERROR!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!",
)  # fmt: skip
NARROW = "###"  # what a spreadsheet shows where a column is too narrow for its value


def emptied(cells: engine.Value, column: str, reading: Reading) -> tuple[Any, Any]:
    """The values without errors, and of each cell whether an error was emptied; None where the cells are no text.

    An id that is an error stays, as a row of nobody knows what is excluded; so is a cell that is otherwise unreadable.
    """
    if not cells.type().is_string():
        return reading.value, None
    error = (cells.isin(ERRORS) | cells.startswith(NARROW)).fill_null(False)  # noqa: FBT003
    value = reading.value
    if value.type().is_string() and not column.endswith("_id"):
        value = only_if(~error, value)
    gone = error & value.isnull()
    return value, gone if reading.unread is None else gone & ~reading.unread.fill_null(False)  # noqa: FBT003
