"""Days so far from all others that they are slips of the pen: they do not move where the data begin and end.

A year typed wrong in one cell would make every customer silent for a century. But a shop that opens for one season has
long silences as well, and its first sale of the new season is no slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from carestudy import engine
from carestudy.load.checks import Bounds
from carestudy.measure.recorded_days import FAR_EARLY, FAR_LATE, FEW, SILENCE, Calendar, calendar, time_of

ROWS, OF = 2, 1000  # so many rows, or one in so many, may be slips
PART = 10  # and one in so many at most
SEASONS = 365  # days after which the silences of a year have been seen
BEYOND_SEASONS = 730  # a silence that no season explains
BEYOND_DOUBT = 3650  # one that is no silence, of tables with few days
LEAST = 3  # days of which others may be far


def bounds(tables: Mapping[str, Any], *, ends: bool) -> dict[str, Bounds]:
    """The bounds beyond which days of a table are slips, of the tables (of used rows) that have such days.

    Days are judged at the end of the data where nothing states when these end (``ends``). A day near which another
    table has rows is none: more than one table tells of that time.
    """
    times = {name: time_of(name) for name, table in tables.items() if time_of(name) in table.columns}
    calendars = {name: calendar(tables[name], time) for name, time in times.items()}
    split_days = {
        name: _split_days(name, days_of_table, ends=ends)
        for name, days_of_table in calendars.items()
        if days_of_table.days
    }
    bounds_found: dict[str, Bounds] = {}
    for name, (early, core, late) in split_days.items():
        cores = [split[1] for name_of_table, split in split_days.items() if name_of_table != name]
        first = core.first if early.days and not _near(early, cores) else None
        last = core.last + timedelta(days=1) if late.days and not _near(late, cores) else None
        if first or last:
            bounds_found[name] = (first, last)
    return bounds_found


def last_of_people(customers: Any) -> date | None:
    """The last day on which a customer joined or left, without days of leaving years after all others.

    A day such as 2126-12-31 is written for a contract that has no end, in however many rows, and no event is known on
    it. None where no day is known.
    """
    columns = [name for name in ("joined_on", "left_on") if name in customers.columns]
    counts: dict[date, int] = {}
    for name in columns:
        for day, rows in calendar(customers, name).days:
            counts[day] = counts.get(day, 0) + rows
    days = sorted(counts)
    ends = [day for day, following in pairwise(days) if (following - day).days > BEYOND_SEASONS]
    rows = sum(counts.values())
    for end in ends:
        late = sum(count for day, count in counts.items() if day > end)
        if late * 2 < rows and "joined_on" in columns and _nobody_joined(customers, end):
            return end
    return days[-1] if days else None


def _nobody_joined(customers: engine.Table, day: date) -> bool:
    last = customers.aggregate(last=customers.joined_on.max().cast("date")).to_pyarrow()["last"][0].as_py()
    return last is None or bool(last <= day)


def _split_days(name: str, all_days: Calendar, *, ends: bool) -> tuple[Calendar, Calendar, Calendar]:
    """The days far before all others, these, and the days far after them.

    Customers may have joined long before all others, and the contract of one may begin next year.
    """
    people = name == "customers"
    start = 0 if people else _slips(all_days, FAR_EARLY)
    late = _slips(Calendar(all_days.days[::-1]), BEYOND_SEASONS if people else FAR_LATE) if ends else 0
    end = len(all_days.days) - late
    return Calendar(all_days.days[:start]), Calendar(all_days.days[start:end]), Calendar(all_days.days[end:])


def _slips(all_days: Calendar, far: int) -> int:
    """How many days at the beginning are few, and far from all others as these are from each other."""
    most = min(max(ROWS, all_days.rows // OF), max(1, all_days.rows // PART))
    end = len(all_days.days) - _days_of(reversed(all_days.days), most)  # slips at the other end make no silence usual
    slips = 0
    for number in range(1, _days_of(all_days.days, most) + 1):
        day, following = all_days.days[number - 1][0], all_days.days[number : number + 1]
        if following and _too_far(abs((following[0][0] - day).days), all_days.days[number:end], far):
            slips = number
    return slips


def _days_of(days: Iterable[tuple[date, int]], rows: int) -> int:
    """How many days at the beginning have so many rows at most."""
    return sum(1 for so_far in accumulate(count for _, count in days) if so_far <= rows)


def _too_far(gap: int, further_days: Sequence[tuple[date, int]], far: int) -> bool:
    """Whether a silence is longer than any that the days behind it explain."""
    steps = [abs((after - day).days) for (day, _), (after, _) in pairwise(further_days)]
    if len(further_days) < LEAST or gap <= max(far, SILENCE * max(steps)):
        return False
    if len(further_days) < FEW:
        return gap > BEYOND_DOUBT
    return gap > BEYOND_SEASONS or sum(steps) >= SEASONS


def _near(slips: Calendar, other_days: list[Calendar]) -> bool:
    """Whether another table tells of the time of any of these days."""
    near = timedelta(days=FAR_LATE)
    return any(days.first - near <= day <= days.last + near for days in other_days for day, _ in slips.days)
