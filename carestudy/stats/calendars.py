"""Tết and the lengths of months: what must be equal before two periods are compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import floor, pi, sin
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.arguments import validated
from carestudy.contract import CareError

NORTH, SOUTH = 7, 8  # hours before Greenwich: in Vietnam, and in China
UNIX = 2440588  # the Julian day number of 1 January 1970
MONTH = 29.530588861  # days from new moon to new moon, as the rule counts them
EARLIEST, LATEST = 1900, 2199
FEBRUARY = 28.25


@validated
def tet(year: int, *, zone: int = NORTH) -> date:
    """First day of the lunar year that begins in a year, by the new moon in Vietnam's time (UTC+7).

    Chinese calendars (``zone`` 8) are a day late in 2007 and 2030, and were a month late in 1985. Before 1968 Vietnam
    kept other time, and the rule gives what it would be by the present one. CareError for a year from before 1900 or
    after 2199. Source: Ho Ngoc Duc, Thuật toán tính âm lịch, after Meeus, Astronomical Algorithms.

    >>> tet(2026).isoformat(), tet(2030).isoformat(), tet(2030, zone=8).isoformat()
    ('2026-02-17', '2030-02-02', '2030-02-03')
    """
    if not EARLIEST <= year <= LATEST:
        raise CareError(f"year={year} is none from {EARLIEST} to {LATEST}, for which the rule is known to hold")
    before, after = _eleventh_month(year - 1, zone), _eleventh_month(year, zone)
    leap = _leap_month(before, zone) if after - before > 365 else 0
    # Of the months since the eleventh the third is the first of the year, unless one before it comes twice.
    months = 2 + (1 if 0 < leap <= 2 else 0)
    k = floor(0.5 + (before - 2415021.076998695) / MONTH)
    return date(1970, 1, 1) + timedelta(days=_new_moon(k + months, zone) - UNIX)


@validated
def days_from_tet(days: Sequence[date]) -> list[int]:
    """How many days after the nearest first day of Tết each day lies; before it, negative.

    Days of equal place and weekday in two years are whole weeks from Tết, not 354 or 384 days apart.

    >>> days_from_tet([date(2026, 2, 10), date(2026, 2, 20), date(2025, 12, 1)])
    [-7, 3, -78]
    """
    distances = []
    for day in days:
        apart = [(day - tet(year)).days for year in (day.year - 1, day.year, day.year + 1)]
        distances.append(min(apart, key=abs))
    return distances


@validated
def holiday_shares(
    holidays: Sequence[date], months: Sequence[str], *, first_day: int, last_day: int, centred: bool = False
) -> NDArray[Any]:
    """Share of the window about a moving holiday that falls into each month, such as "2026-02".

    The window goes from ``first_day`` to ``last_day`` days after each holiday (before it, negative): separate ones
    before, during and after, for their effects differ in sign. With ``centred`` the mean share of the calendar month
    over all years from the first to the last holiday is taken off, so that a regression leaves the season to the
    season. CareError for a window that ends before it begins. Source: US Census Bureau, genhol; Lin & Liu 2002.

    >>> holiday_shares([date(2014, 1, 31)], ["2014-01", "2014-02"], first_day=0, last_day=6).round(4).tolist()
    [0.1429, 0.8571]
    """
    if last_day < first_day or not len(holidays):
        raise CareError("a window about holidays needs holidays, and a last day that is not before its first")
    length = last_day - first_day + 1
    shares: dict[str, float] = {}
    for holiday in holidays:
        for offset in range(first_day, last_day + 1):
            month = f"{holiday + timedelta(days=offset):%Y-%m}"
            shares[month] = shares.get(month, 0.0) + 1 / length
    shares_of_months = np.array([shares.get(month, 0.0) for month in months])
    if not centred:
        return shares_of_months
    years = (
        max(day_of_holiday.year for day_of_holiday in holidays)
        - min(day_of_holiday.year for day_of_holiday in holidays)
        + 1
    )
    usual = {name: sum(share for month, share in shares.items() if month[5:] == name) / years
             for name in {month[5:] for month in months}}  # fmt: skip
    return np.asarray(shares_of_months - np.array([usual[month[5:]] for month in months]))


@validated
def trading_days(months: Sequence[str]) -> pd.DataFrame:
    """Regressors for the weekdays of months such as "2026-02": a row for each.

    Columns month, days, ``monday`` to ``saturday`` (how many more of that day than Sundays), ``weekdays`` (weekdays
    less 2.5 times weekend days, the one-coefficient form) and ``leap`` (0.75 in a February of 29 days, -0.25 in
    others). CareError for text that is no month. Source: X-13ARIMA-SEATS Reference Manual, Table 4.1; Bell & Hillmer
    1983, JASA 78:526-534.

    >>> trading_days(["2025-08"])[["days", "monday", "friday", "weekdays"]].iloc[0].tolist()
    [31.0, -1.0, 0.0, -4.0]
    """
    rows = []
    for month in months:
        try:
            span = pd.Period(month, "M")
        except ValueError:
            raise CareError(f"{month!r} is no month such as 2026-02") from None
        counts = np.bincount(pd.date_range(span.start_time, span.end_time).day_of_week, minlength=7)
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
        contrasts = {name: int(counts[weekday] - counts[6]) for weekday, name in enumerate(names)}
        leap = span.days_in_month - FEBRUARY if span.month == 2 else 0.0
        weekdays = float(counts[:5].sum() - 2.5 * counts[5:].sum())
        rows.append({"month": month, "days": span.days_in_month, **contrasts, "weekdays": weekdays, "leap": leap})
    return pd.DataFrame(rows)


@validated
def iso_week(day: date) -> str:
    """Week of a day by ISO 8601, with the year it belongs to: "2026-W53-4"; 2026 has 53 weeks.

    >>> iso_week(date(2027, 1, 3)), iso_week(date(2008, 12, 29))
    ('2026-W53-7', '2009-W01-1')
    """
    year, week, weekday = day.isocalendar()
    return f"{year}-W{week:02}-{weekday}"


@validated
def weeks_of(year: int) -> int:
    """How many ISO weeks a year has: 52 or 53.

    >>> [year for year in range(2015, 2033) if weeks_of(year) == 53]
    [2015, 2020, 2026, 2032]
    """
    return date(year, 12, 28).isocalendar()[1]


def _new_moon(k: int, zone: int) -> int:
    """The Julian day number, in local time, of the k-th new moon since 1 January 1900."""
    t = k / 1236.85
    degree = pi / 180
    moment = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    moment += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * degree)
    sun = (359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3) * degree
    moon = (306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3) * degree
    node = (21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3) * degree
    moment += (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon) + 0.0161 * sin(2 * moon)
    moment += -0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    moment += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    moment += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    late = t < -11
    delta = (
        0.001 + 0.000839 * t + 0.0002261 * t**2 - 0.00000845 * t**3 - 0.000000081 * t**4
        if late else -0.000278 + 0.000265 * t + 0.000262 * t**2
    )  # fmt: skip
    return floor(moment - delta + 0.5 + zone / 24)


def _sun_sign(day: int, zone: int) -> int:
    """Which twelfth of its year the sun stands in at local midnight, 0 at the spring equinox."""
    t = (day - 0.5 - zone / 24 - 2451545.0) / 36525
    degree = pi / 180
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * degree
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    return floor((longitude % 360) / 30)


def _eleventh_month(year: int, zone: int) -> int:
    """The first day of the lunar month that holds the winter solstice of a year."""
    off = (date(year, 12, 31) - date(1970, 1, 1)).days + UNIX - 2415021
    k = floor(off / MONTH)
    start = _new_moon(k, zone)
    return _new_moon(k - 1, zone) if _sun_sign(start, zone) >= 9 else start


def _leap_month(start: int, zone: int) -> int:
    """How many months after the eleventh the leap month comes: the first in which the sun does not change its sign."""
    k = floor((start - 2415021.076998695) / MONTH + 0.5)
    sign = _sun_sign(_new_moon(k + 1, zone), zone)
    for month in range(2, 14):
        now = _sun_sign(_new_moon(k + month, zone), zone)
        if now == sign:
            return month - 1
        sign = now
    return 13
