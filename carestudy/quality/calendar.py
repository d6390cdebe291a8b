"""Where the rows of tables lie in time: whether they reach to the end, and days on which there should be some."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from carestudy.care import Care
from carestudy.measure.recorded_days import RECENT, Calendar, days_of, time_of
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads


def found_in_time(care: Care, reads: Reads) -> list[Finding]:
    """What the days of all tables tell, each table beside the others."""
    calendars = {name: calendar for name in care.tables if (calendar := days_of(care, name)).days}
    split_calendars = {name: calendar.without_slips() for name, calendar in calendars.items()}
    core_calendars = {name: split[0] for name, split in split_calendars.items()}
    known = (care.known_until - timedelta(microseconds=1)).date()
    if any(late.days for _, _, late in split_calendars.values()):
        known = min(known, max(core.last for core in core_calendars.values()))
    findings = []
    for name, (_, early, late) in split_calendars.items():
        rows, readers = calendars[name].rows, reads.table(name)
        time = time_of(name)
        for check, slips in (("early", early), ("late", late)):
            ends = (slips.first, slips.last) if slips.days else (None, None)
            findings.append(Finding(name, time, check, slips.rows, rows, readers, *ends))
        findings.append(_stopped(name, core_calendars[name], known, readers))
        if name != "customers":  # nobody need join on any day
            findings += _gaps(name, core_calendars, readers)
    return findings


def _stopped(name: str, calendar: Calendar, known: date, readers: tuple[str, ...]) -> Finding:
    """Days from the last row to the end of the data, where these are more than usual."""
    silent, patience = max(0, (known - calendar.last).days), calendar.patience
    too_long = patience is not None and silent > patience
    days, ends = max(1, (known - calendar.first).days + 1), (calendar.first, calendar.last)
    return Finding(name, time_of(name), "stopped", silent if too_long else 0, days, readers, *ends)


def _gaps(name: str, calendars: Mapping[str, Calendar], readers: tuple[str, ...]) -> list[Finding]:
    """Days without rows, those on which other tables have some apart from those on which everybody rests."""
    calendar, findings = calendars[name], []
    other_days = {
        day
        for table, other_calendar in calendars.items()
        if table not in (name, "customers")
        for day, _ in other_calendar.days
    }
    days = min(RECENT, (calendar.last - calendar.first).days) + 1
    for check in ("gap", "closed"):
        holes = [hole for hole in calendar.holes() if _open(hole, other_days) == (check == "gap")]
        longest = max(holes, key=_length, default=(None, None))
        findings.append(Finding(name, time_of(name), check, sum(map(_length, holes)), days, readers, *longest))
    return findings


def _length(hole: tuple[date, date]) -> int:
    return (hole[1] - hole[0]).days + 1


def _open(hole: tuple[date, date], other_days: set[date]) -> bool:
    """Whether other tables have rows on at least half of the days."""
    days = [hole[0] + timedelta(days=n) for n in range(_length(hole))]
    return 2 * sum(day in other_days for day in days) >= len(days)
