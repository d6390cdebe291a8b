"""Where the rows of tables lie in time: whether they reach to the end, and days on which there should be some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from carestudy.care import Care
from carestudy.contract import TABLES
from carestudy.measure import engine
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

FAR_LATE, FAR_EARLY = 60, 365  # days between rows and all others from which on they are taken for slips
FEW = 10  # days with rows below which nothing is known of what is usual
RECENT = 400  # days: reports show thirteen months
USUAL = 0.99  # of all steps from a day with rows to the next
SILENCE = 3  # times the longest usual step


@dataclass(frozen=True)
class Calendar:
    """The days of a table that have rows, each with how many, oldest first."""

    days: tuple[tuple[date, int], ...]

    @property
    def first(self) -> date:
        """The first day."""
        return self.days[0][0]

    @property
    def last(self) -> date:
        """The last day."""
        return self.days[-1][0]

    @property
    def rows(self) -> int:
        """The rows on all days."""
        return sum(rows for _, rows in self.days)

    def steps(self) -> list[tuple[date, date]]:
        """Each day with the next that has rows."""
        return list(pairwise(day for day, _ in self.days))

    @property
    def patience(self) -> int | None:
        """After how many days without rows something is wrong: three times the longest usual step."""
        lengths = sorted((after - day).days for day, after in self.steps())
        return SILENCE * lengths[int(USUAL * (len(lengths) - 1))] if len(self.days) >= FEW else None

    def holes(self) -> list[tuple[date, date]]:
        """The first and last day of every silence in the last thirteen months that is longer than usual."""
        patience, day, since = self.patience, timedelta(days=1), self.last - timedelta(days=RECENT)
        steps = [(a + day, b - day) for a, b in self.steps() if patience is not None and (b - a).days > patience]
        return [(max(a, since), b) for a, b in steps if b >= since]

    def without_slips(self) -> tuple[Calendar, Calendar, Calendar]:
        """The days without those far before and far after all others, and these: at most one row in a thousand."""
        start = _slips(self.days, self.rows, FAR_EARLY)
        end = len(self.days) - _slips(self.days[::-1], self.rows, FAR_LATE)
        return Calendar(self.days[start:end]), Calendar(self.days[:start]), Calendar(self.days[end:])


def _slips(days: tuple[tuple[date, int], ...], rows: int, far: int) -> int:
    """How many days at the beginning are few and far from the rest."""
    slips, before = 0, 0
    for place, ((day, here), (following, _)) in enumerate(pairwise(days), start=1):
        before += here
        if before > max(1, rows // 1000) or before * 10 > rows:
            break
        if abs(following - day).days > far:
            slips = place
    return slips


def found_in_time(care: Care, reads: Reads) -> list[Finding]:
    """What the days of all tables tell, each table beside the others."""
    every = {name: calendar for name in care.tables if (calendar := days_of(care, name)).days}
    parts = {name: calendar.without_slips() for name, calendar in every.items()}
    kept = {name: part[0] for name, part in parts.items()}
    known = (care.known_until - timedelta(microseconds=1)).date()
    if any(late.days for _, _, late in parts.values()):
        known = min(known, max(one.last for one in kept.values()))
    found = []
    for name, (_, early, late) in parts.items():
        rows, readers = every[name].rows, reads.table(name)
        time = _time(name)
        for check, slips in (("early", early), ("late", late)):
            ends = (slips.first, slips.last) if slips.days else (None, None)
            found.append(Finding(name, time, check, slips.rows, rows, readers, *ends))
        found.append(_stopped(name, kept[name], known, readers))
        if name != "customers":  # nobody need join on any day
            found += _gaps(name, kept, readers)
    return found


def _time(name: str) -> str:
    return TABLES[name].time or ("joined_on" if name == "customers" else "")


def days_of(care: Care, name: str) -> Calendar:
    """The days of a table that have rows; none where it has no column of days."""
    time, table = _time(name), care.tables[name]
    if not care.has(name, time):
        return Calendar(())
    days = table.filter(table[time].notnull()).select(day=table[time].cast("date")).group_by("day")
    counted = engine.answer(days.aggregate(rows=lambda rows: rows.count()).order_by("day")).to_pylist()
    return Calendar(tuple((one["day"], one["rows"]) for one in counted))


def _stopped(name: str, calendar: Calendar, known: date, readers: tuple[str, ...]) -> Finding:
    """Days from the last row to the end of the data, where these are more than usual."""
    silent, patience = max(0, (known - calendar.last).days), calendar.patience
    too_long = patience is not None and silent > patience
    days, ends = max(1, (known - calendar.first).days + 1), (calendar.first, calendar.last)
    return Finding(name, _time(name), "stopped", silent if too_long else 0, days, readers, *ends)


def _gaps(name: str, calendars: Mapping[str, Calendar], readers: tuple[str, ...]) -> list[Finding]:
    """Days without rows, those on which other tables have some apart from those on which everybody rests."""
    calendar, found = calendars[name], []
    others = {day for other, one in calendars.items() if other not in (name, "customers") for day, _ in one.days}
    days = min(RECENT, (calendar.last - calendar.first).days) + 1
    for check in ("gap", "closed"):
        holes = [hole for hole in calendar.holes() if _open(hole, others) == (check == "gap")]
        longest = max(holes, key=_length, default=(None, None))
        found.append(Finding(name, _time(name), check, sum(map(_length, holes)), days, readers, *longest))
    return found


def _length(hole: tuple[date, date]) -> int:
    return (hole[1] - hole[0]).days + 1


def _open(hole: tuple[date, date], others: set[date]) -> bool:
    """Whether other tables have rows on at least half of the days."""
    days = [hole[0] + timedelta(days=n) for n in range(_length(hole))]
    return 2 * sum(day in others for day in days) >= len(days)
