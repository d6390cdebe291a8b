"""Moments that are days: durations between them are whole days, and what needs the hour is refused."""

from __future__ import annotations

from typing import Any

from ibis.expr import operations as ops

from carestudy.care import Care
from carestudy.contract import Premise

NO_CLOCK = "{column} has days without hours: it cannot be told to the hour"
MEND = "Export {column} with its hour, if the tool knows it"
IN_DAYS = "in whole days: the data tell no hours"


def refuse_days(care: Care, name: str, *columns: str, figure: str = "") -> None:
    """Refuse columns that hold days without hours, for a figure that needs the hour."""
    for column in care.without_clock(name, *columns):
        raise Premise(name, column, NO_CLOCK, MEND, asked_by=figure)


def days_of(care: Care, name: str, *moments: Any) -> tuple[str, ...]:
    """The columns without hours that moments of a table's rows are made of."""
    fields = {field.name for moment in moments for field in moment.op().find(ops.Field)}
    return care.without_clock(name, *sorted(fields))
