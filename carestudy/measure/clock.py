"""How long it is from one moment of a row to another, by the calendar or in business hours."""

from __future__ import annotations

from datetime import date
from typing import Literal

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.hours import SECONDS, SUCH, Hours
from carestudy.measure.rows import OURS

Clock = Literal["calendar", "business"]
CLOCKS = ("calendar", "business")
AN_HOUR = 3600  # seconds


class NoHours(Missing):
    """A figure in business hours needs the company to say when it is open."""

    def __init__(self, *, asked_by: str = "") -> None:
        super().__init__("settings", "hours", asked_by=asked_by)

    def for_figure(self, name: str) -> Missing:
        """The same error, naming the figure that asked."""
        return NoHours(asked_by=name)

    def _sentence(self) -> str:
        return f"{self.asked_by or 'this figure'} needs to know when the company is open: write it in care.toml, {SUCH}"


def open_hours(care: Care, clock: str) -> Hours | None:
    """The company's hours if the clock is that of business; an error says what is missing."""
    if clock not in CLOCKS:
        raise CareError(f"clock='{clock}' is not known: choose {' or '.join(CLOCKS)}")
    if clock == "calendar":
        return None
    if care.settings.business is None:
        raise NoHours
    return care.settings.business


def with_minutes(
    table: engine.Table, name: str, start: str, end: str, days: engine.Table | None = None
) -> engine.Table:
    """The table with the minutes from one of its moments to a later one, to the second below an hour, from an hour on
    to the nearest minute: a call centre counts seconds, and of hours and days few different lengths are enough.

    ``days`` is the table of ``business_days``; without it the calendar's minutes are meant.
    """
    if days is None:
        seconds = _epoch(table[end]) - _epoch(table[start])
        return table.mutate(**{name: _minutes(seconds)})
    columns = table.columns
    table = table.mutate(**{f"{OURS}on_{k}": table[moment].cast("date") for k, moment in enumerate((start, end))})
    for k in range(2):
        side_days = days.rename({f"{OURS}{column}_{k}": column for column in days.columns})
        table = table.left_join(side_days, table[f"{OURS}on_{k}"] == side_days[f"{OURS}day_{k}"])
    seconds = _business(table, end, 1) - _business(table, start, 0)
    return table.mutate(**{name: _minutes(seconds)}).select(*columns, name)


def business_days(hours: Hours, first: date, last: date) -> engine.Table:
    """The company's calendar as a small table to be joined."""
    return engine.small_table(hours.days(first, last))


def day_number(day: engine.Value) -> engine.Value:
    """The days since 1970 of a day."""
    return (day.cast("timestamp").epoch_seconds() // SECONDS).cast("int64")


def _epoch(moment: engine.Value) -> engine.Value:
    # Cut to the second first: engines round the rest each in their own way.
    return moment.truncate("s").epoch_seconds().cast("int64")


def _minutes(seconds: engine.Value) -> engine.Value:
    nearest = ((seconds + 30) // 60).cast("float64")
    return (seconds < AN_HOUR).ifelse(seconds.cast("float64") / 60.0, nearest)


def _business(table: engine.Table, moment: str, place: int) -> engine.Value:
    """The business seconds from the calendar's first day up to a moment."""
    clock = table[moment]
    second = (clock.hour() * 3600 + clock.minute() * 60 + clock.second()).cast("int64")
    passed = table[f"{OURS}before_{place}"]
    shifts = sum(1 for column in table.columns if column.startswith(f"{OURS}from_") and column.endswith(f"_{place}"))
    for shift in range(1, shifts + 1):
        start, end = table[f"{OURS}from_{shift}_{place}"], table[f"{OURS}until_{shift}_{place}"]
        passed = passed + engine.least(engine.greatest(second - start, engine.literal(0, "int64")), end - start)
    return passed
