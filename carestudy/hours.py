"""Business hours: when the company is open, and how much of that lies between two moments.

A shift belongs to the day on which it begins: one from 22:00 to 06:00 on Friday ends on Saturday morning, and a
holiday closes the shifts that begin on it, not the one that began the evening before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from carestudy.contract import CareError

Shift = tuple[int, int]  # minutes from midnight; the second may lie on the next day
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FORM = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
MINUTES, SECONDS = 24 * 60, 24 * 60 * 60
SUCH = 'such as hours = { mon-fri = ["08:00-12:00", "13:00-17:30"], sat = ["08:00-12:00"] }'


@dataclass(frozen=True)
class Hours:
    """When a company is open: its shifts by weekday, the days it is closed, and the days it makes up for.

    ``countries`` are codes such as VN whose public holidays close it, too, as the ``holidays`` package knows them.
    A make-up day is worked like the first weekday that has hours, and is worked even if it is a holiday.

    >>> office = Hours.of({"mon-fri": ["08:00-12:00", "13:00-17:30"]}, closed=["2026-02-16..2026-02-22"])
    >>> office.open_on(date(2026, 2, 13)), office.open_on(date(2026, 2, 16))
    (((480, 720), (780, 1050)), ())
    """

    week: tuple[tuple[Shift, ...], ...]
    closed: frozenset[date] = frozenset()
    extra: frozenset[date] = frozenset()
    countries: tuple[str, ...] = ()

    @staticmethod
    def of(
        hours: Mapping[str, Sequence[str]],
        closed: Iterable[object] = (),
        extra: Iterable[object] = (),
    ) -> Hours:
        """Parse the hours of care.toml; raises ``CareError`` with an example where they cannot be read."""
        week: list[tuple[Shift, ...]] = [()] * 7
        for days_text, shifts in hours.items():
            for weekday in _weekdays(days_text):
                week[weekday] = (*week[weekday], *_shifts(days_text, shifts))
        if not any(week):
            raise CareError(f"hours name no time at which anybody works, {SUCH}")
        names = [str(entry).strip() for entry in closed]
        countries = tuple(dict.fromkeys(name for name in names if COUNTRY.fullmatch(name)))
        days = frozenset(day for name in names if name not in countries for day in _span("holidays", name))
        made_up = frozenset(day for entry in extra for day in _span("extra_days", str(entry)))
        return Hours(tuple(week), days, made_up, countries)

    def open_on(self, day: date) -> tuple[Shift, ...]:
        """The minutes of a calendar day at which somebody works, in order and without overlap."""
        public = public_holidays(self.countries, [day.year, (day - timedelta(days=1)).year])
        return self._open(day, public)

    def days(self, first: date, last: date) -> pd.DataFrame:
        """A row for each calendar day: the business seconds before it, and its open times in seconds from midnight.

        Columns are day, before, and for each of the most open times of a day from_1, until_1, ...; times that a day
        does not have begin and end at its own end.
        """
        public = public_holidays(self.countries, range(first.year - 1, last.year + 1))
        calendar = [first + timedelta(days=k) for k in range((last - first).days + 1)]
        opened = [self._open(day, public) for day in calendar]
        most = max(map(len, opened), default=0)
        columns: dict[str, Any] = {"day": calendar}
        lengths = [60 * sum(end - start for start, end in shifts) for shifts in opened]
        columns["before"] = [0, *pd.Series(lengths, dtype="int64").cumsum().tolist()][:-1]
        for number in range(most):
            times = [shifts[number] if number < len(shifts) else (MINUTES, MINUTES) for shifts in opened]
            columns[f"from_{number + 1}"] = [60 * start for start, _ in times]
            columns[f"until_{number + 1}"] = [60 * end for _, end in times]
        return pd.DataFrame(columns)

    def _open(self, day: date, public: frozenset[date]) -> tuple[Shift, ...]:
        today = [(start, min(end, MINUTES)) for start, end in self._begun(day, public)]
        before = self._begun(day - timedelta(days=1), public)
        late = [(max(start - MINUTES, 0), end - MINUTES) for start, end in before if end > MINUTES]
        return tuple(_merged(sorted([*late, *today])))

    def _begun(self, day: date, public: frozenset[date]) -> tuple[Shift, ...]:
        """The shifts that begin on a day."""
        if day in self.extra:
            return next(shifts for shifts in self.week if shifts)
        return () if day in self.closed or day in public else self.week[day.weekday()]


def public_holidays(countries: Sequence[str], years: Iterable[int]) -> frozenset[date]:
    """The public holidays of countries in these years, Tết included, as the ``holidays`` package knows them."""
    if not countries:
        return frozenset()
    import holidays  # heavy, and only who names a country needs it

    try:
        return frozenset(day for country in countries for day in holidays.country_holidays(country, years=set(years)))
    except NotImplementedError:
        raise CareError(f"the holidays of {', '.join(countries)} are not known: write the days themselves") from None


def _weekdays(days_text: str) -> list[int]:
    """The weekdays of "mon", of "mon-fri", or of "sat-sun"."""
    first, _, last = days_text.strip().lower().partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise CareError(f"hours: '{days_text}' is no weekday: write {', '.join(WEEKDAYS)} or a span, {SUCH}")
    start = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last or first) - start) % 7 + 1
    return [(start + k) % 7 for k in range(length)]


def _shifts(days_text: str, shifts: object) -> Iterator[Shift]:
    if isinstance(shifts, str) or not isinstance(shifts, Sequence):
        raise CareError(f"hours of {days_text} are a list of texts, {SUCH}")
    for text in shifts:
        match = FORM.fullmatch(str(text).strip())
        start, end = _minutes(match) if match else (0, 0)
        if start == end:
            raise CareError(f"hours of {days_text}: '{text}' is no span of a day, {SUCH}")
        yield start, end if end > start else end + MINUTES


def _minutes(match: re.Match[str]) -> Shift:
    """Start and end in minutes; twice 0 where the clock has no such time."""
    hour, minute, until_hour, until_minute = map(int, match.groups())
    start, end = 60 * hour + minute, 60 * until_hour + until_minute
    valid = minute < 60 and until_minute < 60 and start < MINUTES and end <= MINUTES
    return (start, end) if valid else (0, 0)


def _span(setting: str, text: str) -> list[date]:
    """The days of "2026-02-16" or of "2026-02-16..2026-02-22"."""
    try:
        first, _, last = (day_text.strip() for day_text in text.partition(".."))
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        start, end = date.max, date.min
    if not 0 <= (end - start).days <= 366:
        raise CareError(f'{setting}: \'{text}\' is no day and no span: write "2026-02-16" or "2026-02-16..2026-02-22"')
    return [start + timedelta(days=k) for k in range((end - start).days + 1)]


def _merged(shifts: Iterable[Shift]) -> list[Shift]:
    """Merge shifts that touch or overlap."""
    merged: list[Shift] = []
    for start, end in shifts:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged
