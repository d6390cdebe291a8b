"""The load of the desk: contacts by weekday and hour, and the share that come within staffed hours.

Contacts that the company itself makes (``direction`` "outbound") are left out, as they come when it likes. Holidays
are not treated specially: an empty Tết week counts as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy import engine
from carestudy.care import Care
from carestudy.desk.staffed_hours import Spans, Written, inside, staffed_hours, staffed_share
from carestudy.hours import WEEKDAYS
from carestudy.measure.clock import NoHours
from carestudy.measure.figures import figures
from carestudy.measure.fractions import Fraction
from carestudy.measure.front import reads
from carestudy.measure.kinds.ratio import Ratio
from carestudy.measure.kpi import known_period
from carestudy.measure.moment_precision import refuse_days
from carestudy.measure.options import Level
from carestudy.measure.rows import Rows, groups, with_dimensions
from carestudy.periods import Period

LOAD = ("period", "weekday", "hour", "value", "low", "high", "n", "contacts", "share", "staffed")
DAY_HOURS = 24
By = str | Sequence[str] | None


@dataclass(frozen=True)
class Counted:
    """Contacts of each group on each day in each hour."""

    period: Period
    groups: pd.DataFrame
    days: tuple[date, ...]
    contacts: Any  # group x day x hour

    def weeks(self, weekday: int) -> NDArray[Any]:
        """The contacts of one weekday: group x week x hour."""
        result: NDArray[Any] = self.contacts[:, [day.weekday() == weekday for day in self.days], :]
        return result


@reads("contacts")
def load(
    care: Care, *, period: str | None = None, by: By = None, hours: Written | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """Contacts by weekday and hour: mean per week, with an interval from how much the weeks differ.

    A row for each group, weekday ("mon" ... "sun") and hour (0-23): ``value`` contacts in that hour of a week, ``low``
    and ``high``, ``n`` weeks that had this day, ``contacts`` in all, ``share`` of all contacts of the group, and
    ``staffed``, the share of the hour in which somebody is there (NaN where no hours are known). ``hours``, such as
    ``{"mon-fri": ["08:00-12:00", "13:00-17:30"]}``, are those of care.toml unless given. Without a period, the twelve
    months up to ``as_of``. The interval is the wider one of Student's over the weeks and Garwood's (1936) exact one of
    a Poisson count, as weeks never differ less than chance makes them; with fewer than two weeks there is none.
    """
    counted = by_day(care, from_customers(care), period, groups(by))
    staffed_spans = staffed_hours(care, hours)
    frames = [_weekday(counted, weekday, level) for weekday in range(len(WEEKDAYS))]
    frame = pd.concat(frames, ignore_index=True).sort_values(["group", "day", "hour"], ignore_index=True)
    totals = frame.groupby("group")["contacts"].transform("sum")
    weekday = frame["day"].map(dict(enumerate(WEEKDAYS)))
    columns = frame.assign(
        period=counted.period.text,
        weekday=weekday,
        share=frame["contacts"] / totals.where(totals > 0),
        staffed=[_staffed(staffed_spans, *cell) for cell in zip(weekday, frame["hour"], strict=True)],
    )
    group_names = counted.groups.loc[frame["group"]].reset_index(drop=True)
    return pd.concat([group_names, columns[[*LOAD]]], axis=1)


@reads("contacts")
def coverage(
    care: Care, *, period: str | None = None, by: By = None, hours: Written | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """Share of contacts that came within staffed hours, to the minute; the rest came while nobody was there.

    A figures frame of "inside_hours", contacts of one customer counting as alike as they are. ``hours`` and the
    period are as in ``load``; where no hours are known there is nothing to be inside of, and ``Missing`` says so.
    """
    refuse_days(care, "contacts", "opened_at", figure="coverage")
    staffed_spans = staffed_hours(care, hours)
    if staffed_spans is None:
        raise NoHours(asked_by="coverage")

    def define(contacts: Rows) -> Fraction:
        return Fraction(inside(contacts.opened_at, staffed_spans), contacts.every)

    kpi = Ratio("inside_hours", "Within staffed hours", "share", define)
    incoming = care.with_table("contacts", from_customers(care))
    return figures(incoming, [kpi], by=groups(by), periods=[_requested_period(care, period)], level=level)


def by_day(care: Care, table: engine.Table, period: str | None, by: Sequence[str]) -> Counted:
    """These contacts by group, day and hour in a period, on the days for which the data have any contacts."""
    refuse_days(care, "contacts", "opened_at", figure="load")
    requested = _requested_period(care, period)
    days, rows = _days(care, requested), with_dimensions(care.with_table("contacts", table), "contacts", by)
    if days:
        rows = rows.filter(engine.within(rows.opened_at, days[0], days[-1] + timedelta(days=1)))
    groups_of = [rows[name].cast("string").name(name) for name in by]
    cells = rows.select(*groups_of, day=rows.opened_at.date(), hour=rows.opened_at.hour())
    keys = [*by, "day", "hour"]
    counts = cells.group_by(keys).aggregate(contacts=cells.count()).order_by(keys)
    counted_cells = engine.fetch(counts if days else counts.limit(0), ("hour", "contacts"))
    group_names = counted_cells[[*by]].drop_duplicates(ignore_index=True) if by else pd.DataFrame(index=[0])
    contacts = np.zeros((len(group_names), len(days), DAY_HOURS), dtype="int64")
    group_number = counted_cells.groupby(list(by), dropna=False, sort=False).ngroup() if by else 0
    contacts[
        group_number, pd.Index(days).get_indexer(pd.Index(counted_cells["day"])), counted_cells["hour"].astype(int)
    ] = counted_cells["contacts"]
    return Counted(requested, group_names, days, contacts)


def _requested_period(care: Care, period: str | None) -> Period:
    """The requested period; without one, the twelve months up to ``as_of`` or those that have contacts."""
    care.table("contacts", "opened_at")
    if period:
        return known_period(care, period)
    year = Period.until(care.known_until)
    first = care.spans.get("contacts", (year.start, year.end))[0]
    start = min(max(year.start, first), year.end)
    return Period(f"{start}..{year.end - timedelta(days=1)}", start, year.end)


def _days(care: Care, requested: Period) -> tuple[date, ...]:
    """The whole days of a period that the contacts cover."""
    first = care.spans["contacts"][0] if "contacts" in care.spans else requested.start
    start, end = max(requested.start, first), min(requested.end, care.known_until.date())
    return tuple(start + timedelta(days=k) for k in range((end - start).days))


def from_customers(care: Care) -> engine.Table:
    """The contacts that customers made: all but those marked as made by the company."""
    return care.table("contacts", "opened_at").filter(Rows(care, "contacts").from_customers)


def _weekday(counted: Counted, weekday: int, level: float) -> pd.DataFrame:
    """The cells of one weekday, a row for each group and hour."""
    weeks = counted.weeks(weekday)
    some, n, hours = weeks.shape
    group, hour = np.divmod(np.arange(some * hours), hours)
    total = weeks.sum(axis=1).ravel()
    squares = (weeks**2).sum(axis=1).ravel()
    low, high = _limits(total, squares, n, level)
    value = total / n if n else np.full(len(total), np.nan)
    cells = {"group": group, "day": weekday, "hour": hour, "value": value, "low": low, "high": high}
    return pd.DataFrame({**cells, "n": n, "contacts": total})


def _limits(total: NDArray[Any], squares: NDArray[Any], n: int, level: float) -> tuple[NDArray[Any], NDArray[Any]]:
    if n < 2:
        return np.full(len(total), np.nan), np.full(len(total), np.nan)
    tail = (1 - level) / 2
    variance = (n * squares - total**2) / (n * (n - 1))
    half = special.stdtrit(n - 1, 1 - tail) * np.sqrt(variance / n)
    fewest = np.where(total > 0, special.gammaincinv(np.maximum(total, 1), tail), 0.0) / n
    most = special.gammaincinv(total + 1, 1 - tail) / n
    return np.maximum(np.minimum(total / n - half, fewest), 0), np.maximum(total / n + half, most)


def _staffed(staffed_spans: dict[str, Spans] | None, day: str, hour: int) -> float:
    return float("nan") if staffed_spans is None else staffed_share(staffed_spans, day, hour)
