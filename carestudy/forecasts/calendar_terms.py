"""What the calendar says of days and weeks before they come: weekdays, seasons, Tết, public holidays, make-up days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.hours import WEEKDAYS, public_holidays
from carestudy.stats.calendars import days_from_tet

YEAR = 365.25
WAVES = 2  # pairs of sine and cosine that draw a season of the year
TET_WINDOWS = {"before": (-14, -1), "during": (0, 6), "after": (7, 20)}  # days from the first day of Tết
VIETNAM = "VN"
LENGTHS = {"day": 1, "week": 7}


@cache
def tet_window(day: date) -> str | None:
    """The window around Tết that a day lies in, or None.

    >>> tet_window(date(2026, 2, 16)), tet_window(date(2026, 2, 17)), tet_window(date(2026, 6, 1))
    ('before', 'during', None)
    """
    (offset,) = days_from_tet([day])
    return next((name for name, (first, last) in TET_WINDOWS.items() if first <= offset <= last), None)


def calendar_terms(care: Care, starts: Sequence[date], every: str) -> pd.DataFrame:
    """The regressors of days or weeks, a row for each start: those of a week are the means of its seven days.

    Public holidays are those of the countries in care.toml (Vietnam where it names none) and the days closed there;
    around Tết its windows take their place. A make-up day is worked like the first weekday, as in business hours.
    """
    length = LENGTHS[every]
    days = [start + timedelta(days=k) for start in starts for k in range(length)]
    free, made_up = _special_days(care, {day.year for day in days})
    windows = [tet_window(day) for day in days]
    columns = {f"tet_{name}": [window == name for window in windows] for name in TET_WINDOWS}
    columns["holiday"] = [day in free and window is None for day, window in zip(days, windows, strict=True)]
    if every == "day":
        weekday = [0 if day in made_up else day.weekday() for day in days]
        columns |= {name: [one == number for one in weekday] for number, name in enumerate(WEEKDAYS) if number}
    else:
        columns["made_up"] = [day in made_up for day in days]
    daily = pd.DataFrame(columns, dtype=float)
    terms = daily.groupby(np.arange(len(days)) // length).mean()
    middle = np.array([start.toordinal() for start in starts], float) + (length - 1) / 2
    terms["trend"] = middle / YEAR
    for wave in range(1, WAVES + 1):
        terms[f"season_sin_{wave}"] = np.sin(2 * np.pi * wave * middle / YEAR)
        terms[f"season_cos_{wave}"] = np.cos(2 * np.pi * wave * middle / YEAR)
    return terms


def _special_days(care: Care, years: set[int]) -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the make-up days of these years; care.toml comes before the public calendar."""
    known = care.settings.business
    countries = known.countries if known and known.countries else (VIETNAM,)
    closed, extra = (known.closed, known.extra) if known else (frozenset(), frozenset())
    made_up = extra or _swapped(countries, years)
    return frozenset((public_holidays(countries, years) | closed) - made_up), made_up


def _swapped(countries: Sequence[str], years: set[int]) -> frozenset[date]:
    import holidays  # heavy, and only forecasts look for the days that are swapped

    calendars = [holidays.country_holidays(country, years=years) for country in countries]
    return frozenset(
        day for calendar in calendars for day in getattr(calendar, "weekend_workdays", ()) if day.year in years
    )
