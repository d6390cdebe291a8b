"""On which days a table has rows: from when to when it tells of a company, and what steps between days are usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import TABLES
from carestudy.measure.known_facts import fact

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
        """The days without those far before and far after all others, and these: at most one row in a thousand.

        What is far is never less than what is unusual here: in 100 orders of 22 years, months without one are usual.
        """
        usual = self.patience or 0
        start = _slips(self.days, self.rows, max(FAR_EARLY, usual))
        end = len(self.days) - _slips(self.days[::-1], self.rows, max(FAR_LATE, usual))
        return Calendar(self.days[start:end]), Calendar(self.days[:start]), Calendar(self.days[end:])


def _slips(days: tuple[tuple[date, int], ...], rows: int, far: int) -> int:
    """How many days at the beginning are few and far from the rest."""
    slips, before = 0, 0
    for number, ((day, day_rows), (following, _)) in enumerate(pairwise(days), start=1):
        before += day_rows
        if before > max(1, rows // 1000) or before * 10 > rows:
            break
        if abs(following - day).days > far:
            slips = number
    return slips


def time_of(name: str) -> str:
    """The column that places the rows of a table in time."""
    return TABLES[name].time or ("joined_on" if name == "customers" else "")


def days_of(care: Care, name: str) -> Calendar:
    """The days of a table that have rows; none where it has no column of days."""
    time = time_of(name)
    return calendar(care.tables[name], time) if care.has(name, time) else Calendar(())


def calendar(table: engine.Table, time: str) -> Calendar:
    """The days of a column of days or moments, each with its rows."""
    days = table.filter(table[time].notnull()).select(day=table[time].cast("date")).group_by("day")
    counted = engine.answer(days.aggregate(rows=lambda rows: rows.count()).order_by("day")).to_pylist()
    return Calendar(tuple((row["day"], row["rows"]) for row in counted))


def covered(care: Care, name: str) -> Calendar:
    """The days of a table without slips of the pen far from all others; asked once of the same data."""
    return fact(care, ("covered", name), lambda: days_of(care, name).without_slips()[0])
