"""What the door found: rows set aside or mended, sorted by what is the matter with them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from carestudy.care import Care, TableCount
from carestudy.contract import TABLES, listed
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

# How the door's reasons begin, and what they are about; any other tells of a row that cannot be used.
ABOUT = {
    "stands in a later file": "not data",
    "stands below the total": "not data",
    "repeats the header": "not data",
    "is a total of other rows": "not data",
    "lies after as_of": "not data",
    "is of a customer of an earlier row": "not data",
    "stands in an earlier row": "repeated",
    "differs from an earlier row": "differing",
    "lies before ": "impossible",
    "lies outside the years": "impossible",
    "lies far ": "impossible",
    "is in another currency": "currency",
}
# Moments that are left empty while their row counts tell as much of the data as rows that do not count.
LEFT_EMPTY = {
    "is an error of a spreadsheet": "errors",
    "is no time: left empty": "emptied",
    "lies before ": "impossible",
    "was taken by": "exchanged",
}
ERRORS = "errors"  # of a spreadsheet: a finding for each column
# No rows of data, mended by a rule that loses nothing, or told by the check of the column itself.
HARMLESS = ("stands above the header", "is the name of several columns", "lies after the year 2199", "is empty")


def found_at_the_door(care: Care, reads: Reads) -> list[Finding]:
    """For each table the rows that are repeated, impossible, not usable for another reason, or mended."""
    return [
        one
        for count in care.counts
        for one in (*_of_table(care, count, reads), *_unmet(count, reads), *_left_out(count, reads))
    ]


def _of_table(care: Care, count: TableCount, reads: Reads) -> list[Finding]:
    faults = care.faults[care.faults["table"] == count.table] if len(care.faults) else care.faults
    each = [about(row) for row in faults.to_dict("records")]
    checks = dict.fromkeys(["unusable", "repeated", *(["impossible"] if TABLES[count.table].time else []), *each])
    found = [(check, faults[[one == check for one in each]]) for check in checks if check]
    several = [(ERRORS, one) for check, some in found if check == ERRORS for _, one in some.groupby("column")]
    single = [one for one in found if one[0] != ERRORS]
    return [_finding(count, check, some, reads) for check, some in (*single, *several)]


def _unmet(count: TableCount, reads: Reads) -> list[Finding]:
    """The words of conditions in care.toml that no cell of their column holds, and those that do stand there."""
    readers = reads.table(count.table)
    return [
        Finding(
            count.table, one.column, "unmet words", one.listed - len(one.words), one.listed, readers,
            words=(listed(one.words), *one.present),
        )
        for one in count.unmet
    ]  # fmt: skip


def _left_out(count: TableCount, reads: Reads) -> list[Finding]:
    """The rows of each file that ``where`` in care.toml leaves out, and for which words of which column."""
    readers = reads.table(count.table)
    return [
        Finding(count.table, column, "left out", sum(word.rows for word in words), one.of, readers,
                words=(one.file, *(word.word for word in words if word.word)))
        for one in count.left_out
        for column in dict.fromkeys(word.column for word in one.words)
        if (words := [word for word in one.words if word.column == column])
    ]  # fmt: skip


def _finding(count: TableCount, check: str, faults: pd.DataFrame, reads: Reads) -> Finding:
    """All faults of one kind, named after the one that most rows have."""
    readers = reads.table(count.table)
    if faults.empty:
        return Finding(count.table, "", check, 0, count.read, readers)
    most = faults.sort_values("rows", ascending=False, kind="stable").iloc[0]
    rows = int(faults["rows"].sum())
    return Finding(count.table, str(most["column"]), check, rows, count.read, readers, words=(str(most["reason"]),))


def about(fault: dict[Any, Any]) -> str:
    """Which check a row of ``Care.faults`` belongs to; nothing where it is no fault."""
    reason = str(fault["reason"])
    if not fault["set_aside"]:
        moment = next((check for start, check in LEFT_EMPTY.items() if reason.startswith(start)), None)
        return moment or ("" if reason.startswith(HARMLESS) else "mended")
    return next((check for start, check in ABOUT.items() if reason.startswith(start)), "unusable")
