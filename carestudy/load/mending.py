"""Cells that are worth less than their row: they are emptied or read by a rule, the row stays, and both are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy import engine
from carestudy.contract import TABLES, Type, columns_that
from carestudy.load.digits import only_if

# Rows are excluded where a day of the second kind lies before the first; cells of ENDS are emptied instead.
ORDER = (
    ("customers", "left_on", "joined_on"),
    ("contacts", "first_reply_at", "opened_at"),
    ("contacts", "resolved_at", "opened_at"),
    ("staff", "until", "from"),
)
OPEN = ("left_on", "until", "first_reply_at", "resolved_at")
# Optional moments of a contact: without them it is still a contact.
ENDS = ("first_reply_at", "resolved_at")
# A row is worth more than these of its cells: one that cannot be read is emptied.
EMPTIED = columns_that(lambda column: column.emptied)
OVERLAP, NEVER_JOINED, CONTRADICTED = "overlap", "joined_on", "left_on_order"
EARLY, BEFORE, UNREADABLE, AN_ERROR = "_early", "_order", "_unread", "_error"
# Of a customer who left before joining one of the two days is wrong, and nobody knows which: no figure of staying or
# leaving can count that customer, and all others do.
CONTRADICTION = "lies before joined_on: both left empty, the customer counts in no customer base"
EMPTY: dict[Type, str] = {
    "date": "is no date: left empty", "time": "is no time: left empty", "money": "is no amount: left empty",
    "number": "is no number: left empty", "integer": "is no whole number: left empty",
    "flag": "is neither yes nor no: left empty",
}  # fmt: skip
UNTOLD = "is neither yes nor no: left empty, and the contact counts on neither side"
# Where the general words of a type would say too little.
EMPTY_OF = {
    "consent": "is neither yes nor no: left empty, which means no", "answered": UNTOLD, "resolved": UNTOLD,
    "handling_seconds": "is no number of seconds: left empty",
}  # fmt: skip
MENDINGS = {
    **{column: (column, "lies after the year 2199: read as not over yet") for column in OPEN},
    **{
        name + UNREADABLE: (name, EMPTY_OF.get(name) or EMPTY[column.type])
        for table in TABLES.values()
        for name, column in table.registry.items()
        if column.emptied
    },
    **{column + EARLY: (column, "lies before the year 1901: left empty") for column in ENDS},
    **{column + BEFORE: (column, "lies before opened_at: left empty") for column in ENDS},
    CONTRADICTED: ("left_on", CONTRADICTION),
    NEVER_JOINED: ("joined_on", "is empty: the customer counts in no customer base"),
    **{
        column + AN_ERROR: (column, "is an error of a spreadsheet, such as #N/A: left empty")
        for contract in TABLES.values()
        for column in contract.columns
    },
    OVERLAP: ("until", "lies after the agent's next row starts: ended there"),
}
LEFT_EMPTY = tuple(name for name, (_, reason) in MENDINGS.items() if "left empty" in reason)
# So many ends before their beginning, and more than ends after it, are another column and no slips.
SLIPS = 10


def pairs(name: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs of columns, later and earlier, whose order is to be kept in a table that has both."""
    return [(later, earlier) for table, later, earlier in ORDER if table == name and {later, earlier} <= set(values)]


def emptied(name: str, values: dict[str, Any], ends: Mapping[str, Any]) -> dict[str, Any]:
    """Whether cells that contradict each other are emptied, by what is told of it; ``values`` are changed.

    ``ends`` are moments as they are compared with each other.
    """
    marks: dict[str, Any] = {}
    for later, earlier in pairs(name, values):
        before = ends[later] < ends[earlier]
        if later in ENDS:
            before &= ~_that_day(values[later], values[earlier])
        before = before.fill_null(False)  # noqa: FBT003
        if later in ENDS:
            marks[later + BEFORE] = before
            values[later] = only_if(~before, values[later])
        elif name == "customers":
            marks[CONTRADICTED] = before
            values |= {column: only_if(~before, values[column]) for column in (later, earlier)}
    return marks


def _that_day(later: engine.Value, earlier: engine.Value) -> engine.Value:
    """Whether a moment is the day of another without an hour of its own, which contradicts nothing."""
    return (later == later.truncate("D")) & (later.cast("date") == earlier.cast("date"))
