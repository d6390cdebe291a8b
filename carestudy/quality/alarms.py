"""What makes a whole table doubtful: too many rows excluded, no rows at all, or ids that match nobody.

One rule for ``check`` and for the box at the top of a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care, TableCount
from carestudy.quality.columns import KEPT_ELSEWHERE
from carestudy.quality.door import about

EXCLUDED, EMPTY, NOBODY, TOTALS = "excluded", "no rows", "nobody", "totals"
LEFT_OUT, NEW_WORD = "left out", "new word"
# Rows that are excluded because something is wrong with them; the end of the data or a second export is no fault.
FAULTS = ("unusable", "repeated", "differing", "impossible", "currency")
OF_CUSTOMERS = ("unusable", "impossible", "currency")  # a customer in several rows counts, whatever the rows say
# A report without any row of these would be about nothing; of staff and goals it lacks some columns only.
NEEDED = ("customers", "transactions", "contacts", "responses")
ALMOST_ALL = 0.9  # rows whose id another table does not know, above which the ids are those of something else


@dataclass(frozen=True)
class Alarm:
    """A table that is most likely read wrong, how many of its rows say so, and the column and reason of most."""

    table: str
    check: str
    rows: int
    of: int
    column: str = ""
    reason: str = ""
    source: str = ""


def alarms(care: Care) -> list[Alarm]:
    """The tables that are most likely read wrong, in their order; none of a group, which may lack what others have."""
    return [] if care.only else [alarm for count in care.counts for alarm in _of_table(care, count)]


def unusable(care: Care) -> str | None:
    """Why no report can be made of these data: a table that a report needs has rows, and none of them can be used."""
    for count in care.counts if not care.only else ():
        if count.read and not count.used and count.table in NEEDED:
            column, reason = _most_frequent(_excluded(care, count))
            return (
                f"{count.table}: none of its {count.read:,} rows can be used, most often because "
                f"{column} {reason.split(' (')[0]}; carestudy check lists them all"
            )
    return None


def _of_table(care: Care, count: TableCount) -> Iterator[Alarm]:
    if not count.read:
        yield Alarm(count.table, EMPTY, 0, 0, source=count.source)
    excluded = _excluded(care, count)
    faults = OF_CUSTOMERS if count.table == "customers" else FAULTS
    wrong = excluded[[about(row) in faults for row in excluded.to_dict("records")]]
    rows = int(wrong["rows"].sum()) if len(wrong) else 0
    if rows > care.settings.max_excluded * count.read:
        yield Alarm(count.table, EXCLUDED, rows, count.read, *_most_frequent(wrong))
    if count.totals:
        yield Alarm(count.table, TOTALS, count.totals, count.documents or 0)
    yield from _left_out(care, count)
    yield from _strangers(care, count.table)


def _left_out(care: Care, count: TableCount) -> Iterator[Alarm]:
    """The words, new ones or those of many rows, for which ``where`` leaves out rows, and of which it need not know."""
    for one in count.left_out:
        unstated = [word for word in one.words if not word.stated]
        rows = sum(word.rows for word in unstated)
        if rows > care.settings.max_left_out * one.of:
            words = ", ".join(word.word for word in unstated if word.word)
            yield Alarm(count.table, LEFT_OUT, rows, one.of, unstated[0].column, words, one.file)
        for word in unstated:
            if word.new:
                yield Alarm(count.table, NEW_WORD, word.rows, one.of, word.column, word.word, one.file)


def _excluded(care: Care, count: TableCount) -> pd.DataFrame:
    faults = care.faults
    return faults[(faults["table"] == count.table) & faults["set_aside"].astype(bool)] if len(faults) else faults


def _most_frequent(faults: pd.DataFrame) -> tuple[str, str]:
    """The column and the reason of most excluded rows."""
    if faults.empty:
        return "", "?"
    row: Any = faults.sort_values("rows", ascending=False, kind="stable").iloc[0]
    return str(row["column"]), str(row["reason"])


def _strangers(care: Care, name: str) -> Iterator[Alarm]:
    """The ids of a table that the table which should know them almost never does."""
    for column in ("customer_id", "agent"):
        keeper, key = KEPT_ELSEWHERE[column]
        if keeper == name or not care.has(keeper, key) or not care.has(name, column):
            continue
        table = care.tables[name]
        ids = table.filter(table[column].notnull())
        unknown = ids.count(where=~ids[column].isin(care.tables[keeper][key]))
        (row,) = engine.answer(ids.aggregate(rows=unknown, of=ids.count())).to_pylist()
        if row["rows"] > ALMOST_ALL * row["of"]:
            yield Alarm(name, NOBODY, row["rows"], row["of"], column, source=keeper)
