"""Figures that look back from the end of each period, at rows of any earlier time: what is open, what revenue stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import ibis
import pandas as pd

from carestudy.care import Care
from carestudy.measure import engine, stock
from carestudy.measure.clusters import cluster
from carestudy.measure.kpi import Kpi
from carestudy.measure.ratio import SUMS, Fraction, Shape, summed
from carestudy.measure.rows import BUCKET, CLUSTER, OURS, Rows, latest_spell, with_dimensions
from carestudy.periods import Period

END, START, EARLIER = f"{OURS}end", f"{OURS}start", f"{OURS}earlier"
A_FEW_DAYS = 7  # by which data may begin later than the months looked back on: a company may have been closed
# Why there is no value: the data begin later than the first day that the figure looks at.
BEGINS_LATER = "the data begin within the months it looks back on"


class LookingBack(Rows):
    """The rows of a table as seen at the end of each period."""

    @property
    def end(self) -> Any:
        """The moment at which the period ends, or the data, if they end earlier."""
        return self._of_look(END, "timestamp")

    @property
    def start(self) -> Any:
        """The first day of the months up to the end."""
        return self._of_look(START, "date")

    @property
    def earlier(self) -> Any:
        """The first day of as many months before ``start``."""
        return self._of_look(EARLIER, "date")

    def _of_look(self, column: str, kind: str) -> Any:
        if self._expression is not None and column in self._expression.columns:
            return self._expression[column]
        return ibis.literal(str(self._care.known_until.date())).cast(kind)


def fraction(care: Care, kpi: Kpi, rows: Any | None = None) -> Fraction:
    """What each row counts; without the rows of looks, as expressions that tell which columns a figure reads."""
    return kpi.define(LookingBack(care, kpi.tables[0], rows), **kpi.options)  # type: ignore[no-any-return]


def sums(care: Care, kpi: Kpi, by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """The sums of a figure at the end of each period, a row for each group and period, from one query."""
    name = kpi.tables[0]
    fraction(care, kpi)
    table = care.table(name)
    table = table.mutate(**{CLUSTER: cluster(table, name)})
    if name == "customers":
        table = latest_spell(care, table)
    table = with_dimensions(care.with_table(name, table), name, by)
    seen = table.cross_join(_looks(care, kpi, periods))
    counted = fraction(care, kpi, seen)
    letters = {f"{OURS}a_0": engine.integer(counted.above), f"{OURS}b_0": engine.integer(counted.below)}
    rows = seen.select(*[seen[d].cast("string").name(d) for d in by], BUCKET, CLUSTER, **letters)
    small = engine.fetch(summed(rows, by, [Shape.of(kpi, [counted])]))
    named = {f"{column}_0": column for column in SUMS}
    return small.rename(columns=named).assign(**{column: small[of].map(int) for of, column in named.items()})


def begins_later(care: Care, kpi: Kpi, periods: Sequence[Period]) -> set[str]:
    """The periods of which the data lack the beginning of the months that the figure looks back on."""
    span = care.spans.get(kpi.tables[0])
    if not kpi.months or not span:
        return set()
    return {one.text for one in periods if span[0] > _earlier(care, kpi, one) + timedelta(days=A_FEW_DAYS)}


def _looks(care: Care, kpi: Kpi, periods: Sequence[Period]) -> Any:
    """A row for each period, with the moments and days that it looks at."""
    rows = []
    for period in periods:
        start, _ = stock.window(care, period, kpi.months)
        end = min(datetime.combine(period.end, time.min), care.known_until)
        days = {BUCKET: period.start, END: end, START: start, EARLIER: _earlier(care, kpi, period)}
        rows.append({name: day.isoformat(*([" "] if name == END else [])) for name, day in days.items()})
    table = engine.small_table(pd.DataFrame(rows))
    kinds = {BUCKET: "date", END: "timestamp", START: "date", EARLIER: "date"}
    return table.select(**{name: table[name].cast(kind) for name, kind in kinds.items()})


def _earlier(care: Care, kpi: Kpi, period: Period) -> date:
    start, _ = stock.window(care, period, kpi.months)
    return Period.until(start, kpi.months).start if kpi.months else start
