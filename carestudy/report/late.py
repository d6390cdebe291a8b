"""Whether the data reach to the end of a period, and which periods a scheduled run still owes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from carestudy.care import Care
from carestudy.contract import TABLES, CareError
from carestudy.measure.recorded_days import days_of
from carestudy.periods import Period


class TooEarly(CareError):
    """The data do not reach to the end of the period yet; nothing was published."""

    code = 4


class NoEvents(CareError):
    """No table has a row in the period; nothing was published."""

    code = 6


def requested_period(text: str, care: Care, as_of: str | None, today: Callable[[ZoneInfo], date]) -> Period:
    """The period of a run: the one that the command line names.

    ``last-month`` and its like are the last whole ones before the day of the run by the company's clock, however far
    the data reach: an export that is late must not make the run publish an older period again. A stated ``as_of``
    takes the place of that day.
    """
    if as_of is not None or not text.strip().lower().startswith("last-"):
        return Period.parse(text, as_of=care.as_of)
    return Period.parse(text, as_of=datetime.combine(today(care.zone), time()))


def refuse_if_nothing(care: Care, period: Period) -> None:
    """``TooEarly`` where the data end before a period begins, ``NoEvents`` where they have no row in it."""
    if not care.spans:
        raise CareError("the data have no days: no table has a column of days that could be read")
    if datetime.combine(period.start, time()) >= care.known_until:
        raise TooEarly(
            f"the data do not reach {period.text}: they are known up to {care.known_until:%Y-%m-%d %H:%M}. "
            "Nothing was published; run again when the data are there"
        )
    if not any(_has_rows(care, name, period) for name in care.spans):
        spans = ", ".join(f"{table} from {first} to {last}" for table, (first, last) in care.spans.items())
        raise NoEvents(f"the data have no row in {period.text}: {spans}. Nothing was published")


def _has_rows(care: Care, name: str, period: Period) -> bool:
    """Whether a table of events has a row in a period; customers alone are there in every period from the first on."""
    if TABLES[name].time is None:
        return set(care.spans) == {name} and care.spans[name][0] < period.end
    return any(period.start <= day < period.end for day, _ in days_of(care, name).days)


def late(care: Care, period: Period) -> list[str]:
    """List what does not reach to the end of a period: all data, or tables that are silent for unusually long.

    A table of events is late where it has been silent before the end of the period for longer than it usually is.
    """
    reasons = []
    if care.known_until < datetime.combine(period.end, time()):
        reasons.append(f"the data are known up to {care.known_until:%Y-%m-%d %H:%M}")
    for name in care.spans:
        calendar = days_of(care, name)
        silent = (period.end - timedelta(days=1) - calendar.last).days
        if TABLES[name].time and calendar.patience is not None and silent > calendar.patience:
            reasons.append(f"{name} end on {calendar.last}")
    return reasons


def refuse_if_late(care: Care, period: Period) -> None:
    """``TooEarly`` where the data do not reach to the end of the period."""
    if reasons := late(care, period):
        raise TooEarly(
            f"{period.text} is not complete: {'; '.join(reasons)}. Nothing was published; "
            "run again when the data are there, add --as-of with the last day of the period where nothing has happened "
            "since, or --unfinished for a preliminary report"
        )


def owed(out: Path, stem: str, upto: Period) -> list[Period]:
    """The periods after the last published one up to and including the requested one, oldest first."""
    published = []
    for file in out.glob(f"*/{stem}"):
        try:
            period = Period.parse(file.relative_to(out).parts[0])
        except CareError:
            continue
        if period.unit == upto.unit and period.start < upto.start:
            published.append(period)
    owing = [upto]
    if published and upto.unit:
        newest = max(published, key=lambda period: period.start)
        while owing[0].before().start > newest.start:
            owing.insert(0, owing[0].before())
    return owing
