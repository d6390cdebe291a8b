"""Periods of a report: "2026-10", "2026-Q3", "2026-W41", "2026", "2025-11..2026-10".

All are half-open, in the company's time zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from carestudy.contract import CareError

Unit = Literal["day", "week", "month", "quarter", "year"]
UNITS = get_args(Unit)[1:]  # those that a text names
MONTHS = {"month": 1, "quarter": 3, "year": 12}
FORMS = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})|-Q(?P<quarter>[1-4])|-W(?P<week>\d{2}))?", re.ASCII)
FIRST, LAST = 1900, 2199  # the years of which a period can be asked for
HINT = 'write it as text: "2026-10", "2026-Q3", "2026-W41", "2026", "2025-11..2026-10" or "last-month"'


def months_later(day: date, months: int) -> date:
    """The first of the month so many months after the month of this day."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """A half-open span of days [start, end) with the name it is asked for by.

    >>> Period.parse("2026-Q3").end
    datetime.date(2026, 10, 1)
    >>> Period.parse("2026-W01").start
    datetime.date(2025, 12, 29)
    """

    text: str
    start: date
    end: date
    unit: Unit | None = None

    @staticmethod
    def parse(text: object, *, as_of: datetime | date | None = None) -> Period:
        """The period that a text names; ``last-week``, ``last-month`` ... is the last whole one before ``as_of``.

        A day as ``as_of`` means its end, as everywhere. Anything that is not text is refused: 2026-10 without quotes
        is a subtraction and gives 2016.
        """
        if not isinstance(text, str):
            raise CareError(f"a period is text, and {text!r} is {type(text).__name__}: {HINT}")
        written = text.strip().upper()
        unit = written.lower().removeprefix("last-")
        if written.startswith("LAST-") and unit in UNITS:
            if as_of is None:
                raise CareError(f"'{text}' needs the day the data are known up to: give as_of")
            return Period.holding(_end(as_of), unit).before()
        if written.count("..") == 1:
            return _span(*(Period.parse(part, as_of=as_of) for part in written.split("..", 1)))
        found = FORMS.fullmatch(written)
        if not found:
            raise CareError(f"{text!r} is no period: {HINT}")
        try:
            named = _named({name: int(number) for name, number in found.groupdict().items() if number})
        except (ValueError, OverflowError):
            raise CareError(f"{text!r} is no period of the calendar: {HINT}") from None
        if not FIRST <= named.start.year <= LAST:
            raise CareError(f"{text!r} lies outside the years {FIRST} to {LAST}")
        return named

    @staticmethod
    def holding(day: date, unit: str) -> Period:
        """The day itself, or the week, month, quarter or year that holds it."""
        match unit:
            case "day":
                return Period(day.isoformat(), day, day + timedelta(days=1), "day")
            case "week":
                year, week, _ = day.isocalendar()
                return _named({"year": year, "week": week})
            case "month":
                return _named({"year": day.year, "month": day.month})
            case "quarter":
                return _named({"year": day.year, "quarter": (day.month + 2) // 3})
            case "year":
                return _named({"year": day.year})
        raise CareError(f"every='{unit}' is not known: choose one of {', '.join(get_args(Unit))}")

    @staticmethod
    def until(end: datetime | date, months: int = 12) -> Period:
        """The months before this day or moment, as one period named by its first and last day."""
        end = _day(end)
        start = months_later(end, -months)
        length = (months_later(start, 1) - start).days
        start += timedelta(days=min(end.day, length) - 1)
        return Period(f"{start}..{end - timedelta(days=1)}", start, end)

    def year(self) -> Period:
        """The twelve months that end with this period."""
        last = Period.holding(self.end - timedelta(days=1), "month")
        return _span(last.run(12)[0], last)

    def before(self) -> Period:
        """The period of the same kind that ends where this one starts."""
        return self._shifted(self.start - timedelta(days=1))

    def after(self) -> Period:
        """The period of the same kind that starts where this one ends."""
        return self._shifted(self.end)

    def year_ago(self) -> Period:
        """The same month, quarter or year a year earlier; of a day or week, that 52 weeks earlier."""
        if self.unit in ("day", "week"):
            return self._shifted(self.start - timedelta(weeks=52))
        return self._shifted(months_later(self.start, -12))

    def run(self, last: int) -> list[Period]:
        """The so many periods that end with this one, oldest first."""
        if last < 1:
            raise CareError(f"last={last} is not known: ask for one period or more")
        periods = [self]
        while len(periods) < last:
            periods.append(periods[-1].before())
        return periods[::-1]

    def split(self, every: str) -> list[Period]:
        """The whole days, weeks, months, quarters or years that start within this period."""
        first = Period.holding(self.start, every)
        periods = [first if first.start >= self.start else first.after()]
        while periods[-1].end < self.end:
            periods.append(periods[-1].after())
        return [period for period in periods if period.start < self.end]

    def _shifted(self, day: date) -> Period:
        if self.unit is None:
            raise CareError(f"'{self.text}' has no period before it: {HINT}")
        return Period.holding(day, self.unit)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _end(as_of: datetime | date) -> date:
    return as_of.date() if isinstance(as_of, datetime) else as_of + timedelta(days=1)


def _span(first: Period, last: Period) -> Period:
    if first.unit is None or first.unit != last.unit or first.start > last.start:
        raise CareError(f"'{first.text}..{last.text}' is no span: write two periods of one kind, the earlier one first")
    return Period(f"{first.text}..{last.text}", first.start, last.end)


def _named(part: dict[str, int]) -> Period:
    year = part["year"]
    if "week" in part:
        start = date.fromisocalendar(year, part["week"], 1)
        return Period(f"{year:04}-W{part['week']:02}", start, start + timedelta(weeks=1), "week")
    if "quarter" in part:
        start = date(year, 3 * part["quarter"] - 2, 1)
        return Period(f"{year:04}-Q{part['quarter']}", start, months_later(start, 3), "quarter")
    if "month" in part:
        start = date(year, part["month"], 1)
        return Period(f"{year:04}-{part['month']:02}", start, months_later(start, 1), "month")
    return Period(f"{year:04}", date(year, 1, 1), date(year + 1, 1, 1), "year")
