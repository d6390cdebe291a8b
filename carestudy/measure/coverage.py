"""Which part of a period the rows of a table cover: a figure of a part is none of the whole period."""

from __future__ import annotations

from carestudy.care import Care
from carestudy.contract import Reason
from carestudy.measure.kind import Kind
from carestudy.measure.recorded_days import SILENCE, Calendar, covered
from carestudy.periods import Period

A_FEW_DAYS, MOST = 3, 3  # days that may lack at an end of a period at least, and the part of it that may at most
SPARSE = 10  # steps from a day with rows to the next in a period, below which no day of it must have rows

PARTLY = "the data cover only a part of {period}: table {table} begins on {first}"
STOPPED = "the data cover only a part of {period}: table {table} ends on {last}"
APART = "tables {table} and {other} do not cover the same part of {period}"


def partly(care: Care, kpi: Kind, period: Period) -> Reason | None:
    """Why the data cover only a part of a period for a figure, or None."""
    for name in kpi.timed(care):
        head, tail, bearable = _lacking(care, name, period)
        calendar = covered(care, name)
        if head > bearable:
            return Reason(PARTLY, period=period.text, table=name, first=calendar.first)
        if tail > bearable:
            return Reason(STOPPED, period=period.text, table=name, last=calendar.last)
    return None


def apart(care: Care, kpi: Kind, period: Period) -> Reason | None:
    """Why tables that a figure sets against each other do not fit in a period, or None."""
    names = kpi.timed(care)
    if len(names) < 2:
        return None
    lacks = {name: _lacking(care, name, period) for name in names}
    bearable = min(lacking[2] for lacking in lacks.values())
    for side in (0, 1):
        order = sorted(names, key=lambda name, side=side: lacks[name][side])  # type: ignore[misc]
        if lacks[order[-1]][side] - lacks[order[0]][side] > bearable:
            return Reason(APART, table=order[-1], other=order[0], period=period.text)
    return None


def _lacking(care: Care, name: str, period: Period) -> tuple[int, int, int]:
    """The days at the start and at the end of a period before and after all rows of a table, and how many are usual."""
    calendar: Calendar = covered(care.whole or care, name)
    patience = calendar.patience
    end = min(period.end, care.known_until.date())
    days = (end - period.start).days
    if patience is None or days < 1:  # of so few days with rows nobody knows what is usual
        return 0, 0, days
    head, tail = (calendar.first - period.start).days, (end - calendar.last).days - 1
    bearable = max(patience, A_FEW_DAYS)
    if SPARSE * patience <= SILENCE * days:
        bearable = min(bearable, days // MOST)
    return min(max(head, 0), days), min(max(tail, 0), days), bearable
