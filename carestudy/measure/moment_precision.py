"""How exactly moments are known: days allow whole days only, and a change of the clock is no time that passes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from carestudy import engine
from carestudy.care import UNTIMED, Care
from carestudy.contract import Premise
from carestudy.zones import IN_UTC

NO_CLOCK = "{column} has days without hours: it cannot be told to the hour"
MEND = "Export {column} with its hour, if the tool knows it"
SAID = {"first_reply_at": "answered", "resolved_at": "resolved"}  # flags that tell of a moment that it has come
IN_DAYS = "in whole days: the data tell no hours"


def refuse_days(care: Care, name: str, *columns: str, figure: str = "") -> None:
    """Refuse columns that hold days without hours, for a figure that needs the hour."""
    for column in care.without_clock(name, *columns):
        raise Premise(name, column, NO_CLOCK, MEND, asked_by=figure)


def days_of(care: Care, name: str, *moments: Any) -> tuple[str, ...]:
    """The columns without hours that moments of a table's rows are made of."""
    fields = {column for moment in moments for column in engine.columns_of(moment)}
    return care.without_clock(name, *sorted(fields))


def exact(moment: engine.Value) -> engine.Value:
    """A moment made of columns, with their twins in UTC in their places where the table has them."""
    return engine.replaced(moment, lambda column: IN_UTC + column)


def known_until(care: Care, name: str) -> datetime:
    """The moment up to which the data are known: in UTC where the moments of the table are compared so."""
    in_utc = any(column.startswith(IN_UTC) for column in care.table(name).columns)
    return care.as_of.astimezone(UTC).replace(tzinfo=None) if in_utc else care.known_until


def untimed(table: engine.Table, *columns: str) -> engine.Value:
    """Whether one of some moments of a row has come while nobody knows when: a flag says so, or it was a bad time."""
    conditions = [table[UNTIMED + column] for column in columns if UNTIMED + column in table.columns]
    for column in columns:
        flag = SAID.get(column)
        if flag in table.columns:
            conditions.append(table[column].isnull() & table[flag].fill_null(False))  # noqa: FBT003
    return engine.any_of(*conditions) if conditions else engine.literal(False)  # noqa: FBT003
