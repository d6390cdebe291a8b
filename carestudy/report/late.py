"""Whether the data reach to the end of a period, and which periods a scheduled run still owes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from carestudy.care import Care
from carestudy.contract import TABLES, CareError
from carestudy.periods import Period
from carestudy.quality.calendar import days_of


class TooEarly(CareError):
    """The data do not reach to the end of the period yet; nothing was published."""

    code = 4


def refuse_if_nothing(care: Care, period: Period) -> None:
    """An error where the data have nothing of a period, or it has not begun."""
    if not care.spans:
        raise CareError("the data have no days: no table has a column of days that could be read")
    if datetime.combine(period.start, time()) >= care.known_until:
        raise CareError(f"{period.text} has not begun: the data are known up to {care.known_until:%Y-%m-%d %H:%M}")
    if not any(first < period.end and last >= period.start for first, last in care.spans.values()):
        spans = ", ".join(f"{table} from {first} to {last}" for table, (first, last) in care.spans.items())
        raise CareError(f"the data have nothing of {period.text}: {spans or 'they have no days'}")


def late(care: Care, period: Period) -> list[str]:
    """What does not reach to the end of a period: the data as a whole, or tables that stop longer than they ever did.

    A table of events is late where it has been silent before the end of the period for longer than it usually is.
    """
    found = []
    if care.known_until < datetime.combine(period.end, time()):
        found.append(f"the data are known up to {care.known_until:%Y-%m-%d %H:%M}")
    for name in care.spans:
        calendar = days_of(care, name)
        silent = (period.end - timedelta(days=1) - calendar.last).days
        if TABLES[name].time and calendar.patience is not None and silent > calendar.patience:
            found.append(f"{name} end on {calendar.last}")
    return found


def refuse_if_late(care: Care, period: Period) -> None:
    """``TooEarly`` where the data do not reach to the end of the period."""
    if reasons := late(care, period):
        raise TooEarly(
            f"{period.text} is not complete: {'; '.join(reasons)}. Nothing was published; "
            "run again when the data are there, or add --unfinished for a preliminary report"
        )


def owed(out: Path, stem: str, upto: Period) -> list[Period]:
    """The periods after the last published one, up to and with the one that is asked for, oldest first."""
    done = []
    for file in out.glob(f"*/{stem}"):
        try:
            period = Period.parse(file.relative_to(out).parts[0])
        except CareError:
            continue
        if period.unit == upto.unit and period.start < upto.start:
            done.append(period)
    owing = [upto]
    if done and upto.unit:
        newest = max(done, key=lambda period: period.start)
        while owing[0].before().start > newest.start:
            owing.insert(0, owing[0].before())
    return owing
